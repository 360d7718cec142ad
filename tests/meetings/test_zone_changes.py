from datetime import date, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from apps.core.models import AuditEntry
from apps.meetings import zone_changes
from apps.meetings.models import Meeting, Notice
from apps.meetings.participants import invite
from tests.factories import make_group, make_meeting, make_member
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
