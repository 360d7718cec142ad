"""Comments on circulated minutes: who, until when, once, and what becomes of them."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from apps.accounts import privacy
from apps.core.models import AuditDetail, OutgoingMail
from apps.core.privacy import personal_data
from apps.core.records import save_record
from apps.meetings import minutes_comments
from apps.meetings.minutes import adopt_minutes, back_to_draft
from apps.meetings.models import MinutesComment
from tests.factories import make_group, make_item
from tests.meetings.record import (
    LATER,
    OVER,
    first_entry,
    kept,
    make_comment,
    minutes_of,
    seated,
    told,
)


@pytest.fixture
def minutes(group):
    return minutes_of(group, state="circulated", comments_until=LATER)


@pytest.fixture
def entry(minutes):
    return first_entry(minutes)


def refused(service, *args, **options) -> str:
    before = list(MinutesComment.objects.values_list("pk", "words", "state"))
    with pytest.raises(ValidationError) as problem:
        service(*args, **options)
    assert list(MinutesComment.objects.values_list("pk", "words", "state")) == before
    return " ".join(problem.value.messages)


# Who


@pytest.mark.parametrize("position", ["chair", "vice_chair", "member", "alternate"])
def test_who_sits_at_the_table_and_alternates_comment(group, entry, position):
    user = seated(group, position)

    comment = minutes_comments.comment(entry, by=user, text="A word is wrong.")

    assert (comment.created_by, comment.words, comment.state) == (user, "A word is wrong.", "open")


def test_observers_former_members_other_groups_and_the_back_office_do_not(group, entry, secretary, editor):
    people = [
        seated(group, "observer"),
        seated(group, ends_on=date(2026, 1, 1)),
        seated(make_group()),
        secretary,
        editor,
    ]

    for user in people:
        with pytest.raises(PermissionDenied):
            minutes_comments.comment(entry, by=user, text="A word is wrong.")
    assert not MinutesComment.objects.exists()


def test_nobody_comments_on_what_she_does_not_see(group, minutes, entry):
    member = seated(group)
    entry.audience = "secretariat"
    save_record(entry, by=None)
    hidden = make_item(minutes.meeting, audience="secretariat")
    other = minutes.entries.last()
    other.item = hidden
    save_record(other, by=None)

    for unseen in (entry, other):
        with pytest.raises(PermissionDenied):
            minutes_comments.comment(unseen, by=member, text="A word is wrong.")


# Until when


def test_after_the_deadline_after_the_adoption_and_in_a_draft_a_sentence_and_no_change(group, secretary):
    member = seated(group)
    over = minutes_of(group, state="circulated", comments_until=OVER)
    adopted = minutes_of(group, state="adopted")

    assert refused(minutes_comments.comment, first_entry(over), by=member, text="Late.") == (
        "The time for comments is over. Write to the secretariat if something is wrong."
    )
    assert refused(minutes_comments.comment, first_entry(adopted), by=member, text="Late.") == (
        "These minutes are adopted: no comments are taken any more."
    )
    with pytest.raises(PermissionDenied):  # she does not see a draft
        minutes_comments.comment(first_entry(minutes_of(group)), by=member, text="Early.")
    assert not MinutesComment.objects.exists()


def test_an_empty_comment_is_none(group, entry):
    assert refused(minutes_comments.comment, entry, by=seated(group), text=" \u200b\n ") == "Write your comment."


def test_a_double_click_makes_one_comment_and_another_text_another(group, entry):
    member, other = seated(group), seated(group)

    for text in ("Once.", "Once. ", "Twice."):
        minutes_comments.comment(entry, by=member, text=text)
    minutes_comments.comment(entry, by=other, text="Once.")

    assert list(MinutesComment.objects.values_list("created_by", "words").order_by("pk")) == [
        (member.pk, "Once."), (member.pk, "Twice."), (other.pk, "Once."),
    ]  # fmt: skip


# Changing and withdrawing


def test_the_author_changes_and_withdraws_an_open_comment(group, entry):
    member = seated(group)
    comment = make_comment(entry, member)

    minutes_comments.change_comment(comment, by=member, text="Two words are wrong.")
    assert kept(comment).words == "Two words are wrong."
    minutes_comments.withdraw_comment(comment, by=member)
    assert not MinutesComment.objects.exists()


def test_nobody_else_does(group, entry, secretary):
    comment = make_comment(entry, seated(group))

    for user in (seated(group), secretary):
        with pytest.raises(PermissionDenied):
            minutes_comments.change_comment(comment, by=user, text="Otherwise.")
        with pytest.raises(PermissionDenied):
            minutes_comments.withdraw_comment(comment, by=user)
    assert kept(comment).words == "A word is wrong."


def test_an_answered_comment_stays_and_so_does_one_after_the_deadline(group, entry, minutes):
    member = seated(group)
    answered, late = make_comment(entry, member, state="taken_up"), make_comment(entry, member, "Late.")
    sentence = "The secretariat has answered this comment: it stays as it is. You can write another one."

    assert refused(minutes_comments.withdraw_comment, answered, by=member) == sentence
    assert refused(minutes_comments.change_comment, answered, by=member, text="x") == sentence
    minutes.comments_until = OVER
    save_record(minutes, by=None)
    assert refused(minutes_comments.withdraw_comment, late, by=member) == (
        "The time for comments is over. Write to the secretariat if something is wrong."
    )


# Answering


@pytest.mark.parametrize(
    ("language", "state", "said"),
    [
        ("en", "taken_up", "The secretariat has taken up your comment on the minutes of this meeting:"),
        ("en", "not_taken", "The secretariat has not taken up your comment on the minutes of this meeting:"),
        ("ar", "taken_up", "أخذت الأمانة بتعليقكم على محضر هذا الاجتماع:"),
    ],
)
def test_the_author_is_told_the_answer_once_in_her_language(group, entry, secretary, language, state, said):
    member = seated(group, language=language)
    comment = make_comment(entry, member)

    for _click in range(2):
        minutes_comments.answer_comment(comment, by=secretary, state=state, answer="As the recording says.")

    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.kind) == (member.email, "minutes")
    assert said in mail.text
    assert "A word is wrong." in mail.text
    assert "As the recording says." in mail.text
    assert (kept(comment).state, kept(comment).answer) == (state, "As the recording says.")


def test_not_taken_up_says_why(group, entry, secretary):
    comment = make_comment(entry, seated(group))

    assert refused(minutes_comments.answer_comment, comment, by=secretary, state="not_taken", answer=" ") == (
        "Say why the comment is not taken up."
    )
    assert refused(minutes_comments.answer_comment, comment, by=secretary, state="open") == (
        "Choose whether the comment is taken up."
    )


def test_nobody_is_told_about_what_she_may_not_read_any_more(group, entry, minutes, secretary):
    gone, hidden, early = seated(group), seated(group), seated(group)
    comments = [make_comment(entry, user) for user in (gone, hidden, early)]
    gone.person.memberships.update(ends_on=date(2026, 1, 1))
    minutes_comments.answer_comment(comments[0], by=secretary, state="taken_up")
    entry.audience = "secretariat"
    save_record(entry, by=None)
    minutes_comments.answer_comment(comments[1], by=secretary, state="taken_up")
    entry.audience = "members"
    save_record(entry, by=None)
    back_to_draft(minutes, by=secretary)
    minutes_comments.answer_comment(comments[2], by=secretary, state="taken_up")

    assert told("minutes") == []


def test_once_the_minutes_are_adopted_an_answer_stays(group, entry, minutes, secretary):
    comment = make_comment(entry, seated(group), state="taken_up")
    minutes.comments_until = OVER
    save_record(minutes, by=None)
    adopt_minutes(minutes, by=secretary, adopted_on=OVER)

    assert refused(minutes_comments.answer_comment, comment, by=secretary, state="not_taken", answer="No.") == (
        "These minutes are adopted and do not change any more. Add a correction instead."
    )


@pytest.mark.parametrize("person", ["editor", "translator", "auditor"])
def test_nobody_but_the_secretariat_answers(request, group, entry, person):
    comment = make_comment(entry, seated(group))

    with pytest.raises(PermissionDenied):
        minutes_comments.answer_comment(comment, by=request.getfixturevalue(person), state="taken_up")


# Privacy


def test_a_person_gets_her_comments_and_erased_they_stay_without_words_or_name(group, entry, secretary):
    member, other = seated(group), seated(group)
    comment, not_hers = make_comment(entry, member, "Canary."), make_comment(entry, other, "Not hers.")

    assert [row["words"] for row in personal_data(member)["minutes_comments"]] == ["Canary."]

    privacy.erase(member, by=secretary, reason="She asked.", email=member.email)

    erased = kept(comment)
    assert (erased.words, erased.created_by, erased.updated_by) == ("–", None, None)
    assert kept(not_hers).words == "Not hers."
    assert not AuditDetail.objects.filter(label__contains="Canary").exists()
    assert not any("Canary" in str(detail.changes) for detail in AuditDetail.objects.all())
