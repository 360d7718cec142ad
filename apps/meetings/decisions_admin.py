"""Decisions and actions in the back office."""

from django import forms
from django.contrib import admin, messages
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from apps.accounts.roles import Role
from apps.core.admin import STAMPS, PortalAdmin
from apps.core.dates import portal_today
from apps.core.formfields import DateField, IntegerField, LtrDate, LtrDateTime, SplitDateTimeField
from apps.core.forms import VersionedForm
from apps.core.languages import columns, isolated
from apps.core.steps import Step
from apps.core.templatetags.portal import day
from apps.core.textpolicy import clean_text
from apps.core.zones import zone_name
from apps.meetings import actions, decisions, registers
from apps.meetings.models import Action, AgendaItem, Decision
from apps.stakeholders.models.people import KEEPING_ROLES


class DayForm(forms.Form):
    """On which day it was decided."""

    decided_on = DateField(label=_("Decided on"), widget=LtrDate)

    def __init__(self, data=None, *, record: Decision):
        super().__init__(data, initial={"decided_on": min(record.meeting.starts_on, portal_today())})


class HandsForm(DayForm):
    in_favour = IntegerField(label=_("In favour"), min_value=0, max_value=1000)
    against = IntegerField(label=_("Against"), min_value=0, max_value=1000)
    abstaining = IntegerField(label=_("Abstaining"), min_value=0, max_value=1000)


class SilenceForm(forms.Form):
    until = SplitDateTimeField(label=_("Objections until"), widget=LtrDateTime)

    def __init__(self, data=None, *, record: Decision):
        super().__init__(data)
        city = zone_name(timezone.get_current_timezone_name())
        self.fields["until"].help_text = _("In your own time zone: %(city)s.") % {"city": city}


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
        sent = {name: cleaned.get(name) or "" for name in columns("text") if name in self.fields}
        for name, message in decisions.rewritten(self.instance.pk, sent).items():
            self.add_error(name, message)
        return cleaned


class OutcomeAdmin(PortalAdmin):
    """What decisions and actions have in common: they come from a meeting, and an item of it."""

    autocomplete_fields = ["meeting"]
    # What the secretariat alone sets; translators write texts.
    decided_by_secretariat: tuple[str, ...] = ("meeting", "item", "audience")

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user).select_related("meeting__group")

    def get_readonly_fields(self, request, obj=None):
        """A record that has its number stays with its meeting."""
        fixed = list(super().get_readonly_fields(request, obj))
        if not request.user.has_role(Role.SECRETARIAT):
            return [*fixed, *self.decided_by_secretariat]
        return [*fixed, "meeting"] if obj and obj.number else fixed

    @admin.display(description=_("number"), ordering="number")
    def numbered(self, obj):
        return format_html('<bdi dir="ltr">{}</bdi>', obj.symbol) if obj.meeting_id else "–"

    @admin.display(description=_("text"))
    def beginning(self, obj):
        return Truncator(obj.text_version.text).chars(90) if obj.pk else "–"

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


def _said(record) -> dict:
    """What somebody said, who and when."""
    return {
        "who": record.created_by.get_full_name() if record.created_by else "–",
        "day": day(record.created_at),
        "words": record.words,
    }


def _lines(lines) -> str:
    html = '<p><bdi>{who}</bdi>, {day}{state}:<br><span dir="auto">{words}</span></p>'
    return format_html_join("", html, lines) or "–"


def _is_draft(decision: Decision | None) -> bool:
    return decision is None or decision.state == Decision.State.DRAFT


@admin.register(Decision)
class DecisionAdmin(OutcomeAdmin):
    form = DecisionForm
    list_display = ["numbered", "beginning", "method", "state", "decided_on", "meeting"]
    list_filter = ["state", "method", "audience"]
    list_select_related = ["meeting__group"]
    date_hierarchy = "decided_on"
    search_fields = [*columns("text")]
    search_help_text = _("Search in the text in either language.")
    readonly_fields = ["numbered", "state", "how", "objections_shown", "who_created", "who_saved"]
    fieldsets = [
        (None, {"fields": ["numbered", "state", "how", "objections_shown", "meeting", "item", "text"]}),
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
        """Who reads what is being decided by silence does not change while it lasts."""
        fixed = super().get_readonly_fields(request, obj)
        is_open = obj is not None and obj.state == Decision.State.OPEN
        return [*fixed, "item", "audience"] if is_open else fixed

    def save_record(self, obj, *, by):
        decisions.save_decision(obj, by=by)

    @admin.display(description=_("how it was decided"))
    def how(self, obj):
        if not obj.pk or obj.state == Decision.State.DRAFT:
            return "–"
        return render_to_string("admin/meetings/decision/how.html", {"decision": obj})

    @admin.display(description=_("objections"))
    def objections_shown(self, obj):
        if not obj.pk:
            return "–"
        lines = (
            {**_said(one), "state": f" ({_('withdrawn')})" if one.withdrawn_at else ""}
            for one in obj.objections.select_related("created_by")
        )
        return _lines(lines)


@admin.register(Action)
class ActionAdmin(OutcomeAdmin):
    autocomplete_fields = ["meeting", "owner"]
    decided_by_secretariat = (*OutcomeAdmin.decided_by_secretariat, "decision", "due_on")
    list_display = ["numbered", "beginning", "who_does_it", "due_on", "state", "meeting"]
    list_filter = ["state", "audience"]
    list_select_related = ["meeting__group", "owner"]
    date_hierarchy = "due_on"
    search_fields = [*columns("text")]
    search_help_text = _("Search in the text in either language.")
    readonly_fields = ["numbered", "state", "done_on", "notes_shown", "who_does_it", "who_created", "who_saved"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "numbered",
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

    def get_queryset(self, request):
        return registers.with_known_owner(super().get_queryset(request), request.user).select_related("owner")

    def get_fieldsets(self, request, obj=None):
        """A person's name is for those who may read it, here too."""
        found = super().get_fieldsets(request, obj)
        if not request.user.has_role(*KEEPING_ROLES):
            fields = found[0][1]["fields"]
            found[0][1]["fields"] = [("who_does_it", "due_on") if "owner" in line else line for line in fields]
        return found

    def save_record(self, obj, *, by):
        actions.save_action(obj, by=by)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if "owner" in form.changed_data and actions.gets_no_mails(obj):
            text = _(
                "%(name)s gets no mails about this action: without an account, or without a right to see the meeting."
            )
            messages.warning(request, text % {"name": isolated(obj.owner)})

    def has_delete_permission(self, request, obj=None):
        """An action that is not wanted any more is dropped, and says why."""
        return False

    @admin.display(description=_("who does it"))
    def who_does_it(self, obj):
        return registers.owner_name(obj) if obj.pk else "–"

    @admin.display(description=_("notes"))
    def notes_shown(self, obj):
        if not obj.pk:
            return "–"
        notes = obj.notes.select_related("created_by")
        return _lines({**_said(one), "state": f" ({one.get_state_display()})"} for one in notes)
