"""The page of the minutes and the record on the meeting's page: who reads what, in which language; comments there."""

from datetime import date

import pytest

from apps.core.records import save_record
from apps.meetings import minutes as record
from apps.meetings.models import MinutesComment, MinutesCorrection
from tests.factories import make_group, make_item, make_meeting, make_minutes
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
)
from tests.queries import count_queries


def page_of(minutes, language="en") -> str:
    return f"/{language}/meetings/{minutes.meeting_id}/minutes/"


def html_of(client, minutes, language="en") -> str:
    answer = client.get(page_of(minutes, language))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def minutes(group):
    return minutes_of(group, state="circulated", comments_until=LATER)


# Who reads


@pytest.mark.parametrize(
    ("state", "readers"),
    [
        ("draft", {"secretary", "translator", "editor", "auditor"}),
        ("circulated", {"secretary", "translator", "editor", "auditor", "seated", "observer", "alternate"}),
        ("adopted", {"secretary", "translator", "editor", "auditor", "seated", "observer", "alternate"}),
    ],
)
def test_every_role_reads_what_is_hers_in_each_state(request, group, log_in, client, state, readers):
    minutes = minutes_of(group, state=state)
    staff = {name: request.getfixturevalue(name) for name in ("secretary", "translator", "editor", "auditor")}
    people = {
        **staff,
        "seated": seated(group),
        "observer": seated(group, "observer"),
        "alternate": seated(group, "alternate"),
        "former": seated(group, ends_on=date(2026, 1, 31)),
        "other": seated(make_group()),
        "account": request.getfixturevalue("member"),
    }

    for name, user in people.items():
        answer = log_in(user).get(page_of(minutes))
        assert answer.status_code == (200 if name in readers else 404), name
        assert ("What was said." in answer.content.decode()) == (name in readers), name
    assert client.get(page_of(minutes))["Location"] == f"/en/accounts/login/?next={page_of(minutes)}"


def test_a_hidden_page_answers_as_one_that_is_not_there(group, log_in):
    minutes, other = minutes_of(group), log_in(seated(group))
    without = held_meeting(group)

    hidden, missing = (other.get(f"/en/meetings/{pk}/minutes/") for pk in (minutes.meeting_id, without.pk))

    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert hidden.content == missing.content


@pytest.mark.parametrize("state", ["circulated", "adopted"])
def test_a_hidden_entry_leaves_no_trace_for_members(group, log_in, secretary, translator, state):
    meeting = held_meeting(group)
    make_item(meeting, title_en="Opening")
    make_item(meeting, title_en="Canary by its own audience")
    make_item(meeting, title_en="Canary by its item", audience="secretariat")
    make_item(meeting, title_en="Closing")
    minutes = make_minutes(meeting)
    by_audience, by_item = minutes.entries.all()[1:3]
    by_audience.audience, by_audience.text_en = "secretariat", "<p>Canary text.</p>"
    save_record(by_audience, by=None)
    for entry in (by_audience, by_item):
        make_comment(entry, secretary, "Canary comment.")
    minutes.state, minutes.comments_until, minutes.circulated_at = state, LATER, meeting.ends_at
    minutes.adopted_on = date(2026, 11, 20)
    save_record(minutes, by=None)
    for entry in (by_audience, by_item):
        texts = {"text_ar": "<p>تصويب</p>", "text_en": "<p>Canary correction.</p>"}
        save_record(MinutesCorrection(minutes=minutes, entry=entry, dated_on=date(2026, 11, 21), **texts), by=None)

    for user in (seated(group), translator):
        html = html_of(log_in(user), minutes)
        assert "Canary text" not in html
        assert "Canary by its own audience" not in html
    html = html_of(log_in(seated(group)), minutes)
    assert "Canary" not in html
    assert '<bdi dir="ltr">2</bdi>. Closing' in html
    seen = html_of(log_in(secretary), minutes)
    assert all(text in seen for text in ("Canary text", "Canary comment", "Canary correction", "Canary by its item"))
    assert '<bdi dir="ltr">2</bdi>. Closing' in seen


