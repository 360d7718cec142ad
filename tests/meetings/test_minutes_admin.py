"""Minutes and comments in the back office: who writes, which steps there are, what is frozen, two editors at once."""

from datetime import date

import pytest

from apps.core.records import save_record
from apps.core.site import tasks_for
from apps.meetings.models import Minutes
from tests.core.test_conflicts import change_page, form_data
from tests.factories import make_item, make_meeting, make_minutes
from tests.meetings.record import (
    HELD_ON,
    LATER,
    OVER,
    first_entry,
    held_meeting,
    kept,
    make_comment,
    minutes_of,
    seated,
    send,
    step,
    told,
)
from tests.queries import count_queries


def entries_of(response):
    return response.context["inline_admin_formsets"][0].formset


def offered(client, minutes) -> list[str]:
    return [step.name for step in client.get(change_page(minutes)).context["next_steps"]]


# Beginning


def test_the_meetings_step_begins_the_minutes_and_leads_there(group, secretary, log_in):
    meeting = held_meeting(group)
    make_item(meeting)
    client = log_in(secretary)
    assert "minutes" in [step.name for step in client.get(change_page(meeting)).context["next_steps"]]

    answer = client.post(f"/en/admin/meetings/meeting/{meeting.pk}/step/minutes/")

    minutes = Minutes.objects.get()
    assert answer["Location"] == f"/en/admin/meetings/minutes/{minutes.pk}/change/"
    page = client.get(change_page(meeting))
    assert "minutes" not in [step.name for step in page.context["next_steps"]]
    assert f'href="/en/admin/meetings/minutes/{minutes.pk}/change/"' in page.content.decode()


@pytest.mark.parametrize(("status", "day"), [("published", LATER), ("cancelled", HELD_ON), ("draft", HELD_ON)])
def test_no_minutes_are_offered_before_the_meeting(group, secretary, log_in, status, day):
    meeting = make_meeting(group, status=status, day=day)

    steps = log_in(secretary).get(change_page(meeting)).context["next_steps"]

    assert "minutes" not in [step.name for step in steps]


def test_minutes_are_not_added_by_hand(secretary, log_in):
    assert log_in(secretary).get("/en/admin/meetings/minutes/add/").status_code == 403


# Writing


@pytest.mark.parametrize("person", ["secretary", "translator"])
def test_texts_are_written_in_both_languages_side_by_side(request, group, log_in, person):
    minutes, client = minutes_of(group), log_in(request.getfixturevalue(person))
    page = change_page(minutes)
    opened = client.get(page)
    html = opened.content.decode()

    answer = send(client, page, {**form_data(opened), "entries-0-text_ar": "<p>نص جديد</p>"})

    assert answer.status_code == 302
    entry = first_entry(minutes)
    assert (entry.text_ar, entry.text_en) == ("<p>نص جديد</p>", "<p>What was said.</p>")
    assert entry.updated_by == request.getfixturevalue(person)
    for name, language, direction in (("text_ar", "ar", "rtl"), ("text_en", "en", "ltr")):
        widget = entries_of(opened).forms[0][name].field.widget
        assert (widget.attrs["lang"], widget.attrs["dir"]) == (language, direction)
        assert f'for="id_entries-0-{name}"' in html


@pytest.mark.parametrize("person", ["editor", "auditor"])
def test_editors_and_auditors_read(request, group, log_in, person):
    minutes, client = minutes_of(group), log_in(request.getfixturevalue(person))

    page = client.get(change_page(minutes))

    assert "<p>What was said.</p>" in page.content.decode()
    assert 'name="entries-0-text_en"' not in page.content.decode()
    assert offered(client, minutes) == []
    assert client.post(change_page(minutes), {}).status_code == 403


@pytest.mark.parametrize("person", ["translator", "editor"])
def test_entries_for_the_secretariat_are_not_listed_for_others(request, group, log_in, secretary, person):
    minutes = minutes_of(group)
    entry = first_entry(minutes)
    entry.audience, entry.heading_en, entry.text_en = "secretariat", "Canary", "<p>Canary</p>"
    save_record(entry, by=None)

    assert "Canary" not in log_in(request.getfixturevalue(person)).get(change_page(minutes)).content.decode()
    assert "Canary" in log_in(secretary).get(change_page(minutes)).content.decode()


def test_two_editors_of_one_entry_see_both_versions(group, secretary, translator, log_in):
    minutes = minutes_of(group)
    first, second = log_in(secretary), log_in(translator)
    page = change_page(minutes)
    opened_by_first, opened_by_second = form_data(first.get(page)), form_data(second.get(page))
    send(first, page, {**opened_by_first, "entries-0-text_en": "<p>First text.</p>"})

    answer = send(second, page, {**opened_by_second, "entries-0-text_en": "<p>Second text.</p>"})

    conflict = entries_of(answer).forms[0].conflicts["text_en"]
    assert (conflict.theirs, conflict.mine) == ("First text.", "Second text.")
    assert first_entry(minutes).text_en == "<p>First text.</p>"
    chosen = send(second, page, {**form_data(answer), "keep-entries-0-text_en": "mine"})
    assert chosen.status_code == 302
    assert first_entry(minutes).text_en == "<p>Second text.</p>"


