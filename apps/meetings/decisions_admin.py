"""Decisions and actions in the back office."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from apps.accounts.roles import Role
from apps.core.admin import STAMPS, PortalAdmin
from apps.core.formfields import DateField, IntegerField, LtrDate, LtrDateTime, SplitDateTimeField
from apps.core.forms import VersionedForm
from apps.core.steps import Step
from apps.core.textpolicy import clean_text
from apps.meetings import actions, decisions
from apps.meetings.models import Action, AgendaItem, Decision


class DayForm(forms.Form):
    """On which day it was decided."""

    decided_on = DateField(label=_("Decided on"), widget=LtrDate)

    def __init__(self, data=None, *, record: Decision):
        super().__init__(data, initial={"decided_on": min(record.meeting.starts_on, timezone.localdate())})


class HandsForm(DayForm):
    in_favour = IntegerField(label=_("In favour"), min_value=0, max_value=1000)
    against = IntegerField(label=_("Against"), min_value=0, max_value=1000)
    abstaining = IntegerField(label=_("Abstaining"), min_value=0, max_value=1000)


class SilenceForm(forms.Form):
    until = SplitDateTimeField(
        label=_("Objections until"), widget=LtrDateTime, help_text=_("In your own time zone, as in your account.")
    )

    def __init__(self, data=None, *, record: Decision):
        super().__init__(data)


class ActionNoteForm(forms.Form):
    words = forms.CharField(
        label=_("Note"), max_length=2000, required=False, widget=forms.Textarea({"rows": 3, "dir": "auto"})
    )
    state = forms.ChoiceField(label=_("State"), choices=Action.State.choices, widget=forms.RadioSelect)

    def __init__(self, data=None, *, record: Action):
        super().__init__(data, initial={"state": record.state})

    def clean_words(self):
        return clean_text(self.cleaned_data["words"])


class DecisionForm(VersionedForm):
    def clean(self):
        cleaned = super().clean()
        if self.instance.pk:
            saved = Decision.objects.exclude(state=Decision.State.DRAFT).filter(pk=self.instance.pk).first()
            for name in ("text_ar", "text_en"):
                former = getattr(saved, name, "") or ""
                if name in self.fields and former and (cleaned.get(name) or "") != former:
                    message = _("This was decided in these words. Record another decision to change it.")
                    self.add_error(name, ValidationError(message))
        return cleaned


class OutcomeAdmin(PortalAdmin):
    """What decisions and actions have in common: they come from a meeting, and an item of it."""

    autocomplete_fields = ["meeting"]

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user).select_related("meeting__group")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Items of the record's own meeting; of a new record, those of the meeting that the link named."""
        if db_field.name in ("item", "decision"):
            meeting = self._meeting_of(request)
            model = {"item": AgendaItem, "decision": Decision}[db_field.name]
            kwargs["queryset"] = model.objects.visible_to(request.user).filter(meeting=meeting)
            if model is Decision:
                kwargs["queryset"] = kwargs["queryset"].select_related("meeting__group")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def _meeting_of(self, request) -> int | None:
        key = request.POST.get("meeting") or request.GET.get("meeting") or ""
        if pk := request.resolver_match.kwargs.get("object_id"):
            found = self.model.objects.filter(pk=pk) if pk.isdecimal() and len(pk) < 18 else self.model.objects.none()
            key = key or str(found.values_list("meeting", flat=True).first() or "")
        return int(key) if key.isascii() and key.isdecimal() and len(key) < 18 else None

    def may_take(self, request, step, obj):
        return request.user.has_role(Role.SECRETARIAT)

    def lookup_allowed(self, lookup, value, request=None):
        return lookup == "meeting__id__exact" or super().lookup_allowed(lookup, value, request)

    def get_actions(self, request):
        found = super().get_actions(request)
        found.pop("delete_selected", None)
        return found


def _who(record) -> str:
    return record.created_by.get_full_name() if record.created_by else "–"


def _is_draft(decision: Decision | None) -> bool:
    return bool(decision and decision.state == Decision.State.DRAFT)