# What they read


@pytest.mark.parametrize(
    ("language", "own", "foreign", "comments_until"),
    [
        ("en", "What was said.", "نص البند.", "You can comment until"),
        ("ar", "نص البند.", "What was said.", "يمكنكم التعليق حتى"),
    ],
)
def test_each_language_has_its_own_text_and_says_first_what_is_to_do(
    group, log_in, minutes, language, own, foreign, comments_until
):
    html = html_of(log_in(seated(group)), minutes, language)

    assert own in html
    assert foreign not in html
    assert comments_until in html
    assert '<meta name="robots" content="noindex">' in html


@pytest.mark.parametrize(
    ("language", "notice", "leads_to"),
    [("en", "The text is available in Arabic only.", "/ar/"), ("ar", "النص متاح باللغة الإنجليزية فقط.", "/en/")],
)
def test_a_missing_language_is_said_and_never_mixed(group, log_in, minutes, language, notice, leads_to):
    entry = first_entry(minutes)
    setattr(entry, f"text_{language}", "")
    save_record(entry, by=None)

    html = html_of(log_in(seated(group)), minutes, language)

    assert notice in html
    assert f'href="{leads_to}meetings/{minutes.meeting_id}/minutes/#entry-{entry.pk}"' in html
    other = {"en": "نص البند.", "ar": "What was said."}[language]
    assert other not in html


@pytest.mark.parametrize(
    ("state", "fields", "said"),
    [
        ("draft", {}, "Only the back office sees this. The minutes are being written."),
        ("circulated", {}, "Members comment until"),
        ("circulated", {"comments_until": OVER}, "The group has not adopted these minutes yet."),
        ("adopted", {}, 'Adopted on <time datetime="2026-11-20">20 November 2026</time>'),
    ],
)
def test_the_page_says_where_the_minutes_stand(group, log_in, auditor, state, fields, said):
    minutes = minutes_of(group, state=state, **fields)

    html = html_of(log_in(auditor), minutes)

    assert said in html
    assert "You can comment until" not in html
    assert "Send the comment" not in html


def test_corrections_stand_dated_at_the_end_and_are_named_at_their_entry(group, log_in, secretary):
    minutes = minutes_of(group, state="adopted")
    entry = first_entry(minutes)
    texts = {"text_ar": "<p>تصويب</p>", "text_en": "<p>Read “ten”.</p>"}
    correction = record.correct_minutes(minutes, by=secretary, dated_on=date(2026, 11, 21), entry=entry, **texts)
    record.correct_minutes(minutes, by=secretary, dated_on=date(2026, 11, 22), entry=None, **texts)

    html = html_of(log_in(seated(group)), minutes)

    assert html.count(f'href="#correction-{correction.pk}"') == 1
    assert html.index('id="corrections"') < html.index('<time datetime="2026-11-21">', html.index('id="corrections"'))
    assert html.count("Read “ten”.") == 2
    assert "What was said." in html


def test_minutes_without_entries_and_entries_without_text_say_so(group, log_in, secretary):
    empty, minutes = make_minutes(held_meeting(group)), minutes_of(group)
    entry = first_entry(minutes)
    entry.text_ar = entry.text_en = ""
    save_record(entry, by=None)

    assert "The entries will stand here when they are written." in html_of(log_in(secretary), empty)
    assert "Nothing is written here yet." in html_of(log_in(secretary), minutes)


def test_the_page_needs_the_same_queries_for_3_and_60_entries(group, log_in):
    few, many = held_meeting(group), held_meeting(group)
    member = seated(group)
    for meeting, count in ((few, 3), (many, 60)):
        for _number in range(count):
            make_item(meeting)
        for entry in make_minutes(meeting, state="circulated").entries.all():
            make_comment(entry, member)
    client = log_in(member)

    assert count_queries(client, f"/en/meetings/{many.pk}/minutes/") == count_queries(
        client, f"/en/meetings/{few.pk}/minutes/"
    )


# Comments on the page


