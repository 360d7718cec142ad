from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.forms import CrispyFormMixin
from apps.accounts.roles import Role
from apps.core.forms import VersionedForm
from apps.stakeholders.models import Person


class SharingForm(CrispyFormMixin, VersionedForm):
    """The person's own consent to be shown in public, given and taken back with today's date."""

    is_public = forms.TypedChoiceField(
        label=_("May the public page of the group show your name, function, organisation and country?"),
        choices=[("True", _("Yes, show them")), ("False", _("No, keep them inside the group"))],
        coerce=lambda value: value == "True",
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Person
        fields = ["is_public"]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("is_public") != self.instance.is_public:
            is_given = bool(cleaned.get("is_public"))
            self.instance.consent_given_on = timezone.localdate() if is_given else None
            self.instance.consent_how = Person.ConsentHow.PORTAL if is_given else ""
        return cleaned


class InvitePersonForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"dir": "ltr"}))
    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, help_text=_("Mails to this person are written in it.")
    )
    role = forms.ChoiceField(
        label=_("Role"), choices=[(role.value, role.label) for role in (Role.MEMBER, Role.OBSERVER)]
    )

    def __init__(self, *args, record, **kwargs):
        super().__init__(*args, **kwargs)
