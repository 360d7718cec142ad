"""Decisions and actions at the same moment: no number twice, no objection twice, nothing closed twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.utils import timezone

from apps.accounts.roles import Role
from apps.core.models import OutgoingMail
from apps.meetings import actions, decisions
from apps.meetings.models import Action, ActionNote, Decision, Meeting, Objection
from tests.factories import make_action, make_decision, make_group, make_meeting, make_member, make_user

at_once = pytest.mark.skipif(connection.vendor == "sqlite", reason="one connection for all threads of the tests")
pytestmark = [at_once, pytest.mark.django_db(transaction=True)]
TODAY = date(2026, 11, 20)


def _each(action, items) -> list:
    """In eight threads, each with a connection of its own."""

    def run(item):
        try:
            return action(item)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=8) as pool:
        return list(pool.map(run, items))


def test_decisions_taken_at_once_have_numbers_of_their_own():
    meeting, secretary = make_meeting(), make_user(Role.SECRETARIAT)
    drafts = [make_decision(meeting, state="draft") for _number in range(16)]

    _each(lambda one: decisions.take_by_consensus(one, by=secretary, decided_on=TODAY), drafts)

    assert sorted(Decision.objects.values_list("number", flat=True)) == list(range(1, 17))
    assert Meeting.objects.get().number == 1


def test_meetings_of_a_group_that_need_a_number_at_once_get_different_ones():
    group, secretary = make_group(), make_user(Role.SECRETARIAT)
    meetings = [make_meeting(group) for _number in range(8)]

    _each(lambda meeting: decisions.ensure_number(meeting, by=secretary), meetings)

    assert sorted(Meeting.objects.values_list("number", flat=True)) == list(range(1, 9))


def test_actions_saved_at_once_have_numbers_of_their_own():
    meeting, secretary = make_meeting(), make_user(Role.SECRETARIAT)

    _each(lambda number: actions.save_action(Action(meeting=meeting, text_en=f"{number}"), by=secretary), range(16))

    assert sorted(Action.objects.values_list("number", flat=True)) == list(range(1, 17))


def test_a_decision_taken_in_two_ways_at_once_is_taken_in_one():
    meeting, secretary = make_meeting(), make_user(Role.SECRETARIAT)
    decision = make_decision(meeting, state="draft")
    counts = {"in_favour": 1, "against": 5, "abstaining": 0}

    def take(way: str) -> str:
        try:
            if way == "hands":
                decisions.count_hands(decision, by=secretary, decided_on=TODAY, **counts)
            else:
                decisions.take_by_consensus(decision, by=secretary, decided_on=TODAY)
        except Exception as problem:
            return " ".join(problem.messages)
        return "kept"

    outcomes = _each(take, ["hands", "consensus"] * 4)

    assert sorted(outcomes) == ["This decision is not a draft any more."] * 7 + ["kept"]


def test_an_objection_that_is_sent_eight_times_is_one():
    group = make_group()
    decision, member = make_decision(make_meeting(group), state="open"), make_member(group)

    found = _each(lambda one: decisions.object_to(one, by=member, words="No").pk, [decision] * 8)

    assert set(found) == {Objection.objects.get().pk}


def test_a_silence_that_is_closed_eight_times_at_once_is_closed_once():
    decision = make_decision(make_meeting(), state="open")
    Decision.objects.update(silence_until=datetime(2026, 11, 21, 9, tzinfo=UTC))

    counts = _each(lambda _number: decisions.close_silences(timezone.now()), range(8))

    kept = Decision.objects.get()
    assert (sum(counts), kept.state, kept.revision) == (1, "taken", decision.revision + 1)


def test_a_note_that_is_sent_eight_times_is_one():
    group = make_group()
    owner = make_member(group)
    action = make_action(make_meeting(group), owner.person)

    _each(lambda one: actions.note_action(one, by=owner, words="Half", state="under_way", revision=1), [action] * 8)

    assert ActionNote.objects.count() == 1


def test_actions_carried_over_eight_times_at_once_are_carried_once():
    group, secretary = make_group(), make_user(Role.SECRETARIAT)
    make_action(make_meeting(group, day=date(2026, 1, 1)))
    following = make_meeting(group, day=date(2031, 1, 1))

    counts = _each(lambda meeting: actions.carry_over(meeting, by=secretary), [following] * 8)

    assert (sum(counts), following.carried_actions.count()) == (1, 1)


def test_eight_runs_of_the_reminders_at_once_send_one_mail():
    group = make_group()
    make_action(make_meeting(group), make_member(group).person, due_on=timezone.localdate())

    counts = _each(lambda _number: actions.remind(timezone.now()), range(8))

    assert sum(counts) == 1
    assert OutgoingMail.objects.filter(kind="action_due").count() == 1
