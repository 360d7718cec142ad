"""The newsletter's pages. No account, no script, no cookie; the link in the mail is the key."""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from apps.accounts.views import evenly
from apps.core.languages import active_language
from apps.core.links import by_link
from apps.outreach import newsletter
from apps.outreach.forms import BeginForm, SubscriptionForm
from apps.outreach.models import Subscription


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@evenly
def begin(request):
    """The answer is the same whether the address gets the newsletter already or not."""
    form = BeginForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"].lower()
        if not ratelimit.consume(request, action="newsletter", key=email):
            return ratelimit.respond_429(request)
        newsletter.begin(email, active_language())
        return render(request, "outreach/begun.html", {"email": email})
    return render(request, "outreach/begin.html", {"form": form}, status=400 if form.is_bound else 200)


_by_link = by_link(Subscription, gone="outreach/gone.html")


@_by_link
def subscription(request, found: Subscription):
    form = SubscriptionForm(request.POST if request.method == "POST" else None, instance=found)
    if request.method == "POST" and form.is_valid():
        is_new = found.confirmed_at is None
        links = {name: form.cleaned_data[name] for name in form.link_names}
        saved = newsletter.save(form.save(commit=False), links)
        with override(saved.language):
            messages.success(request, _("Confirmed. The newsletter comes to you.") if is_new else _("Saved."))
            return HttpResponseRedirect(reverse("outreach:subscription", args=[saved.token]))
    status = 200 if not form.is_bound else 409 if form.conflicts else 400
    return render(request, "outreach/subscription.html", {"found": found, "form": form}, status=status)


@csrf_exempt
@_by_link
def off(request, found: Subscription):
    """By a button, since programs that check mails follow every link; a mailbox's own button posts (RFC 8058)."""
    if request.method != "POST":
        return render(request, "outreach/off.html", {"found": found})
    newsletter.unsubscribe(found)
    if request.POST.get("List-Unsubscribe") == "One-Click":
        return HttpResponse(status=204)
    return render(request, "outreach/left.html")
