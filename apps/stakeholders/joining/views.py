"""The pages on which an organisation asks to be listed. No account, no script; the link in the mail is the key."""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from apps.accounts.views import evenly
from apps.core.languages import active_language
from apps.core.links import by_link
from apps.stakeholders.joining import services
from apps.stakeholders.joining.forms import PART_NAMES, PARTS, BeginForm
from apps.stakeholders.models import JoinRequest

State = JoinRequest.State


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@evenly
def begin(request):
    """The answer is the same whether the address has asked before or not."""
    form = BeginForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"].lower()
        if not ratelimit.consume(request, action="join", key=email):
            return ratelimit.respond_429(request)
        services.begin(email, active_language())
        return render(request, "stakeholders/joining/begun.html", {"email": email})
    status = 400 if form.is_bound else 200
    return render(request, "stakeholders/joining/begin.html", {"form": form}, status=status)


_by_link = by_link(JoinRequest, gone="stakeholders/joining/gone.html")


def _address(found: JoinRequest, part: str = "") -> str:
    if part:
        return reverse("stakeholders:join_part", args=[found.token, part])
    return reverse("stakeholders:join_request", args=[found.token])


@_by_link
def request_page(request, found: JoinRequest):
    """What was written so far, what is missing, and what became of it."""
    if found.state == State.DRAFT and found.revision == 1 and request.method != "POST":
        return HttpResponseRedirect(_address(found, next(iter(PARTS))))
    problems, status = [], 200
    if request.method == "POST":
        try:
            if request.POST.get("step") == "withdraw":
                services.withdraw(found)
                messages.success(request, _("Taken back. What you wrote is deleted."))
            else:
                services.send(found)
                messages.success(request, _("Sent. The secretariat answers by mail."))
            return HttpResponseRedirect(_address(found))
        except ValidationError as error:
            problems, status = error.messages, 409
            found = JoinRequest.objects.get(pk=found.pk)
    missing = services.missing(found)
    parts = [
        (name, PART_NAMES[name], [sentence for part, sentence in missing if part == name], _address(found, name))
        for name in PARTS
    ]
    context = {"found": found, "parts": parts, "missing": missing, "problems": problems}
    return render(request, "stakeholders/joining/request.html", context, status=status)


@_by_link
def part_page(request, found: JoinRequest, part: str):
    if part not in PARTS:
        raise Http404
    if found.state != State.DRAFT:
        return HttpResponseRedirect(_address(found))
    form = PARTS[part](request.POST if request.method == "POST" else None, instance=found)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            links = {name: form.cleaned_data[name] for name in form.link_names}
            services.save_part(form.save(commit=False), links)
            names = list(PARTS)
            after = names.index(part) + 1
            goes_on = after < len(names) and "later" not in request.POST
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(_address(found, names[after] if goes_on else ""))
        status = 409 if form.conflicts else 400
    number = list(PARTS).index(part) + 1
    context = {
        "found": found,
        "form": form,
        "title": PART_NAMES[part],
        "number": number,
        "total": len(PARTS),
        "before": _address(found, list(PARTS)[number - 2]) if number > 1 else "",
        "overview": _address(found),
    }
    return render(request, "stakeholders/joining/part.html", context, status=status)
