"""What is due by itself: reminders at their time, twice is once, and one that fails stops no other."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.management import CommandError, call_command

from apps.accounts.roles import Role
from apps.core import due
from apps.core.models import OutgoingMail
from apps.core.site import tasks_for
from apps.meetings import participants, reminders
from apps.meetings.models import Meeting, Notice, Participant
from tests.factories import (
    make_group,
    make_meeting,
    make_member,
    make_membership,
    make_participant,
    make_person,
    make_user,
)
from tests.meetings.people import LATER

START = datetime(2031, 12, 9, 8, tzinfo=UTC)  # ten o'clock in Cairo
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def mails(kind: str) -> list[str]:
    return sorted(OutgoingMail.objects.filter(kind=kind).values_list("to", flat=True))


@pytest.fixture
def only(monkeypatch):
    """Sets which services there are."""

    def these(**services):
        monkeypatch.setattr(due, "services", {name: due.Service(run) for name, run in services.items()})

    return these


# Running


def test_services_run_in_their_order_and_at_the_moment_given(db, only):
    seen = []
    only(first=lambda now: seen.append(("first", now)) or 2, second=lambda now: seen.append(("second", now)) or 0)

    done = due.run_due(now=START)

    assert done == {"first": 2, "second": 0}
    assert seen == [("first", START), ("second", START)]


def test_one_that_fails_stops_no_other_and_the_log_names_no_person(db, only, caplog):
    def broken(now):
        raise ValueError("somebody@example.org")

    only(broken=broken, whole=lambda now: 1)

    assert due.run_due(now=START) == {"broken": None, "whole": 1}
    assert "due service broken failed: ValueError" in caplog.text
    assert "somebody@example.org" not in caplog.text


def test_the_command_prints_what_was_done(db, only, capsys):
    only(unanswered=lambda now: 3, tomorrow=lambda now: 0)

    call_command("run_due")
    call_command("run_due", verbosity=0)

    assert capsys.readouterr().out == "unanswered: 3\ntomorrow: 0\n"


def test_the_command_fails_when_one_failed(db, only, capsys):
    only(broken=lambda now: 1 // 0, whole=lambda now: 1)

    with pytest.raises(CommandError, match="Failed: broken"):
        call_command("run_due")
    assert capsys.readouterr().out == "broken: failed\nwhole: 1\n"


def test_the_reminders_are_registered():
    assert list(due.services) == [
        *("digests", "mails", "retention", "bounces", "tasks", "seals", "backup", "held_files", "search"),
        *("search_anew", "seats", "zones", "to_invite", "unanswered", "tomorrow", "silences", "actions"),
        *("updates", "phases", "announcements", "newsletter"),
    ]


# To invite


@pytest.mark.parametrize(("before", "due_now"), [(22 * DAY, False), (21 * DAY, True), (HOUR, True), (-HOUR, False)])
def test_the_secretariat_is_reminded_to_invite_three_weeks_ahead(group, meeting, secretary, before, due_now):
    make_member(group)

    counts = [reminders.remind_to_invite(START - before) for _time in range(2)]

    assert counts == [int(due_now), 0]
    assert mails("to_invite") == ([secretary.email] if due_now else [])


def test_the_reminder_to_invite_goes_to_every_officer_in_her_language(group, meeting, secretary):
    arabic = make_user(Role.SECRETARIAT, language="ar")
    away = make_user(Role.SECRETARIAT)
    type(away).objects.filter(pk=away.pk).update(is_active=False)
    make_user(Role.EDITOR)
    for _number in range(2):
        make_member(group)

    assert reminders.remind_to_invite(START - DAY) == 2

    texts = {row.language: row.text for row in OutgoingMail.objects.filter(kind="to_invite")}
    assert mails("to_invite") == sorted([secretary.email, arabic.email])
    assert "2 people are not invited yet to this meeting:" in texts["en"]
    assert f"/en/admin/meetings/meeting/{meeting.pk}/change/" in texts["en"]
    assert f"/ar/admin/meetings/meeting/{meeting.pk}/change/" in texts["ar"]


def test_who_is_on_the_list_and_not_asked_waits_too(group, meeting, secretary):
    make_participant(meeting, invited_at=None)

    assert reminders.people_to_invite(meeting) == 1
    assert list(reminders.with_people_to_invite(START - DAY)) == [meeting]


def test_nobody_waits_who_is_invited_gone_or_without_an_address(group, meeting, secretary):
    make_member(group)
    make_membership(group, make_person())  # without an account
    make_membership(group, make_person(user=make_user(Role.MEMBER)), ends_on=date(2026, 1, 1))
    make_member(make_group())
    participants.invite(meeting, by=secretary)
    taken_out = make_participant(meeting)
    participants.take_out(taken_out, by=secretary)

    assert reminders.people_to_invite(meeting) == 0
    assert not reminders.with_people_to_invite(START - DAY).exists()
    assert reminders.remind_to_invite(START - DAY) == 0


@pytest.mark.parametrize("status", ["draft", "held", "cancelled"])
def test_to_what_is_not_called_nobody_is_to_be_invited(group, secretary, status):
    make_meeting(group, day=LATER, status=status)
    make_member(group)

    assert reminders.remind_to_invite(START - DAY) == 0


def test_the_dashboard_says_where_people_are_not_invited(group, secretary, translator):
    make_member(group)
    sentence = "1 meeting begins soon, and not everybody is invited."
    make_meeting(group, day=LATER)
    assert sentence not in [task.text for task in tasks_for(secretary)]

    Meeting.objects.update(starts_at=datetime.now(UTC) + 20 * DAY)

    assert sentence in [task.text for task in tasks_for(secretary)]
    assert sentence not in [task.text for task in tasks_for(translator)]


# To reply


@pytest.fixture
def waiting(asked) -> Participant:
    """Invited long before."""
    Participant.objects.update(invited_at=START - 60 * DAY)
    return asked


@pytest.mark.parametrize(
    ("reply_until", "closes"),
    [(None, START), (date(2031, 12, 1), datetime(2031, 12, 1, 22, tzinfo=UTC))],
)
@pytest.mark.parametrize(("before", "due_now"), [(3 * DAY + HOUR, 0), (3 * DAY, 1), (HOUR, 1), (-HOUR, 0)])
def test_who_has_not_replied_is_reminded_three_days_before_replies_close(waiting, reply_until, closes, before, due_now):
    Meeting.objects.update(reply_until=reply_until)

    counts = [reminders.remind_unanswered(closes - before) for _time in range(2)]

    assert counts == [due_now, 0]
    assert mails("unanswered") == [waiting.user.email] * due_now


def test_another_deadline_is_another_reminder(waiting):
    Meeting.objects.update(reply_until=date(2031, 12, 1))
    first = reminders.remind_unanswered(datetime(2031, 12, 1, tzinfo=UTC))
    Meeting.objects.update(reply_until=date(2031, 12, 5))
    second = reminders.remind_unanswered(datetime(2031, 12, 5, tzinfo=UTC))

    assert (first, second) == (1, 1)


def test_the_button_and_the_clock_remind_once_together(waiting, meeting, secretary):
    assert participants.remind_unanswered(meeting, by=secretary) == 1
    assert reminders.remind_unanswered(START - DAY) == 0


def test_nobody_is_reminded_of_a_reply_within_a_day_of_the_invitation(waiting):
    now = START - 2 * DAY
    Participant.objects.update(invited_at=now - 23 * HOUR)
    assert reminders.remind_unanswered(now) == 0

    assert reminders.remind_unanswered(now + HOUR) == 1


def test_who_replied_left_or_was_taken_out_is_not_reminded(waiting, group, meeting, secretary):
    replied, taken_out = (make_participant(meeting, make_member(group).person) for _number in range(2))
    Participant.objects.update(invited_at=START - 60 * DAY)
    participants.reply(replied, by=None, answer="cannot")
    participants.take_out(taken_out, by=secretary)
    waiting.person.memberships.update(ends_on=date(2026, 1, 1))

    assert reminders.remind_unanswered(START - DAY) == 0


# Before the day


@pytest.mark.parametrize(("before", "due_now"), [(25 * HOUR, 0), (24 * HOUR, 1), (HOUR, 1), (timedelta(0), 0)])
def test_who_comes_is_reminded_in_the_last_day_before_it_begins(asked, before, due_now):
    participants.reply(asked, by=None, answer="in_person")

    counts = [reminders.remind_of_tomorrow(START - before) for _time in range(2)]

    assert counts == [due_now, 0]


def test_the_last_day_is_24_hours_also_where_the_clock_is_put_forward(group):
    meeting = make_meeting(group, day=date(2027, 4, 30), starts_time=time(10), ends_time=time(12))
    guest = make_participant(meeting)
    participants.reply(guest, by=None, answer="online")
    begins = datetime(2027, 4, 30, 7, tzinfo=UTC)  # Cairo puts the clock forward that night
    assert meeting.starts_at == begins

    assert reminders.remind_of_tomorrow(begins - 24 * HOUR - timedelta(minutes=1)) == 0
    assert reminders.remind_of_tomorrow(begins - 24 * HOUR) == 1


def test_a_meeting_on_another_day_is_another_reminder_and_another_hour_is_none(asked):
    participants.reply(asked, by=None, answer="in_person")
    counts = [reminders.remind_of_tomorrow(START - HOUR)]
    Meeting.objects.update(starts_time=time(12), starts_at=START + 2 * HOUR)
    counts.append(reminders.remind_of_tomorrow(START))
    Meeting.objects.update(
        starts_on=LATER + DAY, starts_at=START + DAY, ends_on=LATER + DAY, ends_at=START + DAY + HOUR
    )
    counts.append(reminders.remind_of_tomorrow(START + HOUR))

    assert counts == [1, 0, 1]


def test_who_says_on_the_last_day_that_she_comes_gets_the_mail_then(asked):
    assert reminders.remind_of_tomorrow(START - 5 * HOUR) == 0
    participants.reply(asked, by=None, answer="online")

    assert reminders.remind_of_tomorrow(START - 4 * HOUR) == 1


@pytest.mark.parametrize("status", ["draft", "held", "cancelled"])
def test_of_what_does_not_take_place_nobody_is_reminded(waiting, status):
    participants.reply(waiting, by=None, answer="in_person")
    Meeting.objects.update(status=status)

    assert reminders.remind_of_tomorrow(START - HOUR) == 0


# Every minute


def test_a_run_that_finds_nothing_new_writes_nothing(waiting, group, secretary):
    make_member(group)
    due.run_due(now=START - HOUR)
    before = (OutgoingMail.objects.count(), Notice.objects.count())
    assert before == (2, 2)

    done = due.run_due(now=START - HOUR)

    assert done.pop("mails") == 1  # those of the first run, which leave after the commit
    assert set(done.values()) == {0}
    assert (OutgoingMail.objects.count(), Notice.objects.count()) == before
