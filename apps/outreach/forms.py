from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.accounts.forms import CrispyFormMixin
from apps.core.forms import VersionedForm
from apps.core.languages import active_language
from apps.outreach.models import Subscription
from apps.stakeholders.models import Country


class BeginForm(CrispyFormMixin, forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("We send a link to it, with which you choose and confirm."),
        widget=forms.EmailInput({"dir": "ltr", "autocomplete": "email"}),
    )


class SubscriptionForm(CrispyFormMixin, VersionedForm):
    topics = forms.MultipleChoiceField(
        label=_("What about"), choices=Subscription.Topic.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Subscription
        fields = ["language", "often", "topics", "countries", "objectives"]
        labels = {"language": _("In which language?"), "often": _("How often?")}
        help_texts = {
            "often": _("In the morning, and only when there is something new."),
            "countries": _("Of the news. Nothing ticked: all."),
            "objectives": _("Of the news. Nothing ticked: all."),
        }
        widgets = {
            "language": forms.RadioSelect,
            "often": forms.RadioSelect,
            "countries": forms.CheckboxSelectMultiple,
            "objectives": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = settings.LANGUAGES  # without an empty one
        self.fields["countries"].queryset = Country.objects.order_by(f"name_{active_language()}")
