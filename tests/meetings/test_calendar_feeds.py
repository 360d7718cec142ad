"""Calendars to subscribe to: what is in them for whom, and that two libraries read the same instants out of them."""

from datetime import UTC, date, time, timedelta

import pytest
import vobject
from django.utils import timezone
from icalendar import Calendar

from apps.accounts.roles import Role
from apps.core.models import AuditEntry
from apps.meetings.calendar import of_address, secret_address
from apps.meetings.models import Meeting
from apps.meetings.services import cancel_meeting
from apps.meetings.timezones import vtimezone
from apps.stakeholders.models import Country
from tests.factories import make_group, make_meeting, make_member, make_membership, make_person, make_user
from tests.queries import count_queries

LATER = date(2031, 12, 9)
SECRET = "https://meet.example.org/secret"


def feed_of(client, address: str = "/en/meetings/calendar.ics") -> Calendar:
    return Calendar.from_ical(client.get(address).content)


def titles(calendar: Calendar) -> list[str]:
    return [str(event["summary"]) for event in calendar.walk("VEVENT")]


def path_of(user) -> str:
    return secret_address(user).split("portal.example.org", 1)[1]


@pytest.fixture
def group(db):
    group = make_group()
    make_meeting(group, day=LATER, title_en="Public", online_address=SECRET)
    make_meeting(group, day=LATER, title_en="Members", audience="members", online_address=SECRET)
    make_meeting(group, day=LATER, title_en="Draft", status="draft")
    make_meeting(make_group(), day=LATER, title_en="Others", audience="members", online_address=SECRET)
    make_meeting(group, day=date(2024, 1, 1), title_en="Long over", status="held")
    return group


def test_the_public_calendar_has_what_everybody_may_know(client, group, log_in):
    for reader in (client, log_in(make_member(group)), log_in(make_user(Role.SECRETARIAT))):
        answer = reader.get("/en/meetings/calendar.ics")

        assert titles(Calendar.from_ical(answer.content)) == ["Public"]
        assert b"secret" not in answer.content
        assert answer["Content-Type"] == "text/calendar; charset=utf-8"
        assert not answer.cookies


@pytest.mark.parametrize(
    ("language", "name", "title"), [("ar", "مُلتقى: الاجتماعات", "اجتماع"), ("en", "Multaqa: meetings", "Meeting")]
)
def test_a_calendar_speaks_the_language_of_its_address(db, client, language, name, title):
    make_meeting(day=LATER, title_ar="اجتماع", title_en="Meeting")

    calendar = feed_of(client, f"/{language}/meetings/calendar.ics")

    assert (str(calendar["x-wr-calname"]), titles(calendar)) == (name, [title])


def test_ones_own_calendar_has_the_meetings_of_the_group_and_their_online_address(client, group):
    member = make_member(group)

    answer = client.get(path_of(member))

    assert titles(Calendar.from_ical(answer.content)) == ["Public", "Members"]
    assert answer.content.count(b"meet.example.org") == 2
    assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("private, no-store", "noindex")


def test_who_has_left_keeps_what_is_public(client, group):
    user = make_user(Role.MEMBER)
    make_membership(group, make_person(user=user), ends_on=timezone.localdate() - timedelta(days=1))

    answer = client.get(path_of(user))

    assert titles(Calendar.from_ical(answer.content)) == ["Public"]
    assert b"meet.example.org" not in answer.content


def test_a_new_address_makes_the_old_one_worthless(client, group, log_in):
    member = make_member(group)
    old = path_of(member)

    answer = log_in(member).post("/en/meetings/calendar/")

    assert answer.status_code == 302
    assert client.get(old).status_code == 404
    assert client.get(path_of(member)).status_code == 200
    assert AuditEntry.objects.latest("pk").detail.changes == {"calendar_address": ["1", "2"]}


