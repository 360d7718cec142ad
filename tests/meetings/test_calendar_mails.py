"""The calendar files that go with mails to one participant: whose they are, what they replace, what is not in them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import vobject
from django.core import mail
from django.utils import timezone
from icalendar import Calendar, Event

from apps.accounts.roles import Role
from apps.core import outbox
from apps.core.models import OutgoingMail
from apps.core.records import save_record
from apps.meetings import calendar, ical, participants, tidings
from apps.meetings.models import Meeting, Participant
from apps.meetings.services import cancel_meeting, publish_meeting, withdraw_meeting
from apps.stakeholders.models import Country
from tests.factories import make_meeting, make_member, make_participant, make_person, make_user
from tests.meetings.people import LATER, kept
from tests.meetings.test_calendar_feeds import DAYS, path_of

SECRET = "https://meet.example.org/room"


def event_of(file: outbox.CalendarFile) -> Event:
    return Calendar.from_ical(file.content).walk("VEVENT")[0]


def sent(kind: str) -> Event:
    """What the one mail of a kind carries."""
    row = OutgoingMail.objects.get(kind=kind)
    found = Calendar.from_ical(row.calendar)
    assert str(found["method"]) == row.calendar_method
    return found.walk("VEVENT")[0]


def moved(meeting: Meeting, **changes) -> Meeting:
    meeting = Meeting.objects.get(pk=meeting.pk)
    for name, value in changes.items():
        setattr(meeting, name, value)
    return save_record(meeting, by=None)


# Whose it is


def test_a_request_names_one_attendee_and_the_portal(asked, group, meeting, settings):
    settings.DEFAULT_FROM_EMAIL = "Portal <portal@example.org>"
    make_participant(meeting, make_member(group).person)

    event = event_of(calendar.request(asked))

    assert str(event["organizer"]) == "mailto:portal@example.org"
    assert event["organizer"].params["CN"] == "Multaqa"
    assert str(event["attendee"]) == f"mailto:{asked.user.email}"
    assert dict(event["attendee"].params) == {
        "CN": asked.person.name_en,
        "CUTYPE": "INDIVIDUAL",
        "PARTSTAT": "NEEDS-ACTION",
        "ROLE": "REQ-PARTICIPANT",
        "RSVP": "FALSE",
    }


@pytest.mark.parametrize(
    ("answer", "partstat"),
    [("", "NEEDS-ACTION"), ("in_person", "ACCEPTED"), ("online", "ACCEPTED"), ("cannot", "DECLINED")],
)
def test_a_reply_stands_in_the_file(asked, answer, partstat):
    if answer:
        participants.reply(asked, by=None, answer=answer)

    assert event_of(calendar.request(kept(asked)))["attendee"].params["PARTSTAT"] == partstat


def test_who_sends_an_alternate_has_declined(asked, group, meeting):
    Participant.objects.filter(pk=asked.pk).update(
        reply="alternate", replied_at=timezone.now(), alternate=make_participant(meeting)
    )

    assert event_of(calendar.request(kept(asked)))["attendee"].params["PARTSTAT"] == "DECLINED"


@pytest.mark.parametrize(
    ("who", "answer", "is_in"),
    [
        ("member", "", False),
        ("member", "cannot", False),
        ("member", "online", True),
        ("member", "in_person", True),
        ("guest", "online", True),
        ("guest", "in_person", False),  # the page does not show it to her either
    ],
)
def test_the_joining_link_is_for_who_comes(asked, meeting, who, answer, is_in):
    Meeting.objects.update(online_address=SECRET)
    participant = asked if who == "member" else make_participant(meeting)
    if answer:
        participants.reply(participant, by=None, answer=answer)

    description = str(event_of(calendar.request(kept(participant)))["description"])

    assert (SECRET in description) is is_in


def test_the_link_by_which_one_replies_is_in_no_calendar(asked):
    for file in (calendar.request(asked), calendar.cancellation(asked)):
        assert "/reply/" not in Calendar.from_ical(file.content).to_ical().decode()


def test_a_cancellation_has_no_joining_link(asked, meeting, secretary):
    Meeting.objects.update(online_address=SECRET)
    participants.reply(asked, by=None, answer="online")
    cancel_meeting(Meeting.objects.get(pk=meeting.pk), by=secretary)

    assert SECRET not in OutgoingMail.objects.get(kind="cancelled").calendar
    assert SECRET not in calendar.request(kept(asked)).content


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_file_speaks_the_language_of_its_reader(group, language):
    meeting = make_meeting(group, day=LATER)
    person = make_person(user=make_user(Role.MEMBER, language=language))
    participant = make_participant(meeting, person)

    event = event_of(calendar.request(participant))

    assert str(event["summary"]) == getattr(meeting, f"title_{language}")
    assert str(event["location"]) == getattr(meeting, f"place_{language}")
    assert event["summary"].params["LANGUAGE"] == language
    assert f"/{language}/meetings/" in str(event["url"])
    assert event["attendee"].params["CN"] == getattr(person, f"name_{language}")


# What it replaces


def test_from_invitation_to_cancellation_it_is_one_event_whose_number_rises(group, meeting, secretary, client):
    member = make_member(group)
    participants.invite(meeting, by=secretary)
    moved(meeting, starts_time=time(11))
    tidings.tell_of_change(meeting, by=secretary)
    withdraw_meeting(Meeting.objects.get(pk=meeting.pk), by=secretary)
    publish_meeting(Meeting.objects.get(pk=meeting.pk), by=secretary)
    before = Calendar.from_ical(client.get(path_of(member)).content).walk("VEVENT")[0]
    cancel_meeting(Meeting.objects.get(pk=meeting.pk), by=secretary)
    after = Calendar.from_ical(client.get(path_of(member)).content).walk("VEVENT")[0]

    events = [sent("invitation"), sent("changed"), before, sent("cancelled")]

    assert {str(event["uid"]) for event in events} == {f"meeting-{meeting.pk}@portal.example.org"}
    numbers = [event["sequence"] for event in events]
    assert numbers == sorted(set(numbers))
    assert after["sequence"] == numbers[-1]
    assert [str(event["status"]) for event in events] == ["CONFIRMED"] * 3 + ["CANCELLED"]
    assert [row.calendar_method for row in OutgoingMail.objects.order_by("pk")] == ["REQUEST", "REQUEST", "CANCEL"]
    assert str(sent("cancelled")["attendee"]) == f"mailto:{member.email}"


def test_after_a_reply_the_same_number_comes_with_a_later_stamp(asked):
    first = event_of(calendar.request(asked))
    Meeting.objects.filter(pk=asked.meeting_id).update(updated_at=datetime(2026, 1, 1, tzinfo=UTC))
    second = event_of(calendar.request(kept(asked)))

    assert first["sequence"] == second["sequence"]
    assert second["dtstamp"].dt >= first["dtstamp"].dt
    assert second["last-modified"].dt == datetime(2026, 1, 1, tzinfo=UTC)


def test_the_reminder_before_the_day_brings_the_calendar_up_to_date(asked, meeting):
    Meeting.objects.update(online_address=SECRET)
    participants.reply(asked, by=None, answer="online")

    participants.remind_of_tomorrow(meeting)

    assert SECRET in str(sent("tomorrow")["description"])


def test_the_reminder_to_reply_and_the_reply_bring_no_file(asked, meeting, secretary):
    participants.remind_unanswered(meeting, by=secretary)
    participants.reply(asked, by=None, answer="online")

    assert [(row.kind, row.calendar) for row in OutgoingMail.objects.all()] == [("unanswered", "")]


def test_ones_own_calendar_shows_the_reply(asked, meeting, client, log_in):
    participants.reply(asked, by=None, answer="cannot")
    address = path_of(asked.user)

    event = Calendar.from_ical(client.get(address).content).walk("VEVENT")[0]

    assert "Your reply: Cannot come" in str(event["description"])
    assert str(event["transp"]) == "TRANSPARENT"
    assert event["last-modified"].dt == kept(asked).replied_at.replace(microsecond=0)
    assert "attendee" not in event  # nobody's address in what is published (RFC 5546, 3.2.1)
    other = make_member(asked.meeting.group)
    assert b"Your reply" not in client.get(path_of(other)).content


def test_the_file_leaves_with_the_mail_and_is_kept_no_longer(group, meeting, secretary):
    member = make_member(group)
    participants.invite(meeting, by=secretary)

    outbox.send_waiting()

    assert [message.to for message in mail.outbox] == [[member.email]]
    parts = [part.get_content_type() for part in mail.outbox[0].message().walk()]
    assert "text/calendar" in parts
    assert OutgoingMail.objects.get().calendar == ""


# What two libraries read


def test_two_libraries_read_the_same_instants_for_all_zones_of_the_region(group):
    zones = sorted({*Country.objects.values_list("time_zone", flat=True), "Africa/Nouakchott", "Africa/Casablanca"})
    assert len(zones) >= 18
    for zone in zones:
        for day in DAYS:
            hours = {"starts_time": time(9, 30), "ends_on": day + timedelta(days=1), "ends_time": time(23, 45)}
            meeting = make_meeting(group, day=day, time_zone=zone, **hours)
            file = calendar.request(make_participant(meeting, language="ar"))

            first = Calendar.from_ical(file.content)
            second = vobject.readOne(file.content)

            expected = (meeting.starts_at, meeting.ends_at)
            assert [str(part["tzid"]) for part in first.walk("VTIMEZONE")] == [zone]
            event = first.walk("VEVENT")[0]
            assert (event["dtstart"].dt, event["dtend"].dt) == expected
            assert (second.vevent.dtstart.value, second.vevent.dtend.value) == expected
            assert second.vevent.attendee.value == str(event["attendee"])


NASTY = 'A, B; C: D \\ "E"'


def test_s57_nothing_that_somebody_typed_adds_a_line(group):
    meeting = make_meeting(
        group,
        day=LATER,
        title_en=NASTY,
        place_en=NASTY,
        summary_en="Hello\r\nATTENDEE:mailto:x@example.org\nX-EVIL:1\rX-EVIL:2",
    )
    guest = make_participant(meeting, guest_name=NASTY, email='"a;b,c"@example.org', language="en")

    content = calendar.request(guest).content

    names = {line.split(":")[0].split(";")[0] for line in content.replace("\r\n ", "").split("\r\n")}
    assert "X-EVIL" not in names
    assert content.replace("\r\n ", "").count("\r\nATTENDEE") == 1
    event = Calendar.from_ical(content).walk("VEVENT")[0]
    assert (str(event["summary"]), str(event["location"])) == (NASTY, NASTY)
    assert (event["attendee"].params["CN"], event["attendee"].params["RSVP"]) == (NASTY, "FALSE")
    assert str(event["attendee"]) == "mailto:%22a%3Bb%2Cc%22@example.org"
    read = vobject.readOne(content).vevent
    assert (read.summary.value, read.location.value) == (NASTY, NASTY)
    assert "ATTENDEE:mailto:x@example.org" in read.description.value


@pytest.mark.parametrize("text", ["كلمة طويلة " * 40, "\\;," * 60, "\\" * 200, "é" * 75, "x" * 74 + "\\n", "😀" * 50])
def test_long_lines_are_folded_without_cutting_a_letter(group, text):
    meeting = make_meeting(group, day=date(2026, 12, 8), summary_en=text.strip())
    guest = make_participant(meeting, language="en")

    content = calendar.request(guest).content

    assert max(len(line.encode()) for line in content.split("\r\n")) <= 75
    assert not any(line.endswith("\\") for line in content.split("\r\n") if len(line) < 75 and set(line[1:]) != {"\\"})
    described = str(Calendar.from_ical(content).walk("VEVENT")[0]["description"])
    assert described.startswith(meeting.summary_en)
    assert vobject.readOne(content).vevent.description.value.startswith(meeting.summary_en)


def test_s57_no_line_end_leaves_a_property():
    assert ical.text("SUMMARY", "a\rX-EVIL:1\r\nb\nc") == b"SUMMARY:a\\nX-EVIL:1\\nb\\nc\r\n"
    line = ical.bare("ATTENDEE", "mailto:a@example.org\r\nX-EVIL:1", CN="A\r\nX-EVIL:1")
    assert line == b'ATTENDEE;CN="A  X-EVIL:1":mailto:a@example.orgX-EVIL:1\r\n'
