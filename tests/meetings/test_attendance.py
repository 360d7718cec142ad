from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from apps.meetings import attendance
from apps.meetings.models import Attendance, Meeting, Participant
from tests.factories import make_group, make_meeting, make_member, make_membership, make_participant, make_person
from tests.meetings.people import LATER, kept

OVER = "Attendance can be confirmed from the start until a week after the end."


@pytest.fixture
def begun(group):
    """A hybrid meeting that began an hour ago and lasts another two."""
    start = timezone.now().astimezone(UTC).replace(microsecond=0) - timedelta(hours=1)
    return _at(group, start)


def _at(group, start: datetime, **fields) -> Meeting:
    end = start + timedelta(hours=3)
    when = {"starts_time": start.time(), "ends_on": end.date(), "ends_time": end.time(), "time_zone": "UTC"}
    return make_meeting(group, day=start.date(), audience="members", **when, **fields)


def _seat(group, meeting, **fields) -> Participant:
    return make_participant(meeting, make_member(group).person, **fields)


def test_attendance_is_kept_apart_from_the_reply(group, begun, secretary):
    participant = _seat(group, begun, reply="in_person", replied_at=timezone.now())

    attendance.note(participant, by=secretary, attendance="online")

    participant = kept(participant)
    assert (participant.reply, participant.attendance, participant.attendance_by_self) == ("in_person", "online", False)


def test_a_member_confirms_herself_and_nobody_else_does(group, begun):
    participant, other = _seat(group, begun), _seat(group, begun)

    attendance.confirm(participant, by=participant.user, attendance="on_site")
    with pytest.raises(PermissionDenied):
        attendance.confirm(participant, by=other.user, attendance="online")

    assert (kept(participant).attendance, kept(participant).attendance_by_self) == ("on_site", True)


def test_a_note_taken_back_has_no_time(group, begun, secretary):
    participant = _seat(group, begun)

    attendance.note(participant, by=secretary, attendance="absent")
    attendance.note(participant, by=secretary, attendance="")

    assert (kept(participant).attendance, kept(participant).attendance_at) == ("", None)


@pytest.mark.parametrize("days", [-30, 30])
def test_attendance_is_confirmed_from_the_start_until_a_week_after_the_end(group, days):
    meeting = _at(group, datetime.combine(timezone.localdate() + timedelta(days=days), time(10), UTC))
    participant = _seat(group, meeting)

    with pytest.raises(ValidationError) as error:
        attendance.confirm(participant, by=participant.user, attendance="on_site")

    assert error.value.messages == [OVER]
    assert kept(participant).attendance == ""


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"status": "cancelled"}, "Attendance is noted of meetings that take place."),
        ({"status": "draft"}, "Attendance is noted of meetings that take place."),
        ({"day": LATER}, "This meeting has not started yet."),
    ],
)
def test_the_secretariat_notes_only_what_has_begun(group, secretary, fields, sentence):
    meeting = make_meeting(group, **{"day": date(2026, 1, 5), **fields})
    participant = _seat(group, meeting)

    with pytest.raises(ValidationError) as error:
        attendance.note(participant, by=secretary, attendance="absent")

    assert error.value.messages == [sentence]


def test_nobody_was_in_the_room_of_a_meeting_without_one(group, secretary):
    meeting = make_meeting(group, day=date(2026, 1, 5), format="online")
    participant = _seat(group, meeting)

    with pytest.raises(ValidationError) as error:
        attendance.note(participant, by=secretary, attendance="on_site")

    assert error.value.messages == ["This kind of attendance is not possible at this meeting."]


def test_s22_only_the_secretariat_notes(group, begun, editor):
    with pytest.raises(PermissionDenied):
        attendance.note(_seat(group, begun), by=editor, attendance="online")


def test_a_quorum_is_more_than_half_of_the_seats_unless_the_meeting_says_otherwise(db):
    group = make_group(seats=10)

    assert attendance.quorum(make_meeting(group)).needed == 6
    assert attendance.quorum(make_meeting(group, quorum=4)).needed == 4
    assert attendance.quorum(make_meeting(make_group(seats=9))).needed == 5


def test_a_seat_counts_once_by_its_member_or_her_alternate(group, begun, secretary):
    deputy = make_membership(group, make_person(), position="alternate").person
    deputy = make_participant(begun, deputy)
    sender = _seat(group, begun, reply="alternate", alternate=deputy, replied_at=timezone.now())
    member, absent = _seat(group, begun), _seat(group, begun)
    observer = make_participant(begun, make_membership(group, make_person(), position="observer").person)
    guest = make_participant(begun)
    for one, how in [(deputy, "on_site"), (member, "online"), (absent, "absent"), (observer, "on_site")]:
        attendance.note(one, by=secretary, attendance=how)
    attendance.note(guest, by=secretary, attendance="online")

    assert attendance.quorum(begun).present == 2

    attendance.note(sender, by=secretary, attendance="online")  # she came after all: still one seat
    assert attendance.quorum(begun).present == 2