@pytest.mark.parametrize(("language", "kept_sentence"), [("en", "Your comment is kept."), ("ar", "حُفظ تعليقكم.")])
def test_a_member_comments_on_an_entry_and_everybody_in_the_group_reads_it(
    group, log_in, minutes, language, kept_sentence
):
    member, entry = seated(group), first_entry(minutes)
    client = log_in(member)

    answer = client.post(page_of(minutes, language), {"entry": entry.pk, "text": "<b>Ten</b>, not nine."})

    assert answer["Location"] == f"{page_of(minutes, language)}#entry-{entry.pk}"
    assert kept_sentence in client.get(page_of(minutes, language)).content.decode()
    html = html_of(log_in(seated(group)), minutes, language)
    assert "&lt;b&gt;Ten&lt;/b&gt;, not nine." in html
    name = {"ar": member.display_name_ar, "en": member.display_name_en}[language]
    assert f"<bdi>{name}</bdi>" in html
    assert member.email not in html


def test_what_was_typed_stays_when_it_is_refused(group, log_in, minutes):
    client, entry = log_in(seated(group)), first_entry(minutes)
    minutes.comments_until = OVER
    save_record(minutes, by=None)

    answer = client.post(page_of(minutes), {"entry": entry.pk, "text": "A long afternoon’s comment."})

    html = answer.content.decode()
    assert answer.status_code == 409
    assert "The time for comments is over. Write to the secretariat if something is wrong." in html
    assert "A long afternoon’s comment.</textarea>" in html
    assert not MinutesComment.objects.exists()


def test_too_long_or_empty_comments_are_refused_beside_their_entry(group, log_in, minutes):
    client, entry = log_in(seated(group)), first_entry(minutes)

    for text in ("", "x" * 3001):
        answer = client.post(page_of(minutes), {"entry": entry.pk, "text": text})
        assert answer.status_code == 400
        assert f'id="id_{entry.pk}_text_error"' in answer.content.decode()
    assert not MinutesComment.objects.exists()


@pytest.mark.parametrize("sent", ["", "x", "0", "9" * 30, "-1"])
def test_a_comment_on_no_entry_is_404(group, log_in, minutes, sent):
    assert log_in(seated(group)).post(page_of(minutes), {"entry": sent, "text": "x"}).status_code == 404


def test_a_comment_on_other_minutes_or_a_hidden_entry_is_404(group, log_in, minutes, secretary):
    client = log_in(seated(group))
    other, hidden = first_entry(minutes_of(group, state="circulated")), first_entry(minutes)
    hidden.audience = "secretariat"
    save_record(hidden, by=None)

    for entry in (other, hidden):
        assert client.post(page_of(minutes), {"entry": entry.pk, "text": "x"}).status_code == 404
    assert not MinutesComment.objects.exists()


def test_an_observer_reads_and_has_no_form(group, log_in, minutes):
    client = log_in(seated(group, "observer"))

    assert "Send the comment" not in html_of(client, minutes)
    assert client.post(page_of(minutes), {"entry": first_entry(minutes).pk, "text": "x"}).status_code == 403
    assert not MinutesComment.objects.exists()


def test_names_are_for_the_group_and_the_secretariat(group, log_in, minutes, secretary, auditor, editor, translator):
    member = seated(group)
    make_comment(first_entry(minutes), member)
    make_comment(first_entry(minutes), None, "–")

    for user, named in (
        (seated(group), True),
        (secretary, True),
        (auditor, True),
        (editor, False),
        (translator, False),
    ):
        html = html_of(log_in(user), minutes)
        assert (f"<bdi>{member.display_name_en}</bdi>" in html) == named
        assert ("<bdi>A member</bdi>" in html) == (not named)
        assert "<bdi>Somebody</bdi>" in html
        assert "A comment was erased." in html


