"""What a search finds of a review: each text in its own language, as it is written."""

import pytest

from apps.core.records import save_record
from apps.search import indexing
from apps.search.models import SearchDocument
from tests.reviews.made import make_call, make_pledge, make_practice, make_submission

pytestmark = pytest.mark.django_db


def found(kind: str) -> dict[str, tuple[str, str]]:
    """Heading and text by language."""
    indexing.reindex(kinds=[kind])
    rows = SearchDocument.objects.filter(kind=kind)
    return {one.language: (one.heading, one.content) for one in rows}


def french(**fields):
    """Written in French by somebody who uses the portal in Arabic."""
    call = make_call({"kind": "text"})
    fields = {"spoken": "fr", "language": "ar", "headline": "Sans papiers", "text": "Personne n’a aidé.", **fields}
    return make_submission(call, state="published", **fields)


def test_a_translation_is_found_in_its_language_and_not_the_original():
    one = french(rendered_ar="بلا أوراق")
    answer = one.answers.get()
    answer.rendered_ar = "لم يساعد أحد."
    save_record(answer, by=None)

    assert found("submission") == {"ar": ("بلا أوراق", "لم يساعد أحد.")}


def test_what_nobody_has_translated_is_found_as_it_was_written():
    french()

    assert found("submission") == {"ar": ("Sans papiers", "Personne n’a aidé.")}


def test_an_arabic_contribution_is_found_in_english_by_its_translation_only():
    make_submission(state="published", headline="بلا أوراق", spoken="ar", language="en")

    assert found("submission") == {"ar": ("بلا أوراق", "")}


def test_signs_of_less_and_more_take_no_words_away():
    words = "For fewer than <5 people and >3 towns"
    make_practice(state="published", summary_en=words, results_en=words, title_ar="", carried_by="Union")
    make_pledge(text_en=words, text_ar="")

    assert found("pledge")["en"][1] == words
    assert found("practice")["en"][1] == words
    assert SearchDocument.objects.get(kind="practice", language="en").opening == words
