"""The pages on which somebody answers a call. No account, no script; the link in the mail is the key."""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.views import evenly
from apps.core.languages import active_language
from apps.core.links import by_link
from apps.core.pagecache import public_page
from apps.core.records import visible_or_404
from apps.reviews import trace
from apps.reviews.models import CallForInput, Submission
from apps.reviews.submitting import services
from apps.reviews.submitting.answers import AnswersForm
from apps.reviews.submitting.forms import FORMS, PART_NAMES, BeginForm
from apps.stakeholders.models import Constituency, Objective

State = Submission.State
_PARTS = list(PART_NAMES)


@public_page()
@login_not_required
@require_safe
def call_list(request):
    """What stakeholders are asked now, was asked before and will be."""
    calls = CallForInput.objects.visible_to(request.user).select_related("cycle")
    by_stage = {"open": [], "ahead": [], "closed": []}
    for call in calls:
        by_stage["closed" if call.stage == CallForInput.Stage.GRACE else call.stage].append(call)
    return render(request, "reviews/input/calls.html", {"calls": by_stage})


def _call(request, pk: int) -> CallForInput:
    calls = CallForInput.objects.select_related("cycle").prefetch_related("questions__only_if")
    return visible_or_404(calls, request.user, pk=pk)


@public_page()
@login_not_required
@require_safe
def call_detail(request, pk: int):
    call = _call(request, pk)
    return render(request, "reviews/input/call.html", {"call": call, "page_object": call})


@public_page()
@login_not_required
@require_safe
def call_on_paper(request, pk: int):
    """The call as a form to print, fill in by hand and give back."""
    return render(request, "reviews/input/paper.html", {"call": _call(request, pk), "parts": PART_NAMES, **_lists()})


def _lists() -> dict:
    return {
        "constituencies": Constituency.objects.all(),
        "objectives": Objective.objects.all(),
        "kinds": Submission.Kind.labels,
        "attributions": Submission.Attribution.labels,
    }


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@evenly
def begin(request, pk: int):
    """The answer is the same whether the address has written before or not."""
    call = _call(request, pk)
    if call.stage in (CallForInput.Stage.AHEAD, CallForInput.Stage.CLOSED):
        return HttpResponseRedirect(call.get_absolute_url())
    form = BeginForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"].lower()
        if not ratelimit.consume(request, action="input", key=email):
            return ratelimit.respond_429(request)
        services.begin(call, email, active_language())
        return render(request, "reviews/input/begun.html", {"email": email, "call": call})
    status = 400 if form.is_bound else 200
    return render(request, "reviews/input/begin.html", {"form": form, "call": call}, status=status)


_by_link = by_link(Submission, gone="reviews/input/gone.html")


def _address(found: Submission, part: str = "") -> str:
    if part:
        return reverse("input:part", args=[found.token, part])
    return reverse("input:mine", args=[found.token])


@_by_link
def input_page(request, found: Submission):
    """What was written so far, what is missing, and what became of it."""
    may_write = services.may_write(found)
    if may_write and found.revision == 1 and request.method != "POST":
        return HttpResponseRedirect(_address(found, _PARTS[0]))
    problems, status = [], 200
    if request.method == "POST":
        try:
            return _take_step(request, found)
        except ValidationError as error:
            problems, status = error.messages, 409
            found = Submission.objects.get(pk=found.pk)
    missing = services.missing(found) if found.state == State.DRAFT else []
    parts = [
        (name, label, [sentence for part, sentence in missing if part == name], _address(found, name))
        for name, label in PART_NAMES.items()
    ]
    context = {
        "found": found,
        "parts": parts,
        "missing": missing,
        "problems": problems,
        "may_write": may_write,
        "is_too_late": found.state == State.DRAFT and not may_write,
        "trace": trace.forward(found, request.user) if found.number else None,
    }
    return render(request, "reviews/input/overview.html", context, status=status)


def _take_step(request, found: Submission):
    if request.POST.get("step") == "withdraw":
        services.withdraw(found)
        messages.success(request, _("Taken back. What you wrote is deleted."))
    else:
        services.send(found)
        messages.success(request, _("Sent. You will be told by mail what becomes of it."))
    return HttpResponseRedirect(_address(found))


@_by_link
def part_page(request, found: Submission, part: str):
    if part not in PART_NAMES:
        raise Http404
    if not services.may_write(found):
        return HttpResponseRedirect(_address(found))
    if part == "answers":
        return _answers(request, found)
    form = FORMS[part](request.POST if request.method == "POST" else None, instance=found)
    if request.method == "POST" and form.is_valid():
        links = {name: form.cleaned_data[name] for name in form.link_names}
        services.save_part(form.save(commit=False), links)
        return _go_on(request, found, part)
    status = 200 if request.method != "POST" else 409 if form.conflicts else 400
    return render(request, "reviews/input/part.html", _part_context(found, part, form), status=status)


def _answers(request, found: Submission):
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    form = AnswersForm(*data, submission=found)
    if request.method == "POST" and form.is_valid():
        saved = services.save_answers(found, form.values(), form.sent_files())
        opened = {one.pk for one in services.asked(saved)} - {one.pk for one in form.questions}
        if opened and "later" not in request.POST:
            messages.info(request, _("Saved. Your answer opens another question: see below."))
            return HttpResponseRedirect(_address(found, "answers"))
        return _go_on(request, found, "answers")
    status = 200 if request.method != "POST" else 409 if form.stored else 400
    return render(request, "reviews/input/answers.html", _part_context(found, "answers", form), status=status)


def _go_on(request, found: Submission, part: str):
    messages.success(request, _("Saved."))
    after = _PARTS.index(part) + 1
    goes_on = after < len(_PARTS) and "later" not in request.POST
    return HttpResponseRedirect(_address(found, _PARTS[after] if goes_on else ""))


def _part_context(found: Submission, part: str, form) -> dict:
    number = _PARTS.index(part) + 1
    return {
        "found": found,
        "form": form,
        "title": PART_NAMES[part],
        "number": number,
        "total": len(_PARTS),
        "before": _address(found, _PARTS[number - 2]) if number > 1 else "",
        "overview": _address(found),
    }
