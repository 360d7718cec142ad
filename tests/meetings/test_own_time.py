"""The hours of a meeting on the clock of a person in another zone, on pages and in mails."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from apps.core.models import OutgoingMail
from apps.meetings import actions, decisions, participants
from apps.meetings.models import Action, Document
from apps.stakeholders.models import Membership
from tests.factories import (
    make_action,
    make_decision,
    make_document,
    make_meeting,
    make_member,
    make_membership,
    make_participant,
    make_person,
)
from tests.meetings.people import LATER

EVE, DAY = date(2031, 12, 8), date(2031, 12, 9)

DUBAI = {
    "en": 'for you <bdi dir="ltr">12:00–16:00</bdi> (Dubai time)',
    "ar": 'بتوقيتكم <bdi dir="ltr">12:00–16:00</bdi> (توقيت دبي)',
}


@pytest.fixture
def in_dubai(group):
    return make_member(group, time_zone="Asia/Dubai")


def page(client, name: str, language: str, *args) -> str:
    with override(language):
        return client.get(reverse(name, args=args)).content.decode()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_lists_the_home_page_and_the_reply_show_both_times(meeting, in_dubai, log_in, language):
    make_participant(meeting, in_dubai.person)
    client = log_in(in_dubai)

    pages = [("home",), ("meetings:list",), ("meetings:reply", meeting.pk)]

    for name, *args in pages:
        assert DUBAI[language] in page(client, name, language, *args), name


def test_who_is_in_the_zone_of_the_place_or_a_stranger_reads_one_time(group, client, log_in):
    make_meeting(group, day=LATER)

    for reader in (client, log_in(make_member(group))):
        html = page(reader, "meetings:list", "en")
        assert "10:00–14:00" in html
        assert "for you" not in html


@pytest.mark.parametrize(("zone", "city"), [("Africa/Cairo", "Cairo"), ("Africa/Tripoli", "Tripoli")])
def test_another_zone_with_the_same_time_is_no_other_time(group, log_in, zone, city):
    make_meeting(group, day=LATER)

    assert "for you" not in page(log_in(make_member(group, time_zone=zone)), "meetings:list", "en")


def test_another_day_is_named(group, log_in):
    make_meeting(group, day=LATER, starts_time=time(23), ends_time=time(23, 30))

    html = page(log_in(make_member(group, time_zone="Asia/Dubai")), "meetings:list", "en")

    own = 'for you <bdi dir="ltr">01:00–01:30</bdi>, <time datetime="2031-12-10">10 December 2031</time> (Dubai time)'
    assert own in html


def test_a_clock_that_changes_before_the_end_makes_another_time(group, log_in):
    """Both clocks show ten at the start; then only Cairo's goes back."""
    make_meeting(group, day=date(2031, 10, 30), ends_on=date(2031, 10, 31), ends_time=time(14))
    reader = make_member(group, time_zone="Asia/Riyadh")

    assert 'for you <bdi dir="ltr">10:00–15:00</bdi> (Riyadh time)' in page(log_in(reader), "meetings:list", "en")


@pytest.mark.parametrize(
    ("language", "place", "own"),
    [
        ("en", "from 10:00 to 14:00 (Cairo time)", "(Tuesday 9 December 2031, from 12:00 to 16:00 (Dubai time))"),
        ("ar", "(بتوقيت القاهرة)", "(بتوقيت دبي)"),
    ],
)
def test_a_mail_to_an_account_in_another_zone_says_both(group, meeting, secretary, language, place, own):
    reader = make_member(group, language=language, time_zone="Asia/Dubai")
    at_home = make_member(group, language=language)

    participants.invite(meeting, by=secretary)

    texts = {to: OutgoingMail.objects.get(to=to).text for to in (reader.email, at_home.email)}
    assert place in texts[reader.email]
    assert own in texts[reader.email]
    assert place in texts[at_home.email]
    assert own not in texts[at_home.email]


def test_a_guest_without_an_account_reads_the_time_of_the_place(meeting, secretary):
    make_participant(meeting, email="guest@example.org", language="en", invited_at=None)

    participants.invite(meeting, by=secretary)

    text = OutgoingMail.objects.get(to="guest@example.org").text
    assert text.count(" time)") == text.count("(Cairo time)") >= 1


# A day is over on the portal's clock. It is eight in the evening of 8 December in Cairo; further east it is the 9th.


@pytest.mark.parametrize("zone", ["Africa/Cairo", "Pacific/Kiritimati"])
def test_what_somebody_may_do_does_not_hang_on_the_zone_that_she_chose(group, monkeypatch, zone):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2031, 12, 8, 18, tzinfo=UTC))
    leaving = make_membership(group, make_person(), ends_on=EVE)
    make_membership(group, make_person(), starts_on=DAY)
    meeting = make_meeting(group)
    action, paper = make_action(meeting, due_on=EVE), make_document(meeting, languages=["en"], due_ar=EVE)
    decision = make_decision(meeting, state="draft")

    with timezone.override(ZoneInfo(zone)):
        assert list(Membership.objects.current()) == [leaving]
        assert not action.is_overdue
        assert not Action.objects.overdue().exists()
        assert not paper.lacking[0].is_overdue
        assert not Document.objects.overdue_in("ar").exists()
        with pytest.raises(ValidationError, match="on the day it is taken, or later"):
            decisions.take_by_consensus(decision, by=None, decided_on=DAY)
        actions.note_action(action, by=None, state="done")
    assert Action.objects.get().done_on == EVE
