from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from apps.accounts.roles import Role
from apps.core import privacy
from apps.meetings import agenda, proposals
from apps.meetings.models import AgendaItem, AgendaProposal
from tests.factories import make_group, make_item, make_meeting, make_member, make_membership, make_person, make_user
from tests.meetings.people import LATER


@pytest.fixture
def open_meeting(group):
    return make_meeting(group, day=LATER, audience="members", items_until=date(2031, 11, 30))


def propose(meeting, user, subject="Data bundles", **fields):
    return proposals.propose(meeting, by=user, **{"subject": subject, "language": "en", "minutes": 20, **fields})


def test_a_member_proposes_once_however_often_she_presses(group, open_meeting):
    member = make_member(group)

    assert propose(open_meeting, member) == propose(open_meeting, member)
    assert AgendaProposal.objects.get().created_by == member


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"items_until": None}, "No items are proposed for this meeting."),
        ({"status": "cancelled"}, "No items are proposed for this meeting."),
        ({"agenda_state": "adopted"}, "The agenda is adopted: no items are proposed any more."),
        (
            {"items_until": date(2026, 1, 1)},
            "The time for proposals is over. Write to the secretariat if something is missing.",
        ),
    ],
)
def test_what_comes_too_late_is_told_why(group, fields, sentence):
    meeting = make_meeting(group, **{"day": LATER, "items_until": date(2031, 11, 30), **fields})

    with pytest.raises(ValidationError) as error:
        propose(meeting, make_member(group))

    assert error.value.messages == [sentence]
    assert not AgendaProposal.objects.exists()


def test_observers_people_who_left_and_others_propose_nothing(group, open_meeting):
    observer, former = make_user(Role.OBSERVER), make_user(Role.MEMBER)
    make_membership(group, make_person(user=observer), position="observer")
    make_membership(group, make_person(user=former), ends_on=timezone.localdate() - timedelta(days=1))

    for user in (observer, former, make_member(make_group())):
        with pytest.raises(PermissionDenied):
            propose(open_meeting, user)


def test_nobody_floods_an_agenda(group, open_meeting):
    member = make_member(group)
    for number in range(10):
        propose(open_meeting, member, subject=f"Item {number}")

    with pytest.raises(ValidationError) as error:
        propose(open_meeting, member, subject="One more")

    assert error.value.messages == ["You have many proposals waiting. The secretariat answers them first."]


def test_what_is_taken_stands_at_the_end_in_its_language_and_its_author_knows(
    group, open_meeting, secretary, django_capture_on_commit_callbacks
):
    make_item(open_meeting, title_en="First", order=1)
    proposal = propose(open_meeting, make_member(group, language="en"))

    with django_capture_on_commit_callbacks(execute=True):
        proposals.take(proposal, by=secretary, audience="members")

    last = open_meeting.items.in_order().last()
    assert (last.title_en, last.title_ar, last.minutes, last.order, last.audience) == (
        "Data bundles",
        None,
        20,
        2,
        "members",
    )
    assert mail.outbox[0].subject == f"Your proposal is on the agenda: {open_meeting.title_en}"


@pytest.mark.parametrize(("language", "subject"), [("en", "An answer to your proposal: "), ("ar", "رد على اقتراحكم: ")])
def test_what_is_declined_has_a_reason_that_its_author_reads(
    group, open_meeting, secretary, language, subject, django_capture_on_commit_callbacks
):
    proposal = propose(open_meeting, make_member(group, language=language))

    with django_capture_on_commit_callbacks(execute=True):
        proposals.decline(proposal, by=secretary, reason="Next time.")

    assert mail.outbox[0].subject == subject + getattr(open_meeting, f"title_{language}")
    assert "Next time." in mail.outbox[0].body
    with pytest.raises(ValidationError):
        proposals.take(proposal, by=secretary)
    assert not AgendaItem.objects.exists()


def test_nothing_goes_onto_an_adopted_agenda(group, open_meeting, secretary):
    proposal = propose(open_meeting, make_member(group))
    make_item(open_meeting)
    agenda.adopt(open_meeting, by=secretary)

    with pytest.raises(ValidationError):
        proposals.take(proposal, by=secretary)


def test_s19_proposals_are_the_secretariats_and_ones_own(group, open_meeting, secretary, auditor, translator):
    member, other = make_member(group), make_member(group)
    proposal = propose(open_meeting, member)

    seers = [proposal in AgendaProposal.objects.visible_to(user) for user in (member, secretary, auditor)]
    others = [proposal in AgendaProposal.objects.visible_to(user) for user in (other, translator)]
    assert (seers, others) == ([True] * 3, [False] * 2)


@pytest.mark.parametrize(("language", "button"), [("en", "Propose"), ("ar", "اقتراح")])
def test_a_member_proposes_on_a_page_of_her_own(group, open_meeting, log_in, language, button):
    client = log_in(make_member(group))
    address = f"/{language}/meetings/{open_meeting.pk}/propose/"

    page = client.get(address).content.decode()
    wrong = client.post(address, {"subject": "", "minutes": "٥٠٠", "reason": "Kept"})
    client.post(address, {"subject": "Data", "minutes": "٢٠", "reason": ""})

    assert f">{button}<" in page
    assert set(wrong.context["form"].errors) == {"subject", "minutes"}
    assert "Kept" in wrong.content.decode()
    proposal = AgendaProposal.objects.get()
    assert (proposal.subject, proposal.minutes, proposal.language) == ("Data", 20, language)
    assert "Data" in client.get(address).content.decode()


def test_s19_the_page_does_not_exist_for_others(group, open_meeting, client, log_in, secretary):
    address = f"/en/meetings/{open_meeting.pk}/propose/"

    assert log_in(make_member(make_group())).get(address).status_code == 404
    assert log_in(secretary).get(address).status_code == 404
    assert client.get(address).status_code == 302


def test_the_secretariat_finds_and_answers_proposals(group, open_meeting, secretary, log_in):
    proposal = propose(open_meeting, make_member(group))
    client = log_in(secretary)

    board = client.get("/en/admin/").content.decode()
    client.post(f"/en/admin/meetings/agendaproposal/{proposal.pk}/step/take/", {"audience": "public"})

    assert "1 proposal for an agenda waits for an answer." in board
    proposal.refresh_from_db()
    assert (proposal.state, proposal.item.audience) == ("taken", "public")


def test_s67_proposals_are_exported_and_erased_with_the_person(group, open_meeting):
    member = make_member(group)
    propose(open_meeting, member, reason="Canary")

    assert privacy.personal_data(member)["proposals"][0]["reason"] == "Canary"
    for erase in privacy.erasers:
        erase(member, by=None)
    assert not AgendaProposal.objects.exists()
