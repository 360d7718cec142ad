"""A member's own page: her next meeting, what she owes, and what is new since she last looked."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Q, When
from django.utils import timezone

from apps.core.languages import CODES
from apps.meetings.models import (
    Action,
    Decision,
    DeskVisit,
    Document,
    DocumentOpening,
    Meeting,
    Minutes,
    Participant,
    groups_of,
)
from apps.meetings.participants import closed, refusal

# Looks within this time of each other are one visit.
_ONE_VISIT = timedelta(minutes=30)
# How far the first visit looks back.
_AT_FIRST = timedelta(days=30)
_MOST_PAPERS = 20


@transaction.atomic
def visit(user, *, now: datetime) -> datetime:
    """Notes that this person looks at her page; returns since when things are new to her."""
    if settings.READ_ONLY:
        row = DeskVisit.objects.filter(user=user).first()
        return (row and row.before_at) or now - _AT_FIRST
    row, is_first = DeskVisit.objects.select_for_update().get_or_create(user=user, defaults={"at": now})
    if not is_first:
        if now - row.at > _ONE_VISIT:
            row.before_at = row.at
        row.at = now
        row.save(update_fields=["at", "before_at"])
    return row.before_at or now - _AT_FIRST


def of(user, *, since: datetime | None, now: datetime) -> dict:
    """Everything on the page, each list with what is urgent first; ``since`` is None when nothing is to be new."""
    coming = _next_meeting(user, now)
    return {
        "meeting": coming,
        "participant": _own_place(coming, user),
        "owed": replies_owed(user),
        "silences": _silences(user, now),
        "actions": list(Action.objects.of(user).unfinished().select_related("meeting__group").order_by("due_on", "pk")),
        "minutes": list(_minutes(user).select_related("meeting").order_by("comments_until", "pk")),
        "papers": _new_papers(user, since, now) if since else [],
        "since": since,
    }


def replies_owed(user) -> list[Meeting]:
    """Meetings that wait for this person's reply, soonest first."""
    if not user.is_authenticated:
        return []
    mine = Q(capacity=Participant.Capacity.GUEST) | Q(meeting__group__in=groups_of(user))
    waiting = Participant.objects.visible_to(user).asked().filter(mine, person__user=user, reply="")
    waiting = waiting.filter(invited_at__isnull=False, meeting__starts_at__gt=timezone.now())
    waiting = waiting.select_related("meeting").order_by("meeting__starts_at")
    return [participant.meeting for participant in waiting if not closed(participant.meeting)]


def _next_meeting(user, now: datetime) -> Meeting | None:
    """Of her group, or one to which she was asked."""
    mine = Q(group__in=groups_of(user)) | Q(participants__person__user=user, participants__taken_out_at=None)
    shown = Meeting.objects.visible_to(user).filter(status=Meeting.Status.PUBLISHED)
    return shown.filter(pk__in=Meeting.objects.filter(mine).values("pk")).upcoming(now).first()


def _own_place(meeting: Meeting | None, user) -> Participant | None:
    if meeting is None:
        return None
    own = meeting.participants.asked().filter(person__user=user, invited_at__isnull=False)
    participant = own.select_related("meeting", "person__user", "alternate__person").first()
    if participant is not None:
        participant.may_reply = not refusal(participant)
    return participant


def _silences(user, now: datetime) -> list[Decision]:
    """What her group is deciding by silence."""
    running = Decision.objects.visible_to(user).filter(state=Decision.State.OPEN, silence_until__gt=now)
    inside = running.filter(meeting__group__in=groups_of(user))
    return list(inside.select_related("meeting__group").order_by("silence_until", "pk"))


def _minutes(user):
    return Minutes.objects.visible_to(user).open_for_comments().filter(meeting__group__in=groups_of(user))


def _new_papers(user, since: datetime, now: datetime) -> list[Document]:
    """Papers with a file that came since, and that she has not opened since: of the next meetings, then of the last."""
    came = Q()
    for code in CODES:
        came |= Q(**{f"posted_{code}__gt": since})
    papers = Document.objects.visible_to(user).filter(came, meeting__group__in=groups_of(user))
    opened = DocumentOpening.objects.filter(user=user, last_at__gt=since)
    papers = papers.exclude(pk__in=opened.values("document"))
    papers = papers.exclude(meeting__status=Meeting.Status.DRAFT)
    coming = Case(When(meeting__ends_at__gte=now, then=F("meeting__starts_at")))
    papers = papers.order_by(coming.asc(nulls_last=True), "-meeting__starts_at", "meeting", "-pk")
    return list(papers.with_all_shown()[:_MOST_PAPERS])
