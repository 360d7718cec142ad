from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.core.dates import month_name
from apps.core.digits import ascii_digits
from apps.core.formfields import LtrDateTime, SplitDateTimeField
from apps.core.languages import CODES, own_name
from apps.core.textpolicy import clean_text
from apps.news.models import Article
from apps.stakeholders.models import Constituency, Country, Objective


class ReasonForm(forms.Form):
    """Why a step is taken; it stands in the article's history."""

    reason = forms.CharField(label=_("Reason"), max_length=300, required=False, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args, record: Article | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].widget.attrs["dir"] = "auto"

    def clean_reason(self):
        return clean_text(self.cleaned_data["reason"])


class NeededReasonForm(ReasonForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True


class PreviewLinkForm(forms.Form):
    """For whom the link is and how long it works."""

    note = forms.CharField(label=_("For whom"), max_length=150)
    days = forms.TypedChoiceField(label=_("Valid for"), coerce=int, initial=7)

    def __init__(self, *args, record: Article | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["note"].widget.attrs["dir"] = "auto"
        self.fields["days"].choices = [
            (days, ngettext("%(count)d day", "%(count)d days", days) % {"count": days}) for days in (1, 3, 7, 14, 30)
        ]

    def clean_note(self):
        return clean_text(self.cleaned_data["note"])


class PublishForm(ReasonForm):
    """Which languages readers get, and from when."""

    languages = forms.MultipleChoiceField(label=_("Publish in"), widget=forms.CheckboxSelectMultiple)
    at = SplitDateTimeField(
        label=_("From"),
        required=False,
        widget=LtrDateTime,
        help_text=_("Empty: at once. A later time keeps it hidden until then."),
    )
    is_minor = forms.BooleanField(
        label=_("Minor edit"),
        required=False,
        help_text=_("Spelling or layout: the translation stays current."),
    )
    field_order = ("languages", "at", "is_minor", "reason")

    def __init__(self, *args, record: Article, **kwargs):
        super().__init__(*args, record=record, **kwargs)
        if record.is_out:
            del self.fields["at"]
        if not record.is_out or not record.working_version_id:
            del self.fields["is_minor"]
        self.fields["languages"].choices = [(code, own_name(code)) for code in CODES]
        self.initial["languages"] = [code for code in CODES if record.is_complete(code)]
        if record.published_at and record.published_at > timezone.now():
            self.initial["at"] = record.published_at


class ArticleFilter(forms.Form):
    """Reads the list's address: every wrong value gets a sentence beside its field."""

    category = forms.ChoiceField(label=_("Category"), required=False)
    scope = forms.ChoiceField(label=_("Scope"), required=False)
    objective = forms.TypedChoiceField(label=_("Objective"), required=False, coerce=int, empty_value=None)
    country = forms.ChoiceField(label=_("Country"), required=False)
    constituency = forms.ChoiceField(label=_("Constituency"), required=False)
    year = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None)
    month = forms.TypedChoiceField(label=_("Month"), required=False, coerce=int, empty_value=None)

    # Beyond the first choices the page keeps the rest folded, unless it is in use.
    FOLDED = ("scope", "objective", "country", "constituency")
    _LOOKUPS = {
        "year": "dated_on__year",
        "month": "dated_on__month",
        "objective": "objectives__number",
        "country": "countries__iso2",
        "constituency": "constituencies__code",
    }

    def __init__(self, data, *, years: list[int]):
        data = {name: ascii_digits(data.get(name, "")) for name in self.base_fields}
        super().__init__(data)
        self.fields["category"].choices = [("", _("All categories")), *Article.Category.choices]
        self.fields["scope"].choices = [("", _("All scopes")), *Article.Scope.choices]
        self.fields["year"].choices = [("", _("All years")), *((year, str(year)) for year in years)]
        self.fields["month"].choices = [("", _("All months")), *((month, month_name(month)) for month in range(1, 13))]
        self._offer("objective", _("All objectives"), Objective.objects.all(), "number")
        self._offer("country", _("All countries"), Country.objects.all(), "iso2")
        self._offer("constituency", _("All constituencies"), Constituency.objects.all(), "code")

    def _offer(self, name: str, everything: str, records, key: str) -> None:
        self.fields[name].choices = [("", everything), *((getattr(record, key), str(record)) for record in records)]

    @property
    def is_used(self) -> bool:
        return any(self.data.values())

    @property
    def is_unfolded(self) -> bool:
        return any(self.data[name] for name in self.FOLDED)

    def apply(self, articles):
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        return articles.filter(**{self._LOOKUPS.get(name, name): value for name, value in chosen.items()})
