"""Who was there, apart from what had been replied, and whether that is a quorum.

The secretariat types it; a member may confirm it herself. Whoever speaks last is kept, and the trail has both.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.core.records import save_record
from apps.meetings.models import Attendance, Meeting, Participant
from apps.stakeholders.engagements import log_from
from apps.stakeholders.models import Engagement
from apps.stakeholders.services import require_secretariat

# For so long after the end a member may say herself that she was there.
CONFIRMED_FOR = timedelta(days=7)
Capacity = Participant.Capacity
THERE = (Attendance.ON_SITE, Attendance.ONLINE)


@dataclass(frozen=True)
class Quorum:
    """How many seats have somebody there, and how many must."""

    present: int
    needed: int

    @property
    def is_met(self) -> bool:
        return self.present >= self.needed


def quorum(meeting: Meeting) -> Quorum:
    """A seat counts once: by its member, or by the alternate who goes for her. Observers and guests do not count."""
    rows = meeting.participants.asked().values_list("pk", "capacity", "attendance", "alternate")
    there = {pk for pk, _capacity, attendance, _alternate in rows if attendance in THERE}
    represented = [
        pk for pk, capacity, _attendance, alternate in rows if capacity == Capacity.MEMBER and {pk, alternate} & there
    ]
    return Quorum(present=len(represented), needed=meeting.quorum or meeting.group.seats // 2 + 1)


def possible(meeting: Meeting) -> list[Attendance]:
    """The ways in which somebody can have been there."""
    ways = {Meeting.Format.IN_PERSON: [Attendance.ON_SITE], Meeting.Format.ONLINE: [Attendance.ONLINE]}
    return ways.get(meeting.format, list(THERE))


def refusal(meeting: Meeting) -> str:
    """Why attendance of this meeting cannot be noted, as a sentence; "" when it can."""
    if meeting.status not in (Meeting.Status.PUBLISHED, Meeting.Status.HELD):
        return _("Attendance is noted of meetings that take place.")
    if meeting.starts_at > timezone.now():
        return _("This meeting has not started yet.")
    return ""


def may_confirm(participant: Participant) -> bool:
    """Whether this person may say herself (still) that she was there."""
    meeting = participant.meeting
    is_asked = participant.invited_at is not None and participant.taken_out_at is None
    return is_asked and not refusal(meeting) and timezone.now() <= meeting.ends_at + CONFIRMED_FOR


@transaction.atomic
def confirm(participant: Participant, *, by, attendance: str) -> Participant:
    """What a person says of herself. Raises ValidationError when it cannot be said (any more)."""
    participant = _locked(participant)
    if participant.user != by:
        raise PermissionDenied
    if not may_confirm(participant):
        raise ValidationError(_("Attendance can be confirmed from the start until a week after the end."))
    if attendance not in possible(participant.meeting):
        raise ValidationError(_("This kind of attendance is not possible at this meeting."))
    kept = _keep(participant, attendance, by=by, by_self=True)
    log_attendance(participant.meeting, by=by)
    return kept


def note(participant: Participant, *, by, attendance: str) -> Participant:
    """What the secretariat saw of one person; see ``note_all``."""
    return note_all(participant.meeting, by=by, attendances={participant.pk: attendance})[0]


@transaction.atomic
def note_all(meeting: Meeting, *, by, attendances: dict[int, str]) -> list[Participant]:
    """What the secretariat saw, by participant; "" takes a note back. All are noted or none.

    Raises ValidationError when the meeting has not started, or nobody can have attended like that.
    """
    require_secretariat(by)
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if problem := refusal(meeting):
        raise ValidationError(problem)
    if not {"", Attendance.ABSENT, *possible(meeting)}.issuperset(attendances.values()):
        raise ValidationError(_("This kind of attendance is not possible at this meeting."))
    noted = meeting.participants.asked().filter(pk__in=attendances)
    kept = [_keep(one, attendances[one.pk], by=by, by_self=False) for one in noted.order_by("pk")]
    log_attendance(meeting, by=by)
    return kept


def log_attendance(meeting: Meeting, *, by) -> None:
    """Who was there has been heard: the engagement log has it of itself."""
    there = meeting.participants.asked().exclude(attendance__in=["", Attendance.ABSENT]).filter(person__isnull=False)
    with override(settings.LANGUAGE_CODE):
        subject = str(meeting)
    log_from(
        f"meeting:{meeting.pk}",
        by=by,
        kind=Engagement.Kind.MEETING,
        happened_on=meeting.starts_on,
        subject=subject,
        people=[participant.person for participant in there.select_related("person").order_by("pk")],
    )


def _locked(participant: Participant) -> Participant:
    """Read anew while nobody else notes who was at the same meeting."""
    Meeting.objects.select_for_update().get(pk=participant.meeting_id)
    return Participant.objects.select_related("meeting", "person__user").get(pk=participant.pk)


def _keep(participant: Participant, attendance: str, *, by, by_self: bool) -> Participant:
    if participant.attendance == attendance:
        return participant
    participant.attendance = attendance
    participant.attendance_at = timezone.now() if attendance else None
    participant.attendance_by_self = bool(attendance) and by_self
    return save_record(participant, by=by)
