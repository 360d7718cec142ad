"""When a State changes the rules of its clocks: a meeting keeps its wall time, and its instant is another one.

The wall time and the zone are the truth (ADR 4); the instants are derived from them when a meeting is saved. After
newer zone rules were installed they are derived anew, and those who were invited are told.
"""

import logging
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from apps.core.dates import MissingWallTimeError
from apps.core.records import save_record
from apps.meetings import tidings
from apps.meetings.models import Meeting

log = logging.getLogger(__name__)
REASON = "The rules of the time zone have changed."


def rederive(now: datetime | None = None) -> int:
    """Derives the instants of meetings to come from today's rules, and tells who was invited. Returns how many changed.

    A wall time that the new rules leave out stays as it was and is logged: the secretariat finds it among its tasks.
    """
    return sum(_rederive(meeting) for meeting in _outdated(now or timezone.now()))


def _outdated(now: datetime) -> list[Meeting]:
    coming = Meeting.objects.filter(ends_at__gte=now).exclude(status=Meeting.Status.CANCELLED).order_by("pk")
    return [meeting for meeting in coming if _is_outdated(meeting)]


def _is_outdated(meeting: Meeting) -> bool:
    stored = meeting.starts_at, meeting.ends_at
    try:
        meeting.derive_instants()
    except MissingWallTimeError:
        log.warning("meeting %s: its wall time does not exist under the present zone rules", meeting.pk)
        return False
    return stored != (meeting.starts_at, meeting.ends_at)


@transaction.atomic
def _rederive(meeting: Meeting) -> int:
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    try:
        save_record(meeting, by=None, reason=REASON)
    except (MissingWallTimeError, ValidationError):
        return 0
    tidings.tell_of_change(meeting, by=None)
    return 1


def without_wall_time(now: datetime) -> list[Meeting]:
    """Meetings to come whose hour does not exist under today's rules."""
    coming = Meeting.objects.filter(ends_at__gte=now).exclude(status=Meeting.Status.CANCELLED)
    return [meeting for meeting in coming if not _exists(meeting)]


def _exists(meeting: Meeting) -> bool:
    try:
        meeting.derive_instants()
    except MissingWallTimeError:
        return False
    return True
