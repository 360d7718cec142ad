from datetime import date

import pytest
from icalendar import Calendar

from tests.factories import (
    make_meeting,
)


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize(
    ("zone", "day", "named"),
    [
        ("Africa/Cairo", date(2026, 4, 23), ["Africa/Cairo"]),
        ("Africa/Cairo", date(2026, 4, 25), ["Africa/Cairo"]),
        ("Africa/Casablanca", date(2027, 2, 20), ["Africa/Casablanca"]),
        ("Africa/Nouakchott", date(2026, 7, 1), ["Africa/Nouakchott"]),  # UTC all year round
    ],
)
def test_f22_the_invite_parses_back_to_the_same_instants(db, client, language, zone, day, named):
    meeting = make_meeting(day=day, time_zone=zone, title_ar="اجتماع، تجريبي؛ طويل", title_en="Meeting, test; long")

    response = client.get(f"/{language}/meetings/{meeting.pk}/invite.ics")

    calendar = Calendar.from_ical(response.content)
    event = calendar.walk("VEVENT")[0]
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (meeting.starts_at, meeting.ends_at)
    assert [part["TZID"] for part in calendar.walk("VTIMEZONE")] == named
    assert event["dtstart"].params.get("TZID") == zone
    assert str(event["summary"]) == {"ar": meeting.title_ar, "en": meeting.title_en}[language]
    assert event["uid"] == f"meeting-{meeting.pk}@portal.example.org"
    assert max(len(line) for line in response.content.split(b"\r\n")) <= 75


def test_s57_text_cannot_add_a_property_to_the_invite(db, client):
    meeting = make_meeting(summary_en="Hello\r\nATTENDEE:mailto:x@example.org\nX-EVIL:1")

    content = client.get(f"/en/meetings/{meeting.pk}/invite.ics").content

    assert b"\nATTENDEE" not in content
    assert b"\nX-EVIL" not in content


def test_a_cancelled_meeting_is_cancelled_in_the_calendar_too(db, client):
    meeting = make_meeting(status="cancelled")

    event = Calendar.from_ical(client.get(f"/en/meetings/{meeting.pk}/invite.ics").content).walk("VEVENT")[0]

    assert (str(event["status"]), event["sequence"]) == ("CANCELLED", meeting.revision)
