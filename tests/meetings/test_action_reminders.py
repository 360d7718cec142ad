"""Who has an action is reminded of it in time, and not when it is hers no more."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from apps.meetings import actions
from apps.meetings.models import Action, ActionNote
from apps.stakeholders.models import Membership
from tests.factories import make_action, make_group, make_meeting, make_member


def test_owners_are_reminded_before_and_after_and_never_twice(held, owner, django_capture_on_commit_callbacks):
    now = timezone.now()
    today = timezone.localdate(now)
    make_action(held, owner.person, due_on=today + timedelta(days=3))
    make_action(held, owner.person, due_on=today - timedelta(days=1))
    make_action(held, owner.person, due_on=today + timedelta(days=30))
    make_action(held, owner.person, due_on=today, state="done", done_on=today)

    with django_capture_on_commit_callbacks(execute=True):
        counts = [actions.remind(now), actions.remind(now), actions.remind(now + timedelta(days=31))]

    # A month later: the first is overdue, the second overdue again, and the third is one day overdue.
    assert counts == [2, 0, 3]
    subjects = sorted(message.subject for message in mail.outbox[:2])
    assert subjects == ["Your action is due soon: RSAG/2026/7/A1", "Your action is overdue: RSAG/2026/7/A2"]


def test_who_left_the_group_is_not_reminded(held, owner):
    make_action(held, owner.person, due_on=timezone.localdate())
    Membership.objects.filter(person=owner.person).update(ends_on=timezone.localdate() - timedelta(days=1))

    assert actions.remind(timezone.now()) == 0


@pytest.mark.parametrize("audience", ["public", "members"])
def test_who_left_the_group_is_not_reminded_of_a_public_meeting_either(held, audience):
    """She keeps what was public, and owes the group nothing any more."""
    owner = make_member(held.group)
    meeting = make_meeting(held.group, day=date(2026, 1, 1), audience="public")
    action = make_action(meeting, owner.person, due_on=timezone.localdate(), audience=audience)
    actions.note_action(action, by=owner, words="Half done", state="under_way")
    Membership.objects.filter(person=owner.person).update(ends_on=timezone.localdate() - timedelta(days=1))

    assert actions.remind(timezone.now()) == 0
    assert Action.objects.visible_to(owner).filter(pk=action.pk).exists() is (audience == "public")
    assert not ActionNote.objects.visible_to(owner).exists()
    with pytest.raises(PermissionDenied):
        actions.note_action(action, by=owner, words="Done", state="done")


def test_an_owner_from_outside_the_group_does_what_a_public_meeting_asked_of_her(held):
    outside = make_member(make_group())
    action = make_action(make_meeting(held.group, day=date(2026, 1, 1)), outside.person, due_on=timezone.localdate())

    assert actions.remind(timezone.now()) == 1
    assert actions.note_action(action, by=outside, words="Done", state="done").created_by == outside


@pytest.mark.parametrize("state", ["done", "dropped"])
def test_what_is_finished_is_not_reminded_of(held, owner, state):
    done = {"done_on": date(2026, 11, 3)} if state == "done" else {}
    make_action(held, owner.person, due_on=date(2026, 11, 3), state=state, **done)

    assert actions.remind(timezone.now()) == 0


def test_another_date_is_reminded_of_anew(held, owner):
    action = make_action(held, owner.person, due_on=timezone.localdate() + timedelta(days=2))

    counts = [actions.remind(timezone.now())]
    Action.objects.filter(pk=action.pk).update(due_on=timezone.localdate() + timedelta(days=3))
    counts += [actions.remind(timezone.now()) for _time in range(2)]

    assert counts == [1, 1, 0]


def test_reminders_that_went_cost_nothing_more_for_each_action(held, owner, django_assert_num_queries):
    make_action(held, owner.person, due_on=timezone.localdate())
    actions.remind(timezone.now())
    with django_assert_num_queries(2):
        actions.remind(timezone.now())

    for _number in range(5):
        make_action(held, owner.person, due_on=timezone.localdate())
    actions.remind(timezone.now())
    with django_assert_num_queries(2):
        assert actions.remind(timezone.now()) == 0
