"""What is found, in which order, with which counts; on SQLite and on PostgreSQL alike."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.translation import override

from apps.search import answering, finding, indexing
from apps.search.answering import Answer, answer, newest, suggestions
from apps.search.models import SearchDocument, Spelling
from apps.stakeholders.models import Country, Objective
from tests.factories import make_group, make_meeting, make_published
from tests.reviews.made import make_practice

pytestmark = pytest.mark.django_db
NEW, OLD = datetime(2026, 11, 1, 9, tzinfo=UTC), datetime(2021, 2, 1, 9, tzinfo=UTC)


def asked(text: str, *, language: str = "ar", user=None, number=None, **chosen: str) -> Answer:
    with override(language):
        return answer(text, user or AnonymousUser(), language=language, chosen=chosen, number=number)


def titles(text: str, **options) -> list[str]:
    return [result.document.heading for result in asked(text, **options).results]


def published(title: str, *, lead: str = "مقدمة", body: str = "<p>نص</p>", at=NEW, **fields):
    return make_published(languages=("ar",), title_ar=title, lead_ar=lead, body_ar=body, at=at, **fields)


# Order


def test_title_comes_before_lead_before_body():
    published("في النص", body="<p>كلام عن النيزك</p>")
    published("في المقدمة", lead="كلام عن النيزك", at=OLD)
    published("النيزك في العنوان", at=OLD)
    indexing.reindex(kinds=["article"])

    assert titles("نيزك") == ["النيزك في العنوان", "في المقدمة", "في النص"]


def test_recent_comes_before_old():
    published("نيزك قديم", at=OLD)
    published("نيزك جديد", at=NEW)
    indexing.reindex(kinds=["article"])

    assert titles("النيازك نيزك") == ["نيزك جديد", "نيزك قديم"]


def test_the_reader_gets_her_own_language_first_and_a_record_once():
    both = make_published(title_ar="نيزك Meteor", title_en="Meteor over the sea")
    english = make_published(languages=("en",), title_en="Meteor shower", at=NEW)
    indexing.reindex(kinds=["article"])

    found = asked("meteor")

    assert [(result.document.object_id, result.document.language, result.is_foreign) for result in found.results] == [
        (both.pk, "ar", False),
        (english.pk, "en", True),
    ]
    assert found.counts["language"] == {"ar": 1, "en": 2}
    assert titles("meteor", language="en") == ["Meteor shower", "Meteor over the sea"]  # the newer record


def test_a_language_can_be_chosen():
    make_published(title_ar="نيزك Meteor", title_en="Meteor over the sea")
    indexing.reindex(kinds=["article"])

    found = answer("meteor", AnonymousUser(), language="ar", chosen={"language": "en"})

    assert [(result.document.heading, result.is_foreign) for result in found.results] == [("Meteor over the sea", True)]


# Words


def test_a_phrase_is_found_in_its_order():
    published("جسر فوق النهر القديم")
    published("نهر تحت الجسر القديم")
    indexing.reindex(kinds=["article"])

    assert titles('"الجسر القديم"') == ["نهر تحت الجسر القديم"]
    assert len(titles("الجسر القديم")) == 2


def test_a_phrase_does_not_reach_from_the_title_into_the_lead():
    published("كلام عن الجسر", lead="القديم من الكلام")
    published("الجسر القديم")
    indexing.reindex(kinds=["article"])

    assert titles('"الجسر القديم"') == ["الجسر القديم"]


def test_a_minus_leaves_out_what_has_the_word():
    published("نيزك فوق الجسر")
    published("نيزك فوق البحر")
    published("نيزك فوق الجسر القديم")
    indexing.reindex(kinds=["article"])

    assert titles("نيزك -جسر") == ["نيزك فوق البحر"]
    assert sorted(titles('نيزك -"الجسر القديم"')) == ["نيزك فوق البحر", "نيزك فوق الجسر"]


def test_both_languages_in_one_box():
    published("كتيّب عن GCM للبحّارة")
    indexing.reindex(kinds=["article"])

    assert titles("كتيب Global Compact") == ["كتيّب عن GCM للبحّارة"]


def test_found_words_are_marked_as_they_are_written():
    published("أغاني الجَدّاتِ", lead="عن <الجدّة> والسفر", body="<p>نص</p>")
    indexing.reindex(kinds=["article"])

    (found,) = asked("جدات").results

    assert found.title == "أغاني <mark>الجَدّاتِ</mark>"
    assert found.text == "عن &lt;<mark>الجدّة</mark>&gt; والسفر"


def test_words_of_a_name_are_marked_together_only():
    published("الاتفاق العالمي", lead="اتفاق على الهجرة بين عالمين")
    indexing.reindex(kinds=["article"])

    (found,) = asked("GCM").results

    assert found.title == "<mark>الاتفاق</mark> <mark>العالمي</mark>"
    assert "<mark>" not in found.text


def test_the_piece_is_the_one_with_most_words():
    far = "كلمة " * 200
    published("عنوان", body=f"<p>الجسر {far} الجسر فوق النهر {far}</p>")
    indexing.reindex(kinds=["article"])

    (found,) = asked("جسر نهر").results

    assert "<mark>الجسر</mark> فوق <mark>النهر</mark>" in found.text
    assert found.text.startswith("… ")
    assert found.text.endswith(" …")
    assert len(found.text) < 400


# Counts and choices


def make_several():
    one, seven = (Objective.objects.get(number=number) for number in (1, 7))
    egypt = Country.objects.get(iso2="EG")
    published("نيزك ١", at=NEW, links={"objectives": [one, seven], "countries": [egypt]})
    published("نيزك ٢", at=NEW, links={"objectives": [seven]})
    published("نيزك ٣", at=OLD)
    make_practice(state="published", title_ar="نيزك ٤", objectives=(7,), countries=("EG",))
    indexing.reindex(kinds=["article", "practice"])


def test_each_facet_counts_what_the_other_choices_leave():
    make_several()

    found = asked("نيزك")

    assert found.total == 4
    assert found.counts["kind"] == {"article": 3, "practice": 1}
    assert found.counts["objective"] == {"7": 3, "1": 1}
    assert found.counts["country"] == {"EG": 2}
    assert found.counts["year"] == {"2026": 2, "2021": 1}

    found = asked("نيزك", objective="7")

    assert found.total == 3
    assert found.counts["kind"] == {"article": 2, "practice": 1}
    assert found.counts["objective"] == {"7": 3, "1": 1}

    found = asked("نيزك", objective="7", kind="article", year="2026", country="EG")

    assert [result.document.heading for result in found.results] == ["نيزك ١"]


def test_more_than_can_be_counted_is_said_and_the_newest_are_there(monkeypatch):
    monkeypatch.setattr(finding, "MOST", 3)
    today = timezone.now().replace(hour=9)
    for days in range(6):
        published(f"نيزك {days}", at=today - timedelta(days=40 * days + 1))
    published("خبر عن النيزك", body="<p>نيزك</p>", at=OLD)
    indexing.reindex(kinds=["article"])

    found = asked("نيزك")

    assert found.is_many
    assert found.counts == {}
    assert [result.document.heading for result in found.results][:2] == ["نيزك 0", "نيزك 1"]
    assert titles("نيزك", year="2021") == ["خبر عن النيزك"]


def test_a_page_that_does_not_exist_is_answered_with_the_first():
    published("نيزك")
    indexing.reindex(kinds=["article"])

    assert asked("نيزك", number="9").status == 404
    assert len(asked("نيزك", number="9").results) == 1
    assert asked("نيزك", number="x").status == 404
    assert asked("نيزك", number="1").status == 200


# What could be meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("النيزاك", "النيازك"),
        ("نيازل", "نيازك"),
        ("metoer", "Meteor"),
        ("جسور نيازل", "جسور نيازك"),
    ],
)
def test_a_slip_is_answered_with_the_nearest_word(typed, meant):
    make_published(title_ar="جسور النيازك", title_en="Meteor bridges")
    indexing.reindex()

    found = asked(typed)

    assert found.corrected == meant
    assert found.total == 1


def test_a_word_that_is_there_is_not_corrected():
    published("نيازك")
    published("نيازل")
    indexing.reindex()

    assert asked("نيازل").corrected == ""


def test_texts_with_some_of_the_words_when_none_has_all():
    published("جسر فوق النهر")
    published("جسر فوق البحر")
    published("قمر فوق النهر والبحر والجسر")
    indexing.reindex(kinds=["article"])

    found = asked("جسر نهر قمر صاروخ")

    assert found.is_any
    assert found.results[0].document.heading == "قمر فوق النهر والبحر والجسر"


@pytest.mark.parametrize("typed", ["زززز", "xqzv", '"جسر نهر"', "!!!", "", "في", "' OR xq=xq --", "\u0651\u064b", "\0"])
def test_nothing_is_found_without_a_fuss(typed):
    published("خبر")
    indexing.reindex()

    found = asked(typed)

    assert (found.total, found.results, found.corrected) == (0, [], "")


# While typing, and in a feed


def test_suggestions_are_titles_that_begin_so():
    published("النيازك فوق الجسر")
    published("كلام آخر", lead="عن النيازك")
    make_published(languages=("en",), title_en="Niazak in English")
    indexing.reindex(kinds=["article"])

    def suggested(text: str) -> list[str]:
        return [document.heading for document in suggestions(text, AnonymousUser(), language="ar")]

    assert suggested("ني") == ["النيازك فوق الجسر", "كلام آخر"]
    assert suggested("الني") == ["النيازك فوق الجسر", "كلام آخر"]
    assert suggested("جسر النيا") == ["النيازك فوق الجسر"]
    assert suggested("ن") == []
    assert suggested("") == []
    assert suggested("نيازل") == []


def test_the_newest_for_a_feed_are_those_in_its_language():
    published("نيزك قديم", at=OLD)
    published("نيزك جديد", at=NEW)
    make_published(languages=("en",), title_en="نيزك")
    make_meeting(make_group(), title_ar="نيزك في اجتماع", day=date(2026, 12, 1))
    indexing.reindex(kinds=["article", "meeting"])

    found = newest("نيزك", AnonymousUser(), chosen={"language": "ar", "kind": "article"}, most=10)

    assert [document.heading for document in found] == ["نيزك جديد", "نيزك قديم"]
    assert newest("", AnonymousUser(), chosen={}, most=10) == []


def test_a_feed_leaves_out_what_is_deleted_while_it_is_made(monkeypatch):
    gone, _stays = published("نيزك قديم", at=OLD), published("نيزك جديد", at=NEW)
    indexing.reindex(kinds=["article"])
    find = answering.find

    def found_and_deleted(*asked):
        hits = find(*asked)
        SearchDocument.objects.of([("article", gone.pk)]).delete()
        return hits

    monkeypatch.setattr(answering, "find", found_and_deleted)

    found = newest("نيزك", AnonymousUser(), chosen={"language": "ar"}, most=10)

    assert [document.heading for document in found] == ["نيزك جديد"]


def test_a_day_begins_in_the_portals_zone_whoever_reads():
    document = SearchDocument(on=date(2026, 12, 8))

    with timezone.override("Asia/Muscat"):
        assert document.moment.isoformat() == "2026-12-08T00:00:00+02:00"


# Spellings


def test_spellings_are_those_of_public_texts():
    article = published("النيازك")
    make_meeting(make_group(), title_ar="كسوف", audience="members")
    indexing.reindex()

    assert Spelling.objects.filter(folded="نيازك", written="نيازك").exists()
    assert not Spelling.objects.filter(folded="كسوف").exists()

    article.title_ar = "الأقمار"
    article.save()
    indexing.refresh([("article", article.pk)])

    assert not Spelling.objects.filter(folded="نيازك").exists()
    assert Spelling.objects.filter(folded="اقمار").exists()
