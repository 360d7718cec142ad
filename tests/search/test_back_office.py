"""Searching in the back office: Arabic in any spelling, over what is not published as well."""

import pytest

from apps.accounts.roles import Role
from apps.core.arabic import any_spelling
from tests.factories import client_for, make_article, make_group, make_meeting, make_person, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return client_for(make_user(Role.SECRETARIAT))


def listed(client, model: str, words: str) -> int:
    response = client.get(f"/ar/admin/{model}/", {"q": words})
    assert response.status_code == 200
    return response.context["cl"].result_count


@pytest.mark.parametrize(
    "words",
    ["مسووليه الدول", "مسؤوليّة", "المسؤولية", "٢٠٢٥ الدول", "الدول 2025", "مَسؤولية", "ملتقي"],
)
def test_drafts_are_found_in_any_spelling(client, words):
    make_article(title_ar="مسؤولية الدول في ٢٠٢٥: مُلتقى")
    make_article(title_ar="خبر آخر", title_en="Other")

    assert listed(client, "news/article", words) == 1


def test_all_words_are_asked_for(client):
    make_article(title_ar="مسؤولية الدول")

    assert listed(client, "news/article", "مسؤولية البحر") == 0


def test_signs_of_patterns_are_what_they_are(client):
    make_meeting(make_group(), title_ar="لقاء (أ.ب) [1]")

    assert listed(client, "meetings/meeting", "(أ.ب) [1]") == 1
    assert listed(client, "meetings/meeting", "(أxب)") == 0
    assert listed(client, "meetings/meeting", "أ*(") == 0


def test_people_are_found_by_their_folded_names(client):
    make_person(name_ar="هناء مؤمن")

    assert listed(client, "stakeholders/person", "هنا مومن") == 1


def test_english_is_found_as_before(client):
    make_article(title_en="Regional review")

    assert listed(client, "news/article", "regional REVIEW") == 1


def test_a_long_text_is_asked_for_as_far_as_it_goes(client):
    make_article(title_ar="خبر")

    assert listed(client, "news/article", "خبر " * 5000) == 1
    assert len(any_spelling("ب" * 60)) < 4000
