from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.roles import Role
from apps.core import privacy
from apps.meetings import decisions
from apps.meetings.models import Decision, Meeting, Objection
from tests.factories import (
    make_decision,
    make_group,
    make_item,
    make_meeting,
    make_member,
    make_membership,
    make_person,
    make_user,
)

STRANGER = AnonymousUser()
TODAY = date(2026, 11, 20)


def tomorrow() -> datetime:
    return timezone.now() + timedelta(days=1)


@pytest.fixture
def numbered(db):
    """A group with an acronym, and its seventh meeting."""
    group = make_group(acronym="RSAG")
    return make_meeting(group, day=date(2026, 11, 20), audience="members", number=7)


def draft(meeting, **fields) -> Decision:
    return make_decision(meeting, state="draft", **fields)


def past(decision: Decision) -> Decision:
    """As if its deadline had gone by."""
    Decision.objects.filter(pk=decision.pk).update(silence_until=datetime(2026, 11, 21, 9, tzinfo=UTC))
    return Decision.objects.get(pk=decision.pk)


def test_a_decision_gets_its_number_when_it_is_taken_and_keeps_it(numbered, secretary):
    first, second = draft(numbered), draft(numbered)

    decisions.take_by_consensus(second, by=secretary, decided_on=TODAY)
    decisions.take_by_consensus(first, by=secretary, decided_on=TODAY)

    symbols = [Decision.objects.get(pk=one.pk).symbol for one in (first, second)]
    assert symbols == ["RSAG/2026/7/D2", "RSAG/2026/7/D1"]


def test_a_meeting_without_a_number_gets_the_next_of_its_group(numbered, secretary):
    other = make_meeting(numbered.group, day=date(2026, 11, 21))
    foreign = make_meeting(make_group(), number=40)

    taken = decisions.take_by_consensus(draft(other), by=secretary, decided_on=TODAY)

    assert (taken.symbol, foreign.number) == ("RSAG/2026/8/D1", 40)


@pytest.mark.parametrize(
    ("counts", "state"), [((5, 2, 1), "taken"), ((2, 5, 1), "not_taken"), ((3, 3, 0), "not_taken")]
)
def test_hands_are_counted(numbered, secretary, counts, state):
    names = ("in_favour", "against", "abstaining")

    counted = decisions.count_hands(
        draft(numbered), by=secretary, decided_on=TODAY, **dict(zip(names, counts, strict=True))
    )

    assert (counted.state, counted.method, *(getattr(counted, name) for name in names)) == (state, "hands", *counts)


def test_what_is_decided_is_not_decided_again(numbered, secretary):
    decision = draft(numbered)
    decisions.take_by_consensus(decision, by=secretary, decided_on=TODAY)

    with pytest.raises(ValidationError) as error:
        decisions.open_silence(decision, by=secretary, until=tomorrow())

    assert error.value.messages == ["This decision is not a draft any more."]


def test_nothing_is_decided_tomorrow(numbered, secretary):
    with pytest.raises(ValidationError) as error:
        decisions.take_by_consensus(draft(numbered), by=secretary, decided_on=date(2099, 1, 1))

    assert error.value.messages == ["A decision is recorded on the day it is taken, or later."]
    assert Decision.objects.get().number is None


