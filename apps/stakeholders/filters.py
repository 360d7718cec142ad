"""What the public lists are filtered by: words, an objective, a country."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.stakeholders.models import Country, Objective


class TopicFilter(forms.Form):
    """A choice that is none of those offered is an error, and nothing is filtered."""

    words = forms.CharField(label=_("Words"), max_length=100, required=False, widget=forms.TextInput({"dir": "auto"}))
    objective = forms.ModelChoiceField(
        label=_("Objective"), queryset=Objective.objects.all(), required=False, empty_label=_("All")
    )
    country = forms.ModelChoiceField(
        label=_("Country"), queryset=Country.objects.all(), required=False, empty_label=_("All")
    )

    @property
    def is_used(self) -> bool:
        return any(self.data.get(name) for name in self.fields)
