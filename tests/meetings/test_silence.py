"""Silence procedures: that the group can read what it decides, who may break the silence, and on which day it ends."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from apps.core.dates import long_date
from apps.meetings import decisions
from apps.meetings.models import AgendaItem, Audience, Decision, Objection
from apps.stakeholders.models import Membership
from tests.factories import make_decision, make_group, make_item, make_meeting, make_member
from tests.queries import count_queries

OUT_OF_SIGHT = (
    "The group could not read this decision. Publish the meeting, and choose an audience and an item for its members."
)


@pytest.fixture
def numbered(db):
    return make_meeting(make_group(acronym="RSAG"), day=date(2026, 11, 20), audience="members", number=7)


def later() -> datetime:
    return timezone.now() + timedelta(days=1)


def over(decision: Decision, until: datetime) -> Decision:
    Decision.objects.filter(pk=decision.pk).update(silence_until=until)
    return Decision.objects.get(pk=decision.pk)


# Opening


def _secret(meeting):
    return {"audience": Audience.SECRETARIAT}


def _hidden_item(meeting):
    return {"item": make_item(meeting, audience=Audience.SECRETARIAT)}


def _part_of_a_hidden_item(meeting):
    return {"item": make_item(meeting, parent=make_item(meeting, audience=Audience.SECRETARIAT))}


@pytest.mark.parametrize("fields", [_secret, _hidden_item, _part_of_a_hidden_item])
def test_s19_the_group_is_not_told_of_what_it_may_not_read(
    numbered, secretary, fields, django_capture_on_commit_callbacks
):
    make_member(numbered.group)
    decision = make_decision(numbered, state="draft", text_en="Canary", **fields(numbered))

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(ValidationError) as error:
        decisions.open_silence(decision, by=secretary, until=later())

    assert error.value.messages == [OUT_OF_SIGHT]
    assert (Decision.objects.get().state, Decision.objects.get().number) == ("draft", None)
    assert mail.outbox == []


def test_nothing_is_decided_by_silence_for_a_meeting_in_preparation(secretary):
    decision = make_decision(make_meeting(status="draft"), state="draft")

    with pytest.raises(ValidationError) as error:
        decisions.open_silence(decision, by=secretary, until=later())

    assert error.value.messages == [OUT_OF_SIGHT]


def test_a_silence_is_opened_once_and_the_group_hears_of_it_once(
    numbered, secretary, django_capture_on_commit_callbacks
):
    make_member(numbered.group)
    decision = make_decision(numbered, state="draft")

    with django_capture_on_commit_callbacks(execute=True):
        decisions.open_silence(decision, by=secretary, until=later())
        with pytest.raises(ValidationError) as error:
            decisions.open_silence(decision, by=secretary, until=later())

    assert error.value.messages == ["This decision is not a draft any more."]
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("language", "zone", "deadline"),
    [
        ("en", "Africa/Cairo", "Objections are taken until 9 December 2031, 18:00 (Cairo time), here:"),
        ("en", "Africa/Nouakchott", "Objections are taken until 9 December 2031, 16:00 (Nouakchott time), here:"),
    ],
)
def test_the_mail_says_the_deadline_in_the_readers_own_zone(
    numbered, secretary, language, zone, deadline, django_capture_on_commit_callbacks
):
    make_member(numbered.group, language=language, time_zone=zone)
    until = datetime(2031, 12, 9, 16, tzinfo=UTC)

    with django_capture_on_commit_callbacks(execute=True):
        decisions.open_silence(make_decision(numbered, state="draft"), by=secretary, until=until)

    body = mail.outbox[0].body
    assert deadline in body.replace("\u2066", "").replace("\u2068", "").replace("\u2069", "")
    assert f"/en/meetings/decisions/{Decision.objects.get().pk}/" in body


# Objecting


@pytest.mark.parametrize("position", ["chair", "vice_chair", "member"])
def test_who_holds_a_seat_objects(numbered, position):
    decision = make_decision(numbered, state="open")
    user = make_member(numbered.group)
    Membership.objects.filter(person__user=user).update(position=position)

    assert decisions.object_to(decision, by=user, words="No").created_by == user


def test_who_left_yesterday_objects_no_more_and_what_she_objected_stands(numbered, secretary):
    decision = make_decision(numbered, state="open")
    user = make_member(numbered.group)
    decisions.object_to(decision, by=user, words="No")
    Membership.objects.filter(person__user=user).update(ends_on=timezone.localdate() - timedelta(days=1))

    with pytest.raises(PermissionDenied):
        decisions.object_to(decision, by=user, words="No again")
    assert decisions.close_silence(over(decision, timezone.now()), by=secretary).state == "not_taken"


def test_nobody_objects_to_what_she_may_not_read(numbered):
    item = make_item(numbered)
    decision = make_decision(numbered, state="open", item=item)
    AgendaItem.objects.update(audience=Audience.SECRETARIAT)

    with pytest.raises(PermissionDenied):
        decisions.object_to(decision, by=make_member(numbered.group), words="No")


def test_who_withdrew_may_object_again(numbered):
    decision, user = make_decision(numbered, state="open"), make_member(numbered.group)

    decisions.object_to(decision, by=user, words="No")
    decisions.withdraw_objection(decision, by=user)
    decisions.object_to(decision, by=user, words="No after all")

    rows = [(one.words, one.withdrawn_at is None) for one in Objection.objects.order_by("pk")]
    assert rows == [("No", False), ("No after all", True)]


def test_nobody_withdraws_somebody_elses_objection(numbered):
    decision, user = make_decision(numbered, state="open"), make_member(numbered.group)
    decisions.object_to(decision, by=user, words="No")

    decisions.withdraw_objection(decision, by=make_member(numbered.group))

    assert Objection.objects.get().withdrawn_at is None


def test_after_the_deadline_no_objection_is_withdrawn(numbered):
    decision, user = make_decision(numbered, state="open"), make_member(numbered.group)
    decisions.object_to(decision, by=user, words="No")

    with pytest.raises(ValidationError) as error:
        decisions.withdraw_objection(over(decision, timezone.now()), by=user)

    assert error.value.messages == ["The time for objections is over."]
    assert Objection.objects.get().withdrawn_at is None


@pytest.mark.parametrize(
    ("language", "sentence"), [("en", "The time for objections is over."), ("ar", "انتهت مهلة الاعتراض.")]
)
@pytest.mark.parametrize("pressed", [{"object": "1", "words": "Canary"}, {"withdraw": "1"}])
def test_the_page_says_that_the_time_is_over_and_changes_nothing(numbered, log_in, language, sentence, pressed):
    decision = over(make_decision(numbered, state="open"), timezone.now())

    answer = log_in(make_member(numbered.group)).post(f"/{language}/meetings/decisions/{decision.pk}/", pressed)

    assert answer.status_code == 409
    assert sentence in answer.content.decode()
    assert not Objection.objects.exists()


# The end


@pytest.mark.parametrize("closer", ["secretary", "the portal"])
def test_it_is_decided_on_the_deadlines_day_at_the_place_of_the_meeting_whoever_closes_it(
    numbered, secretary, closer, settings
):
    """23:30 of the twentieth in Cairo is the twenty-first in no zone that matters here, and earlier in others."""
    decision = over(make_decision(numbered, state="open"), datetime(2026, 11, 20, 22, 30, tzinfo=UTC))

    with timezone.override("Africa/Nouakchott"):
        closed = decisions.close_silence(decision, by=secretary if closer == "secretary" else None)

    assert closed.decided_on == date(2026, 11, 21)


def _withdrawn(meeting):
    type(meeting).objects.filter(pk=meeting.pk).update(status="draft")


def _narrowed(_meeting):
    Decision.objects.update(audience=Audience.SECRETARIAT)


@pytest.mark.parametrize("hide", [_withdrawn, _narrowed])
def test_nobody_agrees_by_silence_to_what_is_hidden_when_the_time_is_over(numbered, hide):
    over(make_decision(numbered, state="open"), timezone.now() - timedelta(minutes=1))
    hide(numbered)

    assert decisions.close_silences(timezone.now()) == 1
    assert Decision.objects.get().state == Decision.State.NOT_TAKEN


def test_what_runs_when_due_closes_what_is_over_and_nothing_else(numbered):
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    ended = over(make_decision(numbered, state="open"), now)
    running = make_decision(numbered, state="open")

    assert [decisions.close_silences(now), decisions.close_silences(now)] == [1, 0]
    states = [Decision.objects.get(pk=one.pk).state for one in (ended, running)]
    assert states == ["taken", "open"]


@pytest.mark.parametrize("user", ["translator", "editor", "auditor", "member"])
def test_s22_nobody_but_the_secretariat_opens_or_closes(request, numbered, user):
    by = request.getfixturevalue(user)

    with pytest.raises(PermissionDenied):
        decisions.open_silence(make_decision(numbered, state="draft"), by=by, until=later())
    with pytest.raises(PermissionDenied):
        decisions.close_silence(over(make_decision(numbered, state="open"), timezone.now()), by=by)


# On the meeting's page


@pytest.mark.parametrize(("language", "link"), [("en", "Read it, or object"), ("ar", "قراءة القرار أو الاعتراض عليه")])
def test_what_is_being_decided_stands_first_with_the_way_to_object(numbered, log_in, language, link):
    make_decision(numbered, text_en="Taken", text_ar="متخذ")
    running = make_decision(numbered, state="open", text_en="Running", text_ar="جارٍ")
    observer = make_member(numbered.group)
    Membership.objects.filter(person__user=observer).update(position="observer")
    address = f"/{language}/meetings/{numbered.pk}-{numbered.slug}/"

    page = log_in(make_member(numbered.group)).get(address, follow=True)
    beside = log_in(observer).get(address, follow=True)

    assert page.context["decisions"][0] == running
    button = f'href="/{language}/meetings/decisions/{running.pk}/#objecting">{link}</a>'
    assert button in page.content.decode()
    assert button not in beside.content.decode()
    assert f'href="/{language}/meetings/decisions/{running.pk}/"' in beside.content.decode()


def test_the_meetings_page_asks_the_same_for_one_silence_and_three(numbered, log_in):
    client = log_in(make_member(numbered.group))
    make_decision(numbered, state="open")
    one = count_queries(client, numbered.get_absolute_url())

    for _more in range(2):
        make_decision(numbered, state="open")

    assert count_queries(client, numbered.get_absolute_url()) == one


def test_the_back_office_says_which_objections_are_withdrawn(numbered, secretary, log_in):
    decision = make_decision(numbered, state="open")
    standing, withdrawn = make_member(numbered.group), make_member(numbered.group)
    for user in (standing, withdrawn):
        decisions.object_to(decision, by=user, words="No.")
    decisions.withdraw_objection(decision, by=withdrawn)

    html = log_in(secretary).get(f"/en/admin/meetings/decision/{decision.pk}/change/").content.decode()

    lines = [re.sub("<[^>]+>", "", line) for line in re.findall(r"<p><bdi>.*?</p>", html)]
    today = long_date(timezone.localdate())
    assert lines == [
        f"{standing.get_full_name()}, {today}:No.",
        f"{withdrawn.get_full_name()}, {today} (withdrawn):No.",
    ]
