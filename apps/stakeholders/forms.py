from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.forms import CrispyFormMixin
from apps.accounts.models import User
from apps.accounts.roles import Role
from apps.core.forms import VersionedForm
from apps.core.textpolicy import clean_text
from apps.stakeholders.models import CHANNELS, SPOKEN, ConsentHow, Interest, Membership, Person, ShownTo

_LEVELS = [f"shown_{field}" for field in Person.SHARED]


class ReachableForm(VersionedForm):
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=SPOKEN, required=False, widget=forms.CheckboxSelectMultiple
    )
    channels = forms.MultipleChoiceField(
        label=_("Channels that reach them"), choices=CHANNELS, required=False, widget=forms.CheckboxSelectMultiple
    )


class SharingForm(CrispyFormMixin, VersionedForm):
    """The person's own consent, field by field: given and taken back with today's date."""

    class Meta:
        model = Person
        fields = _LEVELS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field, label in zip(Person.SHARED, _SHARED_LABELS, strict=True):
            self.fields[f"shown_{field}"].label = label

    def clean(self):
        cleaned = super().clean()
        changed = [name for name in _LEVELS if name in cleaned and cleaned[name] != self.initial[name]]
        if changed:
            is_given = any(cleaned.get(name) != ShownTo.NOBODY for name in _LEVELS)
            self.instance.consent_given_by = ""
            self.instance.consent_given_on = timezone.localdate() if is_given else None
            self.instance.consent_how = ConsentHow.PORTAL if is_given else ""
        return cleaned


_SHARED_LABELS = (
    _("Who may see your name?"),
    _("Who may see your function?"),
    _("Who may see your organisation?"),
    _("Who may see your country?"),
    _("Who may see your e-mail address?"),
    _("Who may see your phone?"),
)


class InterestForm(CrispyFormMixin, forms.Form):
    membership = forms.ModelChoiceField(label=_("Group"), queryset=Membership.objects.none(), empty_label=None)
    says = forms.CharField(
        label=_("What should the others know of?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 4, "dir": "auto"}),
        help_text=_("A post, a contract, a grant or a kinship. Leave it empty to declare that there is nothing."),
    )

    def __init__(self, *args, memberships, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["membership"]
        field.queryset = memberships
        field.label_from_instance = lambda membership: str(membership.group)
        if len(memberships) == 1:
            field.initial, field.widget = memberships[0].pk, forms.HiddenInput()

    def interest(self) -> Interest:
        return Interest(membership=self.cleaned_data["membership"], says=clean_text(self.cleaned_data["says"]))


class WhyForm(forms.Form):
    """Asks for the reason of a step."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea({"rows": 2, "dir": "auto"}))

    def __init__(self, *args, record=None, **kwargs):
        super().__init__(*args, **kwargs)

    def clean_reason(self):
        return clean_text(self.cleaned_data["reason"])


class ProtectForm(WhyForm):
    guardians = forms.ModelMultipleChoiceField(
        label=_("Who may see this person"),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nobody else will find this person anywhere, not even in the back office."),
    )
    field_order = ["guardians", "reason"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        officers = User.objects.filter(is_active=True, groups__name=Role.SECRETARIAT)
        self.fields["guardians"].queryset = officers.order_by("pk")


class InvitePersonForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"dir": "ltr"}))
    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, help_text=_("Mails to this person are written in it.")
    )
    role = forms.ChoiceField(
        label=_("Role"), choices=[(role.value, role.label) for role in (Role.MEMBER, Role.OBSERVER)]
    )

    def __init__(self, *args, record, **kwargs):
        super().__init__(*args, initial={"email": record.email}, **kwargs)
