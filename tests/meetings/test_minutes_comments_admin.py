"""Comments on minutes in the back office: beside their entry, answered by a step."""

from apps.meetings.models import MinutesComment
from tests.core.test_conflicts import change_page
from tests.meetings.record import (
    first_entry,
    kept,
    make_comment,
    minutes_of,
    seated,
    send,
    told,
)


def test_comments_stand_beside_their_entry_for_who_may_see_them(group, secretary, auditor, translator, editor, log_in):
    minutes = minutes_of(group, state="circulated")
    comment = make_comment(first_entry(minutes), seated(group))
    link = f'href="/en/admin/meetings/minutescomment/{comment.pk}/change/"'

    for user in (secretary, auditor):
        html = log_in(user).get(change_page(minutes)).content.decode()
        assert "A word is wrong." in html
        assert link in html
    for user in (translator, editor):
        assert "A word is wrong." not in log_in(user).get(change_page(minutes)).content.decode()
        assert log_in(user).get("/en/admin/meetings/minutescomment/").status_code == 403


def test_a_comment_is_answered_by_a_step_and_its_author_told(group, secretary, log_in):
    minutes, member = minutes_of(group, state="circulated"), seated(group)
    comment, client = make_comment(first_entry(minutes), member), log_in(secretary)
    address = f"/en/admin/meetings/minutescomment/{comment.pk}/step"

    assert "What was said." in client.get(change_page(comment)).content.decode()
    assert client.post(f"{address}/not-taken/", {"answer": ""}).status_code == 400
    assert client.post(f"{address}/not-taken/", {"answer": "It was ten."}).status_code == 302

    assert (kept(comment).state, kept(comment).answer) == ("not_taken", "It was ten.")
    assert told("minutes") == [member.email]


def test_many_comments_are_taken_up_at_once(group, secretary, log_in):
    entry = first_entry(minutes_of(group, state="circulated"))
    pks = [make_comment(entry, seated(group)).pk for _number in range(2)]

    sent = {"action": "step-taken-up", "_selected_action": pks}
    send(log_in(secretary), "/en/admin/meetings/minutescomment/", sent)

    assert list(MinutesComment.objects.values_list("state", flat=True)) == ["taken_up", "taken_up"]


def test_nobody_writes_or_deletes_comments_in_the_back_office(group, secretary, auditor, log_in):
    comment = make_comment(first_entry(minutes_of(group, state="circulated")), seated(group))
    client = log_in(secretary)

    assert client.get("/en/admin/meetings/minutescomment/add/").status_code == 403
    assert client.post(change_page(comment).replace("change", "delete"), {"post": "yes"}).status_code == 403
    assert log_in(auditor).post(f"/en/admin/meetings/minutescomment/{comment.pk}/step/taken-up/").status_code == 403
    assert kept(comment).state == "open"
