"""What a logged-in session must keep to: its limits in time, and the second factor of those who work inside."""

import time

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.accounts.factors import has_passed_factor
from apps.accounts.sessions import device_of

# Pages that staff reach without their second factor: those on which they set it up, the way out, and what their browser
# asks for by itself, which may not be a redirect.
_OPEN_PAGES = ("account_", "accounts:", "mfa_", "service_worker", "manifest", "offline")


class SessionMiddleware:
    """Ends a session that was idle or has lasted too long, and leads staff to set up their second factor first.

    What a person may do is settled when she logs in: a change of her roles ends her sessions.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.COOKIES and request.user.is_authenticated:
            session = request.session
            now = int(time.time())
            if "started_at" not in session:
                device = device_of(request.headers.get("User-Agent", ""))
                session.update({"started_at": now, "seen_at": now, "device": device, "is_staff": request.user.is_staff})
            limits = settings.STAFF_SESSION if session["is_staff"] else settings.MEMBER_SESSION
            if now - session["seen_at"] > limits["idle"]:
                logout(request)
                messages.info(request, _("You were logged out because this device was not used for some time."))
            elif now - session["started_at"] > limits["longest"]:
                logout(request)
                messages.info(request, _("You were logged out because you had been logged in for a long time."))
            elif now - session["seen_at"] > limits["idle"] // 30:
                session["seen_at"] = now
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not (settings.STAFF_SECOND_FACTOR and request.COOKIES and request.user.is_authenticated):
            return None
        is_open = (request.resolver_match.view_name or "").startswith(_OPEN_PAGES)
        if is_open or not request.session["is_staff"] or has_passed_factor(request):
            return None
        return HttpResponseRedirect(reverse("mfa_index"))
