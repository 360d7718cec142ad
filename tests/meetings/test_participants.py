"""Asking people to a meeting, their replies and needs: who may, until when, how many, and that nobody is told twice."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.roles import Role
from apps.core.models import OutgoingMail
from apps.core.records import save_record
from apps.meetings import glance, participants
from apps.meetings.models import Meeting, Need, Participant
from apps.meetings.services import cancel_meeting
from tests.factories import (
    make_meeting,
    make_member,
    make_membership,
    make_participant,
    make_person,
    make_user,
)
from tests.meetings.people import LATER, kept


def alternate_in(group, meeting, *, of=None) -> Participant:
    person = make_person(user=make_user(Role.MEMBER))
    make_membership(group, person, position="alternate", alternate_of=of)
    return make_participant(meeting, person)


def mails(kind: str) -> list[str]:
    return list(OutgoingMail.objects.filter(kind=kind).order_by("pk").values_list("to", flat=True))


def refused(participant: Participant, answer: str, **options) -> str:
    """The sentence; nothing is kept."""
    before = kept(participant)
    with pytest.raises(ValidationError) as problem:
        participants.reply(participant, by=None, answer=answer, **options)
    after = kept(participant)
    assert (after.reply, after.replied_at, after.alternate) == (before.reply, before.replied_at, before.alternate)
    return " ".join(problem.value.messages)


# Asking


def test_the_whole_group_and_the_guests_are_asked_once(group, meeting, secretary):
    member, observer = make_member(group), make_user(Role.OBSERVER)
    make_membership(group, make_person(user=observer), position="observer")
    make_membership(group, make_person(), ends_on=date(2026, 1, 1))  # has left
    guest = make_participant(meeting, invited_at=None, email="Guest@Example.org ", language="ar")

    first, second = (participants.invite(meeting, by=secretary) for _time in range(2))

    assert (first, second) == (3, 0)
    assert sorted(mails("invitation")) == sorted([member.email, observer.email, "guest@example.org"])
    assert sorted(meeting.participants.values_list("capacity", flat=True)) == ["guest", "member", "observer"]
    assert kept(guest).invited_at


def test_who_comes_later_is_asked_later(group, meeting, secretary):
    participants.invite(meeting, by=secretary)
    newcomer = make_member(group)

    assert participants.invite(meeting, by=secretary) == 1
    assert mails("invitation") == [newcomer.email]


def test_an_invitation_speaks_the_language_of_its_reader(group, meeting, secretary):
    make_member(group, language="ar")

    participants.invite(meeting, by=secretary)

    mail = OutgoingMail.objects.get()
    assert mail.subject == f"دعوة: \u2068{meeting.title_ar}\u2069"
    assert "يُرجى الرد حتى 9 كانون الأول/ديسمبر 2031، الساعة \u206610:00\u2069 (بتوقيت القاهرة)" in mail.text
    assert "/ar/meetings/reply/" in mail.text


def test_who_has_no_address_counts_as_not_asked_until_there_is_one(group, meeting, secretary, log_in):
    make_membership(group, make_person())
    client, address = log_in(secretary), f"/en/admin/meetings/meeting/{meeting.pk}/change/"

    assert participants.invite(meeting, by=secretary) == 0
    assert "1 person on the list is not invited yet." in client.get(address).content.decode()
    Participant.objects.update(email="someone@example.org")
    assert participants.invite(meeting, by=secretary) == 1
    assert "not invited yet" not in client.get(address).content.decode()


@pytest.mark.parametrize("status", ["draft", "held", "cancelled"])
def test_only_to_a_published_meeting_are_people_asked(group, secretary, status):
    meeting = make_meeting(group, day=LATER, status=status)

    with pytest.raises(ValidationError):
        participants.invite(meeting, by=secretary)
    assert not meeting.participants.exists()


@pytest.mark.parametrize("person", ["editor", "translator", "auditor", "member"])
def test_nobody_but_the_secretariat_asks_or_reminds(request, meeting, asked, person):
    user = request.getfixturevalue(person)

    for action in (participants.invite, participants.remind_unanswered):
        with pytest.raises(PermissionDenied):
            action(meeting, by=user)
    with pytest.raises(PermissionDenied):
        participants.take_out(asked, by=user)


# Replying


@pytest.mark.parametrize(
    ("kind", "answers"),
    [
        ("in_person", ["in_person", "cannot", "alternate"]),
        ("online", ["online", "cannot", "alternate"]),
        ("hybrid", ["in_person", "online", "cannot", "alternate"]),
    ],
)
def test_the_answers_follow_from_the_format(group, kind, answers):
    meeting = make_meeting(group, day=LATER, format=kind)
    member = make_participant(meeting, make_member(group).person)

    assert participants.answers_for(member) == answers
    assert participants.answers_for(make_participant(meeting)) == answers[:-1]
    for answer in {"in_person", "online"} - set(answers):
        assert refused(member, answer) == "This reply is not possible for this meeting."


def test_a_reply_is_kept_and_may_change(asked):
    participants.reply(asked, by=asked.user, answer="online", needs={"data": "20 GB"})
    first = kept(asked)
    participants.reply(asked, by=asked.user, answer="in_person", needs={"visa": ""})
    second = kept(asked)

    assert (first.reply, second.reply) == ("online", "in_person")
    assert second.replied_at > first.replied_at
    assert list(second.needs.values_list("kind", "note", "state")) == [("visa", "", "asked")]


def test_the_same_reply_twice_is_one_reply(asked):
    for _click in range(2):
        participants.reply(asked, by=asked.user, answer="online", needs={"visa": "Y", "data": ""})

    assert kept(asked).revision == asked.revision + 1
    assert kept(asked).needs.count() == 2


def test_who_does_not_come_needs_nothing(asked):
    participants.reply(asked, by=asked.user, answer="online", needs={"data": ""})
    participants.reply(asked, by=asked.user, answer="cannot", needs={"data": ""})

    assert not asked.needs.exists()


def test_what_became_of_a_need_stays_when_the_reply_changes(asked, secretary):
    participants.reply(asked, by=asked.user, answer="online", needs={"data": ""})
    participants.move_need(asked.needs.get(), by=secretary, state="agreed")

    participants.reply(asked, by=asked.user, answer="in_person", needs={"data": "", "visa": ""})

    assert dict(asked.needs.values_list("kind", "state")) == {"data": "agreed", "visa": "asked"}


def test_the_room_is_never_over_booked(group):
    meeting = make_meeting(group, day=LATER, room_seats=1)
    first, second = (make_participant(meeting, make_member(group).person) for _number in range(2))
    participants.reply(first, by=None, answer="in_person")

    assert refused(second, "in_person") == "All places in the room are taken. You can take part online."
    participants.reply(first, by=None, answer="in_person", needs={"visa": ""})  # who has a place keeps it
    participants.reply(first, by=None, answer="online")
    participants.reply(second, by=None, answer="in_person")

    assert (kept(second).reply, participants.free_places(meeting)) == ("in_person", 0)


@pytest.mark.parametrize(
    ("zone", "last", "close"),
    [
        ("Africa/Cairo", date(2031, 12, 1), "2031-12-02T00:00+02:00"),
        ("Africa/Nouakchott", date(2031, 12, 1), "2031-12-02T00:00+00:00"),
        ("Africa/Cairo", None, "2031-12-09T10:00+02:00"),  # until it begins
    ],
)
def test_replies_close_at_the_end_of_their_last_day_where_the_meeting_is(group, zone, last, close):
    meeting = make_meeting(group, day=LATER, time_zone=zone, reply_until=last)

    assert meeting.replies_close_at == datetime.fromisoformat(close)


def test_a_last_day_whose_midnight_the_clock_skips(group):
    meeting = make_meeting(group, day=date(2026, 4, 28), reply_until=date(2026, 4, 23))

    assert meeting.replies_close_at == datetime(2026, 4, 24, 1, tzinfo=ZoneInfo("Africa/Cairo"))


def test_after_the_deadline_only_the_secretariat_enters_a_reply(asked, secretary):
    Meeting.objects.update(reply_until=timezone.localdate() - timedelta(days=1))

    assert refused(asked, "online") == (
        "The time for replies is over. Write to the secretariat if something has changed."
    )
    participants.reply(asked, by=secretary, answer="online")
    assert kept(asked).reply == "online"


def test_a_cancelled_meeting_takes_no_reply(asked, meeting, secretary):
    cancel_meeting(meeting, by=secretary)

    assert refused(asked, "online") == "This meeting is cancelled: no reply is needed."


def test_who_has_left_the_group_cannot_reply(asked, group):
    group.memberships.update(ends_on=timezone.localdate() - timedelta(days=1))

    assert refused(asked, "online") == "You are not on the list of this meeting any more. The secretariat helps you."


def test_nobody_replies_for_somebody_else(asked, group):
    with pytest.raises(PermissionDenied):
        participants.reply(asked, by=make_member(group), answer="online")


# Alternates


def test_an_alternate_goes_instead_and_is_told_once(asked, group, meeting):
    alternate = alternate_in(group, meeting, of=asked.membership())

    for _click in range(2):
        participants.reply(asked, by=None, answer="alternate", alternate=alternate)

    assert (kept(asked).reply, kept(asked).alternate) == ("alternate", alternate)
    assert mails("alternate") == [alternate.user.email]
    assert str(asked.person) in OutgoingMail.objects.get(kind="alternate").text


def test_the_alternate_of_another_member_or_of_a_seat_taken_does_not_go(asked, group, meeting):
    other = make_participant(meeting, make_member(group).person)
    hers, anybodys = alternate_in(group, meeting, of=other.membership()), alternate_in(group, meeting)
    sentence = "Choose somebody who may go for you and does not go for somebody else."

    assert refused(asked, "alternate", alternate=hers) == sentence
    assert refused(asked, "alternate", alternate=other) == sentence
    assert refused(asked, "alternate") == sentence
    participants.reply(other, by=None, answer="alternate", alternate=anybodys)
    assert refused(asked, "alternate", alternate=anybodys) == sentence


def test_an_alternate_of_another_meeting_does_not_go(asked, group):
    elsewhere = alternate_in(group, make_meeting(group, day=LATER))

    assert "Choose somebody" in refused(asked, "alternate", alternate=elsewhere)


def test_when_the_alternate_is_taken_out_the_member_owes_a_reply_again(asked, group, meeting, secretary):
    alternate = alternate_in(group, meeting)
    participants.reply(asked, by=None, answer="alternate", alternate=alternate)

    participants.take_out(alternate, by=secretary, reason="Ill")

    assert (kept(asked).reply, kept(asked).alternate) == ("", None)


@pytest.mark.parametrize(
    "broken",
    [
        {"reply": "alternate", "replied_at": timezone.now()},
        {"reply": "online", "replied_at": None},
        {"guest_name": "", "email": "", "person": None},
    ],
)
def test_the_database_refuses_half_a_reply(asked, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        Participant.objects.filter(pk=asked.pk).update(**broken)


# Telling once


def test_who_has_not_replied_is_reminded_once_for_each_deadline(asked, group, meeting, secretary):
    replied = make_participant(meeting, make_member(group).person)
    participants.reply(replied, by=None, answer="cannot")

    counts = [participants.remind_unanswered(meeting, by=secretary) for _time in range(2)]
    meeting.reply_until = date(2031, 12, 1)
    save_record(meeting, by=None)
    counts.append(participants.remind_unanswered(meeting, by=secretary))

    assert counts == [1, 0, 1]
    assert mails("unanswered") == [asked.user.email] * 2


def test_nobody_who_may_not_see_the_meeting_is_told(asked, group, meeting, secretary):
    group.memberships.update(ends_on=timezone.localdate() - timedelta(days=1))

    assert participants.remind_unanswered(meeting, by=secretary) == 0
    participants_before_the_day = participants.remind_of_tomorrow(meeting)
    assert participants_before_the_day == 0


def test_who_takes_part_is_reminded_before_the_day_once(asked, meeting):
    Meeting.objects.update(online_address="https://meet.example.org/room")
    participants.reply(asked, by=None, answer="online")

    assert [participants.remind_of_tomorrow(meeting) for _time in range(2)] == [1, 0]
    assert "https://meet.example.org/room" in OutgoingMail.objects.get(kind="tomorrow").text


# Needs


def test_a_need_that_is_not_met_says_why(asked, secretary):
    participants.reply(asked, by=None, answer="online", needs={"visa": ""})
    need = asked.needs.get()

    with pytest.raises(ValidationError):
        participants.move_need(need, by=secretary, state="not_met")
    participants.move_need(need, by=secretary, state="not_met", reason="Too late")

    assert (asked.needs.get().state, asked.needs.get().reason) == ("not_met", "Too late")


def test_every_kind_of_need_lowers_one_barrier():
    assert sorted(kind for kinds in Need.BARRIERS.values() for kind in kinds) == sorted(Need.Kind.values)


def test_the_report_counts_by_barrier_and_names_nobody(asked, meeting, secretary, log_in):
    participants.reply(asked, by=None, answer="online", needs={"visa": "Secret", "travel": "", "childcare": ""})
    participants.move_need(asked.needs.get(kind="visa"), by=secretary, state="met")

    rows = {row["barrier"]: row["counts"] for row in glance.needs_by_barrier()}
    page = log_in(secretary).get("/en/admin/meetings/need/report/").content.decode()

    assert rows == {
        "Distance": {"asked": 1, "agreed": 0, "met": 1, "not_met": 0},
        "Social standing": {"asked": 1, "agreed": 0, "met": 0, "not_met": 0},
    }
    assert str(asked.person) not in page
    assert "Secret" not in page


# Kept and forgotten


def test_needs_and_guests_go_in_time(group, capsys):
    old, recent = (make_meeting(group, day=day) for day in (date(2020, 1, 1), timezone.localdate()))
    for meeting in (old, recent):
        guest = make_participant(meeting)
        save_record(Need(participant=guest, kind="visa"), by=None)

    call_command("apply_retention")

    assert list(Participant.objects.values_list("meeting", flat=True)) == [recent.pk]
    assert Need.objects.count() == 1


@pytest.mark.parametrize(("language", "label"), [("ar", "إرسال الدعوات"), ("en", "Invite")])
def test_the_secretariat_invites_by_a_button(group, meeting, secretary, log_in, language, label):
    make_member(group)
    client = log_in(secretary)
    address = f"/{language}/admin/meetings/meeting/{meeting.pk}/"

    page = client.get(f"{address}change/").content.decode()
    client.post(f"{address}step/invite/", {})

    assert label in page
    assert len(mails("invitation")) == 1


def test_the_secretariat_enters_what_somebody_said_on_the_phone(asked, secretary, log_in):
    address = f"/en/admin/meetings/participant/{asked.pk}/step/reply/"

    answer = log_in(secretary).post(address, {"answer": "online", "needs_technology": ["phone_in"], "note": ""})

    assert answer.status_code == 302
    assert (kept(asked).reply, kept(asked).needs.get().kind) == ("online", "phone_in")
