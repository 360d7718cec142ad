"""The list of a meeting in the back office: who is asked, what they replied, and what they need."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from apps.core.admin import STAMPS, PortalAdmin
from apps.core.languages import columns
from apps.core.steps import Step
from apps.meetings import glance, participants
from apps.meetings.forms import EnterReplyForm, ReasonForm
from apps.meetings.models import Barrier, Meeting, Need, Participant
from apps.stakeholders.models import Person


def enter_reply(participant: Participant, *, by, answer: str, alternate=None, note: str = "", **needs) -> Participant:
    """What somebody said on the phone; ``needs`` are the form's lists by barrier."""
    kinds = {kind: note for chosen in needs.values() for kind in chosen}
    return participants.reply(participant, by=by, answer=answer, alternate=alternate, needs=kinds)


def _may_be_entered(participant: Participant | None) -> bool:
    return bool(
        participant
        and participant.invited_at
        and not participant.taken_out_at
        and participant.meeting.status == Meeting.Status.PUBLISHED
    )


@admin.register(Participant)
class ParticipantAdmin(PortalAdmin):
    list_display = ["__str__", "reply_shown", "capacity", "meeting", "invited_at", "saved"]
    list_filter = ["reply", "capacity"]
    list_select_related = ["person", "meeting", "alternate__person"]
    search_fields = [*columns("person__name"), "guest_name", "email"]
    search_help_text = _("Search by name or e-mail address.")
    autocomplete_fields = ["meeting", "person"]
    readonly_fields = ["capacity", "invited_at", "reply_shown", "replied_at", "needs_shown", "who_created", "who_saved"]
    fieldsets = [
        (None, {"fields": ["meeting", "person", ("guest_name", "email"), "language"]}),
        (_("Reply"), {"fields": ["capacity", "invited_at", "reply_shown", "replied_at", "needs_shown"]}),
        STAMPS,
    ]
    steps = (
        Step(
            name="reply",
            label=_("Enter a reply"),
            explanation=_(
                "For who replied by phone or mail. It counts like a reply of her own, after the deadline, too."
            ),
            service=enter_reply,
            offered=_may_be_entered,
            done=_("The reply is entered."),
            form=EnterReplyForm,
        ),
        Step(
            name="take-out",
            label=_("Take off the list"),
            explanation=_("The links sent to this person work no more; the reply and the needs are deleted."),
            service=participants.take_out,
            offered=lambda participant: bool(participant and participant.invited_at and not participant.taken_out_at),
            done=_("This person is off the list."),
            form=ReasonForm,
            is_main=False,
        ),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def get_search_results(self, request, queryset, search_term):
        """Whoever looks for the name of a protected person finds nothing."""
        if search_term:
            queryset = queryset.exclude(person__in=Person.objects.hidden_from(request.user))
        return super().get_search_results(request, queryset, search_term)

    def lookup_allowed(self, lookup, value, request=None):
        return lookup == "meeting__id__exact" or super().lookup_allowed(lookup, value, request)

    def has_delete_permission(self, request, obj=None):
        """Who was asked is taken off the list instead, and the trail knows why."""
        return super().has_delete_permission(request, obj) and not (obj and obj.invited_at)

    @admin.display(description=_("reply"), ordering="reply")
    def reply_shown(self, obj):
        if obj.taken_out_at:
            return _("Taken off the list")
        return f"{obj.get_reply_display()}: {obj.alternate}" if obj.alternate else obj.get_reply_display()

    @admin.display(description=_("needs"))
    def needs_shown(self, obj):
        return " · ".join(f"{need} ({need.get_state_display()})" for need in obj.needs.all()) if obj.pk else "–"


class BarrierFilter(admin.SimpleListFilter):
    title = _("barrier")
    parameter_name = "barrier"

    def lookups(self, request, model_admin):
        return Barrier.choices

    def queryset(self, request, queryset):
        kinds = Need.BARRIERS.get(self.value())
        return queryset.filter(kind__in=kinds) if kinds else queryset


def _is_open(need: Need | None) -> bool:
    return bool(need and need.state in (Need.State.ASKED, Need.State.AGREED))


def _to(state: str):
    def service(need: Need, *, by, reason: str = ""):
        return participants.move_need(need, by=by, state=state, reason=reason)

    return service


@admin.register(Need)
class NeedAdmin(PortalAdmin):
    """Only the secretariat: what somebody needs says much about her."""

    change_list_template = "admin/meetings/need/change_list.html"
    list_display = ["__str__", "participant", "state", "note", "meeting", "reason"]
    list_filter = ["state", BarrierFilter]
    list_select_related = ["participant__person", "participant__meeting"]
    search_fields = [*columns("participant__person__name"), "participant__guest_name"]
    search_help_text = _("Search by name.")
    readonly_fields = ["participant", "meeting", "kind", "note", "state", "reason", "who_created", "who_saved"]
    fieldsets = [(None, {"fields": ["participant", "meeting", "kind", "note", "state", "reason"]}), STAMPS]
    steps = (
        Step(
            name="agree",
            label=_("Agree"),
            explanation=_("The need will be met."),
            service=_to(Need.State.AGREED),
            offered=lambda need: bool(need and need.state == Need.State.ASKED),
            done=_("The need is agreed."),
            in_bulk=lambda need: {},
        ),
        Step(
            name="met",
            label=_("It was met"),
            explanation=_("The person had what she needed."),
            service=_to(Need.State.MET),
            offered=_is_open,
            done=_("The need is recorded as met."),
            in_bulk=lambda need: {},
        ),
        Step(
            name="not-met",
            label=_("It was not met"),
            explanation=_("Say why: the report counts it, and the next budget may lower this barrier."),
            service=_to(Need.State.NOT_MET),
            offered=_is_open,
            done=_("The need is recorded as not met."),
            form=ReasonForm,
            is_main=False,
        ),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def get_search_results(self, request, queryset, search_term):
        """As in the list of participants."""
        if search_term:
            queryset = queryset.exclude(participant__person__in=Person.objects.hidden_from(request.user))
        return super().get_search_results(request, queryset, search_term)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def get_urls(self):
        report = path("report/", self.admin_site.admin_view(self.report_view), name="meetings_need_report")
        return [report, *super().get_urls()]

    def report_view(self, request):
        """What was needed and what was met, by barrier and meeting; figures only."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Needs by barrier"),
            "rows": glance.needs_by_barrier(),
            "states": Need.State.choices,
        }
        return TemplateResponse(request, "admin/meetings/need/report.html", context)

    @admin.display(description=_("meeting"))
    def meeting(self, obj):
        return obj.participant.meeting
