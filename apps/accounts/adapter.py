from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import translation


class AccountAdapter(DefaultAccountAdapter):
    """Invitation only; everybody lands where her work is; mails are in the recipient's language."""

    def is_open_for_signup(self, request):
        return False

    def get_login_redirect_url(self, request):
        return reverse("admin:index") if request.user.is_staff else reverse("meetings:list")

    def send_mail(self, template_prefix, email, context):
        user = context.get("user") or get_user_model().objects.filter(email__iexact=email).first()
        language = user.language if user else settings.LANGUAGE_CODE
        with translation.override(language):
            context["portal_name"] = settings.PORTAL_NAME[language]
            if "password_reset_url" in context:
                key = f"{context['uid']}-{context['key']}"
                context["password_reset_url"] = self.get_reset_password_from_key_url(key)
            super().send_mail(template_prefix, email, context)

    def get_reset_password_from_key_url(self, key):
        """In the active language and at the configured address, whatever host the request named."""
        uid, key = key.split("-", 1)
        return settings.SITE_URL + reverse("account_reset_password_from_key", args=[uid, key])

    def add_message(self, request, level, message_template=None, *args, **kwargs):
        """Logging in and out show themselves; only what cannot be seen is said."""
        if message_template not in ("account/messages/logged_in.txt", "account/messages/logged_out.txt"):
            super().add_message(request, level, message_template, *args, **kwargs)
