"""The page of results and what hangs on it, as people of both languages meet it."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree as ET

import feedparser
import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from apps.accounts.roles import Role
from apps.core import privacy
from apps.core.site import tasks_for
from apps.search import indexing, missed
from apps.search.models import MissedSearch
from apps.search.query import LONGEST
from tests.factories import client_for, make_group, make_meeting, make_member, make_published, make_user
from tests.queries import count_queries

pytestmark = pytest.mark.django_db


def page(words: str = "", pages_in: str = "ar", client: Client | None = None, **choices):
    return (client or Client()).get(f"/{pages_in}/search/", {"q": words, **choices})


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def meteors():
    for number in range(12):
        make_published(title_ar=f"نيزك {number}", title_en=f"Meteor {number}", at=datetime(2026, 9, 1, tzinfo=UTC))
    indexing.reindex(kinds=["article"])


@pytest.mark.parametrize(("language", "says"), [("ar", "12 نتيجة"), ("en", "12 results")])
def test_results_stand_on_pages_of_ten(meteors, language, says):
    words = "نيزك" if language == "ar" else "meteor"

    first, second = page(words, language), page(words, language, page=2)

    assert (first.status_code, second.status_code) == (200, 200)
    assert says in text(first)
    assert (text(first).count("<article"), text(second).count("<article")) == (10, 2)
    assert not first.cookies


def test_a_page_that_is_not_there_says_404_and_shows_the_first(meteors):
    response = page("نيزك", page=7)

    assert response.status_code == 404
    assert text(response).count("<article") == 10


def test_an_empty_box_explains_how_to_search():
    assert "بالعربية أو الإنجليزية أو بهما معاً" in text(page())
    assert "in Arabic, in English or mixed" in text(page("", "en"))


def test_links_do_not_repeat_more_of_a_long_text_than_is_looked_for(meteors):
    long = "نيزك" + " نيزك" * 20_000

    html = text(page(long))

    assert "النص طويل جداً: بُحث عن كلماته الأولى فقط." in html
    assert html.count("<article") == 10
    # In the link to the other language, which is the same address.
    links = [link for link in re.findall('href="([^"]*)"', html) if len(link) > 6 * (LONGEST + 1) + 100]
    assert len(links) == 1
    assert links[0].startswith("/en/search/?q=")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("zzzz", "Nothing was found for"),
        ("في من", "These words stand in almost every text."),
        ("!!!", "There is no word in this."),
        ("zzzz " * 20_000, "This is very long: only its first words were looked for."),
    ],
)
def test_what_leads_nowhere_is_answered_with_a_sentence(words, says):
    response = page(words, "en")

    assert response.status_code == 200
    assert says in text(response)


def test_an_empty_answer_shows_ways_on(settings):
    settings.SECRETARIAT_EMAIL = "secretariat@example.org"
    response = text(page("zzzz", "en"))

    assert 'href="/en/news/"' in response
    assert 'href="mailto:secretariat@example.org"' in response


def test_a_slip_is_told_with_a_link_to_what_was_meant(meteors):
    response = text(page("metoer", "en"))

    assert 'Did you mean “<a href="?q=Meteor"><bdi>Meteor</bdi></a>”?' in response
    assert response.count("<article") == 10


def test_what_was_typed_is_shown_as_text():
    response = text(page('"><img src=x onerror=alert(1)>', "en"))

    assert "<img" not in response
    assert "&lt;img src=x" in response


def test_choices_narrow_down_and_can_be_taken_back(meteors):
    make_meeting(make_group(), title_en="Meteor", title_ar="نيزك")
    indexing.reindex(kinds=["meeting"])

    response = text(page("meteor", "en"))
    assert '<a href="?q=meteor&amp;kind=meeting"><bdi>Meetings</bdi></a> <bdi class="muted">(1)</bdi>' in response

    response = text(page("meteor", "en", kind="meeting"))
    assert response.count("<article") == 1
    assert '<a href="?q=meteor" aria-current="true"><bdi>Meetings</bdi></a>' in response


@pytest.mark.parametrize("choice", [{"kind": "novel"}, {"objective": "99"}, {"year": "x"}, {"language": "fr"}])
def test_a_choice_that_does_not_exist_is_left_out_and_said_so(meteors, choice):
    response = page("meteor", "en", **choice)

    assert response.status_code == 400
    assert "One of the choices in this address does not exist." in text(response)
    assert text(response).count("<article") == 10


def test_the_other_language_is_labelled_with_its_direction():
    make_published(languages=("en",), title_en="Meteor over the sea")
    indexing.reindex(kinds=["article"])

    response = text(page("meteor"))

    assert '<h3 lang="en" dir="ltr"><a href="/en/news/' in response
    assert "باللغة الإنجليزية" in response


def test_the_other_language_is_offered(meteors):
    make_published(languages=("en",), title_en="Meteor نيزك")
    indexing.reindex(kinds=["article"])

    assert '<a href="?q=%D9%86%D9%8A%D8%B2%D9%83&amp;language=en">نص واحد باللغة الإنجليزية</a>' in text(page("نيزك"))


def test_what_is_not_public_is_told_to_who_finds_it():
    group = make_group()
    make_meeting(group, title_en="Meteor", audience="members")
    indexing.reindex(kinds=["meeting"])

    assert "Not public" in text(page("meteor", "en", client=client_for(make_member(group))))
    assert "Not public" not in text(page("meteor", "en"))


def test_the_number_of_queries_does_not_grow_with_the_results(meteors):
    one = count_queries(Client(), "/en/search/?q=11")
    many = count_queries(Client(), "/en/search/?q=meteor")

    assert one == many <= 12


# Around it


def test_suggestions_are_those_of_the_page(meteors):
    response = Client().get("/en/search/suggest/", {"q": "mete"})

    assert response["Content-Type"] == "application/x-suggestions+json; charset=utf-8"
    words, titles, _nothing, addresses = json.loads(response.content)
    assert (words, len(titles), titles[0]) == ("mete", 6, "Meteor 11")
    assert all("/en/news/" in address for address in addresses)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_browser_can_take_the_portal_among_its_search_engines(client, settings, language):
    response = client.get(f"/{language}/search/opensearch.xml")

    root = ET.fromstring(response.content)
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    assert root.tag == f"{space}OpenSearchDescription"
    assert [url.get("template") for url in root.findall(f"{space}Url")] == [
        f"{settings.SITE_URL}/{language}/search/?q={{searchTerms}}",
        f"{settings.SITE_URL}/{language}/search/suggest/?q={{searchTerms}}",
    ]
    assert f'href="/{language}/search/opensearch.xml"' in text(client.get(f"/{language}/"))


def test_the_feed_holds_what_the_search_finds_newest_first(meteors):
    make_published(title_en="Meteor of October", at=datetime(2026, 10, 1, tzinfo=UTC))
    make_published(title_en="Comet")
    indexing.reindex(kinds=["article"])

    feed = feedparser.parse(Client().get("/en/search/feed/", {"q": "meteor", "kind": "article"}).content)

    assert not feed.bozo
    assert feed.feed.title.endswith("what is new on “meteor”")
    assert (len(feed.entries), feed.entries[0].title) == (13, "Meteor of October")
    assert 'href="/en/search/feed/?q=meteor"' in text(page("meteor", "en"))


def test_a_feed_of_nothing_is_a_feed():
    assert feedparser.parse(Client().get("/ar/search/feed/").content).entries == []


# What people miss


def counted() -> dict[str, int]:
    return dict(MissedSearch.objects.values_list("words", "count"))


def test_what_is_not_found_is_counted_and_who_looked_is_not(meteors):
    page("كسوفٌ", client=client_for(make_user()))
    page("كسوف")
    page("نيزك")

    assert counted() == {"كسوف": 2}
    columns = {field.name for field in MissedSearch._meta.fields}
    assert columns == {"id", "words", "language", "day", "count"}


@pytest.mark.parametrize("words", ["amina@example.org", "+961 1 234567", "70 123 456", "كلام طويل " * 12, "!!!", "في"])
def test_what_may_be_about_somebody_is_not_kept(words):
    page(words)

    assert counted() == {}


def test_nobody_fills_the_table(monkeypatch):
    monkeypatch.setattr(missed, "_A_DAY", 2)
    for words in ("aaaq", "bbbq", "cccq", "aaaq"):
        page(words)

    assert counted() == {"aaaq": 2, "bbbq": 1}


def test_the_secretariat_is_told_what_is_looked_for_again_and_again():
    secretary, translator = make_user(Role.SECRETARIAT), make_user(Role.TRANSLATOR)
    for _time in range(3):
        page("كسوف")
    page("خسوف")

    with override("en"):
        told = [task.text for task in tasks_for(secretary)]
        others = [task.text for task in tasks_for(translator)]
    assert told == ["1 thing was looked for again and again this month and not found."]
    assert [text for text in others if "looked for" in text] == []


def test_the_list_in_the_back_office_is_read_only():
    page("كسوف")
    client = client_for(make_user(Role.SECRETARIAT))

    response = client.get("/ar/admin/search/missedsearch/")

    assert "كسوف" in text(response)
    assert client.post("/ar/admin/search/missedsearch/add/", {}).status_code == 403


def test_it_is_thrown_away_after_ninety_days():
    today = timezone.localdate()
    for days in (89, 91):
        MissedSearch.objects.create(words=f"w{days}", language="ar", day=today - timedelta(days=days))

    assert privacy.sweep_all()["missed_searches"] == 1
    assert counted() == {"w89": 1}


def test_the_days_of_its_keeping_are_those_of_the_portal():
    late = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)  # in Cairo it is the 21st already
    for days in (90, 91):
        day = date(2026, 11, 21) - timedelta(days=days)
        MissedSearch.objects.create(words=f"w{days}", language="ar", day=day)

    assert privacy.sweeps["missed_searches"](late) == 1
    assert counted() == {"w90": 1}
