"""Pressed many times at once, and pushed by several workers: each gets an announcement once."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.utils import timezone

from apps.accounts.roles import Role
from apps.core.models import OutgoingMail
from apps.outreach import announcements, newsletter
from apps.outreach.models import Recipient, Subscription
from tests.factories import make_person, make_published, make_user
from tests.meetings.test_parallel_replies import _each, at_once
from tests.outreach.made import make_announcement, make_subscription


@at_once
@pytest.mark.django_db(transaction=True)
def test_r15_an_announcement_that_is_sent_and_pushed_eight_times_goes_once():
    Group.objects.get_or_create(name=Role.SECRETARIAT)  # gone with the flush of another test
    secretary = make_user(Role.SECRETARIAT)
    for number in range(10):
        make_person(email=f"reader{number}@example.org")
    announcement = make_announcement()

    def ask(one):
        try:
            announcements.ask(one, by=secretary)
        except ValidationError:
            return 0
        return 1

    assert sum(_each(ask, [announcement] * 8)) == 1
    assert sum(_each(lambda now: announcements.push(now), [timezone.now()] * 8)) == 10
    assert Recipient.objects.count() == OutgoingMail.objects.filter(kind="announcement").count() == 10


@at_once
@pytest.mark.django_db(transaction=True)
def test_r15_a_subscription_that_is_asked_for_fifty_times_is_one():
    _each(lambda email: newsletter.begin(email, "ar"), ["reader@example.org"] * 50)

    assert Subscription.objects.count() == 1


@at_once
@pytest.mark.django_db(transaction=True)
def test_r15_two_workers_write_one_newsletter():
    make_subscription()
    make_published(at=timezone.now())

    assert sum(_each(newsletter.send_due, [timezone.now() + timedelta(days=8)] * 8)) == 1
