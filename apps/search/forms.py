from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.languages import CODES, own_name
from apps.search import registry
from apps.search.answering import FACETS


class SearchForm(forms.Form):
    """What is asked by the address. A choice that is none of those offered is an error, and is not applied."""

    q = forms.CharField(
        label=_("Search for"),
        required=False,
        strip=False,
        widget=forms.TextInput({"type": "search", "dir": "auto", "list": "suggestions", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[(code, own_name(code)) for code in CODES]
    )
    objective = forms.ChoiceField(label=_("Objective"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    year = forms.IntegerField(label=_("Year"), required=False, min_value=1900, max_value=2200)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind, searchable.label) for kind, searchable in registry.kinds.items()]
        for name in ("objective", "country"):
            self.fields[name].choices = list(registry.topics[name]().items()) if name in registry.topics else []

    @property
    def text(self) -> str:
        return self.data.get("q", "")

    @property
    def chosen(self) -> dict[str, str]:
        return {name: str(value) for name in FACETS if (value := getattr(self, "cleaned_data", {}).get(name))}

    def labels(self, name: str) -> dict[str, str]:
        """{code: what it is called on the page} of a facet; of years none."""
        return dict(getattr(self.fields[name], "choices", ()))
