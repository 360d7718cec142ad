"""The life of a meeting: draft → published → held or cancelled."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.records import save_record
from apps.meetings import agenda, tidings
from apps.meetings.models import Meeting


def _move(meeting: Meeting, allowed: set, status: str, by) -> Meeting:
    if meeting.status not in allowed:
        raise ValidationError(_("This step is not possible any more; here is the record as it stands."), code="status")
    meeting.status = status
    meeting.full_clean()
    return save_record(meeting, by=by)


@transaction.atomic
def publish_meeting(meeting: Meeting, *, by) -> Meeting:
    """Shows a draft to its audience, and keeps the agenda as it is sent out.

    Raises ValidationError when a title or the place is missing in a language.
    """
    meeting = _move(meeting, {Meeting.Status.DRAFT}, Meeting.Status.PUBLISHED, by)
    agenda.keep_version(meeting, by=by)
    return meeting


@transaction.atomic
def withdraw_meeting(meeting: Meeting, *, by) -> Meeting:
    """Takes a published meeting back into preparation: nobody but those who prepare it sees it.

    Nobody is told, and calendars keep the date: what will not take place is cancelled instead.
    """
    return _move(meeting, {Meeting.Status.PUBLISHED}, Meeting.Status.DRAFT, by)


@transaction.atomic
def cancel_meeting(meeting: Meeting, *, by) -> Meeting:
    """Keeps it at its address, where it says that it is cancelled, and tells those who were invited."""
    meeting = _move(meeting, {Meeting.Status.PUBLISHED}, Meeting.Status.CANCELLED, by)
    tidings.tell_of_cancellation(meeting, by=by)
    return meeting


@transaction.atomic
def mark_held(meeting: Meeting, *, by) -> Meeting:
    """Records that it took place. Raises ValidationError before it has started."""
    if meeting.starts_at > timezone.now():
        raise ValidationError(_("This meeting has not started yet."), code="early")
    return _move(meeting, {Meeting.Status.PUBLISHED}, Meeting.Status.HELD, by)
