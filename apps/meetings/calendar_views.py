"""Calendars that others subscribe to: the public one, and one of each person's own by a secret address."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.meetings import calendar


@login_not_required
@require_safe
def public_feed(request):
    """What everybody may know, also when somebody who may know more asks."""
    response = _ics(calendar.feed(AnonymousUser()))
    response["Cache-Control"] = "public, max-age=600"
    return response


@login_not_required
@require_safe
def own_feed(request, token: str):
    user = calendar.of_address(token)
    if user is None:
        raise Http404
    response = _ics(calendar.feed(user))
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def _ics(content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="meetings.ics"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def own_calendar(request):
    """The secret address, and replacing it."""
    if request.method == "POST":
        calendar.replace_address(request.user)
        messages.success(request, _("You have a new address. Put it into your calendar; the old one works no more."))
        return HttpResponseRedirect(reverse("meetings:own_calendar"))
    address = calendar.secret_address(request.user)
    context = {"address": address, "webcal": "webcal" + address.removeprefix("https").removeprefix("http")}
    response = render(request, "meetings/own_calendar.html", context)
    response["Cache-Control"] = "private, no-store"
    return response
