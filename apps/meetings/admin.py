from django import forms
from django.contrib import admin, messages
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from apps.accounts.roles import Role
from apps.core.admin import STAMPS, PortalAdmin
from apps.core.forms import VersionedForm
from apps.core.languages import columns
from apps.core.steps import Step
from apps.meetings import (
    actions,
    day_checks,
    decisions,
    glance,
    minutes,
    participants,
    services,
    tidings,
    zone_changes,
)
from apps.meetings.agenda_admin import AGENDA_STEPS, AgendaItemInline, AgendaMixin
from apps.meetings.attendance_admin import AttendanceMixin
from apps.meetings.models import INTERPRETATION, Meeting
from apps.meetings.papers_admin import PAPER_STEPS, DocumentInline, OverdueFilter, PapersMixin

_WHEN = {"starts_on", "starts_time", "ends_on", "ends_time", "time_zone"}


class MeetingForm(VersionedForm):
    interpretation = forms.MultipleChoiceField(
        label=_("Interpretation"), choices=INTERPRETATION, required=False, widget=forms.CheckboxSelectMultiple
    )


class WhenFilter(admin.SimpleListFilter):
    title = _("when")
    parameter_name = "when"

    def lookups(self, request, model_admin):
        return [("coming", _("Coming")), ("past", _("Past"))]

    def queryset(self, request, queryset):
        now = timezone.now()
        if self.value() == "coming":
            return queryset.filter(ends_at__gte=now)
        if self.value() == "past":
            return queryset.filter(ends_at__lt=now)
        return queryset


def _is_in_preparation(meeting) -> bool:
    return meeting is None or meeting.status == Meeting.Status.DRAFT


def _may_have_been_held(meeting) -> bool:
    return bool(meeting and meeting.status == Meeting.Status.PUBLISHED and meeting.starts_at <= timezone.now())


def _is_to_come(meeting) -> bool:
    return _is_published(meeting) and meeting.starts_at > timezone.now()


def _lacks_minutes(meeting) -> bool:
    return bool(meeting and minutes.may_have_minutes(meeting) and not hasattr(meeting, "minutes"))


def _is_published(meeting) -> bool:
    return bool(meeting and meeting.status == Meeting.Status.PUBLISHED)


def _has_invited(meeting) -> bool:
    return meeting.participants.filter(invited_at__isnull=False).exists()


