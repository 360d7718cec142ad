import csv
import io
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.core import privacy
from apps.core.models import AuditEntry
from apps.meetings import actions
from apps.meetings.models import Action, ActionNote
from tests.factories import make_action, make_decision, make_group, make_item, make_meeting, make_member, make_person

STRANGER = AnonymousUser()


def new(meeting, **fields) -> Action:
    return Action(meeting=meeting, text_en="Write", text_ar="كتابة", **fields)


def test_actions_are_numbered_in_their_meeting_and_their_owner_is_told_once(
    held, owner, secretary, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        first = actions.save_action(new(held, owner=owner.person), by=secretary)
        second = actions.save_action(new(held), by=secretary)
        actions.save_action(first, by=secretary)

    assert [first.symbol, second.symbol] == ["RSAG/2026/7/A1", "RSAG/2026/7/A2"]
    assert [message.subject for message in mail.outbox] == ["An action for you: RSAG/2026/7/A1"]


def test_an_owner_who_may_not_see_the_meeting_gets_no_mail(held, secretary, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        actions.save_action(new(held, owner=make_member(make_group()).person), by=secretary)

    assert mail.outbox == []


def test_owner_and_secretariat_note_how_it_goes_on_and_nobody_else(held, owner, secretary):
    action = make_action(held, owner.person)

    actions.note_action(action, by=owner, words="Half done", state="under_way")
    actions.note_action(action, by=secretary, words="Done", state="done")
    for other in (make_member(held.group), make_member(make_group())):
        with pytest.raises(PermissionDenied):
            actions.note_action(action, by=other, words="x", state="done")

    action.refresh_from_db()
    assert (action.state, action.done_on, action.notes.count()) == ("done", timezone.localdate(), 2)


def test_the_same_note_twice_is_one(held, owner):
    action = make_action(held, owner.person)

    for _press in range(2):
        actions.note_action(action, by=owner, words="Half done", state="under_way")

    assert ActionNote.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"state": "open"}, "Write a note, or choose another state."),
        ({"state": "dropped"}, "Say why it is dropped."),
        (
            {"state": "done", "revision": 99},
            "Somebody noted something meanwhile. Read it, then send yours again.",
        ),
    ],
)
def test_a_note_that_cannot_be_kept_says_why(held, owner, fields, sentence):
    action = make_action(held, owner.person)

    with pytest.raises(ValidationError) as error:
        actions.note_action(action, by=owner, **fields)

    assert error.value.messages == [sentence]
    assert not ActionNote.objects.exists()


def test_an_action_that_is_open_again_is_not_done(held, secretary):
    action = make_action(held)

    actions.note_action(action, by=secretary, words="Done", state="done")
    actions.note_action(action, by=secretary, words="Not quite", state="under_way")

    assert Action.objects.get().done_on is None


def test_a_note_on_what_is_done_leaves_the_day_on_which_it_was_done(held, secretary):
    action = make_action(held, state="done", done_on=date(2026, 11, 3))

    actions.note_action(action, by=secretary, words="The report is on the shelf", state="done")

    assert Action.objects.get().done_on == date(2026, 11, 3)


def test_an_action_on_an_item_of_another_meeting_is_refused(held):
    action = make_action(held)
    action.item = make_item(make_meeting(held.group))

    with pytest.raises(ValidationError) as error:
        action.full_clean()

    assert error.value.message_dict == {"item": ["This item is on the agenda of another meeting."]}


