"""When a State changes the rules of its clocks: a meeting keeps its wall time, and its instant is another one.

The wall time and the zone are the truth (ADR 4); the instants are derived from them when a meeting is saved. After
newer zone rules were installed they are derived anew. Who was invited is told, and the meeting is marked until the
secretariat has looked at it: an hour that suited everybody may suit some no more.
"""

from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.dates import MissingWallTimeError
from apps.core.records import save_record
from apps.meetings import tidings
from apps.meetings.models import Meeting
from apps.stakeholders.services import require_secretariat

REASON = "The rules of the time zone have changed."


def rederive(now: datetime) -> int:
    """As a due service: everybody who was invited is told. Returns how many meetings changed."""
    return len(rederive_instants(now=now, tell=tidings.tell_of_change))


def rederive_instants(
    *, by=None, now: datetime | None = None, tell: Callable[..., object] | None = None
) -> list[Meeting]:
    """Derives the instants of meetings to come from today's rules, and returns those that changed.

    ``tell`` is called with each of them and ``by=``, in the transaction that saves it. A wall time that the new rules
    leave out stays as it was: the secretariat finds it among its tasks (``without_wall_time``).
    """
    require_secretariat(by)
    now = now or timezone.now()
    found = [_rederive(meeting, by=by, now=now, tell=tell) for meeting in _coming(now) if _is_outdated(meeting)]
    return [meeting for meeting in found if meeting is not None]


def _coming(now: datetime):
    return Meeting.objects.filter(ends_at__gte=now).exclude(status=Meeting.Status.CANCELLED).order_by("pk")


def _is_outdated(meeting: Meeting) -> bool:
    """Whether today's rules give another instant than the one kept; the meeting in hand has the new one then."""
    kept = meeting.starts_at, meeting.ends_at
    return _has_wall_time(meeting) and kept != (meeting.starts_at, meeting.ends_at)


def _has_wall_time(meeting: Meeting) -> bool:
    try:
        meeting.derive_instants()
    except MissingWallTimeError:
        return False
    return True


@transaction.atomic
def _rederive(meeting: Meeting, *, by, now: datetime, tell) -> Meeting | None:
    """None when somebody has saved or cancelled it in between."""
    meeting = _coming(now).select_for_update().filter(pk=meeting.pk).first()
    if meeting is None or not _is_outdated(meeting):
        return None
    meeting.rules_changed_at = now
    save_record(meeting, by=by, reason=REASON)
    if tell is not None:
        tell(meeting, by=by)
    return meeting


def without_wall_time(now: datetime) -> list[Meeting]:
    """Meetings to come whose hour does not exist under today's rules."""
    return [meeting for meeting in _coming(now) if not _has_wall_time(meeting)]


# Looked at by the secretariat


def to_look_at(now: datetime):
    """Meetings to come that a zone's new rules have moved, and whose hour nobody has confirmed since."""
    return _coming(now).filter(rules_changed_at__isnull=False)


def waits_for_a_look(meeting: Meeting | None) -> bool:
    return bool(meeting and meeting.rules_changed_at and not meeting.is_cancelled and not meeting.is_over)


@transaction.atomic
def confirm_hours(meeting: Meeting, *, by) -> Meeting:
    """The hours stay under the zone's new rules. Raises ValidationError when there is nothing to confirm."""
    require_secretariat(by)
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if not waits_for_a_look(meeting):
        raise ValidationError(_("This step is not possible any more; here is the record as it stands."), code="status")
    meeting.rules_changed_at = None
    return save_record(meeting, by=by)
