"""Who is asked when a seat in the group begins or ends between now and the meeting."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from apps.meetings import participants, reminders
from tests.factories import make_meeting, make_membership, make_participant, make_person, make_user
from tests.meetings.people import LATER, kept
from tests.meetings.record import told


def _tomorrow() -> date:
    return timezone.localdate() + timedelta(days=2)


def test_whose_seat_begins_later_is_asked_once_it_has_begun(group, meeting, secretary):
    user = make_user()
    seat = make_membership(group, make_person(user=user), starts_on=_tomorrow())

    assert participants.invite(meeting, by=secretary) == 0
    assert not meeting.participants.exists()
    seat.starts_on = timezone.localdate() - timedelta(days=1)
    seat.save()

    assert participants.invite(meeting, by=secretary) == 1
    assert told("invitation") == [user.email]


def test_whose_seat_ends_before_the_meeting_is_not_asked(group, meeting, secretary):
    make_membership(group, make_person(user=make_user()), ends_on=_tomorrow())

    assert participants.invite(meeting, by=secretary) == 0


def test_who_is_on_the_list_before_her_seat_begins_is_asked_once_it_has_begun(group, meeting, secretary):
    user = make_user()
    seat = make_membership(group, make_person(user=user), starts_on=_tomorrow())
    participant = make_participant(meeting, seat.person, capacity="member", invited_at=None)

    assert participants.invite(meeting, by=secretary) == 0
    assert kept(participant).invited_at is None
    seat.starts_on = timezone.localdate() - timedelta(days=1)
    seat.save()

    assert participants.invite(meeting, by=secretary) == 1
    assert told("invitation") == [user.email]


def test_only_who_can_be_asked_today_counts_as_not_invited(group, secretary):
    soon = make_meeting(group, day=LATER)
    now = datetime.combine(LATER, datetime.min.time(), timezone.get_default_timezone()) - timedelta(days=1)
    future = make_membership(group, make_person(user=make_user()), starts_on=_tomorrow())
    make_membership(group, make_person(user=make_user()), starts_on=_tomorrow())
    make_participant(soon, future.person, capacity="member", invited_at=None)

    assert reminders.people_to_invite(soon) == 0
    assert list(reminders.with_people_to_invite(now)) == []
    make_participant(soon, invited_at=None)
    assert reminders.people_to_invite(soon) == 1
    assert list(reminders.with_people_to_invite(now)) == [soon]