def test_the_database_refuses_what_no_action_is(held):
    for fields in ({"state": "done"}, {"done_on": date(2026, 1, 1)}, {"text_ar": "", "text_en": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_action(held, **fields)


def test_what_is_unfinished_is_carried_over_once(held, secretary, log_in, owner):
    unfinished, done = make_action(held), make_action(held, state="done", done_on=date(2026, 11, 3))
    foreign = make_action(make_meeting(make_group(), day=date(2026, 1, 1)))
    following = make_meeting(held.group, day=date(2031, 1, 1), audience="members")

    assert actions.to_carry(following)
    assert actions.carry_over(following, by=secretary) == 1
    assert actions.carry_over(following, by=secretary) == 0

    page = log_in(owner).get(following.get_absolute_url())
    assert page.context["carried"] == [unfinished]
    assert not {done, foreign} & set(following.carried_actions.all())
    assert not actions.to_carry(following)


# Pages


@pytest.mark.parametrize(
    ("language", "button", "said"),
    [("en", "Keep the note", "Your note is kept."), ("ar", "حفظ الملاحظة", "حُفظت ملاحظتكم.")],
)
def test_the_owner_writes_on_the_actions_page(held, owner, log_in, language, button, said):
    action = make_action(held, owner.person)
    client = log_in(owner)
    address = f"/{language}/meetings/actions/{action.pk}/"

    page = client.get(address).content.decode()
    sent = {"words": "Under way", "state": "under_way", "revision": action.revision}
    answer = client.post(address, sent, follow=True)

    assert f">{button}<" in page
    assert said in answer.content.decode()
    assert Action.objects.get().state == "under_way"


def test_a_note_on_top_of_somebody_elses_is_shown_and_kept_in_the_form(held, owner, secretary, log_in):
    action = make_action(held, owner.person)
    client = log_in(owner)
    address = f"/en/meetings/actions/{action.pk}/"
    actions.note_action(action, by=secretary, words="Read this", state="under_way")

    refused = client.post(address, {"words": "Mine", "state": "done", "revision": action.revision})
    html = refused.content.decode()

    assert refused.status_code == 400
    assert "Mine" in html
    assert "Read this" in html
    again = {"words": "Mine", "state": "done", "revision": refused.context["form"]["revision"].value()}
    assert client.post(address, again).status_code == 302
    assert Action.objects.get().state == "done"


@pytest.mark.parametrize("revision", ["", "x", "99999999999999999999"])
def test_s30_a_form_without_its_revision_is_shown_again_with_a_sentence(held, owner, log_in, revision):
    action = make_action(held, owner.person)

    sent = {"words": "Mine", "state": "done", "revision": revision}
    answer = log_in(owner).post(f"/en/meetings/actions/{action.pk}/", sent)

    assert answer.status_code == 400
    assert "Somebody noted something meanwhile. Read it, then send yours again." in answer.content.decode()
    assert Action.objects.get().state == "open"


def test_s19_actions_stay_inside_and_their_notes_even_more(held, owner, client, log_in):
    inside = make_action(held, owner.person, text_en="Canary inside")
    public = make_action(make_meeting(held.group, day=date(2026, 1, 1)), owner.person, audience="public")
    actions.note_action(public, by=owner, words="Canary note", state="under_way")
    other = log_in(make_member(make_group()))

    for visitor in (client, other):
        missing = visitor.get("/en/meetings/actions/999999/")
        response = visitor.get(f"/en/meetings/actions/{inside.pk}/")
        assert (response.status_code, response.content) == (404, missing.content)
        assert "Canary" not in visitor.get(public.get_absolute_url()).content.decode()
        assert "Canary" not in visitor.get("/en/meetings/actions/").content.decode()
        note = {"words": "x", "state": "done", "revision": 1}
        assert visitor.post(public.get_absolute_url(), note).status_code == 403
    assert "Canary note" in log_in(owner).get(public.get_absolute_url()).content.decode()


def test_an_owner_without_consent_is_not_named_in_public(held, client, log_in):
    shy = make_person(is_public=False, name_en="Canary Name", name_ar="اسم الكناري")
    known = make_person(name_en="Known Name")
    meeting = make_meeting(held.group, day=date(2026, 1, 1))
    for person in (shy, known, None):
        make_action(meeting, person, audience="public")

    for address in ("/en/meetings/actions/", meeting.get_absolute_url()):
        html = client.get(address).content.decode()
        assert "Canary" not in html
        assert "Known Name" in html
        assert "A member" in html
    table = b"".join(client.get("/en/meetings/actions.csv").streaming_content).decode("utf-8-sig")
    assert [row[3] for row in csv.reader(io.StringIO(table))][1:] == ["The secretariat", "Known Name", "A member"]


def test_an_action_on_a_hidden_item_is_hidden_with_it(held, secretary):
    action = make_action(held, item=make_item(held, audience="secretariat"))

    assert action not in Action.objects.visible_to(make_member(held.group))
    assert action in Action.objects.visible_to(secretary)


# Registers


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"late", "soon", "done", "theirs"}),
        ("state=overdue", {"late"}),
        ("state=unfinished", {"late", "soon", "theirs"}),
        ("state=done", {"done"}),
        ("owner=secretariat", {"soon", "done", "late"}),
        ("owner=mine", {"theirs"}),
        ("year=2026", {"late", "soon", "done", "theirs"}),
        ("year=٢٠٢٦", {"late", "soon", "done", "theirs"}),
        ("words=soon", {"soon"}),
        ("words=nothing", set()),
    ],
)
def test_the_register_of_actions_is_filtered(held, owner, log_in, language, query, expected):
    make_action(held, text_en="late", due_on=date(2026, 1, 1))
    make_action(held, text_en="soon", due_on=date(2099, 1, 1))
    make_action(held, text_en="done", state="done", done_on=date(2026, 1, 1))
    make_action(held, owner.person, text_en="theirs")

    page = log_in(owner).get(f"/{language}/meetings/actions/?{query}")

    assert {action.text_en for action in page.context["records"].page} == expected