def test_her_own_open_comment_can_be_changed_and_withdrawn_on_a_page_of_its_own(group, log_in, minutes):
    member = seated(group)
    comment = make_comment(first_entry(minutes), member)
    client, address = log_in(member), f"{page_of(minutes)}comments/{comment.pk}/"
    assert f'href="{address}"' in html_of(client, minutes)

    changed = client.post(address, {"text": "Two words are wrong.", "opened_revision": comment.revision})
    assert changed["Location"] == f"{page_of(minutes)}#entry-{comment.entry_id}"
    assert kept(comment).words == "Two words are wrong."
    outdated = client.post(address, {"text": "Three words.", "opened_revision": comment.revision})
    assert outdated.status_code == 400
    assert "You have changed this comment in another window. Open it again." in outdated.content.decode()
    assert client.post(address, {"withdraw": "1"}).status_code == 302
    assert client.post(address, {"withdraw": "1"})["Location"] == page_of(minutes)
    assert not MinutesComment.objects.exists()


def test_nobody_elses_comment_has_such_a_page(group, log_in, minutes, secretary):
    comment = make_comment(first_entry(minutes), seated(group))
    address = f"{page_of(minutes)}comments/{comment.pk}/"

    for user in (seated(group), secretary):
        client = log_in(user)
        assert client.get(address).status_code == 404
        assert client.post(address, {"withdraw": "1"})["Location"] == page_of(minutes)
        assert f'href="{address}"' not in html_of(client, minutes)
    assert log_in(seated(make_group())).post(address, {"withdraw": "1"}).status_code == 404
    assert kept(comment).words == "A word is wrong."


def test_an_answered_comment_says_why_it_stays_and_keeps_what_was_typed(group, log_in, minutes):
    member = seated(group)
    comment = make_comment(first_entry(minutes), member, state="not_taken", answer="It was ten.")
    client, address = log_in(member), f"{page_of(minutes)}comments/{comment.pk}/"

    answer = client.post(address, {"text": "My new words.", "opened_revision": comment.revision})

    assert answer.status_code == 409
    assert "it stays as it is. You can write another one." in answer.content.decode()
    assert "My new words." in answer.content.decode()
    assert kept(comment).words == "A word is wrong."
    html = html_of(client, minutes)
    assert "It was ten." in html
    assert "Change or withdraw" not in html


# On the meeting's page


def public_minutes(group, **fields):
    meeting = make_meeting(group, day=HELD_ON, status="held", audience="public")
    make_item(meeting, title_en="Opening")
    return make_minutes(meeting, state="adopted", **fields)


def test_strangers_read_the_published_summary_and_nothing_else_of_the_record(group, client, log_in, secretary):
    minutes = public_minutes(group, summary_ar="<p>باختصار.</p>", summary_en="<p>In short.</p>")
    page = minutes.meeting.get_absolute_url()
    assert "Minutes of the meeting" not in client.get(page).content.decode()

    record.publish_summary(minutes, by=secretary)

    html = client.get(page).content.decode()
    assert "<p>In short.</p>" in html
    assert "Adopted on" not in html
    assert page_of(minutes) not in html
    assert "<p>باختصار.</p>" in client.get(page.replace("/en/", "/ar/"), follow=True).content.decode()
    assert page_of(minutes) in log_in(seated(group)).get(page).content.decode()
    record.withdraw_summary(minutes, by=secretary)
    assert "In short." not in client.get(page).content.decode()


def test_a_summary_in_one_language_has_a_notice_in_the_other(group, client, secretary):
    minutes = public_minutes(group, summary_ar="<p>باختصار.</p>")
    record.publish_summary(minutes, by=secretary)

    html = client.get(minutes.meeting.get_absolute_url()).content.decode()

    assert "The text is available in Arabic only." in html
    assert "باختصار" not in html


@pytest.mark.parametrize(("state", "seen"), [("draft", False), ("circulated", True), ("adopted", True)])
def test_members_find_the_minutes_on_the_meetings_page_once_circulated(group, log_in, secretary, state, seen):
    minutes = minutes_of(group, state=state)
    page = minutes.meeting.get_absolute_url()

    assert (page_of(minutes) in log_in(seated(group)).get(page).content.decode()) == seen
    assert page_of(minutes) in log_in(secretary).get(page).content.decode()
