from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from apps.meetings import desk
from apps.meetings.models import DeskVisit, Document, DocumentOpening
from apps.meetings.papers import record_opening
from tests.factories import (
    make_action,
    make_decision,
    make_document,
    make_group,
    make_meeting,
    make_member,
    make_minutes,
    make_participant,
)
from tests.meetings.people import LATER

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


@pytest.fixture
def member(group):
    return make_member(group)


def test_the_page_holds_what_waits_for_a_member(group, meeting, member):
    make_participant(meeting, member.person)
    held = make_meeting(group, day=date(2026, 1, 5), status="held", audience="members")
    silence = make_decision(held, state="open")
    late, later = (make_action(held, member.person, due_on=date(2026, month, 1)) for month in (1, 2))
    make_action(held, member.person, state="done", done_on=date(2026, 1, 6))
    minutes = make_minutes(held, state="circulated")
    paper = make_document(meeting, audience="members")
    Document.objects.filter(pk=paper.pk).update(posted_ar=timezone.now())

    found = desk.of(member, since=timezone.now() - timedelta(days=1), now=timezone.now())

    assert (found["meeting"], found["participant"].may_reply, found["owed"]) == (meeting, True, [meeting])
    assert (found["silences"], found["actions"]) == ([silence], [late, later])
    assert (found["minutes"], found["papers"]) == ([minutes], [paper])


def test_nothing_of_another_group_is_on_it(meeting, member):
    other = make_meeting(make_group(), day=date(2026, 1, 5), status="held")
    make_decision(other, state="open", audience="public")
    make_minutes(other, state="circulated")
    paper = make_document(other, audience="public")
    Document.objects.filter(pk=paper.pk).update(posted_ar=timezone.now())

    found = desk.of(member, since=timezone.now() - timedelta(days=1), now=timezone.now())

    names = ("owed", "silences", "actions", "minutes", "papers")
    assert [found[name] for name in names] == [[], [], [], [], []]


def test_looks_soon_after_one_another_are_one_visit(member):
    first = desk.visit(member, now=NOW)
    again = desk.visit(member, now=NOW + timedelta(minutes=20))
    next_day = desk.visit(member, now=NOW + timedelta(days=1))

    assert (first, again) == (NOW - timedelta(days=30), NOW + timedelta(minutes=20) - timedelta(days=30))
    assert next_day == NOW + timedelta(minutes=20)
    assert desk.visit(member, now=NOW + timedelta(days=1, minutes=5)) == next_day


@pytest.mark.parametrize(
    ("language", "title", "nothing"),
    [("en", "My page", "Nothing waits for you."), ("ar", "صفحتي", "لا شيء في انتظاركم.")],
)
def test_an_empty_page_says_so(member, log_in, language, title, nothing):
    html = log_in(member).get(f"/{language}/meetings/mine/").content.decode()

    assert f"<h1>{title}</h1>" in html
    assert nothing in html
    assert DeskVisit.objects.get().user == member


def test_strangers_are_led_to_the_log_in_and_members_find_the_link(member, client, log_in):
    assert client.get("/en/meetings/mine/")["Location"].startswith("/en/accounts/login/")
    assert 'href="/en/meetings/mine/"' in log_in(member).get("/en/").content.decode()
    assert 'href="/en/meetings/mine/"' not in client.get("/en/").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_the_same_for_one_and_many(group, member, log_in, rows, django_assert_num_queries):
    for _row in range(rows):
        meeting = make_meeting(group, day=LATER, audience="members")
        make_participant(meeting, member.person)
        held = make_meeting(group, day=date(2026, 1, 5), status="held")
        make_action(held, member.person, due_on=date(2026, 1, 5))
        make_decision(held, state="open")
        make_minutes(held, state="circulated")
        paper = make_document(meeting, audience="members")
        Document.objects.filter(pk=paper.pk).update(posted_ar=timezone.now())
    client = log_in(member)
    client.get("/en/meetings/mine/")

    with django_assert_num_queries(18):
        client.get("/en/meetings/mine/")


def test_papers_of_the_next_meetings_stand_before_those_of_the_last(group, member):
    days = [date(2026, 1, 5), date(2026, 2, 5), date(2027, 2, 5), date(2027, 1, 5)]
    long_ago, last, after, following = (
        make_document(make_meeting(group, day=day, audience="members"), audience="members") for day in days
    )
    Document.objects.update(posted_ar=NOW)

    found = desk.of(member, since=NOW - timedelta(days=1), now=NOW)

    assert found["papers"] == [following, after, last, long_ago]


def test_a_new_paper_stays_until_this_member_opened_it_and_not_somebody_else(group, meeting, member):
    since = timezone.now() - timedelta(days=1)
    paper = make_document(meeting, audience="members")
    other = make_member(group)
    record_opening(paper, "en", by=member)
    DocumentOpening.objects.update(last_at=since - timedelta(days=9))  # she opened what was there before
    record_opening(paper, "en", by=other)

    def new_to(user) -> list[Document]:
        return desk.of(user, since=since, now=timezone.now())["papers"]

    assert (new_to(member), new_to(other)) == ([paper], [])
    record_opening(paper, "en", by=member)
    assert new_to(member) == []