@admin.register(Decision)
class DecisionAdmin(OutcomeAdmin):
    form = DecisionForm
    list_display = ["symbol", "beginning", "method", "state", "decided_on", "meeting"]
    list_filter = ["state", "method", "audience"]
    list_select_related = ["meeting__group"]
    date_hierarchy = "decided_on"
    search_fields = ["text_ar", "text_en"]
    search_help_text = _("Search in the text in either language.")
    readonly_fields = ["symbol", "state", "how", "objections_shown", "who_created", "who_saved"]
    fieldsets = [
        (None, {"fields": ["symbol", "state", "how", "objections_shown", "meeting", "item", "text"]}),
        (_("Who may see it"), {"fields": ["audience"]}),
        STAMPS,
    ]
    steps = (
        Step(
            name="consensus",
            label=_("Taken by consensus"),
            explanation=_("The decision gets its number, and its text stays as it is."),
            service=decisions.take_by_consensus,
            offered=_is_draft,
            done=_("The decision is recorded."),
            form=DayForm,
        ),
        Step(
            name="hands",
            label=_("Show of hands"),
            explanation=_("It is decided when more are in favour than against. It gets its number in either case."),
            service=decisions.count_hands,
            offered=_is_draft,
            done=_("The show of hands is recorded."),
            form=HandsForm,
            is_main=False,
        ),
        Step(
            name="silence",
            label=_("Open a silence procedure"),
            explanation=_("Everybody in the group gets a mail. It is decided at the deadline unless a member objects."),
            service=decisions.open_silence,
            offered=_is_draft,
            done=_("The silence procedure is open, and the group knows."),
            form=SilenceForm,
            is_main=False,
        ),
        Step(
            name="close",
            label=_("Close the silence procedure"),
            explanation=_("The deadline has passed: it is decided unless an objection stands."),
            service=decisions.close_silence,
            offered=lambda decision: bool(
                decision and decision.state == Decision.State.OPEN and not decision.takes_objections
            ),
            done=_("The silence procedure is closed."),
        ),
    )

    def has_delete_permission(self, request, obj=None):
        """What has a number stays."""
        return super().has_delete_permission(request, obj) and not (obj and obj.number)

    def get_readonly_fields(self, request, obj=None):
        fixed = super().get_readonly_fields(request, obj)
        return [*fixed, "meeting"] if obj and obj.number else fixed

    @admin.display(description=_("decision"))
    def beginning(self, obj):
        return format_html('<span dir="auto">{}</span>', str(obj.text_version)[:90])

    @admin.display(description=_("how it was decided"))
    def how(self, obj):
        if not obj.pk or obj.state == Decision.State.DRAFT:
            return "–"
        if obj.in_favour is not None:
            counts = {"yes": obj.in_favour, "no": obj.against, "none": obj.abstaining}
            return (
                f"{obj.get_method_display()}: " + _("in favour %(yes)s, against %(no)s, abstaining %(none)s") % counts
            )
        return obj.get_method_display()

    @admin.display(description=_("objections"))
    def objections_shown(self, obj):
        if not obj.pk:
            return "–"
        rows = obj.objections.select_related("created_by")
        lines = (
            (
                one.created_by.get_full_name() if one.created_by else "–",
                one.words,
                _("withdrawn") if one.withdrawn_at else "",
            )
            for one in rows
        )
        return format_html_join("", '<p dir="auto"><bdi>{}</bdi>: {} {}</p>', lines) or "–"


@admin.register(Action)
class ActionAdmin(OutcomeAdmin):
    autocomplete_fields = ["meeting", "owner"]
    list_display = ["symbol", "beginning", "owner", "due_on", "state", "meeting"]
    list_filter = ["state", "audience"]
    list_select_related = ["meeting__group", "owner"]
    date_hierarchy = "due_on"
    search_fields = ["text_ar", "text_en"]
    search_help_text = _("Search in the text in either language.")
    readonly_fields = ["symbol", "state", "done_on", "notes_shown", "who_created", "who_saved"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "symbol",
                    ("state", "done_on"),
                    "notes_shown",
                    "meeting",
                    ("item", "decision"),
                    "text",
                    ("owner", "due_on"),
                ]
            },
        ),
        (_("Who may see it"), {"fields": ["audience"]}),
        STAMPS,
    ]
    steps = (
        Step(
            name="note",
            label=_("Note how it goes on"),
            explanation=_("The note stands with the action; the state is what you choose here."),
            service=actions.note_action,
            offered=lambda action: bool(action),
            done=_("The note is kept."),
            form=ActionNoteForm,
        ),
    )

    def save_record(self, obj, *, by):
        actions.save_action(obj, by=by)

    def has_delete_permission(self, request, obj=None):
        """An action that is not wanted any more is dropped, and says why."""
        return False

    def get_readonly_fields(self, request, obj=None):
        fixed = super().get_readonly_fields(request, obj)
        return [*fixed, "meeting"] if obj else fixed

    @admin.display(description=_("action"))
    def beginning(self, obj):
        return format_html('<span dir="auto">{}</span>', str(obj.text_version)[:90])

    @admin.display(description=_("notes"))
    def notes_shown(self, obj):
        if not obj.pk:
            return "–"
        rows = obj.notes.select_related("created_by")
        lines = (
            (one.created_by.get_full_name() if one.created_by else "–", one.words, one.get_state_display())
            for one in rows
        )
        return format_html_join("", '<p dir="auto"><bdi>{}</bdi>: {} ({})</p>', lines) or "–"