@pytest.mark.parametrize("token", ["x", "W10:x:y", "../../x"])
def test_an_address_that_was_never_made_is_nobodys(db, client, token):
    assert of_address(token) is None
    assert client.get(f"/en/meetings/calendar/{token}.ics").status_code == 404


def test_an_account_that_is_closed_has_no_calendar(client, group):
    member = make_member(group)
    address = path_of(member)

    type(member).objects.filter(pk=member.pk).update(is_active=False)

    assert client.get(address).status_code == 404


def test_a_cancelled_meeting_stays_in_the_calendar_and_says_so(client, group, secretary):
    meeting = Meeting.objects.get(title_en="Public")
    before = feed_of(client).walk("VEVENT")[0]
    cancel_meeting(meeting, by=secretary)
    after = feed_of(client).walk("VEVENT")[0]

    assert before["uid"] == after["uid"]
    assert after["sequence"] > before["sequence"]
    assert (str(before["status"]), str(after["status"])) == ("CONFIRMED", "CANCELLED")


DAYS = [
    date(2026, 4, 23), date(2026, 4, 24), date(2026, 4, 25),  # Cairo puts the clock forward on the 24th
    date(2026, 10, 29), date(2026, 10, 30), date(2026, 10, 31),  # and back
    date(2027, 2, 6), date(2027, 2, 8), date(2027, 3, 13), date(2027, 3, 15),  # Casablanca around Ramadan
]  # fmt: skip


def test_two_libraries_read_the_same_instants_for_all_zones_of_the_region(db, client):
    group = make_group()
    zones = sorted(set(Country.objects.values_list("time_zone", flat=True)))
    assert len(zones) >= 18
    expected = {}
    for zone in zones:
        for day in DAYS:
            meeting = make_meeting(group, day=day, time_zone=zone, starts_time=time(9, 30), ends_time=time(23, 45))
            expected[f"meeting-{meeting.pk}@portal.example.org"] = (meeting.starts_at, meeting.ends_at)
    content = client.get("/ar/meetings/calendar.ics").content

    first = {
        str(event["uid"]): (event.decoded("dtstart").astimezone(UTC), event.decoded("dtend").astimezone(UTC))
        for event in Calendar.from_ical(content).walk("VEVENT")
    }
    second = {
        event.uid.value: (event.dtstart.value.astimezone(UTC), event.dtend.value.astimezone(UTC))
        for event in vobject.readOne(content.decode()).vevent_list
    }

    assert first == expected
    assert second == expected


def test_a_calendar_of_many_meetings_needs_the_same_queries(client, group):
    member = make_member(group)
    address = path_of(member)
    few = count_queries(client, address)
    for _number in range(30):
        make_meeting(group, day=LATER, audience="members")

    assert count_queries(client, address) == few


@pytest.mark.parametrize(("language", "heading"), [("ar", "تقويمكم"), ("en", "Your calendar")])
def test_members_find_their_address_on_their_pages(group, log_in, language, heading):
    member = make_member(group)

    page = log_in(member).get(f"/{language}/meetings/calendar/").content.decode()

    assert heading in page
    assert f'href="webcal://portal.example.org/{language}/meetings/calendar/' in page


@pytest.mark.parametrize(
    ("zone", "changes"),
    [
        ("Africa/Cairo", ["20260424T000000", "20261030T000000", "20270430T000000", "20271029T000000"]),
        ("Africa/Casablanca", ["20260215T030000", "20260322T020000", "20270207T030000", "20270314T020000"]),
        ("Asia/Riyadh", []),
    ],
)
def test_a_zones_rules_begin_on_the_clock_that_ran_until_then(zone, changes):
    lines = vtimezone(zone, 2026, 2027).to_ical().decode().splitlines()

    assert [line.removeprefix("DTSTART:") for line in lines if line.startswith("DTSTART")] == [
        {"Africa/Cairo": "20260101T020000", "Africa/Casablanca": "20260101T010000"}.get(zone, "20260101T030000"),
        *changes,
    ]
