"""Who is told that a meeting has changed or is cancelled: everybody invited who may still see it, once each time."""

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from apps.core.models import OutgoingMail
from apps.core.records import save_record
from apps.core.site import tasks_for
from apps.meetings import participants, tidings, told
from apps.meetings.models import Meeting, Notice, Participant
from apps.meetings.services import cancel_meeting, publish_meeting, withdraw_meeting
from tests.factories import make_meeting, make_member, make_membership, make_participant, make_person
from tests.meetings.people import LATER

NEXT_DAY = {"starts_on": date(2031, 12, 10), "ends_on": date(2031, 12, 10)}


def mails(kind: str) -> list[str]:
    return sorted(OutgoingMail.objects.filter(kind=kind).values_list("to", flat=True))


def change(meeting: Meeting, **changes) -> Meeting:
    """As the secretariat saves it, without telling anybody."""
    meeting = Meeting.objects.get(pk=meeting.pk)
    for name, value in changes.items():
        setattr(meeting, name, value)
    return save_record(meeting, by=None)


def text_of(kind: str = "changed") -> str:
    return OutgoingMail.objects.filter(kind=kind).latest("pk").text


@pytest.fixture
def member(group):
    return make_member(group)


@pytest.fixture
def invited(member, meeting, secretary) -> Participant:
    """A member who was told by mail when and where it is."""
    participants.invite(meeting, by=secretary)
    return meeting.participants.get()


# Changes


def test_a_change_is_told_once(invited, meeting, member, secretary):
    change(meeting, **NEXT_DAY)

    counts = [tidings.tell_of_change(meeting, by=secretary) for _click in range(2)]

    assert counts == [1, 0]
    assert mails("changed") == [member.email]


def test_nothing_new_is_no_news(invited, meeting, secretary):
    change(meeting, summary_en="Another summary", room_seats=7)

    assert not tidings.has_untold_change(meeting)
    assert tidings.tell_of_change(meeting, by=secretary) == 0


def test_a_meeting_that_moves_back_is_told_again(invited, meeting, secretary):
    counts = []
    for day in (date(2031, 12, 10), LATER, date(2031, 12, 10)):
        change(meeting, starts_on=day, ends_on=day)
        counts.append(tidings.tell_of_change(meeting, by=secretary))

    assert counts == [1, 1, 1]


def test_a_change_that_is_taken_back_before_anybody_was_told_is_none(invited, meeting, secretary):
    change(meeting, **NEXT_DAY)
    change(meeting, starts_on=LATER, ends_on=LATER)

    assert tidings.tell_of_change(meeting, by=secretary) == 0


@pytest.mark.parametrize(
    ("changes", "now", "before"),
    [
        (NEXT_DAY, "Wednesday 10 December 2031, from 10:00 to 14:00 (Cairo time)", "Tuesday 9 December 2031"),
        ({"starts_time": time(9, 30)}, "from 09:30 to 14:00 (Cairo time)", "from 10:00 to 14:00 (Cairo time)"),
        ({"time_zone": "Asia/Beirut"}, "from 10:00 to 14:00 (Beirut time)", "from 10:00 to 14:00 (Cairo time)"),
        ({"ends_on": date(2031, 12, 10)}, "10:00, to Wednesday 10 December 2031, 14:00", "from 10:00 to 14:00"),
        ({"place_en": "Beirut", "place_ar": "بيروت"}, "Beirut", "Cairo"),
        ({"format": "online"}, "Online", "In person and online"),
    ],
)
def test_a_mail_says_what_is_new_and_what_it_was(invited, meeting, secretary, changes, now, before):
    change(meeting, **changes)

    tidings.tell_of_change(meeting, by=secretary)

    lines = text_of().splitlines()
    assert [line for line in lines if line.startswith("Now: ") and now in line]
    assert [line for line in lines if line.startswith("Before: ") and before in line]
    assert sum(line.startswith("Now: ") for line in lines) == 1


