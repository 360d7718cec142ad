"""The parts of a request to be listed, and what the secretariat answers."""

from django import forms
from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from apps.accounts.forms import CrispyFormMixin
from apps.core import current
from apps.core.forms import VersionedForm
from apps.core.languages import CODES, active_language, direction, name_of
from apps.core.textpolicy import clean_text
from apps.stakeholders.joining.services import alike
from apps.stakeholders.models import CHANNELS, SPOKEN, Country, JoinRequest, ShownTo


class BeginForm(CrispyFormMixin, forms.Form):
    email = forms.EmailField(
        label=_("E-mail address of the organisation"),
        max_length=JoinRequest._meta.get_field("email").max_length,
        help_text=_("We send a link to it. With it you write, stop and go on whenever you like."),
        widget=forms.EmailInput({"dir": "ltr", "autocomplete": "email"}),
    )


_DIRECTIONS = {
    **dict.fromkeys(["acronym", "about", "contact_name", "contact_function"], "auto"),
    **dict.fromkeys(["website", "phone"], "ltr"),
}


class PartForm(CrispyFormMixin, VersionedForm):
    """One part of a request. Nothing in it is required: what is written so far is kept."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for code in CODES:
            if field := self.fields.get(f"name_{code}"):
                field.widget.attrs |= {"lang": code, "dir": direction(code)}
                texts = {"field": gettext("name of the organisation"), "language": name_of(code)}
                field.label = capfirst(gettext("%(field)s (%(language)s)") % texts)
        for name in self.fields.keys() & _DIRECTIONS.keys():
            self.fields[name].widget.attrs["dir"] = _DIRECTIONS[name]
        for name in self.fields.keys() & {"country", "countries"}:
            self.fields[name].queryset = Country.objects.order_by(f"name_{active_language()}")


class OrganisationForm(PartForm):
    class Meta:
        model = JoinRequest
        fields = [*(f"name_{code}" for code in CODES), "acronym", "constituency", "other_constituencies", "country"]
        labels = {
            "constituency": _("Which constituency do you belong to above all?"),
            "other_constituencies": _("Which others, if any?"),
            "country": _("In which country do you have your seat?"),
        }
        widgets = {"other_constituencies": forms.CheckboxSelectMultiple}
        help_texts = {f"name_{code}": "" for code in CODES} | {
            "acronym": _("The short form by which people know you, if there is one.")
        }


class WorkForm(PartForm):
    languages = forms.MultipleChoiceField(
        label=_("In which languages can we work with you?"),
        choices=SPOKEN,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    website = forms.URLField(
        label=_("Website"),
        required=False,
        assume_scheme="https",
        max_length=200,
        widget=forms.TextInput({"inputmode": "url"}),
    )

    class Meta:
        model = JoinRequest
        fields = ["countries", "objectives", "about", "languages", "website"]
        labels = {
            "countries": _("In which other countries do you work?"),
            "objectives": _("Which objectives of the Global Compact do you work on?"),
            "about": _("What do you do? A few sentences are enough."),
        }
        widgets = {
            "countries": forms.CheckboxSelectMultiple,
            "objectives": forms.CheckboxSelectMultiple,
            "about": forms.Textarea({"rows": 5}),
        }


class ContactForm(PartForm):
    language = forms.ChoiceField(
        label=_("In which language shall we write to you?"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )
    channels = forms.MultipleChoiceField(
        label=_("How do we reach you best?"), choices=CHANNELS, required=False, widget=forms.CheckboxSelectMultiple
    )
    shown_to = forms.ChoiceField(
        label=_("Who may see that you are listed?"),
        choices=[
            (ShownTo.PUBLIC, _("Everybody, in the public directory")),
            (ShownTo.MEMBERS, _("Only the members of the group")),
            (ShownTo.NOBODY, _("Nobody but the secretariat")),
        ],
        required=False,
        widget=forms.RadioSelect,
        help_text=_(
            "Shown are name, constituencies, countries, objectives and website. Never shown are the contact person, "
            "e-mail address, phone and what you write about your work. You can change your mind at any time."
        ),
    )

    class Meta:
        model = JoinRequest
        fields = ["contact_name", "contact_function", "phone", "channels", "language", "shown_to"]
        labels = {
            "contact_name": _("Whom may the secretariat ask?"),
            "contact_function": _("What is her or his function?"),
        }


PARTS = {"organisation": OrganisationForm, "work": WorkForm, "contact": ContactForm}
PART_NAMES = {
    "organisation": _("Your organisation"),
    "work": _("Your work"),
    "contact": _("Contact and consent"),
}


class AcceptForm(forms.Form):
    """Whether the one that asks is in the portal already has to be said when something looks like it."""

    same_as = forms.ChoiceField(label=_("Is it one of these?"), widget=forms.RadioSelect)

    def __init__(self, *args, record: JoinRequest, **kwargs):
        super().__init__(*args, **kwargs)
        self.found = {str(one.pk): (one, why) for one, why in alike(record, current.reader())}
        if self.found:
            choices = [
                (key, f"{one} ({pgettext('list', ', ').join(map(str, why))})") for key, (one, why) in self.found.items()
            ]
            self.fields["same_as"].choices = [*choices, ("new", _("No, it is a new organisation"))]
        else:
            del self.fields["same_as"]

    def clean(self):
        chosen = super().clean().get("same_as", "")
        return {"organisation": self.found[chosen][0] if chosen in self.found else None}


class RefuseForm(forms.Form):
    reason = forms.CharField(max_length=2000, widget=forms.Textarea({"rows": 5}))

    def __init__(self, *args, record: JoinRequest, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["reason"]
        field.label = gettext("Reason, in this language: %(language)s") % {"language": name_of(record.language)}
        field.help_text = _("The organisation reads it as you write it here.")
        field.widget.attrs |= {"lang": record.language, "dir": direction(record.language)}

    def clean_reason(self):
        return clean_text(self.cleaned_data["reason"])