def test_a_translation_and_the_originals_change_do_not_undo_each_other(group, secretary, translator, log_in):
    minutes = minutes_of(group)
    first, second = log_in(secretary), log_in(translator)
    page = change_page(minutes)
    opened_by_first, opened_by_second = form_data(first.get(page)), form_data(second.get(page))
    send(first, page, {**opened_by_first, "entries-0-text_en": "<p>First text.</p>"})

    assert send(second, page, {**opened_by_second, "entries-1-text_ar": "<p>ترجمة</p>"}).status_code == 302

    assert [entry.text_en for entry in minutes.entries.all()] == ["<p>First text.</p>", "<p>What was said.</p>"]
    assert minutes.entries.last().text_ar == "<p>ترجمة</p>"


def test_an_entry_with_comments_is_not_deleted_and_another_is(group, secretary, log_in):
    minutes = minutes_of(group)
    first = first_entry(minutes)
    make_comment(first, seated(group))
    client, page = log_in(secretary), change_page(minutes)

    refused = send(client, page, {**form_data(client.get(page)), "entries-0-DELETE": "on"})

    assert "Members have commented on “Opening”: an entry with comments is not deleted." in refused.content.decode()
    assert send(client, page, {**form_data(client.get(page)), "entries-1-DELETE": "on"}).status_code == 302
    assert list(minutes.entries.all()) == [first]


# Steps


@pytest.mark.parametrize(
    ("state", "fields", "steps"),
    [
        ("draft", {}, ["circulate"]),
        ("circulated", {"comments_until": LATER}, ["prolong", "draft"]),
        ("circulated", {"comments_until": OVER}, ["adopt", "prolong", "draft"]),
        ("adopted", {}, ["publish-summary", "correct"]),
    ],
)
def test_each_state_offers_its_next_steps_to_the_secretariat(
    group, secretary, translator, log_in, state, fields, steps
):
    minutes = minutes_of(group, state=state, **fields)

    assert offered(log_in(secretary), minutes) == steps
    assert offered(log_in(translator), minutes) == []


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_day_typed_in_any_digits_circulates_the_minutes(group, secretary, log_in, language):
    minutes, member = minutes_of(group), seated(group)

    answer = step(log_in(secretary), minutes, "circulate", {"comments_until": "٢٠٣١-١٢-٠٩"}, language)

    assert answer.status_code == 302
    assert (kept(minutes).state, kept(minutes).comments_until) == ("circulated", LATER)
    assert told("minutes") == [member.email]


def test_before_circulating_the_page_names_what_lacks_a_language(group, secretary, log_in):
    minutes = minutes_of(group)
    entry = first_entry(minutes)
    entry.text_ar = ""
    save_record(entry, by=None)

    html = log_in(secretary).get(f"/en/admin/meetings/minutes/{minutes.pk}/step/circulate/").content.decode()

    assert "\u2068Opening\u2069 (Arabic)" in html
    assert "\u2068Budget\u2069" not in html


def test_new_items_are_taken_in_by_a_step_that_is_offered_when_there_are_some(group, secretary, log_in):
    minutes, client = minutes_of(group), log_in(secretary)
    make_item(minutes.meeting)
    assert "take-in" in offered(client, minutes)

    step(client, minutes, "take-in")

    assert minutes.entries.count() == 3
    assert "take-in" not in offered(client, minutes)


def test_the_page_says_why_the_minutes_cannot_be_adopted_yet(group, secretary, log_in):
    minutes = minutes_of(group, state="circulated", comments_until=OVER)
    comment = make_comment(first_entry(minutes), seated(group))
    client, sentence = (
        log_in(secretary),
        "1 comment waits for an answer. It is answered before the minutes are adopted.",
    )

    assert sentence in client.get(change_page(minutes)).content.decode()
    comment.state = "taken_up"
    save_record(comment, by=None)
    assert sentence not in client.get(change_page(minutes)).content.decode()
    assert step(client, minutes, "adopt", {"adopted_on": "2026-02-01"}).status_code == 302
    assert kept(minutes).adopted_on == date(2026, 2, 1)


def test_a_correction_is_written_in_both_languages_and_listed(group, secretary, log_in):
    minutes, client = minutes_of(group, state="adopted"), log_in(secretary)
    entry = first_entry(minutes)
    texts = {"text_ar": "تصويب", "text_en": "Read <ten>.\n\nNot nine."}

    assert step(client, minutes, "correct", {"dated_on": "2026-11-21", "entry": entry.pk}).status_code == 400
    answer = step(client, minutes, "correct", {"dated_on": "2026-11-21", "entry": entry.pk, **texts})

    assert answer.status_code == 302
    assert minutes.corrections.get().text_en == "<p>Read &lt;ten&gt;.</p>\n\n<p>Not nine.</p>"
    assert "<p>Read &lt;ten&gt;.</p>" in client.get(change_page(minutes)).content.decode()


