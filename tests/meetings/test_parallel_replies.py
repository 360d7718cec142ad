"""Many replies at the same moment, as they come after a reminder, and reminders that several processes send."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import connection

from apps.accounts.roles import Role
from apps.core import due
from apps.meetings import participants
from apps.meetings.models import Participant
from tests.factories import make_group, make_meeting, make_participant, make_user

at_once = pytest.mark.skipif(connection.vendor == "sqlite", reason="one connection for all threads of the tests")


def _each(action, items) -> list:
    """In eight threads, each with a connection of its own."""

    def run(item):
        try:
            return action(item)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=8) as pool:
        return list(pool.map(run, items))


@at_once
@pytest.mark.django_db(transaction=True)
def test_fifty_replies_for_the_last_place_seat_one_person():
    meeting = make_meeting(day=date(2031, 12, 9), room_seats=1)
    people = [make_participant(meeting) for _number in range(50)]

    def come(participant: Participant) -> str:
        try:
            participants.reply(participant, by=None, answer="in_person")
        except ValidationError as problem:
            return problem.error_dict["answer"][0].code
        return "seated"

    outcomes = _each(come, people)

    assert outcomes.count("seated") == 1
    assert outcomes.count("full") == 49
    assert meeting.participants.filter(reply="in_person").count() == 1


@at_once
@pytest.mark.django_db(transaction=True)
def test_a_button_that_is_pressed_eight_times_is_one_reply():
    meeting = make_meeting(day=date(2031, 12, 9))
    participant = make_participant(meeting)

    _each(lambda one: participants.reply(one, by=None, answer="online", needs={"data": ""}), [participant] * 8)

    kept = Participant.objects.get(pk=participant.pk)
    assert (kept.revision, kept.needs.count()) == (participant.revision + 1, 1)


@at_once
@pytest.mark.django_db(transaction=True)
def test_eight_runs_at_once_remind_everybody_once():
    Group.objects.get_or_create(name=Role.SECRETARIAT)  # the test before has emptied the tables
    group, _officer = make_group(), make_user(Role.SECRETARIAT)
    meetings = [make_meeting(group, day=date(2031, 12, 9)) for _number in range(2)]
    for meeting in meetings:
        for _number in range(5):
            participants.reply(make_participant(meeting), by=None, answer="online")
        make_participant(meeting, invited_at=datetime(2031, 11, 1, tzinfo=UTC))
        make_participant(meeting, invited_at=None)
    now = datetime(2031, 12, 8, 12, tzinfo=UTC)

    runs = _each(lambda moment: due.run_due(now=moment), [now] * 8)

    assert {name: sum(run[name] for run in runs) for name in ("to_invite", "unanswered", "tomorrow")} == {
        "to_invite": 2,
        "unanswered": 2,
        "tomorrow": 10,
    }
