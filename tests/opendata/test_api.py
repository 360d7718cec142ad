"""The portal's public data for machines."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.utils import timezone

from apps.news.models import Article
from apps.news.services import archive_article
from apps.opendata.sets import DATASETS
from apps.reviews.recommendations import adopt
from tests.factories import (
    Role,
    client_for,
    make_action,
    make_approved,
    make_article,
    make_decision,
    make_document,
    make_group,
    make_meeting,
    make_organisation,
    make_person,
    make_published,
    make_seat_call,
    make_user,
)
from tests.reviews.made import make_call, make_pledge, make_practice, make_recommendation, make_section, make_submission

pytestmark = pytest.mark.django_db
CONSENT = {"consent_given_by": "Its chair", "consent_given_on": date(2026, 5, 1), "consent_how": "oral"}
NAMES = [dataset.name for dataset in DATASETS]


def get(path: str, status: int = 200, client=None):
    response = (client or Client()).get(f"/api/v1/{path}")
    assert response.status_code == status, response.content
    return response


def items(path: str, client=None) -> list[dict]:
    return get(path, client=client).json()["items"]


def table(path: str) -> list[dict]:
    text = b"".join(get(path).streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


# What a set holds


def test_an_article_with_everything():
    texts = {"title_ar": "خبر", "title_en": "Story", "lead_ar": "ملخص", "lead_en": "Lead"}
    article = make_published(body_ar="<p>نص</p>", body_en="<p>Text <b>x</b></p>", **texts)

    (found,) = items("news")

    assert found == {
        "id": article.pk,
        "title": {"ar": "خبر", "en": "Story"},
        "lead": {"ar": "ملخص", "en": "Lead"},
        "body": {"ar": "نص", "en": "Text x"},
        "category": "news",
        "scope": "regional",
        "dated_on": article.dated_on.isoformat(),
        "published_at": found["published_at"],
        "original_language": article.original_language,
        "objectives": [],
        "countries": [],
        "constituencies": [],
        "address": {code: f"https://portal.example.org{article.address_in(code)}" for code in ("ar", "en")},
    }
    given = datetime.fromisoformat(found["published_at"])
    assert abs((given - article.published_at).total_seconds()) < 0.001


def test_a_language_that_is_not_published_is_not_given():
    make_published(languages=("en",), title_en="Story", title_ar="مسودة")

    assert items("news")[0]["title"] == {"ar": None, "en": "Story"}
    assert table("news.csv")[0]["title_ar"] == ""


def test_the_table_has_the_same_rows():
    make_organisation(name_ar="جمعية", name_en="=Society", shown_to="public", **CONSENT)

    (row,) = table("organisations.csv")
    (item,) = items("organisations")

    assert (row["id"], row["name_ar"]) == (str(item["id"]), "جمعية")
    assert item["name"]["en"] == "=Society"
    assert row["name_en"] == "'=Society"  # no spreadsheet takes it for a formula
    assert row["constituencies"] == " ".join(item["constituencies"])


@pytest.mark.parametrize("name", NAMES)
def test_every_set_answers_in_both_forms_and_one_by_one(name):
    make_everything_public()

    found = items(name)

    assert found, name
    assert get(f"{name}/{found[0]['id']}").json() == found[0]
    assert [row["id"] for row in table(f"{name}.csv")] == [str(item["id"]) for item in found]


def make_everything_public():
    group = make_group()
    meeting = make_meeting(group, audience="public")
    decision = make_decision(meeting, audience="public", number=1)
    make_published()
    make_organisation(shown_to="public", **CONSENT)
    call = make_call({"kind": "text"})
    make_submission(call, state="published", text="words")
    adopt(make_recommendation(), by=None, decision=decision)
    make_practice(state="published")
    make_pledge(is_published=True)
    make_action(meeting, audience="public")
    make_document(meeting, audience="public")
    make_seat_call(group)
    make_section(state="published")


def test_the_numbers_and_codes_of_the_lists_are_those_of_the_field():
    assert [item["number"] for item in items("objectives")] == list(range(1, 24))
    assert {"EG", "LB", "MR"} <= {item["code"] for item in items("countries")}


# What nobody may see


def test_nothing_is_in_it_that_a_stranger_may_not_see_whoever_asks():
    group = make_group()
    make_meeting(group, audience="members")
    make_organisation(shown_to="members", **CONSENT)
    call = make_call({"kind": "text"})
    make_submission(call, state="received", text="words")
    make_recommendation()
    make_practice(state="proposed")
    make_pledge(is_published=False)
    make_section(state="shared")
    meeting = make_meeting(group, audience="public")
    make_decision(meeting, audience="members", number=1)
    make_action(meeting, audience="members")
    make_document(meeting, audience="members")
    archive_article(make_published(), by=None)
    make_article(), make_approved(), make_published(at=datetime(2099, 1, 1, tzinfo=UTC))
    secretary = client_for(make_user(Role.SECRETARIAT))

    hidden = {"organisations", "contributions", "recommendations", "practices", "pledges", "decisions", "news"}
    for name in hidden | {"actions", "papers", "synthesis"}:
        assert items(name) == [], name
        assert items(name, secretary) == [], name
    assert len(items("meetings")) == len(items("meetings", secretary)) == 1


def test_one_that_is_hidden_is_not_there():
    hidden = make_meeting(make_group(), audience="members")

    assert get(f"meetings/{hidden.pk}", 404).json() == get("meetings/999999", 404).json()


def test_no_person_is_in_it():
    person = make_person(name_en="Nadia Of Nowhere", is_public=True)
    make_organisation(shown_to="public", **CONSENT)

    everything = "".join(get(name).content.decode() for name in NAMES)

    assert "Nadia Of Nowhere" not in everything
    assert person.name_en == "Nadia Of Nowhere"


# Paging and changes


def test_pages_follow_each_other_by_key():
    made = [make_published() for _number in range(5)]

    first = get("news?limit=2").json()
    second = get(first["next"].removeprefix("https://portal.example.org/api/v1/")).json()
    third = get(second["next"].removeprefix("https://portal.example.org/api/v1/")).json()

    found = [item["id"] for page in (first, second, third) for item in page["items"]]
    assert found == sorted(article.pk for article in made)
    assert third["next"] is None


def test_only_what_has_changed_since_a_day():
    old, new = make_published(), make_published()
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    Article.objects.filter(pk=old.pk).update(published_at=long_ago, changed_at=long_ago)
    today = timezone.now().astimezone(UTC).date()
    Article.objects.filter(pk=new.pk).update(changed_at=timezone.now())

    assert [item["id"] for item in items(f"news?since={today}")] == [new.pk]
    assert [item["id"] for item in items("news?since=2026-01-01")] == [old.pk, new.pk]
    assert [row["id"] for row in table(f"news.csv?since={today}")] == [str(new.pk)]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=501", "after=-1", "after=x", "since=yesterday", "sinse=2026-01-01", f"after={2**63}"]
)
def test_what_cannot_be_meant_is_refused(query):
    assert "detail" in get(f"news?{query}", 422).json()


def test_it_is_read_only():
    for method in ("post", "put", "patch", "delete"):
        assert getattr(Client(enforce_csrf_checks=True), method)("/api/v1/news").status_code == 405


# For programs


def test_programs_of_other_sites_may_read_it_and_no_cookie_is_set():
    answer = get("news")

    assert answer["Access-Control-Allow-Origin"] == "*"
    assert (answer["Cache-Control"], answer["Vary"]) == ("public, max-age=0, s-maxage=1", "Accept-Encoding")
    assert answer.cookies == {}


def test_every_column_is_described_in_both_languages():
    schema = get("openapi.json").json()

    for dataset in DATASETS:
        known = schema["components"]["schemas"][f"{dataset.name.title()}Item"]["properties"]
        assert list(known) == ["id", *(column.name for column in dataset.columns)]
        assert [name for name, column in known.items() if not column.get("description")] == []


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_data_page_explains_every_set(language):
    page = Client().get(f"/{language}/data/").content.decode()

    for name in NAMES:
        assert f'href="/api/v1/{name}.csv"' in page
        assert f'href="/api/v1/{name}"' in page


def test_the_description_names_the_portal_and_each_set(client, settings):
    description = client.get("/api/v1/openapi.json").json()

    assert description["info"]["title"] == settings.PORTAL_NAME["en"]
    assert {path.split("/")[3] for path in description["paths"]} == {
        name for dataset in DATASETS for name in (dataset.name, f"{dataset.name}.csv")
    }
