"""The pages of a person's own account: the first login, her profile, her devices, and the door for the invited.

The first login asks one thing at a time. Each page is passed by a POST; the ones that were passed are remembered in
the session until the last one, so that nothing is asked twice and a broken connection loses nothing.
"""

import time
from abc import ABC, abstractmethod
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe
from django.views.generic import FormView

from apps.accounts import invitations, services
from apps.accounts.adapter import work_address
from apps.accounts.factors import has_factor
from apps.accounts.forms import NewPasswordForm, ProfileForm
from apps.accounts.models import LoginSession, User
from apps.core import audit, site
from apps.core.models import AuditEntry
from apps.core.privacy import personal_data

_PASSED = "welcome"


def evenly(view):
    """A form whose answer takes the same time for a known and an unknown address: ``EVEN_ANSWERS_TAKE`` seconds."""

    @wraps(view)
    def paced(request, *args, **kwargs):
        start = time.monotonic()
        response = view(request, *args, **kwargs)
        if request.method == "POST":
            time.sleep(max(0, settings.EVEN_ANSWERS_TAKE - (time.monotonic() - start)))
        return response

    return paced


# The first login


def _next_step(request):
    passed = request.session.get(_PASSED, [])
    open_steps = (step for step in site.welcome_steps if step.url_name not in passed)
    return next((step for step in open_steps if step.is_for(request.user)), None)


@require_safe
def welcome(request):
    """To the next page of the first login, or to the person's work when there is none left."""
    step = None if request.user.welcomed_at else _next_step(request)
    return HttpResponseRedirect(reverse(step.url_name) if step else work_address(request.user))


def pass_step(request, url_name: str) -> HttpResponseRedirect:
    """Ends a page of the first login and leads on, in the person's language."""
    if request.user.welcomed_at is None:
        request.session[_PASSED] = [*request.session.get(_PASSED, []), url_name]
        if _next_step(request) is None:
            services.settle_in(User.objects.get(pk=request.user.pk))
            del request.session[_PASSED]
    with translation.override(request.user.language):
        return HttpResponseRedirect(reverse("accounts:welcome"))


@method_decorator(transaction.atomic, name="post")
class OwnRecord(ABC, FormView):
    """A form on one record that is the person's own."""

    @abstractmethod
    def records(self) -> QuerySet:
        """The record, as a queryset that holds no other."""

    @abstractmethod
    def save(self, record) -> None:
        """Keeps what the form has put into the record."""

    @abstractmethod
    def done(self) -> HttpResponseRedirect:
        """Where the person goes afterwards."""

    def get_form_kwargs(self):
        records = self.records().select_related("updated_by")
        if self.request.method == "POST":
            # A record that is not there yet cannot be locked: of two clicks the second waits for the account.
            User.objects.select_for_update().filter(pk=self.request.user.pk).values("pk").first()
            records = records.select_for_update(of=("self",))
        return {**super().get_form_kwargs(), "instance": records.first() or self.first_one()}

    def first_one(self):
        """What the form begins with when there is no record yet; most pages are not there then."""
        raise Http404

    def form_valid(self, form):
        self.save(form.save(commit=False))
        return self.done()

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=409 if form.conflicts else 400)


class Profile(OwnRecord):
    """Name, language and time zone, which the person keeps herself."""

    form_class = ProfileForm
    template_name = "account/profile.html"

    def records(self):
        return User.objects.filter(pk=self.request.user.pk)

    def save(self, record):
        self.request.user = services.save_account(record, by=self.request.user)

    def done(self):
        with translation.override(self.request.user.language):
            messages.success(self.request, _("Saved."))
            return HttpResponseRedirect(reverse("accounts:profile"))


class WelcomeProfile(Profile):
    template_name = "account/welcome_profile.html"

    def done(self):
        return pass_step(self.request, "accounts:welcome_profile")


@require_http_methods(["GET", "HEAD", "POST"])
def welcome_security(request):
    """A second factor: asked of staff, offered to everybody else."""
    is_secured = has_factor(request.user)
    may_wait = is_secured or not (settings.STAFF_SECOND_FACTOR and request.user.is_staff)
    if request.method == "POST" and may_wait:
        return pass_step(request, "accounts:welcome_security")
    return render(request, "account/welcome_security.html", {"is_secured": is_secured, "may_wait": may_wait})


# Devices


def _name_of(session: LoginSession) -> str:
    """What a page calls a session: its key is as good as a password and stays out of sight."""
    return salted_hmac("accounts.devices", session.session_key, algorithm="sha256").hexdigest()[:32]


@require_http_methods(["GET", "HEAD", "POST"])
def devices(request):
    """Where the person is logged in. She ends one session or all the others; this one ends by logging out."""
    sessions = list(LoginSession.objects.visible_to(request.user).filter(user=request.user).current())
    if request.method == "POST":
        _end_chosen(request, sessions)
        return HttpResponseRedirect(reverse("accounts:devices"))
    rows = [
        {"session": session, "name": _name_of(session), "is_this": session.session_key == request.session.session_key}
        for session in sessions
    ]
    rows.sort(key=lambda row: not row["is_this"])
    return render(request, "account/devices.html", {"rows": rows})


def _end_chosen(request, sessions: list[LoginSession]) -> None:
    here = request.session.session_key
    chosen = request.POST.get("session", "")
    ended = [
        session.session_key
        for session in sessions
        if session.session_key != here and (chosen == "others" or constant_time_compare(_name_of(session), chosen))
    ]
    if services.end_sessions(request.user, by=request.user, only=ended):
        messages.success(request, _("Logged out there."))
    else:
        messages.info(request, _("Nobody was logged in there any more."))


@require_http_methods(["GET", "HEAD", "POST"])
def data(request):
    """Everything that the portal keeps about the person, as a file; by POST, because that stands in the trail."""
    if request.method != "POST":
        return render(request, "account/data.html")
    kept = personal_data(request.user)
    audit.record(AuditEntry.Action.EXPORTED, by=request.user, about=request.user)
    response = JsonResponse(kept, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


# The invited


@login_not_required
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request, token):
    """Where a link of an invitation leads. Whatever is wrong with a link, the answer is the same."""
    response = _answer_invitation(request, token)
    # The link stays out of every Referer, on this site, too. "no-referrer" would make the form's Origin "null".
    response["Referrer-Policy"] = "strict-origin"
    return response


def _answer_invitation(request, token):
    if request.user.is_authenticated:
        return render(request, "account/invitation_logged_in.html")
    found = invitations.open_invitation(token)
    if found is None:
        return render(request, "account/invitation_gone.html", status=410)
    form = NewPasswordForm(request.POST or None, user=User(email=found.email, display_name=found.display_name))
    if form.is_valid():
        user = invitations.accept(token, password=form.cleaned_data["password"])
        if user is None:
            return render(request, "account/invitation_gone.html", status=410)
        messages.success(request, _("Your account is ready. Log in with your new password."))
        return HttpResponseRedirect(reverse("account_login"))
    status = 400 if form.is_bound else 200
    return render(request, "account/invitation.html", {"form": form, "invitation": found}, status=status)