@pytest.mark.parametrize("register", ["actions", "decisions"])
@pytest.mark.parametrize("query", ["year=x", "state=nonsense", "page=-1", "year=99999", "group=1", "page=abc&all=1"])
def test_s30_nonsense_gets_a_sentence_and_no_error(held, client, register, query):
    for end in ("/", ".csv"):
        assert client.get(f"/ar/meetings/{register}{end}?{query}").status_code in (200, 400, 404)


def test_two_groups_are_told_apart(held, client):
    for group in (make_group(name_en="North"), make_group(name_en="South")):
        make_decision(make_meeting(group), text_en=group.name_en, audience="public")

    page = client.get("/en/meetings/decisions/")
    group = page.context["form"].fields["group"].queryset.get(name_en="South")
    chosen = client.get(f"/en/meetings/decisions/?group={group.pk}")

    assert [one.text_en for one in chosen.context["records"].page] == ["South"]


def test_the_table_has_both_languages_and_no_cell_that_acts(held, owner, log_in):
    make_decision(held, text_en="=HYPERLINK(1)", text_ar="القرار", method="hands", in_favour=5, against=0, abstaining=1)
    client = log_in(owner)

    table = b"".join(client.get("/en/meetings/decisions.csv").streaming_content).decode("utf-8-sig")

    row = list(csv.reader(io.StringIO(table)))[1]
    assert row[:3] == ["RSAG/2026/7/D1", "القرار", "'=HYPERLINK(1)"]
    assert row[6:9] == ["5", "0", "1"]
    assert AuditEntry.objects.filter(action="exported", actor=owner).count() == 1


@pytest.mark.parametrize("register", ["actions", "decisions"])
def test_registers_ask_the_same_for_one_and_many(held, owner, log_in, register, django_assert_max_num_queries):
    make = {"actions": make_action, "decisions": make_decision}[register]
    client = log_in(owner)
    counts = []
    for number in (1, 2, 30):
        for _one in range(number):
            make(held)
        with django_assert_max_num_queries(11) as asked:
            client.get(f"/en/meetings/{register}/")
        counts.append(len(asked))

    assert len(set(counts)) == 1


def test_everything_stands_on_one_page_for_paper(held, owner, log_in):
    for _number in range(30):
        make_action(held)

    page = log_in(owner).get("/en/meetings/actions/?all=1")

    assert len(page.context["records"].page) == 30


def test_s67_actions_are_exported_and_the_words_of_notes_erased(held, owner):
    action = make_action(held, owner.person)
    actions.note_action(action, by=owner, words="Canary", state="under_way")

    data = privacy.personal_data(owner)
    for erase in privacy.erasers:
        erase(owner, by=None)

    assert (data["actions"][0]["state"], data["action_notes"][0]["words"]) == ("under_way", "Canary")
    assert ActionNote.objects.get().words == "–"
    assert Action.objects.filter(pk=action.pk).exists()
