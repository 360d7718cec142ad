"""Decisions and actions in the back office: adding, freezing, who may change what, and what the pages show."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from apps.core.models import OutgoingMail
from apps.core.site import tasks_for
from apps.meetings import actions, decisions
from apps.meetings.models import Action, Decision, Meeting
from tests.factories import (
    make_action,
    make_decision,
    make_group,
    make_item,
    make_meeting,
    make_member,
    make_person,
)
from tests.queries import count_queries

DECISION, ACTION = "/en/admin/meetings/decision/", "/en/admin/meetings/action/"


@pytest.fixture
def numbered(db):
    return make_meeting(make_group(acronym="RSAG"), day=date(2026, 11, 20), audience="members", number=7)


def form_of(record, **changes) -> dict:
    texts = {f"text_{code}": getattr(record, f"text_{code}") or "" for code in ("ar", "en")}
    sent = {"opened_revision": record.revision, "audience": record.audience, "meeting": record.meeting_id, **texts}
    if isinstance(record, Action):
        sent |= {"owner": record.owner_id or "", "due_on": record.due_on or ""}
    return {**sent, **changes}


def sentences(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


# Adding


def test_a_decision_is_added_from_its_meeting_and_taken_at_once(numbered, secretary, log_in):
    item, foreign = make_item(numbered), make_item(make_meeting())
    client = log_in(secretary)

    page = client.get(f"{DECISION}add/?meeting={numbered.pk}").content.decode()
    sent = {"meeting": numbered.pk, "item": item.pk, "text_en": "We agree", "audience": "members"}
    answer = client.post(f"{DECISION}add/?meeting={numbered.pk}", {**sent, "_step": "consensus"})

    assert f'<option value="{item.pk}">' in page
    assert f'<option value="{foreign.pk}">' not in page
    decision = Decision.objects.get()
    assert answer["Location"] == f"{DECISION}{decision.pk}/step/consensus/"
    assert (decision.item, decision.state) == (item, "draft")


@pytest.mark.parametrize("meeting", ["", "x", "99999999999999999999", "-1"])
def test_s30_a_meeting_that_is_none_gives_an_empty_form(numbered, secretary, log_in, meeting):
    for kind in (DECISION, ACTION):
        assert log_in(secretary).get(f"{kind}add/?meeting={meeting}").status_code == 200


def test_an_action_is_added_numbered_and_its_owner_told(numbered, secretary, log_in):
    owner = make_member(numbered.group)
    sent = {"meeting": numbered.pk, "text_ar": "إعداد ورقة", "audience": "members", "owner": owner.person.pk}

    answer = log_in(secretary).post(f"{ACTION}add/", {**sent, "due_on": "٢٠٢٦-١٢-٠١"}, follow=True)

    action = Action.objects.get()
    assert (action.symbol, action.due_on) == ("RSAG/2026/7/A1", date(2026, 12, 1))
    assert OutgoingMail.objects.get(kind="action").to == owner.email
    assert not [sentence for sentence in sentences(answer) if "no mails" in sentence]


@pytest.mark.parametrize("has_account", [True, False])
def test_the_secretary_learns_that_an_owner_gets_no_mails(numbered, secretary, log_in, has_account):
    person = make_member(make_group()).person if has_account else make_person()
    sent = {"meeting": numbered.pk, "text_en": "Write", "audience": "members", "owner": person.pk}

    answer = log_in(secretary).post(f"{ACTION}add/", sent, follow=True)

    expected = (
        f"{person.name_en} gets no mails about this action: without an account, or without a right to see the meeting."
    )
    assert expected in [sentence.replace("\u2068", "").replace("\u2069", "") for sentence in sentences(answer)]
    assert not OutgoingMail.objects.filter(kind="action").exists()


# What stands, stands


def test_a_decided_text_of_several_lines_may_still_be_translated(numbered, secretary, log_in):
    """Browsers send the ends of lines in another spelling than the one in which they are kept."""
    decision = make_decision(numbered, text_en="First line\nSecond line", text_ar=None)
    sent = form_of(decision, text_en="First line\r\nSecond line", text_ar="القرار")

    answer = log_in(secretary).post(f"{DECISION}{decision.pk}/change/", sent)

    assert answer.status_code == 302
    assert (Decision.objects.get().text_ar, Decision.objects.get().text_en) == ("القرار", "First line\nSecond line")


def test_no_service_rewrites_what_was_decided(numbered, secretary):
    decision = make_decision(numbered, text_ar=None)

    decision.text_ar = "القرار"
    decisions.save_decision(decision, by=secretary)
    decision.text_ar = "قرار آخر"
    with pytest.raises(decisions.ValidationError) as error:
        decisions.save_decision(decision, by=secretary)

    sentence = "This was decided in these words. Record another decision to change it."
    assert error.value.message_dict == {"text_ar": [sentence]}
    assert Decision.objects.get().text_ar == "القرار"


@pytest.mark.parametrize("user", ["editor", "auditor", "member"])
def test_s22_who_neither_keeps_nor_translates_saves_nothing(request, numbered, user):
    by = request.getfixturevalue(user)

    with pytest.raises(decisions.PermissionDenied):
        decisions.save_decision(make_decision(numbered, state="draft"), by=by)
    with pytest.raises(decisions.PermissionDenied):
        actions.save_action(make_action(numbered), by=by)


def test_s22_a_translator_writes_texts_and_decides_nothing_else(numbered, translator, log_in):
    decision, action = make_decision(numbered, text_ar=None), make_action(numbered, text_ar=None)
    owner = make_member(numbered.group).person
    client = log_in(translator)

    client.post(f"{DECISION}{decision.pk}/change/", form_of(decision, text_ar="قرار", audience="public"))
    sent = form_of(action, text_ar="إجراء", audience="public", owner=owner.pk, due_on="2026-12-01")
    client.post(f"{ACTION}{action.pk}/change/", sent)

    decision, action = Decision.objects.get(), Action.objects.get()
    assert [(one.text_ar, one.audience) for one in (decision, action)] == [("قرار", "members"), ("إجراء", "members")]
    assert (action.owner, action.due_on) == (None, None)
    with pytest.raises(decisions.PermissionDenied):
        actions.save_action(Action(meeting=numbered, text_en="New"), by=translator)


def test_who_may_see_a_running_silence_does_not_change(numbered, secretary, log_in):
    decision = make_decision(numbered, state="open")

    log_in(secretary).post(f"{DECISION}{decision.pk}/change/", form_of(decision, audience="secretariat"))

    assert Decision.objects.get().audience == "members"


def test_a_meeting_keeps_its_number_once_something_is_numbered_by_it(numbered, secretary, log_in):
    address = f"/en/admin/meetings/meeting/{numbered.pk}/change/"
    client = log_in(secretary)
    assert 'name="number"' in client.get(address).content.decode()

    make_action(numbered)

    assert 'name="number"' not in client.get(address).content.decode()
    assert 'name="group"' not in client.get(address).content.decode()


def test_somebody_elses_save_is_noticed(numbered, secretary, log_in):
    action = make_action(numbered)
    sent = form_of(action, text_en="Mine")
    Action.objects.get().save(by=None)
    Action.objects.update(text_en="Theirs")

    answer = log_in(secretary).post(f"{ACTION}{action.pk}/change/", sent)

    assert answer.context["adminform"].form.conflicts["text_en"].theirs == "Theirs"
    assert Action.objects.get().text_en == "Theirs"


@pytest.mark.parametrize(("kind", "make"), [(DECISION, make_decision), (ACTION, make_action)])
def test_what_has_a_number_is_not_deleted(numbered, secretary, log_in, kind, make):
    record = make(numbered)

    assert log_in(secretary).post(f"{kind}{record.pk}/delete/", {"post": "yes"}).status_code == 403
    assert type(record).objects.exists()


def test_a_step_on_top_of_somebody_elses_save_is_refused(numbered, secretary, log_in):
    decision = make_decision(numbered, state="draft")
    sent = {"decided_on": "2026-11-20", "opened_revision": decision.revision}
    Decision.objects.get().save(by=None)

    answer = log_in(secretary).post(f"{DECISION}{decision.pk}/step/consensus/", sent)

    assert answer.context["problems"] == ["Somebody saved this meanwhile. Look at the record again before you go on."]
    assert Decision.objects.get().state == "draft"


# What the pages show


@pytest.mark.parametrize(
    ("language", "deadline"),
    [("en", "9 December 2031, 18:00 (Cairo time)"), ("ar", "9 كانون الأول/ديسمبر 2031، الساعة 18:00 (بتوقيت القاهرة)")],
)
def test_the_deadline_of_a_silence_is_shown_with_its_zone(numbered, secretary, log_in, language, deadline):
    decision = make_decision(numbered, state="open", silence_until=datetime(2031, 12, 9, 16, tzinfo=UTC))

    html = log_in(secretary).get(f"/{language}/admin/meetings/decision/{decision.pk}/change/").content.decode()

    assert deadline in re.sub("<[^>]+>", "", html)


def test_the_form_for_a_deadline_names_the_secretarys_zone(numbered, secretary, log_in):
    decision = make_decision(numbered, state="draft")

    html = log_in(secretary).get(f"{DECISION}{decision.pk}/step/silence/").content.decode()

    assert "In your own time zone: Cairo." in html


def test_objections_and_notes_are_read_on_the_records_page(numbered, secretary, log_in):
    member = make_member(numbered.group)
    decision, action = make_decision(numbered, state="open"), make_action(numbered, member.person)
    decisions.object_to(decision, by=member, words="<b>I object</b>")
    actions.note_action(action, by=member, words="<b>Half done</b>", state="under_way")
    client = log_in(secretary)

    assert "&lt;b&gt;I object&lt;/b&gt;" in client.get(f"{DECISION}{decision.pk}/change/").content.decode()
    assert "&lt;b&gt;Half done&lt;/b&gt;" in client.get(f"{ACTION}{action.pk}/change/").content.decode()


@pytest.mark.parametrize("kind", [DECISION, ACTION])
def test_the_lists_need_the_same_queries_for_one_and_three(numbered, secretary, log_in, kind):
    client = log_in(secretary)
    make = {DECISION: lambda: make_decision(numbered), ACTION: lambda: make_action(numbered, make_person())}[kind]
    make()
    one = count_queries(client, kind)

    make(), make()

    assert count_queries(client, kind) == one
    assert client.get(f"{kind}?q=Decision&meeting__id__exact={numbered.pk}").status_code == 200


@pytest.mark.parametrize(("kind", "make"), [(DECISION, make_decision), (ACTION, make_action)])
def test_s25_a_translator_does_not_find_what_is_for_the_secretariat(numbered, translator, log_in, kind, make):
    hidden = make(numbered, audience="secretariat", text_en="Canary")
    make(numbered, text_en="Members' own")
    client = log_in(translator)

    html = client.get(kind).content.decode()

    assert "Canary" not in html
    assert "Members&#x27; own" in html
    assert client.get(f"{kind}{hidden.pk}/change/").status_code == 302


# The dashboard and the meeting's figures


def test_the_dashboard_names_what_is_overdue_and_what_is_over(numbered, secretary, editor):
    make_action(numbered, due_on=timezone.localdate() - timedelta(days=1))
    make_action(numbered, due_on=timezone.localdate())
    make_decision(numbered, state="open")
    over = make_decision(numbered, state="open")
    Decision.objects.filter(pk=over.pk).update(silence_until=timezone.now())

    texts = [task.text for task in tasks_for(secretary)]

    assert "1 action is overdue." in texts
    assert "1 silence procedure is over: close it." in texts
    assert not [task for task in tasks_for(editor) if "overdue" in task.text or "silence" in task.text]


def test_a_meetings_page_counts_its_decisions_and_actions(numbered, secretary, log_in):
    make_decision(numbered)
    make_decision(numbered, state="draft")
    make_decision(numbered, state="open")
    make_action(numbered, due_on=date(2026, 1, 1))
    make_action(numbered, state="done", done_on=date(2026, 1, 1))

    html = log_in(secretary).get(f"/en/admin/meetings/meeting/{numbered.pk}/change/").content.decode()

    for figure in ("3 decisions", "1 draft", "1 by silence, running", "1 open action", "1 is overdue"):
        assert figure in html, figure
    assert f"{DECISION}add/?meeting={numbered.pk}" in html
    assert f"{ACTION}add/?meeting={numbered.pk}" in html


def test_what_is_unfinished_is_carried_over_by_a_step(numbered, secretary, log_in):
    action = make_action(numbered)
    following = make_meeting(numbered.group, day=date(2031, 1, 1))
    address = f"/en/admin/meetings/meeting/{following.pk}/step/carry-over/"
    client = log_in(secretary)

    client.post(address, {"opened_revision": following.revision})

    assert list(Meeting.objects.get(pk=following.pk).carried_actions.all()) == [action]
    assert "carry-over" not in client.get(f"/en/admin/meetings/meeting/{following.pk}/change/").content.decode()
