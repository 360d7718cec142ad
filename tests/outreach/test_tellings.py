"""What the parts of the portal tell accounts: each once, to those whom it concerns, in their language."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from apps.accounts.roles import Role
from apps.core import outbox
from apps.core.models import OutgoingMail
from apps.core.notices import kinds_of
from apps.core.records import save_record
from apps.news.services import approve_article, send_to_review
from apps.reviews import reminders as review_reminders
from apps.reviews.models import Phase, RecommendationUpdate, ReviewCycle
from apps.stakeholders import reminders, services
from tests.factories import (
    make_article,
    make_group,
    make_member,
    make_membership,
    make_person,
    make_published,
    make_user,
)
from tests.reviews.made import make_recommendation

pytestmark = pytest.mark.django_db


def told(kind: str) -> dict[str, str]:
    return dict(OutgoingMail.objects.filter(kind=kind).order_by("pk").values_list("to", "language"))


# News


def test_those_who_may_approve_are_asked_and_not_the_one_who_asks(editor, secretary, translator):
    writer, arabic = make_user(Role.EDITOR), make_user(Role.EDITOR, language="ar")
    article = make_article(title_en="A story")

    send_to_review(article, by=writer)

    assert told("review") == {secretary.email: "en", editor.email: "en", arabic.email: "ar"}
    mail = OutgoingMail.objects.get(to=editor.email)
    assert "Person" in mail.text
    assert f"/admin/news/article/{article.pk}/change/" in mail.text


def test_what_was_approved_meanwhile_waits_for_nobody(editor, secretary):
    article = make_article()
    send_to_review(article, by=editor)
    approve_article(article, by=secretary)

    assert outbox.send_waiting() == 0
    assert OutgoingMail.objects.get(kind="review").status == "dropped"


def test_translators_are_told_of_the_language_that_waits(translator, editor):
    make_published(languages=("ar",))

    mail = OutgoingMail.objects.get(kind="translation")
    assert (mail.to, mail.status) == (translator.email, "waiting")
    assert "– English" in mail.text


def test_where_both_languages_are_there_nobody_is_told(translator):
    make_published()

    assert told("translation") == {}


# Seats


@pytest.mark.parametrize(("days", "count"), [(61, 0), (60, 2), (0, 2), (-1, 0)])
def test_a_seat_that_ends_is_told_once_to_its_holder_and_the_secretariat(secretary, days, count):
    user = make_user(Role.MEMBER, language="ar")
    today = timezone.localdate()
    make_membership(make_group(), make_person(user=user), ends_on=today + timedelta(days=days))

    counts = [reminders.remind_of_seats(timezone.now()) for _time in range(2)]

    assert counts == [count, 0]
    assert told("seat_ending") == ({user.email: "ar", secretary.email: "en"} if count else {})


def test_a_seat_that_was_made_longer_meanwhile_ends_not(secretary):
    seat = make_membership(make_group(), ends_on=timezone.localdate() + timedelta(days=10))
    reminders.remind_of_seats(timezone.now())
    type(seat).objects.filter(pk=seat.pk).update(ends_on=timezone.localdate() + timedelta(days=900))

    assert outbox.send_waiting() == 0


@pytest.mark.parametrize(("position", "count"), [("member", 0), ("vice_chair", 0), ("observer", 1)])
def test_a_seat_that_is_followed_by_another_ends_not(secretary, position, count):
    last = timezone.localdate() + timedelta(days=10)
    seat = make_membership(make_group(), ends_on=last)
    told_before = make_membership(make_group(), ends_on=last)
    make_membership(seat.group, seat.person, position=position, starts_on=last + timedelta(days=1))
    assert reminders.remind_of_seats(timezone.now()) == count + 1
    make_membership(told_before.group, told_before.person, starts_on=last + timedelta(days=1))

    assert outbox.send_waiting() == count


def test_s20_of_a_protected_persons_seat_her_guardians_alone_are_told(secretary):
    make_user(Role.SECRETARIAT)
    seat = make_membership(make_group(), ends_on=timezone.localdate() + timedelta(days=10))
    services.protect(seat.person, by=secretary, guardians=[secretary], reason="Threats")

    assert reminders.remind_of_seats(timezone.now()) == 1
    assert told("seat_ending") == {secretary.email: "en"}
    assert outbox.send_waiting() == 1


def test_s20_who_is_protected_meanwhile_is_named_in_no_mail(secretary):
    make_user(Role.SECRETARIAT)
    seat = make_membership(make_group(), ends_on=timezone.localdate() + timedelta(days=10))
    assert reminders.remind_of_seats(timezone.now()) == 2
    services.protect(seat.person, by=secretary, guardians=[secretary], reason="Threats")

    assert outbox.send_waiting() == 1
    assert OutgoingMail.objects.get(status="dropped").to != secretary.email


# Reviews


def test_an_update_is_reminded_of_on_its_day_and_the_newest_counts(secretary):
    one = make_recommendation()
    today = timezone.localdate()
    first = {"recommendation": one, "source": "https://example.org/", "text_en": "Done", "text_ar": "تم"}
    save_record(RecommendationUpdate(happened_on=date(2026, 1, 1), next_due_on=today, **first), by=None)

    counts = [review_reminders.remind_of_updates(timezone.now()) for _time in range(2)]
    assert counts == [1, 0]
    assert told("update_due") == {secretary.email: "en"}

    OutgoingMail.objects.all().delete()
    save_record(RecommendationUpdate(happened_on=today, next_due_on=today + timedelta(days=90), **first), by=None)
    assert review_reminders.remind_of_updates(timezone.now()) == 0


@pytest.mark.parametrize(("days_ago", "count"), [(-1, 0), (0, 2), (6, 2), (7, 0)])
def test_a_phase_that_begins_is_told_once(secretary, member, editor, days_ago, count):
    Phase.objects.all().delete()
    cycle = ReviewCycle.objects.get(number=3)
    day = timezone.localdate() - timedelta(days=days_ago)
    save_record(Phase(cycle=cycle, kind=Phase.Kind.values[0], starts_on=day), by=None)

    counts = [review_reminders.tell_of_phases(timezone.now()) for _time in range(2)]

    assert counts == [count, 0]
    assert set(told("phase")) == ({secretary.email, member.email} if count else set())


# Who has which choice


@pytest.mark.parametrize(
    ("role", "has", "has_not"),
    [
        ("translator", {"translation", "announcement"}, {"review", "to_invite", "minutes"}),
        ("editor", {"review"}, {"translation", "to_invite"}),
        ("secretariat", {"review", "to_invite", "seat_ending", "update_due", "phase"}, {"translation"}),
    ],
)
def test_people_are_offered_the_notices_that_may_come_to_them(role, has, has_not):
    names = {kind.name for kind in kinds_of(make_user(Role(role)))}

    assert has <= names
    assert not has_not & names


def test_members_are_offered_what_comes_from_meetings():
    names = {kind.name for kind in kinds_of(make_member(make_group()))}

    assert {"invitation", "papers", "minutes", "action", "seat_ending", "phase", "announcement"} <= names