def test_a_mail_about_a_change_is_in_the_readers_language_and_without_html(group, meeting, secretary):
    make_member(group, language="ar")
    participants.invite(meeting, by=secretary)
    change(meeting, **NEXT_DAY, title_en="<b>R&D</b>", title_ar="<b>R&D</b>")

    tidings.tell_of_change(meeting, by=secretary)

    mail = OutgoingMail.objects.get(kind="changed")
    assert "الأربعاء 10 كانون الأول/ديسمبر 2031" in mail.text
    assert "الثلاثاء 9 كانون الأول/ديسمبر 2031" in mail.text
    assert "<b>R&D</b>" in mail.subject
    assert "&lt;" not in mail.text
    assert "/ar/meetings/reply/" in mail.text


def test_a_place_that_is_corrected_in_arabic_is_no_news_in_english(group, meeting, secretary):
    arabic, _english = make_member(group, language="ar"), make_member(group, language="en")
    participants.invite(meeting, by=secretary)
    change(meeting, place_ar="القاهرة الجديدة")

    tidings.tell_of_change(meeting, by=secretary)

    assert mails("changed") == [arabic.email]


def test_a_new_joining_link_is_news_for_who_comes(group, meeting, secretary):
    change(meeting, online_address="https://meet.example.org/one")
    comes, silent = make_member(group), make_member(group)
    participants.invite(meeting, by=secretary)
    participants.reply(meeting.participants.get(person__user=comes), by=None, answer="online")
    change(meeting, online_address="https://meet.example.org/two")

    tidings.tell_of_change(meeting, by=secretary)

    assert mails("changed") == [comes.email]
    mail = OutgoingMail.objects.get(kind="changed")
    assert "The address for taking part online is a new one." in mail.text
    assert "https://meet.example.org/two" in mail.calendar.replace("\r\n ", "")
    kept = [notice.told["link"] for notice in Notice.objects.exclude(told=None)]
    assert not any("meet.example.org" in link for link in kept)
    assert silent.email not in mails("changed")


def test_a_new_rule_of_the_zone_is_told_although_the_hour_there_stays(invited, meeting, secretary):
    Notice.objects.update(told={**told.facts(meeting), "starts_at": "2031-12-09T07:00:00+00:00"})

    assert tidings.tell_of_change(meeting, by=secretary) == 1
    assert "The clocks in Cairo follow a new rule." in text_of()
    assert "Now: " not in text_of()


def test_who_cannot_come_is_told_because_the_new_day_may_suit(invited, meeting, secretary, member):
    participants.reply(invited, by=None, answer="cannot")
    change(meeting, **NEXT_DAY)

    tidings.tell_of_change(meeting, by=secretary)

    assert mails("changed") == [member.email]
    assert "Your reply so far: Cannot come." in text_of()


def test_after_the_deadline_a_change_leads_to_the_secretariat(invited, meeting, secretary):
    change(meeting, **NEXT_DAY, reply_until=timezone.localdate() - timedelta(days=1))

    tidings.tell_of_change(meeting, by=secretary)

    assert "Write to the secretariat if something has changed." in text_of()
    assert "/reply/" not in text_of()


def leave(participant, secretary):
    participant.meeting.group.memberships.update(ends_on=timezone.localdate() - timedelta(days=1))


def take_out(participant, secretary):
    participants.take_out(participant, by=secretary)


def lose_the_address(participant, secretary):
    user = participant.user
    user.is_active = False
    user.save()


@pytest.mark.parametrize("gone", [leave, take_out, lose_the_address])
def test_who_is_gone_is_told_of_nothing(invited, meeting, secretary, gone):
    gone(invited, secretary)
    change(meeting, **NEXT_DAY)

    assert not tidings.has_untold_change(meeting)
    assert tidings.with_untold_change() == 0
    assert tidings.tell_of_change(meeting, by=secretary) == 0
    cancel_meeting(Meeting.objects.get(pk=meeting.pk), by=secretary)
    assert mails("changed") + mails("cancelled") == []


def test_who_was_not_invited_is_told_of_nothing(meeting, group, secretary):
    make_membership(group, make_person())
    make_participant(meeting, invited_at=None)
    change(meeting, **NEXT_DAY)

    assert tidings.tell_of_change(meeting, by=secretary) == 0


def test_guests_are_told_too(meeting, secretary):
    guest = make_participant(meeting, invited_at=None)
    participants.invite(meeting, by=secretary)
    change(meeting, **NEXT_DAY)

    tidings.tell_of_change(meeting, by=secretary)

    assert mails("changed") == [guest.email]