def test_the_summary_is_published_and_withdrawn_by_steps(group, secretary, log_in):
    minutes, client = minutes_of(group, state="adopted"), log_in(secretary)

    refused = step(client, minutes, "publish-summary")
    assert refused.context["problems"] == ["Write the summary first, in Arabic, in English or in both."]
    page = change_page(minutes)
    send(client, page, {**form_data(client.get(page)), "summary_en": "<p>In short.</p>"})
    assert step(client, minutes, "publish-summary").status_code == 302
    assert offered(client, minutes) == ["correct", "withdraw-summary"]
    assert step(client, minutes, "withdraw-summary").status_code == 302
    assert kept(minutes).summary_published_at is None


@pytest.mark.parametrize("name", ["circulate", "draft", "adopt", "correct", "publish-summary"])
def test_nobody_but_the_secretariat_takes_a_step(group, translator, editor, auditor, log_in, name):
    minutes = minutes_of(group, state="circulated", comments_until=OVER)

    for user in (translator, editor, auditor):
        assert step(log_in(user), minutes, name, {"adopted_on": "2026-02-01"}).status_code == 403
    assert kept(minutes).revision == minutes.revision


# Frozen


def test_adopted_minutes_are_read_only_and_a_forged_form_changes_nothing(group, secretary, log_in):
    minutes, client = minutes_of(group), log_in(secretary)
    page = change_page(minutes)
    opened = form_data(client.get(page))
    minutes.state, minutes.comments_until, minutes.circulated_at = "adopted", OVER, minutes.created_at
    minutes.adopted_on = date(2026, 2, 1)
    save_record(minutes, by=None)

    frozen = client.get(page)
    html = frozen.content.decode()
    forged = {**opened, "entries-0-text_en": "<p>Too late a text.</p>", "entries-1-DELETE": "on"}
    answer = send(client, page, forged)

    assert "<p>What was said.</p>" in html
    assert 'name="entries-0-text_en"' not in html
    assert not frozen.context["inline_admin_formsets"][0].has_add_permission
    assert answer.status_code == 200
    assert "These minutes were adopted while you were writing." in answer.content.decode()
    assert "<li>Too late a text.</li>" in answer.content.decode()
    assert [entry.text_en for entry in minutes.entries.all()] == ["<p>What was said.</p>"] * 2


def test_the_summary_of_adopted_minutes_can_still_be_written(group, translator, log_in):
    minutes, client = minutes_of(group, state="adopted"), log_in(translator)
    page = change_page(minutes)

    assert send(client, page, {**form_data(client.get(page)), "summary_ar": "<p>باختصار</p>"}).status_code == 302

    assert kept(minutes).summary_ar == "<p>باختصار</p>"


@pytest.mark.parametrize(
    ("state", "commented", "status"), [("draft", False, 302), ("draft", True, 403), ("adopted", False, 403)]
)
def test_only_a_draft_without_comments_is_deleted(group, secretary, log_in, state, commented, status):
    minutes = minutes_of(group, state=state)
    if commented:
        make_comment(first_entry(minutes), seated(group))

    answer = log_in(secretary).post(f"/en/admin/meetings/minutes/{minutes.pk}/delete/", {"post": "yes"})

    assert answer.status_code == status
    assert Minutes.objects.exists() == (status == 403)


# The dashboard


def test_the_dashboard_asks_for_answers_and_then_for_the_adoption(group, secretary, translator, log_in):
    minutes = minutes_of(group, state="circulated", comments_until=OVER)
    comment = make_comment(first_entry(minutes), seated(group))
    waits = "1 comment on minutes waits for an answer."
    ready = "The minutes of 1 meeting can be adopted: the time for comments is over."

    def asked(user) -> set[str]:
        return {task.text for task in tasks_for(user)} & {waits, ready}

    assert (asked(secretary), asked(translator)) == ({waits}, set())
    comment.state = "taken_up"
    save_record(comment, by=None)
    assert asked(secretary) == {ready}
    client = log_in(secretary)
    for task in tasks_for(secretary):
        assert client.get(task.address).status_code == 200


# Queries


@pytest.mark.parametrize("model", ["minutes", "minutescomment"])
def test_the_lists_need_the_same_queries_for_one_and_three(group, secretary, log_in, model):
    client, address = log_in(secretary), f"/en/admin/meetings/{model}/"
    make_comment(first_entry(minutes_of(group, state="circulated")), seated(group))
    one = count_queries(client, address)
    for _number in range(2):
        make_comment(first_entry(minutes_of(group, state="circulated")), seated(group))

    assert count_queries(client, address) == one


@pytest.mark.parametrize("state", ["circulated", "adopted"])
def test_the_page_needs_the_same_queries_for_3_and_60_entries(group, secretary, log_in, state):
    few, many = held_meeting(group), held_meeting(group)
    member = seated(group)
    for meeting, count in ((few, 3), (many, 60)):
        for _number in range(count):
            make_item(meeting)
        for entry in make_minutes(meeting, state=state, comments_until=OVER).entries.all():
            make_comment(entry, member)
    client = log_in(secretary)
    client.get(change_page(few.minutes))  # the kinds of records are looked up once

    assert count_queries(client, change_page(many.minutes)) == count_queries(client, change_page(few.minutes))
