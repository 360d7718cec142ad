"""Nothing that somebody may not see can be found, counted, suggested or guessed by the search."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone

from apps.accounts.roles import Role
from apps.meetings.models import Audience, Meeting
from apps.search import indexing, registry
from apps.search.answering import answer, suggestions
from apps.search.models import SearchDocument
from apps.stakeholders.models import ShownTo
from tests.factories import (
    client_for,
    make_action,
    make_article,
    make_decision,
    make_document,
    make_group,
    make_item,
    make_meeting,
    make_member,
    make_membership,
    make_organisation,
    make_person,
    make_published,
    make_user,
)
from tests.reviews.made import make_call, make_practice, make_recommendation, make_section, make_submission

pytestmark = pytest.mark.django_db
WORD = "نيزك"
AGREED = {"consent_how": "email", "consent_given_on": date(2026, 9, 1)}


def found_by(user, word: str = WORD, language: str = "ar") -> set[str]:
    return {result.document.heading for result in answer(word, user, language=language, chosen={}).results}


def test_what_is_for_members_is_found_by_them_and_whoever_prepares_it():
    group = make_group()
    meeting = make_meeting(group, title_ar="نيزك", audience=Audience.MEMBERS)
    make_document(meeting, title_ar="ورقة النيزك", audience=Audience.MEMBERS)
    make_document(meeting, title_ar="ورقة النيزك للأمانة", audience=Audience.SECRETARIAT)
    indexing.reindex(kinds=["meeting", "paper"])

    assert found_by(AnonymousUser()) == set()
    assert found_by(make_member(make_group())) == set()
    assert found_by(make_member(group)) == {"نيزك", "ورقة النيزك"}
    assert found_by(make_user(Role.SECRETARIAT)) == {"نيزك", "ورقة النيزك", "ورقة النيزك للأمانة"}


def test_no_draft_is_found_by_anybody():
    group = make_group()
    make_article(title_ar=WORD)
    make_published(languages=("en",), title_en="Meteor", original_language="en")
    meeting = make_meeting(group, title_ar=WORD, status=Meeting.Status.DRAFT)
    make_document(meeting, title_ar=WORD)
    make_decision(make_meeting(group), text_ar=WORD, state="draft")
    make_practice(title_ar=WORD)
    make_section(title_ar=WORD)
    make_submission(headline=WORD, state="received")
    indexing.reindex()

    for user in (AnonymousUser(), make_member(group), make_user(Role.SECRETARIAT)):
        assert found_by(user) == set()


def test_a_language_that_is_not_ready_is_not_found():
    make_published(languages=("en",), title_en="Meteor", at=datetime(2026, 11, 1, tzinfo=UTC))
    indexing.reindex(kinds=["article"])

    assert list(SearchDocument.objects.values_list("kind", "language")) == [("article", "en")]


def test_what_is_scheduled_is_found_at_its_minute_without_anybody_doing_anything():
    now = timezone.now()
    article = make_published(title_ar=WORD, at=now + timedelta(hours=1))
    indexing.reindex(kinds=["article"])

    assert found_by(AnonymousUser()) == set()

    type(article).objects.filter(pk=article.pk).update(published_at=now - timedelta(minutes=1))
    SearchDocument.objects.filter(kind="article").update(check_at=now - timedelta(minutes=1))

    assert found_by(AnonymousUser()) == {WORD}

    assert indexing.sweep(timezone.now()) >= 1
    assert SearchDocument.objects.get(kind="article", language="ar").is_public


def test_what_the_index_still_has_is_asked_of_the_record_once_more():
    article = make_published(title_ar=WORD)
    indexing.reindex(kinds=["article"])

    type(article).objects.filter(pk=article.pk).update(is_shown=False, status="archived")

    assert found_by(AnonymousUser()) == set()
    assert suggestions(WORD, AnonymousUser(), language="ar") == []


def test_items_of_the_agenda_that_are_for_members_do_not_lead_to_a_public_meeting():
    meeting = make_meeting(make_group(), title_ar="لقاء")
    make_item(meeting, title_ar="بند عن النيزك", audience=Audience.MEMBERS)
    make_item(meeting, title_ar="بند عن الكسوف")
    indexing.reindex(kinds=["meeting"])

    assert found_by(AnonymousUser()) == set()
    assert found_by(make_user(Role.SECRETARIAT)) == set()
    assert found_by(AnonymousUser(), "كسوف") == {"لقاء"}


def test_the_group_is_found_by_names_that_everybody_may_read():
    group = make_group(name_ar="المجموعة")
    for name, shown in (("نيزك العلني", ShownTo.PUBLIC), ("كسوف الداخلي", ShownTo.MEMBERS)):
        make_membership(group, make_person(name_ar=name, shown_name=shown))
    indexing.reindex(kinds=["group"])

    assert found_by(AnonymousUser()) == {"المجموعة"}
    assert found_by(make_member(group), "كسوف") == set()


def test_organisations_that_are_not_listed_for_everybody_are_not_found():
    make_organisation(name_ar="نيزك ١", shown_to=ShownTo.PUBLIC, **AGREED)
    make_organisation(name_ar="نيزك ٢", shown_to=ShownTo.MEMBERS, **AGREED)
    make_organisation(name_ar="نيزك ٣", shown_to=ShownTo.NOBODY)
    indexing.reindex(kinds=["organisation"])

    assert found_by(AnonymousUser()) == {"نيزك ١"}
    assert found_by(make_user(Role.SECRETARIAT)) == {"نيزك ١"}


def test_a_contribution_is_found_by_what_is_shown_of_it():
    asked = {"kind": "text"}
    shown = make_submission(
        make_call(asked), state="published", headline="عن النيزك", headline_shown="كلام محجوب", text="الكسوف في النص"
    )
    shown.answers.update(is_withheld=True)
    indexing.reindex(kinds=["submission"])

    assert found_by(AnonymousUser()) == set()
    assert found_by(AnonymousUser(), "كسوف") == set()
    assert len(found_by(AnonymousUser(), "محجوب")) == 1


# With and without


def hidden_things():
    """One of each kind that a stranger may not see, full of the word."""
    group = make_group()
    meeting = make_meeting(group, title_ar=WORD, summary_ar=WORD, audience=Audience.MEMBERS)
    make_document(meeting, title_ar=WORD, audience=Audience.MEMBERS)
    make_decision(meeting, text_ar=WORD, audience=Audience.MEMBERS)
    make_action(meeting, text_ar=WORD, audience=Audience.MEMBERS)
    make_article(title_ar=WORD, body_ar=f"<p>{WORD}</p>")
    make_published(title_ar=WORD, at=timezone.now() + timedelta(days=1))
    make_practice(title_ar=WORD)
    make_submission(headline=WORD, state="received")
    make_organisation(name_ar=WORD, shown_to=ShownTo.MEMBERS, **AGREED)


PAGES = [
    "/ar/search/?q=نيزك",
    "/en/search/?q=نيزك",
    "/ar/search/?q=نيزل",  # a slip next to the hidden word, and next to a public one
    "/ar/search/?q=نيزك+جسر",
    '/ar/search/?q="نيزك"',
    "/ar/search/?q=نيزك&kind=meeting",
    "/ar/search/?q=نيزك&year=2026",
    "/ar/search/?q=خبر",
    "/ar/search/suggest/?q=نيز",
    "/ar/search/feed/?q=نيزك",
]


@pytest.mark.parametrize("has_a_public_one", [False, True])
def test_s26_a_stranger_cannot_tell_whether_hidden_things_are_there(has_a_public_one):
    make_published(title_ar="خبر عن الجسر")
    if has_a_public_one:
        make_published(title_ar="نيزك فوق الجسر")
    indexing.reindex()
    before = [plain(Client().get(page)) for page in PAGES]

    hidden_things()
    make_recommendation(text_ar=WORD)  # proposed: for whoever sits in a group
    indexing.reindex()

    assert [plain(Client().get(page)) for page in PAGES] == before
    assert SearchDocument.objects.filter(heading__contains=WORD).count() >= 6


def test_s26_a_member_of_another_group_cannot_tell_either():
    make_published(title_ar="نيزك فوق الجسر")
    client = client_for(make_member(make_group()))
    indexing.reindex()
    before = [plain(client.get(page)) for page in PAGES]

    hidden_things()
    indexing.reindex()

    assert [plain(client.get(page)) for page in PAGES] == before


def plain(response) -> str:
    """The page without what differs at each request: the tokens of forms, and when an empty feed was made."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    return re.sub(r"<updated>[^<]*</updated>", "", text)


def test_s26_the_door_is_the_one_of_each_record():
    """Of every kind, for several people: the documents that one may find are those whose record one may see."""
    group = make_group()
    meeting = make_meeting(group, audience=Audience.MEMBERS)
    make_document(meeting, audience=Audience.MEMBERS)
    make_decision(meeting, audience=Audience.MEMBERS)
    make_action(make_meeting(group))
    make_practice(state="proposed")
    make_practice(state="published")
    make_published()
    make_published(at=timezone.now() + timedelta(days=1))
    make_organisation(shown_to=ShownTo.PUBLIC, **AGREED)
    indexing.reindex()
    people = [AnonymousUser(), make_member(group), make_member(make_group()), make_user(Role.SECRETARIAT)]

    for user in people:
        visible = set(SearchDocument.objects.visible_to(user).values_list("kind", "object_id"))
        for kind, searchable in registry.kinds.items():
            records = searchable.model.objects.visible_to(user).values_list("pk", flat=True)
            indexed = SearchDocument.objects.filter(kind=kind).values_list("object_id", flat=True)
            assert {pk for other, pk in visible if other == kind} == set(records) & set(indexed)