@admin.register(Meeting)
class MeetingAdmin(AgendaMixin, AttendanceMixin, PapersMixin, PortalAdmin):
    form = MeetingForm
    inlines = [AgendaItemInline, DocumentInline]
    list_display = ["__str__", "starts_on", "format", "audience", "status", "saved"]
    list_filter = ["status", "audience", "format", WhenFilter, OverdueFilter]
    list_select_related = ["group"]
    date_hierarchy = "starts_at"
    search_fields = [*columns("title", "place")]
    search_help_text = _("Search by title or place in either language.")
    autocomplete_fields = ["group"]
    readonly_fields = ["status", "public_page", "at_a_glance", "who_created", "who_saved"]
    fieldsets = [
        (None, {"fields": ["status", "public_page", "at_a_glance", "group", "title", "summary"]}),
        (
            _("When and where"),
            {
                "fields": [
                    ("starts_on", "starts_time"),
                    ("ends_on", "ends_time"),
                    "time_zone",
                    "format",
                    "place",
                    "online_address",
                    "interpretation",
                    ("reply_until", "room_seats"),
                    ("number", "quorum", "items_until"),
                ]
            },
        ),
        (_("Who may see it"), {"fields": ["audience"]}),
        STAMPS,
    ]
    steps = (
        Step(
            name="publish",
            label=_("Publish"),
            explanation=_("The meeting appears in the calendar of its audience."),
            service=services.publish_meeting,
            offered=_is_in_preparation,
            done=_("The meeting is published."),
        ),
        Step(
            name="invite",
            label=_("Invite"),
            explanation=_("The whole group goes on the list. Who was not asked yet gets a mail with a link to reply."),
            service=participants.invite,
            offered=_is_to_come,
            done=_("The invitations are on their way."),
        ),
        Step(
            name="remind",
            label=_("Remind of the reply"),
            explanation=_("Who was asked and has not replied gets a mail, once for each deadline."),
            service=participants.remind_unanswered,
            offered=_is_to_come,
            done=_("Those who have not replied are reminded."),
            is_main=False,
        ),
        *AGENDA_STEPS,
        *PAPER_STEPS,
        Step(
            name="carry-over",
            label=_("Carry over open actions"),
            explanation=_("What is unfinished of the group’s earlier meetings stands on this meeting’s page, too."),
            service=actions.carry_over,
            offered=lambda meeting: bool(meeting) and not meeting.is_cancelled and actions.to_carry(meeting),
            done=_("The open actions are carried over."),
            is_main=False,
        ),
        Step(
            name="tell-change",
            label=_("Tell of the change"),
            explanation=_("Everybody who was invited gets a mail with what is new, and a file for the calendar."),
            service=tidings.tell_of_change,
            offered=lambda meeting: bool(meeting and tidings.has_untold_change(meeting)),
            done=_("The participants are told of the change."),
        ),
        Step(
            name="confirm-hours",
            label=_("Keep the hours"),
            explanation=_(
                "The rules of the time zone have changed since the day was set. The hours stay as they are in the "
                "place; who was invited has been told. To choose other hours, change them instead."
            ),
            service=zone_changes.confirm_hours,
            offered=zone_changes.waits_for_a_look,
            done=_("The hours stay as they are."),
        ),
        Step(
            name="held",
            label=_("It was held"),
            explanation=_("The meeting is recorded as held. It stays at its address."),
            service=services.mark_held,
            offered=_may_have_been_held,
            done=_("The meeting is recorded as held."),
        ),
        Step(
            name="minutes",
            label=_("Write the minutes"),
            explanation=_("The minutes get an entry for each item of the agenda. Only the back office sees them."),
            service=minutes.begin_minutes,
            offered=_lacks_minutes,
            done=_("The minutes are begun."),
            leads_to=lambda begun: reverse("admin:meetings_minutes_change", args=[begun.pk]),
        ),
        Step(
            name="cancel",
            label=_("Cancel the meeting"),
            explanation=_(
                "The meeting stays at its address and says that it is cancelled. Everybody who was invited gets a "
                "mail, and the meeting leaves the calendars. This cannot be undone."
            ),
            service=services.cancel_meeting,
            offered=_is_published,
            done=_("The meeting is cancelled."),
            is_main=False,
        ),
        Step(
            name="withdraw",
            label=_("Back to preparation"),
            explanation=_(
                "Nobody outside the back office sees the meeting until it is published again. Nobody is told, and who "
                "was invited keeps the date. If the meeting does not take place, cancel it instead."
            ),
            service=services.withdraw_meeting,
            offered=_is_published,
            done=_("The meeting is in preparation again."),
            is_main=False,
        ),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def get_readonly_fields(self, request, obj=None):
        """By its group and number the meeting's decisions and actions are cited: they stay once there are any."""
        fixed = super().get_readonly_fields(request, obj)
        return [*fixed, "group", "number"] if obj and decisions.is_cited(obj) else fixed

    def may_take(self, request, step, obj):
        """Translators write; the secretariat decides what is called, held or cancelled."""
        return request.user.has_role(Role.SECRETARIAT)

    def has_delete_permission(self, request, obj=None):
        """Only what nobody outside has seen is deleted; a meeting to which people were invited is cancelled."""
        if obj and (obj.status != Meeting.Status.DRAFT or _has_invited(obj)):
            return False
        return super().has_delete_permission(request, obj)

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    @admin.display(description=_("page on the portal"))
    def public_page(self, obj):
        if not obj.pk:
            return _("After the first save.")
        return format_html('<a href="{}">{}</a>', obj.get_absolute_url(), _("See it as readers do"))

    @admin.display(description=_("at a glance"))
    def at_a_glance(self, obj):
        if not obj.pk:
            return _("After the first save.")
        return render_to_string(
            "admin/meetings/meeting/at_a_glance.html", {**glance.of(obj), "hints": self._hints(obj)}
        )

    def _hints(self, meeting) -> list[day_checks.Hint]:
        """About the day of a meeting that is still to come."""
        return [] if meeting.is_over or meeting.is_cancelled else day_checks.hints(meeting)

    def save_model(self, request, obj, form, change):
        if _WHEN & set(form.changed_data):
            obj.rules_changed_at = None
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        """Who has just set the day reads at once what there is to know about it."""
        super().save_related(request, form, formsets, change)
        hints = self._hints(form.instance) if _WHEN & set(form.changed_data) else []
        if hints:
            messages.warning(request, format_html_join(mark_safe("<br>"), "{}", ((hint.text,) for hint in hints)))  # nosec B308 B703


from apps.meetings import (  # noqa: E402, F401 - registered with the meeting
    decisions_admin,
    minutes_admin,
    minutes_comments_admin,
    participants_admin,
)
