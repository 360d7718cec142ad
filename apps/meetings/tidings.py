"""Telling those who were invited that a meeting is at another time or place, or is cancelled; their calendars follow.

A meeting that goes back to preparation tells nobody: people keep the date that they have. Published again it is offered
for telling if something is new; what will not take place is cancelled.
"""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from apps.meetings import calendar, told
from apps.meetings.models import Meeting, Notice, Participant, Reply
from apps.meetings.participants import closed
from apps.meetings.telling import still_there, tell_participant
from apps.stakeholders.models import Membership
from apps.stakeholders.services import require_secretariat


@transaction.atomic
def tell_of_change(meeting: Meeting, *, by) -> int:
    """Tells everybody who was invited and knows of another time or place. Returns how many mails went.

    Those who said that they cannot come are told, too: the new day may suit them. Doing it again tells nobody, and a
    meeting that moves back is told again. A meeting that is not to come tells nobody.
    """
    require_secretariat(by)
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if not _is_to_come(meeting):
        return 0
    invited = list(still_there(meeting).filter(invited_at__isnull=False))
    return sum(_tell_of_change(participant, before) for participant, before in told.behind(invited))


def _tell_of_change(participant: Participant, before: dict[str, str]) -> int:
    meeting = participant.meeting

    def texts(language: str) -> dict:
        return {
            "changes": told.changes(participant, before, language),
            "has_new_rule": told.has_new_rule(participant, before),
            "has_new_link": "link" in told.news(participant, before),
            "reply": Reply(participant.reply) if participant.reply else "",
            "may_reply": not closed(meeting),
        }

    about = str(meeting.revision)
    return tell_participant(participant, Notice.Kind.CHANGED, about=about, texts=texts, calendar=calendar.request)


@transaction.atomic
def tell_of_cancellation(meeting: Meeting, *, by) -> int:
    """Tells everybody who was invited, whatever she replied, because it stands in her calendar. Returns how many mails
    went: none for a meeting that is not cancelled, or that would be over."""
    require_secretariat(by)
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if not meeting.is_cancelled or meeting.is_over:
        return 0
    invited = still_there(meeting).filter(invited_at__isnull=False)
    return sum(
        tell_participant(participant, Notice.Kind.CANCELLED, calendar=calendar.cancellation) for participant in invited
    )


def _is_to_come(meeting: Meeting) -> bool:
    return meeting.status == Meeting.Status.PUBLISHED and meeting.starts_at > timezone.now()


# Who does not know yet


def has_untold_change(meeting: Meeting) -> bool:
    """Whether somebody who was invited, and can be told, knows of another time or place."""
    if not _is_to_come(meeting):
        return False
    return bool(_behind(still_there(meeting).filter(invited_at__isnull=False)))


def with_untold_change() -> int:
    """How many meetings to come have such people; the same queries for any number of meetings."""
    today = Membership.objects.current().filter(person=OuterRef("person"), group=OuterRef("meeting__group"))
    coming = Participant.objects.asked().filter(
        Q(capacity=Participant.Capacity.GUEST) | Exists(today),
        invited_at__isnull=False,
        meeting__status=Meeting.Status.PUBLISHED,
        meeting__starts_at__gt=timezone.now(),
    )
    return len({participant.meeting_id for participant in _behind(coming)})


def _behind(participants) -> list[Participant]:
    reachable = [one for one in participants.select_related("person__user", "meeting") if one.address]
    return [participant for participant, _before in told.behind(reachable)]
