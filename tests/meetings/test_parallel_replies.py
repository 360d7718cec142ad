"""Many replies at the same moment, as they come after a reminder."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from apps.meetings import participants
from apps.meetings.models import Participant
from tests.factories import make_meeting, make_participant

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
