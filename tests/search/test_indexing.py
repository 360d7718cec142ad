"""Documents follow what happens to records: at once, in the background, each night, and after a process that died."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from apps.core.records import delete_record, save_record, set_links
from apps.meetings.models import Audience
from apps.news import services as news
from apps.reviews.models import ReviewCycle
from apps.search import indexing
from apps.search.models import SearchDocument, Spelling
from apps.stakeholders import privacy as stakeholder_privacy
from apps.stakeholders.models import Objective, ShownTo
from tests.factories import (
    make_document,
    make_group,
    make_item,
    make_meeting,
    make_membership,
    make_person,
    make_published,
)
from tests.reviews.made import make_submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """What is done inside is committed, with all that follows."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def documents(kind: str = "article") -> list[tuple[str, str, bool]]:
    found = SearchDocument.objects.filter(kind=kind).order_by("language", "pk")
    return list(found.values_list("language", "heading", "is_public"))


def test_publishing_adds_and_archiving_takes_out(committed):
    with committed():
        article = make_published(title_ar="نيزك", title_en="Meteor")

    assert documents() == [("ar", "نيزك", True), ("en", "Meteor", True)]

    with committed():
        news.archive_article(article, by=None)

    assert documents() == []
    assert not Spelling.objects.filter(folded="meteor").exists()


def test_a_correction_is_found_as_soon_as_readers_have_it(committed):
    with committed():
        article = make_published(languages=("ar",), title_ar="نيزك")
    with committed():
        article.title_ar = "كسوف"
        save_record(article, by=None)

    assert documents() == [("ar", "كسوف", True)]


def test_what_is_rolled_back_changes_nothing(committed):
    with committed():
        article = make_published(languages=("ar",), title_ar="نيزك")
    indexing.follow("changed", article)  # noted, and its transaction never ends well

    indexing.refresh([("article", article.pk)])

    assert documents() == [("ar", "نيزك", True)]


def test_parts_follow_their_meeting(committed):
    with committed():
        meeting = make_meeting(make_group(), title_ar="لقاء")
        make_document(meeting, title_ar="ورقة", title_en="Paper")
    assert documents("paper") == [("ar", "ورقة", True), ("en", "Paper", True)]

    with committed():
        meeting.audience = Audience.MEMBERS
        save_record(meeting, by=None)

    assert documents("paper") == [("ar", "ورقة", False), ("en", "Paper", False)]
    assert [is_public for *_rest, is_public in documents("meeting")] == [False, False]


def test_a_meeting_follows_its_agenda_and_its_papers_too(committed):
    with committed():
        meeting = make_meeting(make_group())
        item = make_item(meeting, title_ar="نيزك")
        make_document(meeting, item=item)
    assert "نيزك" in SearchDocument.objects.get(kind="meeting", language="ar").content

    with committed():
        item.audience = Audience.MEMBERS
        save_record(item, by=None)

    assert "نيزك" not in SearchDocument.objects.get(kind="meeting", language="ar").content
    assert [is_public for *_rest, is_public in documents("paper")] == [False, False]


def test_what_is_deleted_is_not_found_any_more(committed):
    with committed():
        meeting = make_meeting(make_group())
        paper = make_document(meeting)
    assert (len(documents("meeting")), len(documents("paper"))) == (2, 2)

    with committed():
        delete_record(paper, by=None)
    assert (len(documents("meeting")), len(documents("paper"))) == (2, 0)

    with committed():
        delete_record(meeting, by=None)
    assert documents("meeting") == []


def test_links_that_are_set_afterwards_are_counted(committed):
    with committed():
        article = make_published(languages=("ar",))
    with committed():
        set_links(article, "objectives", [Objective.objects.get(number=7)], by=None)

    assert SearchDocument.objects.get(kind="article").objectives == " 7 "


def test_a_cycle_takes_what_is_said_in_it_along(committed):
    with committed():
        submission = make_submission(state="published", headline="نيزك", spoken="ar")
    assert len(documents("submission")) == 1

    with committed():
        cycle = ReviewCycle.objects.get(pk=submission.cycle_id)
        cycle.is_published = False
        save_record(cycle, by=None)

    assert documents("submission") == []


