"""allauth's forms in the portal's markup, and the portal's own forms about a person's account."""

from allauth.account import forms
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateWithCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from crispy_forms.helper import FormHelper
from django import forms as django_forms
from django.contrib.auth import password_validation
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.digits import ascii_digits
from apps.core.forms import VersionedForm
from apps.core.languages import CODES, direction, name_of


class CrispyFormMixin:
    """For a template that writes the form's element and its token itself."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class LeftToRightMixin(CrispyFormMixin):
    """E-mail addresses, passwords and codes always run left to right."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
            if field.widget.input_type in ("email", "password", "text"):
                field.widget.attrs["dir"] = "ltr"


class LoginForm(LeftToRightMixin, forms.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail address")
        self.fields["password"].help_text = ""  # the page itself links to the reset
        self.fields["remember"].label = _("Stay logged in on this device")
        self.fields["remember"].help_text = _("Only on a device that nobody else uses.")


class ChangePasswordForm(LeftToRightMixin, forms.ChangePasswordForm):
    pass


class ResetPasswordForm(LeftToRightMixin, forms.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(LeftToRightMixin, forms.ResetPasswordKeyForm):
    pass


class ReauthenticateForm(LeftToRightMixin, forms.ReauthenticateForm):
    pass


# Second factors


class _CodeField(django_forms.CharField):
    """In whichever digits the person types."""

    def to_python(self, value):
        return ascii_digits(super().to_python(value))


class _CodeMixin(LeftToRightMixin):
    code_help = _("Six digits from your app, or one of your recovery codes.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        widget = self.fields["code"].widget
        self.fields["code"] = _CodeField(label=_("Code"), help_text=self.code_help, widget=widget)


class _OnceMixin(_CodeMixin):
    """A code opens once. allauth forgets a used one after 30 seconds, while its clock's tolerance takes it for 90."""

    def clean_code(self):
        code = super().clean_code()
        if not cache.add(f"accounts.used-code:{self.user.pk}:{_plain(code)}", 1, timeout=120):
            raise get_adapter().validation_error("incorrect_code")
        return code


def _plain(code: str) -> str:
    return "".join(letter for letter in code.lower() if letter.isalnum())


class CodeForm(_OnceMixin, AuthenticateForm):
    pass


class ReauthenticateCodeForm(_OnceMixin, ReauthenticateWithCodeForm):
    pass


class ActivateCodeForm(_CodeMixin, ActivateTOTPForm):
    code_help = _("The six digits that your app shows now.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class AddPasskeyForm(LeftToRightMixin, AddWebAuthnForm):
    """Each passkey opens the account by itself: it proves the device and the person, by finger, face or PIN."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["passwordless"]
        self.fields["name"].label = _("Name of this passkey")
        self.fields["name"].help_text = _("So that you recognise it in the list, for example: my phone.")
        self.fields["name"].widget.attrs["dir"] = "auto"

    def clean(self):
        return {**super().clean(), "passwordless": True}


# The person herself


class ProfileForm(CrispyFormMixin, VersionedForm):
    class Meta:
        model = User
        fields = [*(f"display_name_{code}" for code in CODES), "language", "time_zone"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for code in CODES:
            field = self.fields[f"display_name_{code}"]
            field.widget.attrs |= {"lang": code, "dir": direction(code), "autocomplete": "name"}
            texts = {"field": gettext("display name"), "language": name_of(code)}
            field.label = capfirst(gettext("%(field)s (%(language)s)") % texts)
            field.help_text = ""
        self.fields["language"].help_text = _("Mails to you are written in it.")
        self.fields["time_zone"].help_text = _("Times are shown to you in it as well.")


class NewPasswordForm(LeftToRightMixin, django_forms.Form):
    """The password of an account that is about to be made for ``user``, which is not saved yet."""

    password = django_forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=_("At least 12 characters. Three or four words that have nothing to do with you are good."),
        widget=django_forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = django_forms.CharField(
        label=_("The same password again"),
        strip=False,
        widget=django_forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self):
        password_validation.validate_password(self.cleaned_data["password"], self.user)
        return self.cleaned_data["password"]

    def clean(self):
        cleaned = super().clean()
        if "password" in cleaned and cleaned["password"] != cleaned.get("again"):
            self.add_error("again", ValidationError(gettext("The two passwords are not the same."), code="differ"))
        return cleaned