@pytest.mark.parametrize("status", ["draft", "held", "cancelled"])
def test_only_a_meeting_to_come_has_news(invited, meeting, secretary, status):
    change(meeting, **NEXT_DAY, status=status)

    assert not tidings.has_untold_change(Meeting.objects.get(pk=meeting.pk))
    assert tidings.tell_of_change(meeting, by=secretary) == 0


@pytest.mark.parametrize("person", ["editor", "translator", "auditor", "member"])
def test_nobody_but_the_secretariat_tells(request, meeting, person):
    for service in (tidings.tell_of_change, tidings.tell_of_cancellation):
        with pytest.raises(PermissionDenied):
            service(meeting, by=request.getfixturevalue(person))


def test_a_meeting_that_goes_back_to_preparation_tells_nobody_until_it_is_published(invited, meeting, secretary):
    withdraw_meeting(Meeting.objects.get(pk=meeting.pk), by=secretary)
    change(meeting, **NEXT_DAY)
    assert mails("changed") + mails("cancelled") == []
    assert tidings.with_untold_change() == 0

    publish_meeting(Meeting.objects.get(pk=meeting.pk), by=secretary)

    assert tidings.with_untold_change() == 1
    assert tidings.tell_of_change(meeting, by=secretary) == 1


# Cancelling


def test_a_cancellation_is_told_to_everybody_invited_once(invited, group, meeting, secretary, member):
    other = make_member(group)
    participants.invite(meeting, by=secretary)
    participants.reply(invited, by=None, answer="cannot")

    cancel_meeting(Meeting.objects.get(pk=meeting.pk), by=secretary)

    assert mails("cancelled") == sorted([member.email, other.email])
    assert tidings.tell_of_cancellation(meeting, by=secretary) == 0
    assert "does not take place" in text_of("cancelled")


def test_a_meeting_that_would_be_over_is_cancelled_without_a_mail(group, secretary):
    meeting = make_meeting(group, day=date(2026, 1, 5))
    make_participant(meeting)

    cancel_meeting(meeting, by=secretary)

    assert mails("cancelled") == []


def test_a_meeting_that_is_not_cancelled_is_not_told_as_cancelled(invited, meeting, secretary):
    assert tidings.tell_of_cancellation(meeting, by=secretary) == 0


# In the back office


@pytest.mark.parametrize(("language", "label"), [("ar", "الإبلاغ بالتغيير"), ("en", "Tell of the change")])
def test_the_button_is_there_while_somebody_does_not_know(invited, meeting, secretary, log_in, language, label):
    client, address = log_in(secretary), f"/{language}/admin/meetings/meeting/{meeting.pk}/"
    assert label not in client.get(f"{address}change/").content.decode()

    change(meeting, **NEXT_DAY)

    assert label in client.get(f"{address}change/").content.decode()
    assert client.post(f"{address}step/tell-change/", {}).status_code == 302
    assert label not in client.get(f"{address}change/").content.decode()
    assert len(mails("changed")) == 1


def test_the_dashboard_says_which_meetings_have_changed(invited, meeting, group, secretary, translator):
    sentence = "1 meeting has changed, and its participants do not know."
    assert sentence not in [task.text for task in tasks_for(secretary)]

    change(meeting, **NEXT_DAY)

    assert sentence in [task.text for task in tasks_for(secretary)]
    assert sentence not in [task.text for task in tasks_for(translator)]
    tidings.tell_of_change(meeting, by=secretary)
    assert sentence not in [task.text for task in tasks_for(secretary)]


def test_many_meetings_need_the_same_queries(invited, meeting, group, secretary, django_assert_num_queries):
    for number in range(3):
        other = make_meeting(group, day=LATER + timedelta(days=number))
        participants.invite(other, by=secretary)
        change(other, starts_time=time(8))

    with django_assert_num_queries(2):
        assert tidings.with_untold_change() == 3


def test_a_meeting_to_which_people_were_invited_is_cancelled_and_not_deleted(invited, meeting, secretary, log_in):
    withdraw_meeting(Meeting.objects.get(pk=meeting.pk), by=secretary)

    answer = log_in(secretary).post(f"/en/admin/meetings/meeting/{meeting.pk}/delete/", {"post": "yes"})

    assert answer.status_code == 403
    assert Meeting.objects.filter(pk=meeting.pk).exists()
