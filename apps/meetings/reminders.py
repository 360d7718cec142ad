"""Reminders that nobody has to think of: to invite, to reply, before the day. ``apps.core.due`` runs them."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.roles import Role
from apps.meetings import participants
from apps.meetings.models import Meeting, Notice, Participant
from apps.meetings.telling import tell_account
from apps.stakeholders.models import Membership

# How long before the meeting everybody should be invited.
INVITE_BEFORE = timedelta(days=21)
# How long before replies close those who have not replied are reminded, and how long after the invitation at least.
REPLY_BEFORE = timedelta(days=3)
TIME_TO_REPLY = timedelta(days=1)
DAY_BEFORE = timedelta(hours=24)


def remind_to_invite(now: datetime) -> int:
    """Tells the secretariat, once for each meeting, that it begins soon and not everybody is invited."""
    officers = User.objects.filter(groups__name=Role.SECRETARIAT, is_active=True).order_by("pk")
    sent = 0
    for meeting in with_people_to_invite(now):
        told = Notice.objects.filter(kind=Notice.Kind.TO_INVITE, about=str(meeting.pk))
        sent += sum(_tell_to_invite(user, meeting) for user in officers.exclude(pk__in=told.values("user")))
    return sent


@transaction.atomic
def _tell_to_invite(user: User, meeting: Meeting) -> int:
    return tell_account(
        user,
        Notice.Kind.TO_INVITE,
        meeting=meeting,
        page=("admin:meetings_meeting_change", meeting.pk),
        about=str(meeting.pk),
        texts=lambda language: {"people": people_to_invite(meeting)},
    )


def remind_unanswered(now: datetime) -> int:
    """Three days before replies close, or later when people were invited later: never on the day of the invitation."""
    coming = _to_come(now).filter(
        Q(reply_until__isnull=True, starts_at__lte=now + REPLY_BEFORE)
        | Q(reply_until__lte=(now + REPLY_BEFORE + timedelta(days=1)).date())
    )
    due = [meeting for meeting in coming if now < meeting.replies_close_at <= now + REPLY_BEFORE]
    invited_before = now - TIME_TO_REPLY
    return sum(
        participants.remind_unanswered(meeting, by=None, now=now, invited_before=invited_before) for meeting in due
    )


def remind_of_tomorrow(now: datetime) -> int:
    """In the last 24 hours before a meeting begins; who says only then that she comes, is told then."""
    due = _to_come(now).filter(starts_at__lte=now + DAY_BEFORE)
    return sum(participants.remind_of_tomorrow(meeting, now=now) for meeting in due)


def _to_come(now: datetime) -> QuerySet[Meeting]:
    return Meeting.objects.filter(status=Meeting.Status.PUBLISHED, starts_at__gt=now).order_by("starts_at", "pk")


# Who is not invited yet


def with_people_to_invite(now: datetime | None = None) -> QuerySet[Meeting]:
    """Meetings that begin soon and to which somebody with an address is not invited yet."""
    now = now or timezone.now()
    soon = _to_come(now).filter(starts_at__lte=now + INVITE_BEFORE)
    on_the_list = _not_asked().filter(meeting=OuterRef("pk"))
    beside_it = _seats_beside_the_list(OuterRef("starts_on"), OuterRef(OuterRef("pk"))).filter(group=OuterRef("group"))
    return soon.filter(Exists(on_the_list) | Exists(beside_it))


def people_to_invite(meeting: Meeting) -> int:
    """How many they are for one meeting: on its list, or of the group and not on the list."""
    beside_it = _seats_beside_the_list(meeting.starts_on, meeting.pk).filter(group=meeting.group_id)
    return _not_asked().filter(meeting=meeting).count() + beside_it.count()


def _not_asked() -> QuerySet[Participant]:
    reachable = Q(email__gt="") | Q(person__user__is_active=True)
    seat = Membership.objects.current().filter(person=OuterRef("person"), group=OuterRef("meeting__group"))
    there = Q(capacity=Participant.Capacity.GUEST) | Exists(seat)
    return Participant.objects.asked().filter(reachable, there, invited_at=None)


def _seats_beside_the_list(on, meeting) -> QuerySet[Membership]:
    there = Participant.objects.filter(meeting=meeting, person__isnull=False)
    seats = Membership.objects.current().current(on).filter(person__user__is_active=True)
    return seats.exclude(person__in=there.values("person"))