@pytest.mark.parametrize(("present", "is_met"), [(5, False), (6, True)])
def test_a_quorum_is_met_from_its_number_on(present, is_met):
    assert attendance.Quorum(present=present, needed=6).is_met is is_met


# Pages


@pytest.mark.parametrize(
    ("language", "button", "said"),
    [("en", "I was in the room", "Your attendance is noted."), ("ar", "كنت في القاعة", "سُجّل حضوركم.")],
)
def test_a_member_says_on_the_meetings_page_that_she_was_there(group, begun, log_in, language, button, said):
    participant = _seat(group, begun)
    client = log_in(participant.user)
    with translation.override(language):
        address = begun.get_absolute_url()

    page = client.get(address).content.decode()
    answer = client.post(f"/{language}/meetings/{begun.pk}/attendance/", {"attendance": "on_site"}, follow=True)

    assert button in page
    assert said in answer.content.decode()
    assert kept(participant).attendance == "on_site"


def test_s19_nobody_else_confirms_at_a_meeting_of_others(group, begun, client, log_in):
    _seat(group, begun)
    address = f"/en/meetings/{begun.pk}/attendance/"

    assert log_in(make_member(make_group())).post(address, {"attendance": "online"}).status_code == 404
    assert client.post(address, {"attendance": "online"}).status_code == 302
    assert not Participant.objects.exclude(attendance="").exists()


def test_the_secretariat_types_everybodys_attendance_on_one_page(group, begun, secretary, log_in):
    people = [_seat(group, begun) for _ in range(3)]
    client = log_in(secretary)
    address = f"/en/admin/meetings/meeting/{begun.pk}/attendance/"
    sent = {f"was-{one.pk}": "" for one in people}
    sent |= {f"is-{people[0].pk}": "on_site", f"is-{people[1].pk}": "absent", f"is-{people[2].pk}": ""}

    response = client.post(address, sent)

    assert response["Location"] == address
    assert [kept(one).attendance for one in people] == ["on_site", "absent", ""]
    assert "1 seat is represented." in client.get(address).content.decode()


def test_what_somebody_noted_meanwhile_is_shown_and_not_overwritten(group, begun, secretary, log_in):
    touched, untouched = _seat(group, begun), _seat(group, begun)
    for one in (touched, untouched):
        attendance.confirm(one, by=one.user, attendance="online")
    sent = {f"was-{touched.pk}": "", f"is-{touched.pk}": "absent", f"was-{untouched.pk}": "", f"is-{untouched.pk}": ""}
    client = log_in(secretary)
    address = f"/en/admin/meetings/meeting/{begun.pk}/attendance/"

    refused = client.post(address, sent)

    assert refused.status_code == 400
    assert refused.context["form"].errors == {f"is-{touched.pk}": ["Saved meanwhile: Online. Choose again, then save."]}
    assert (kept(touched).attendance, kept(untouched).attendance) == ("online", "online")

    client.post(address, {**sent, f"was-{touched.pk}": "online", f"was-{untouched.pk}": "online"})
    assert kept(touched).attendance == "absent"


def test_s22_the_page_of_attendance_is_the_secretariats(group, begun, log_in, editor, auditor, translator):
    address = f"/en/admin/meetings/meeting/{begun.pk}/attendance/"

    for user in (editor, auditor, translator):
        assert log_in(user).post(address, {}).status_code == 403


@pytest.mark.parametrize("people", [1, 3])
def test_the_page_of_attendance_asks_the_same_number_of_questions(
    group, begun, secretary, log_in, people, django_assert_max_num_queries
):
    for _ in range(people):
        _seat(group, begun)
    client = log_in(secretary)
    client.get(f"/en/admin/meetings/meeting/{begun.pk}/attendance/")

    with django_assert_max_num_queries(17):
        client.get(f"/en/admin/meetings/meeting/{begun.pk}/attendance/")


def test_the_quorum_is_shown_inside_only(group, client, log_in, secretary):
    meeting = make_meeting(group, day=date(2026, 1, 5), status="held")
    participant = _seat(group, meeting)
    attendance.note(participant, by=secretary, attendance=Attendance.ON_SITE)
    address = meeting.get_absolute_url()

    assert "1 seat is represented." in log_in(participant.user).get(address).content.decode()
    assert "seat is represented" not in client.get(address).content.decode()


@pytest.mark.parametrize("who", ["the person", "the secretariat"])
def test_the_meeting_is_locked_before_anybody_on_its_list(group, begun, secretary, who):
    """In the order of its page and of replies: two who wait for each other would both fail."""
    participant = _seat(group, begun)

    with CaptureQueriesContext(connection) as asked:
        if who == "the person":
            attendance.confirm(participant, by=participant.user, attendance="on_site")
        else:
            attendance.note_all(begun, by=secretary, attendances={participant.pk: "on_site"})

    tables = [query["sql"] for query in asked if query["sql"].startswith("SELECT")]
    first = next(sql for sql in tables if 'FROM "meetings_' in sql)
    assert 'FROM "meetings_meeting"' in first
