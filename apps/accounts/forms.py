"""allauth's forms in the portal's markup: e-mail and password always run left to right."""

from allauth.account import forms
from crispy_forms.helper import FormHelper


class PortalFormMixin:
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
            if field.widget.input_type in ("email", "password", "text"):
                field.widget.attrs["dir"] = "ltr"
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class LoginForm(PortalFormMixin, forms.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""  # the page itself links to the reset


class ChangePasswordForm(PortalFormMixin, forms.ChangePasswordForm):
    pass


class ResetPasswordForm(PortalFormMixin, forms.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(PortalFormMixin, forms.ResetPasswordKeyForm):
    pass
