"""How the portal uses allauth: who gets in and where to, which mails go, what is kept in the audit trail."""

import base64
import hashlib
import re
import time

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts import services
from apps.core import audit, outbox
from apps.core.languages import active_language
from apps.core.models import AuditEntry

# One slash, then no other and no backslash, which browsers take for one; no control and no invisible letter anywhere.
_OWN_PATH = re.compile(r"/(?![/\\])[\w\-.~%!$&'()*+,;=:@/?#]*\Z")


def work_address(user) -> str:
    """The page of the portal where this person's work is."""
    return reverse("admin:index") if user.is_staff else reverse("meetings:desk")


class AccountAdapter(DefaultAccountAdapter):
    """Invitation only; everybody lands where her work is; mails go through the outbox in the recipient's language."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": gettext_lazy("The e-mail address or the password is not right."),
        "too_many_login_attempts": gettext_lazy("Too many attempts. Wait a few minutes, then try again."),
        "rate_limited": gettext_lazy("Too many attempts. Wait a few minutes, then try again."),
        "incorrect_code": gettext_lazy("This code is not right, or was used already."),
        "incorrect_password": gettext_lazy("This password is not right."),
    }

    def is_open_for_signup(self, request):
        return False

    def get_login_redirect_url(self, request):
        if request.user.welcomed_at is None:
            return reverse("accounts:welcome")
        return work_address(request.user)

    def is_safe_url(self, url):
        """Whether to send somebody there after a step: a path of this portal, in plain spelling, and nothing else."""
        return bool(url) and _OWN_PATH.match(url) is not None and super().is_safe_url(url)

    def get_password_change_redirect_url(self, request):
        return reverse("mfa_index")

    def send_mail(self, template_prefix, email, context):
        user = context.get("user") or get_user_model().objects.filter(email__iexact=email).first()
        language = user.language if user else settings.LANGUAGE_CODE
        is_secret = "password_reset_url" in context
        if is_secret:
            key = f"{context['uid']}-{context['key']}"
            with translation.override(language):
                context["password_reset_url"] = self.get_reset_password_from_key_url(key)
        outbox.write(template_prefix, to=email, language=language, context=context, is_secret=is_secret)

    def get_reset_password_from_key_url(self, key):
        """In the active language and at the configured address, whatever host the request named."""
        uid, key = key.split("-", 1)
        return settings.SITE_URL + reverse("account_reset_password_from_key", args=[uid, key])

    def get_logout_redirect_url(self, request):
        """On a shared computer the browser forgets what it has kept of us, so that "back" shows no page of a person."""
        request.forget_site = True
        return super().get_logout_redirect_url(request)

    def add_message(self, request, level, message_template=None, *args, **kwargs):
        """Logging in and out show themselves; only what cannot be seen is said."""
        if message_template not in ("account/messages/logged_in.txt", "account/messages/logged_out.txt"):
            super().add_message(request, level, message_template, *args, **kwargs)

    def set_password(self, user, password):
        services.set_password(user, password, here=self.request.session.session_key)

    def is_reauthentication_required(self, *, app):
        """Whoever has just logged in need not show it again; allauth by itself would ask at once."""
        records = get_authentication_records(self.request, self.request.user)
        is_fresh = bool(records) and time.time() - records[-1]["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        return not is_fresh and super().is_reauthentication_required(app=app)

    def get_reauthentication_methods(self, user):
        ways = {
            "reauthenticate": _("With your password"),
            "mfa_reauthenticate": _("With a code from your app"),
            "mfa_reauthenticate:webauthn": _("With a passkey"),
        }
        methods = super().get_reauthentication_methods(user)
        return [{**method, "description": ways.get(method["id"], method["description"])} for method in methods]

    # The audit trail

    def post_login(self, request, user, **kwargs):
        methods = [record["method"] for record in request.session.get("account_authentication_methods", [])]
        audit.record(AuditEntry.Action.LOGGED_IN, by=user, about=user, changes={"method": ["", ", ".join(methods)]})
        return super().post_login(request, user, **kwargs)

    def authentication_failed(self, request, **credentials):
        """The address that was tried is kept only when it is that of an account."""
        user = get_user_model().objects.filter(email=(credentials.get("email") or "").lower()).first()
        audit.record(AuditEntry.Action.LOGIN_FAILED, by=None, about=user)

    def logout(self, request):
        user = request.user
        super().logout(request)
        if user.is_authenticated:
            audit.record(AuditEntry.Action.LOGGED_OUT, by=user, about=user)


class FactorAdapter(DefaultMFAAdapter):
    """Second factors under the portal's own name; their secrets lie encrypted in the database."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
    }

    def _get_site_name(self):
        return settings.PORTAL_NAME[active_language()]

    def encrypt(self, text):
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> MultiFernet:
    """Keys from SECRET_KEY and, after it was changed, from its fallbacks."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (hashlib.sha256(b"second factors\x1f" + secret.encode()).digest() for secret in secrets)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
