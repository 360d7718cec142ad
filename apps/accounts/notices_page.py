"""Somebody's own notices: which she gets and when, and what was sent to her."""

from django import forms
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.accounts.forms import CrispyFormMixin
from apps.accounts.views import OwnRecord
from apps.core import notices
from apps.core.formfields import TimeField
from apps.core.forms import VersionedForm
from apps.core.models import NoticeSettings, OutgoingMail
from apps.core.records import save_record

_SHOWN = 25


class _ByKind(forms.Widget):
    """A line for each kind, each with a select."""

    template_name = "account/widgets/notices.html"
    use_fieldset = True
    kinds: list[notices.Kind] = []

    def get_context(self, name, value, attrs):
        chosen = value if isinstance(value, dict) else {}
        rows = [(f"{name}-{kind.name}", kind, notices.chosen(kind, chosen)) for kind in self.kinds]
        return {**super().get_context(name, value, attrs), "rows": rows}

    def value_from_datadict(self, data, files, name):
        return {kind.name: data.get(f"{name}-{kind.name}", "") for kind in self.kinds}

    def value_omitted_from_data(self, data, files, name):
        return False


class _ChoicesField(forms.Field):
    widget = _ByKind

    def clean(self, value: dict) -> dict:
        """What is none of a kind's choices becomes its default."""
        return {kind.name: notices.chosen(kind, value) for kind in self.widget.kinds}

    def has_changed(self, initial, data):
        return initial != data


class NoticesForm(CrispyFormMixin, VersionedForm):
    choices = _ChoicesField(required=False)
    quiet_from = TimeField(required=False)
    quiet_until = TimeField(required=False)

    class Meta:
        model = NoticeSettings
        fields = ["choices", "quiet_from", "quiet_until"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        fields = NoticeSettings._meta
        for name in ("quiet_from", "quiet_until"):
            self.fields[name].label = fields.get_field(name).verbose_name
            self.fields[name].help_text = fields.get_field(name).help_text
            self.fields[name].widget = forms.TimeInput(
                format="%H:%M", attrs={"type": "time", "dir": "ltr", "class": "short"}
            )
        self.fields["choices"].label = _("What reaches you, and when")
        self.fields["choices"].widget.kinds = notices.kinds_of(self.instance.user)


class Notices(OwnRecord):
    form_class = NoticesForm
    template_name = "account/notices.html"

    def records(self):
        return NoticeSettings.objects.visible_to(self.request.user)

    def first_one(self):
        return NoticeSettings(user=self.request.user)

    def get_context_data(self, **kwargs):
        return super().get_context_data(mails=OutgoingMail.objects.read_by(self.request.user)[:_SHOWN], **kwargs)

    def save(self, record):
        save_record(record, by=self.request.user)

    def done(self):
        messages.success(self.request, _("Saved."))
        return HttpResponseRedirect(reverse("accounts:notices"))