def test_s22_only_the_secretariat_records_decisions(numbered, translator):
    with pytest.raises(PermissionDenied):
        decisions.take_by_consensus(draft(numbered), by=translator, decided_on=TODAY)


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "taken", "number": None},
        {"state": "taken", "decided_on": None},
        {"state": "open", "silence_until": None},
        {"state": "taken", "in_favour": 3},
        {"state": "taken", "method": "hands"},
        {"text_ar": "", "text_en": None},
    ],
)
def test_the_database_refuses_half_a_decision(numbered, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_decision(numbered, **fields)


def test_an_item_of_another_meeting_is_refused(numbered):
    decision = draft(numbered)
    decision.item = make_item(make_meeting(numbered.group))

    with pytest.raises(ValidationError) as error:
        decision.full_clean()

    assert error.value.message_dict == {"item": ["This item is on the agenda of another meeting."]}


# By silence


def test_the_group_is_told_of_a_silence_once_and_in_its_languages(
    numbered, secretary, django_capture_on_commit_callbacks
):
    make_member(numbered.group, language="ar")
    make_member(numbered.group, language="en")
    make_member(make_group())

    with django_capture_on_commit_callbacks(execute=True):
        decisions.open_silence(draft(numbered), by=secretary, until=tomorrow())

    subjects = sorted(message.subject for message in mail.outbox)
    assert subjects == ["To be decided by silence: RSAG/2026/7/D1", "قرار بإجراء الصمت: RSAG/2026/7/D1"]


def test_a_deadline_that_is_over_opens_nothing(numbered, secretary):
    with pytest.raises(ValidationError) as error:
        decisions.open_silence(draft(numbered), by=secretary, until=timezone.now())

    assert error.value.messages == ["The deadline has to be in the future."]


def test_silence_decides_at_the_deadline_and_once(numbered, secretary):
    decision = decisions.open_silence(draft(numbered), by=secretary, until=tomorrow())
    with pytest.raises(ValidationError) as error:
        decisions.close_silence(decision, by=secretary)
    assert error.value.messages == ["The silence procedure is still running."]

    past(decision)
    assert decisions.close_silences(timezone.now()) == 1
    assert decisions.close_silences(timezone.now()) == 0

    closed = Decision.objects.get(pk=decision.pk)
    assert (closed.state, closed.decided_on) == ("taken", date(2026, 11, 21))


def test_one_standing_objection_breaks_the_silence(numbered, secretary):
    member = make_member(numbered.group)
    decision = decisions.open_silence(draft(numbered), by=secretary, until=tomorrow())
    decisions.object_to(decision, by=member, words="No")

    assert decisions.close_silence(past(decision), by=secretary).state == "not_taken"


def test_an_objection_is_recorded_once_and_may_be_withdrawn(numbered, secretary):
    member = make_member(numbered.group)
    decision = decisions.open_silence(draft(numbered), by=secretary, until=tomorrow())

    first = decisions.object_to(decision, by=member, words="No")
    assert decisions.object_to(decision, by=member, words="No") == first
    decisions.withdraw_objection(decision, by=member)

    assert Objection.objects.get().withdrawn_at is not None
    assert decisions.close_silence(past(decision), by=secretary).state == "taken"


def test_who_holds_no_seat_today_does_not_object(numbered, secretary):
    decision = decisions.open_silence(draft(numbered), by=secretary, until=tomorrow())
    users = [secretary, make_member(make_group())]
    for position in ("observer", "alternate"):
        users.append(make_user(Role.MEMBER))
        make_membership(numbered.group, make_person(user=users[-1]), position=position)

    for user in users:
        with pytest.raises(PermissionDenied):
            decisions.object_to(decision, by=user, words="No")
    assert not Objection.objects.exists()


def test_after_the_deadline_nobody_objects(numbered, secretary):
    member = make_member(numbered.group)
    decision = past(decisions.open_silence(draft(numbered), by=secretary, until=tomorrow()))

    with pytest.raises(ValidationError) as error:
        decisions.object_to(decision, by=member, words="No")

    assert error.value.messages == ["The time for objections is over."]


@pytest.mark.parametrize(
    ("language", "button", "said"),
    [
        ("en", "Object", "Your objection is recorded."),
        ("ar", "تسجيل الاعتراض", "سُجّل اعتراضكم."),
    ],
)
def test_a_member_objects_and_withdraws_on_the_decisions_page(numbered, log_in, language, button, said):
    client = log_in(make_member(numbered.group))
    decision = make_decision(numbered, state="open")
    address = f"/{language}/meetings/decisions/{decision.pk}/"

    page = client.get(address).content.decode()
    empty = client.post(address, {"object": "1", "words": " "})
    answer = client.post(address, {"object": "1", "words": "Canary"}, follow=True)

    assert f">{button}<" in page
    assert (empty.status_code, list(empty.context["form"].errors)) == (400, ["words"])
    assert said in answer.content.decode()
    assert "Canary" in answer.content.decode()
    client.post(address, {"withdraw": "1"})
    assert Objection.objects.get().withdrawn_at is not None


# Who sees what


@pytest.mark.parametrize(
    ("state", "audience", "expected"),
    [
        ("draft", "public", "editor translator secretariat"),
        ("open", "public", "member editor translator secretariat"),
        ("taken", "public", "stranger member other editor translator secretariat"),
        ("not_taken", "members", "member editor translator secretariat"),
        ("taken", "secretariat", "secretariat"),
    ],
)
def test_who_sees_which_decision(db, state, audience, expected):
    group = make_group()
    decision = make_decision(make_meeting(group), state=state, audience=audience)
    users = {"stranger": STRANGER, "member": make_member(group), "other": make_member(make_group())}
    users |= {role: make_user(Role(role)) for role in ("editor", "translator", "secretariat")}

    seers = {name for name, user in users.items() if decision in Decision.objects.visible_to(user)}

    assert seers == set(expected.split())


def test_a_decision_on_a_hidden_item_is_hidden_with_it(db, secretary):
    group = make_group()
    meeting = make_meeting(group)
    decision = make_decision(meeting, item=make_item(meeting, audience="secretariat"), audience="public")

    assert decision not in Decision.objects.visible_to(make_member(group))
    assert decision in Decision.objects.visible_to(secretary)


def test_s19_a_hidden_decision_answers_like_one_that_is_not_there(db, client, log_in):
    group = make_group()
    hidden = make_decision(make_meeting(group), audience="members", text_en="Canary", text_ar="كناري")
    reference = client.get("/en/meetings/decisions/999999/").content

    for visitor in (client, log_in(make_member(make_group()))):
        nothing = visitor.get("/en/meetings/decisions/999999/").content
        response = visitor.get(f"/en/meetings/decisions/{hidden.pk}/")
        assert (response.status_code, response.content) == (404, nothing)
        for page in ("/en/meetings/decisions/", "/en/meetings/decisions.csv", hidden.meeting.get_absolute_url()):
            found = visitor.get(page)
            assert b"Canary" not in (b"".join(found.streaming_content) if found.streaming else found.content)
    assert b"Canary" not in reference


def test_objections_stay_inside_the_group(db, client, log_in, secretary):
    group = make_group()
    decision = make_decision(make_meeting(group), state="not_taken", audience="public")
    member = make_member(group)
    Objection.objects.create(decision=decision, words="Canary", created_by=member)
    address = decision.get_absolute_url()

    assert "Canary" in log_in(member).get(address).content.decode()
    assert "Canary" not in client.get(address).content.decode()
    assert "Canary" not in log_in(make_member(make_group())).get(address).content.decode()


# The back office


def test_the_secretary_records_each_way_in_the_back_office(numbered, secretary, log_in):
    client = log_in(secretary)
    consensus, hands, silence = draft(numbered), draft(numbered), draft(numbered)
    step = "/ar/admin/meetings/decision/{}/step/{}/"

    client.post(step.format(consensus.pk, "consensus"), {"decided_on": "2026-11-20"})
    hands_sent = {"decided_on": "٢٠٢٦-١١-٢٠", "in_favour": "٥", "against": "1", "abstaining": "0"}
    client.post(step.format(hands.pk, "hands"), hands_sent)
    client.post(step.format(silence.pk, "silence"), {"until_0": "2031-12-01", "until_1": "18:00"})

    states = [Decision.objects.get(pk=one.pk).state for one in (consensus, hands, silence)]
    assert states == ["taken", "taken", "open"]
    assert Decision.objects.get(pk=silence.pk).silence_until == datetime(2031, 12, 1, 16, tzinfo=UTC)


def test_what_was_decided_is_not_rewritten_but_may_be_translated(numbered, secretary, log_in):
    decision = make_decision(numbered, text_ar=None)
    client = log_in(secretary)
    address = f"/en/admin/meetings/decision/{decision.pk}/change/"
    sent = {"opened_revision": decision.revision, "audience": "members", "method": "consensus"}

    refused = client.post(address, {**sent, "text_en": "Another text", "text_ar": ""})
    assert refused.context["adminform"].form.errors == {
        "text_en": ["This was decided in these words. Record another decision to change it."]
    }

    client.post(address, {**sent, "text_en": decision.text_en, "text_ar": "القرار"})
    assert Decision.objects.get().text_ar == "القرار"


def test_s67_objections_are_exported_and_their_words_erased(numbered):
    member = make_member(numbered.group)
    decision = make_decision(numbered, state="open")
    decisions.object_to(decision, by=member, words="Canary")

    assert privacy.personal_data(member)["objections"][0]["words"] == "Canary"
    for erase in privacy.erasers:
        erase(member, by=None)
    assert (Objection.objects.get().words, Objection.objects.get().created_by) == ("–", None)


def test_the_page_of_a_meeting_has_its_decisions_in_order(numbered, log_in):
    make_decision(numbered, text_en="First")
    make_decision(numbered, text_en="Second")
    client = log_in(make_member(numbered.group))

    page = client.get(numbered.get_absolute_url())

    assert [one.text_en for one in page.context["decisions"]] == ["First", "Second"]
    assert '<bdi dir="ltr"><b>RSAG/2026/7/D1</b></bdi>' in page.content.decode()


def test_no_two_meetings_of_a_group_have_the_same_number(numbered):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_meeting(numbered.group, number=7)
    assert Meeting.objects.filter(number=7).count() == 1
