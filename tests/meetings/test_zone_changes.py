from datetime import date, time, timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.utils import timezone
from django.utils.translation import override

from apps.core.dates import MissingWallTimeError
from apps.core.models import AuditEntry
from apps.core.site import tasks_for
from apps.meetings import day_checks, services, zone_changes
from apps.meetings.models import Meeting, Notice
from apps.meetings.participants import invite
from tests.factories import make_group, make_meeting, make_member
from tests.meetings.forms import FORM
from tests.meetings.people import LATER


@pytest.fixture
def moved(group, secretary, django_capture_on_commit_callbacks):
    """A member was invited; then the rules by which the instants had been derived were replaced."""
    make_member(group, language="en")
    meeting = make_meeting(group, day=LATER, audience="members")
    with django_capture_on_commit_callbacks(execute=True):
        invite(meeting, by=secretary)
    mail.outbox.clear()
    hour = timedelta(hours=1)
    old = {"starts_at": meeting.starts_at + hour, "ends_at": meeting.ends_at + hour}
    # What participants were told was right by the old rules.
    for notice in Notice.objects.filter(told__isnull=False):
        told = {**notice.told, **{name: moment.isoformat() for name, moment in old.items()}}
        Notice.objects.filter(pk=notice.pk).update(told=told)
    Meeting.objects.filter(pk=meeting.pk).update(**old)
    return meeting


def test_instants_follow_the_new_rules_and_people_are_told_once(moved, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        counts = [zone_changes.rederive(timezone.now()) for _run in range(2)]

    assert counts == [1, 0]
    assert Meeting.objects.get().starts_at == moved.starts_at
    assert len(mail.outbox) == 1
    entry = AuditEntry.objects.filter(model="meetings.meeting").order_by("-pk").first()
    assert entry.detail.reason == zone_changes.REASON


QUESTION = "The rules of the time zone of 1 meeting have changed: is its hour still right?"


def tasks(user) -> list[str]:
    return [task.text for task in tasks_for(user)]


def test_the_secretariat_is_asked_until_it_has_looked(moved, secretary, member):
    assert QUESTION not in tasks(secretary)

    (meeting,) = zone_changes.rederive_instants()
    assert QUESTION in tasks(secretary)
    assert [hint.kind for hint in day_checks.hints(meeting)] == ["rules"]

    for _run in range(2):
        assert zone_changes.rederive_instants() == []
    assert QUESTION in tasks(secretary)

    with pytest.raises(PermissionDenied):
        zone_changes.confirm_hours(meeting, by=member)
    meeting = zone_changes.confirm_hours(meeting, by=secretary)
    assert QUESTION not in tasks(secretary)
    assert day_checks.hints(meeting) == []
    with pytest.raises(ValidationError):
        zone_changes.confirm_hours(meeting, by=secretary)


@pytest.mark.parametrize(("language", "label"), [("en", "Keep the hours"), ("ar", "الإبقاء على الساعات")])
def test_the_page_of_the_meeting_offers_to_keep_the_hours(moved, secretary, log_in, language, label):
    page = f"/{language}/admin/meetings/meeting/{moved.pk}/change/"
    client = log_in(secretary)
    assert label not in client.get(page).content.decode()

    zone_changes.rederive_instants()

    assert label in client.get(page).content.decode()


def test_who_chooses_another_hour_has_looked(moved, secretary, log_in):
    (meeting,) = zone_changes.rederive_instants()
    days = {"starts_on": LATER.isoformat(), "ends_on": LATER.isoformat(), "starts_time": "11:00"}
    form = {**FORM, "group": meeting.group_id, "opened_revision": meeting.revision, **days}

    log_in(secretary).post(f"/en/admin/meetings/meeting/{meeting.pk}/change/", form)

    kept = Meeting.objects.get()
    assert (kept.starts_time, kept.rules_changed_at) == (time(11), None)


def test_meetings_that_are_told_of_are_told_by_whoever_is_asked_to(moved, secretary, member):
    told = []

    changed = zone_changes.rederive_instants(by=secretary, tell=lambda meeting, by: told.append((meeting, by)))

    assert changed == [moved]
    assert told == [(moved, secretary)]
    with pytest.raises(PermissionDenied):
        zone_changes.rederive_instants(by=member)


def test_the_command_says_what_has_changed(moved, capsys, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        call_command("check_zones")
    assert capsys.readouterr().out == f"meeting {moved.pk}: begins at 2031-12-09 08:00 UTC now\n"
    assert len(mail.outbox) == 1

    call_command("check_zones")
    assert capsys.readouterr().out == ""


def test_what_is_over_or_cancelled_stays_as_it_was(db):
    group = make_group()
    past = make_meeting(group, day=date(2026, 1, 5))
    cancelled = make_meeting(group, day=LATER, status="cancelled")
    wrong = {"starts_at": timezone.now() - timedelta(days=400), "ends_at": timezone.now() - timedelta(days=399)}
    Meeting.objects.filter(pk=past.pk).update(**wrong)
    Meeting.objects.filter(pk=cancelled.pk).update(starts_at=cancelled.starts_at - timedelta(hours=1))

    assert zone_changes.rederive(timezone.now()) == 0


def test_an_hour_that_the_new_rules_leave_out_waits_for_the_secretariat(db, secretary, log_in):
    meeting = make_meeting(make_group(), day=date(2031, 12, 9))
    # Cairo puts its clocks forward over this hour.
    Meeting.objects.filter(pk=meeting.pk).update(
        starts_on=date(2031, 4, 25), starts_time="00:30", ends_on=date(2031, 4, 25)
    )

    assert zone_changes.rederive(timezone.now()) == 0
    board = log_in(secretary).get("/en/admin/").content.decode()
    assert "The hour of 1 meeting does not exist any more: the rules of its time zone have changed." in board
    assert f"/en/admin/meetings/meeting/{meeting.pk}/change/" in board
    sentences = {"en": "00:30 does not exist any more on 25 April 2031", "ar": "لم تعد الساعة 00:30 قائمة يوم"}
    meeting.refresh_from_db()
    for language, sentence in sentences.items():
        with override(language):
            (text,) = [hint.text for hint in day_checks.hints(meeting) if hint.kind == "skipped"]
        assert text.replace("\u2068", "").replace("\u2069", "").startswith(sentence)


def test_a_meeting_whose_hour_vanished_can_still_be_cancelled(db, secretary):
    meeting = make_meeting(make_group(), day=date(2031, 12, 9))
    Meeting.objects.filter(pk=meeting.pk).update(
        starts_on=date(2031, 4, 25), starts_time="00:30", ends_on=date(2031, 4, 25)
    )
    meeting.refresh_from_db()

    services.cancel_meeting(meeting, by=secretary)

    kept = Meeting.objects.get()
    assert (kept.status, kept.starts_at) == ("cancelled", meeting.starts_at)
    kept.starts_time = time(0, 45)
    with pytest.raises(MissingWallTimeError):
        kept.save()
