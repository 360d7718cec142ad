"""The parts of a contribution that every call asks: what it is about, and who says it."""

from django import forms
from django.conf import settings
from django.core import signing
from django.utils.translation import gettext_lazy as _

from apps.accounts.forms import CrispyFormMixin
from apps.core.formfields import DateField, LtrDate
from apps.core.forms import VersionedForm
from apps.core.languages import active_language
from apps.reviews.models import Submission
from apps.stakeholders.models import Country
from apps.stakeholders.models.reaching import SPOKEN, ConsentHow

_SALT = "reviews.begin"
# Nobody reads the page, types an address and presses the button within this time.
_TOO_QUICK = 3


class BeginForm(CrispyFormMixin, forms.Form):
    """Two traps for machines. Whoever falls in reads why, and a person gets through with the next press."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=Submission._meta.get_field("email").max_length,
        help_text=_("We send a link to it. It is shown to nobody, whatever you choose later."),
        widget=forms.EmailInput({"dir": "ltr", "autocomplete": "email"}),
    )
    # A name that machines like to fill in.
    homepage = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"}),
    )
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None):
        super().__init__(data, initial={"opened": signing.TimestampSigner(salt=_SALT).sign("-")})

    def clean_homepage(self):
        if self.cleaned_data["homepage"]:
            self._open_anew()
            raise forms.ValidationError(_("This field is for machines. Empty it, then send again."))
        return ""

    def clean_opened(self):
        signer = signing.TimestampSigner(salt=_SALT)
        try:
            signer.unsign(self.cleaned_data["opened"])
        except signing.BadSignature:
            self._open_anew()
            raise forms.ValidationError(_("Send it once more, please.")) from None
        try:
            signer.unsign(self.cleaned_data["opened"], max_age=_TOO_QUICK)
        except signing.SignatureExpired:
            return ""
        raise forms.ValidationError(_("That was quicker than a person reads. Send it once more, please."))

    def _open_anew(self) -> None:
        self.data = self.data.copy()
        self.data["opened"] = self.initial["opened"]


class PartForm(CrispyFormMixin, VersionedForm):
    """One part of a contribution. Nothing in it is required: what is written so far is kept."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.fields.keys() & {"headline", "person_name", "organisation_name"}:
            self.fields[name].widget.attrs["dir"] = "auto"
        for name in self.fields.keys() & {"country", "countries"}:
            self.fields[name].queryset = Country.objects.order_by(f"name_{active_language()}")


class MatterForm(PartForm):
    spoken = forms.ChoiceField(label=_("In which language do you write?"), required=False)
    kind = forms.ChoiceField(
        label=_("What is it above all?"), choices=Submission.Kind.choices, required=False, widget=forms.RadioSelect
    )

    class Meta:
        model = Submission
        fields = ["spoken", "kind", "headline", "countries", "objectives", "principles"]
        labels = {
            "headline": _("What do you say, in one sentence?"),
            "countries": _("Which countries is it about?"),
            "objectives": _("Which objectives of the Global Compact is it about?"),
            "principles": _("Which guiding principles?"),
        }
        help_texts = {
            "headline": _("People will find your contribution by it. The rest comes in your answers."),
            "countries": _("None: the whole region."),
        }
        widgets = {
            "headline": forms.Textarea({"rows": 2}),
            "countries": forms.CheckboxSelectMultiple,
            "objectives": forms.CheckboxSelectMultiple,
            "principles": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        accepted = set(self.instance.call.spoken)
        self.fields["spoken"].choices = [("", "–"), *(pair for pair in SPOKEN if pair[0] in accepted)]

    def clean_headline(self):
        return " ".join(self.cleaned_data["headline"].split())


class WhoForm(PartForm):
    language = forms.ChoiceField(
        label=_("In which language shall we write to you?"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )
    attribution = forms.ChoiceField(
        label=_("How may your contribution be shown?"),
        choices=Submission.Attribution.choices,
        required=False,
        widget=forms.RadioSelect,
        help_text=_(
            "Without any name, readers see what you say and neither your name, nor your organisation, its country or "
            "your constituency. What you write yourself can still tell who you are: leave out names and places then."
        ),
    )
    has_agreed = forms.BooleanField(
        label=_("I agree that it is kept and shown as I chose. I can take it back at any time."), required=False
    )

    class Meta:
        model = Submission
        fields = [
            *("constituency", "country", "organisation_name", "person_name"),
            *("attribution", "has_agreed", "language"),
        ]
        labels = {
            "constituency": _("For which constituency do you speak?"),
            "country": _("In which country do you have your seat?"),
            "organisation_name": _("Name of your organisation"),
            "person_name": _("Your name"),
        }
        help_texts = {
            "organisation_name": _("You can leave it out if you do not want to be named."),
            "person_name": _("You can leave it out if you do not want to be named."),
        }


FORMS = {"matter": MatterForm, "who": WhoForm}
PART_NAMES = {"matter": _("What you say"), "answers": _("Your answers"), "who": _("Who you are, and consent")}


class OnBehalfForm(forms.Form):
    """How a contribution that somebody else types in came to the secretariat."""

    given_on = DateField(label=_("When did it come to us?"), widget=LtrDate)
    consent_how = forms.ChoiceField(
        label=_("How did they consent?"), choices=[one for one in ConsentHow.choices if one[0] != ConsentHow.PORTAL]
    )
    email = forms.EmailField(
        label=_("Their e-mail address, if there is one"),
        required=False,
        help_text=_("They are told by mail what becomes of it, and can take it back."),
        widget=forms.EmailInput({"dir": "ltr"}),
    )
    language = forms.ChoiceField(label=_("Language of the mails"), choices=settings.LANGUAGES)

    def __init__(self, *args, record, **kwargs):
        super().__init__(*args, **kwargs)
