"""What is typed as what is looked for."""

import pytest

from apps.search.query import LONGEST, MOST_TERMS, Sequence, parsed
from apps.stakeholders.models import Term

pytestmark = pytest.mark.django_db


def typed(text: str) -> list[str]:
    return [term.typed for term in parsed(text).wanted]


def test_words_are_looked_for_each():
    query = parsed("سد الفرات dams")

    assert [term.ways for term in query.wanted] == [
        (Sequence((("سد",),)),),
        (Sequence((("فرات",),)),),
        (Sequence((("dam",),)),),
    ]


@pytest.mark.parametrize("text", ['"سد الفرات"', "«سد الفرات»", "“سد الفرات”", '"سد الفرات'])
def test_words_in_any_quotation_marks_are_a_phrase(text):
    (term,) = parsed(text).wanted

    assert term.ways == (Sequence((("سد",), ("فرات",)), is_phrase=True),)


def test_a_minus_leaves_out_a_word_or_a_phrase():
    query = parsed('نهر -سد -"جسر قديم" covid-19')

    assert [term.typed for term in query.unwanted] == ["سد", "جسر قديم"]
    assert "19" in typed('نهر -سد -"جسر قديم" covid-19')


def test_a_name_of_something_is_found_by_its_other_names():
    (term,) = parsed("GCM").wanted

    ways = {way.words: way for way in term.ways}
    assert ways[("اتفاق",), ("عالمي",)].concept == ways[("global",), ("compact",)].concept == "~اتفاق_عالمي_هجره"
    assert ways[(("gcm",),)].concept == ""


def test_the_longest_name_is_taken():
    assert typed("الميثاق العالمي للهجرة والحدود") == ["الميثاق العالمي للهجرة", "والحدود"]


def test_the_glossary_of_the_back_office_adds_names():
    Term.objects.create(name_ar="نيزك", name_en="Meteor", other_forms_ar="شهاب ثاقب", other_forms_en="")

    (term,) = parsed("meteor").wanted

    assert [way.words for way in term.ways] == [(("meteor",),), (("نيزك",),), (("شهاب",), ("ثاقب",))]


def test_a_phrase_in_quotes_has_no_other_names():
    (term,) = parsed('"الميثاق العالمي"').wanted

    assert len(term.ways) == 1


NO_WORDS = ["!!!", "\u064b\u064e\u0651", "& | ! <-> :*", "--- - -", '"" ""', "\u202e\u2066\u2069"]


@pytest.mark.parametrize("text", NO_WORDS)
def test_what_has_no_word_is_said_to_have_none(text):
    query = parsed(text)

    assert not query
    assert query.is_wordless


def test_words_of_every_text_are_said_to_be_too_common():
    assert parsed("في من the").is_too_common
    assert not parsed("في القاهرة").is_too_common


def test_only_a_minus_looks_for_nothing():
    assert not parsed("-سد")


def test_so_many_words_are_looked_at_and_no_more():
    query = parsed(" ".join(f"word{number}" for number in range(100)))

    assert (len(query.wanted), query.is_cut) == (MOST_TERMS, True)
    assert parsed("ب" * (LONGEST + 1)).is_cut


HOSTILE = [
    "ا" * 100_000,
    '"' * 100_000,
    "-" * 100_000,
    '("' * 50_000,
    "\u0651" * 100_000,
    "' OR 1=1 -- " * 8_000,
    "\u202e\u2067abc مرحبا " * 7_000,
    "a'b\\c:*|& " * 10_000,
    "\0" * 100_000,
    "global compact " * 7_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_work_does_not_grow_with_what_is_sent(text):
    query = parsed(text)

    assert len(query.wanted) + len(query.unwanted) <= 2 * MOST_TERMS