def test_an_erased_person_is_in_no_column(committed):
    group = make_group()
    with committed():
        person = make_person(name_ar="كناري الجبل", name_en="Canary Mountain", shown_name=ShownTo.PUBLIC)
        make_membership(group, person)
    assert "Canary" in SearchDocument.objects.get(kind="group", language="en").names
    assert Spelling.objects.filter(folded="canary").exists()

    with committed():
        stakeholder_privacy.erase_person(person, by=None, reason="asked")

    assert not SearchDocument.objects.filter(names__contains="Canary").exists()
    assert not SearchDocument.objects.filter(names__contains="كناري").exists()
    assert not Spelling.objects.filter(folded__in=["canary", "كناري"]).exists()


def test_many_records_at_once_are_left_to_the_worker(committed, monkeypatch):
    monkeypatch.setattr(indexing, "_IN_A_REQUEST", 1)
    monkeypatch.setattr(indexing, "is_queued", lambda: True)
    with committed():
        for number in range(3):
            make_published(languages=("ar",), title_ar=f"نيزك {number}")

    assert sorted(heading for _language, heading, _is in documents()) == ["نيزك 0", "نيزك 1", "نيزك 2"]


def indexed_at(article) -> list:
    return list(SearchDocument.objects.of([("article", article.pk)]).values_list("indexed_at", flat=True))


def test_the_sweep_finds_what_a_dead_process_has_left():
    article = make_published(languages=("ar",), title_ar="نيزك")
    indexing.refresh([("article", article.pk)])
    article.title_ar = "كسوف"
    save_record(article, by=None)  # and the process dies before the commit is followed

    indexing.sweep(timezone.now())
    assert documents() == [("ar", "كسوف", True)]
    before = indexed_at(article)
    indexing.sweep(timezone.now())
    assert indexed_at(article) == before


def test_the_sweep_finds_a_new_record_that_a_dead_process_has_left():
    make_published(languages=("ar",), title_ar="نيزك")

    indexing.sweep(timezone.now())

    assert documents() == [("ar", "نيزك", True)]


def test_the_sweep_comes_to_what_was_missed_behind_more_than_it_takes_at_once(monkeypatch):
    monkeypatch.setattr(indexing, "_AT_ONCE", 1)
    for title in ("نيزك", "كسوف"):
        article = make_published(languages=("ar",), title_ar=title)
        indexing.refresh([("article", article.pk)])
    make_published(languages=("ar",), title_ar="شفق")

    indexing.sweep(timezone.now())

    assert ("ar", "شفق", True) in documents()


def test_reindexing_makes_all_and_takes_out_what_is_gone():
    article = make_published(languages=("ar",), title_ar="نيزك")
    indexing.reindex()
    made_again = SearchDocument.objects.get(kind="article")
    SearchDocument.objects.filter(pk=made_again.pk).update(id=9_000_001, object_id=9_000_001)
    SearchDocument.objects.filter(kind="country").update(kind="abolished")
    Spelling.objects.create(folded="gone", written="gone", seen_at=timezone.now() - timedelta(days=1))

    count = indexing.reindex()

    assert documents() == [("ar", "نيزك", True)]
    assert SearchDocument.objects.get(kind="article").object_id == article.pk
    assert not SearchDocument.objects.filter(kind="abolished").exists()
    assert not Spelling.objects.filter(folded="gone").exists()
    assert SearchDocument.objects.count() == count == 1 + 2 * (23 + 22) + 2 * 3


def test_the_command_tells_how_far_it_is(capsys):
    make_published(languages=("ar",))

    call_command("reindex", "article", verbosity=2)

    assert capsys.readouterr().out == "article: 0 of 1\narticle: 1 of 1\n1 documents.\n"
    with pytest.raises(CommandError, match="There is no kind novel"):
        call_command("reindex", "novel")
