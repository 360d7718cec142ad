"""What leaves the portal: feeds, sitemap, addresses and cards for other sites, data for search engines, shares."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import feedparser
import pytest
from django.utils import timezone
from lxml import etree, html
from PIL import Image, ImageChops

from apps.news import cards, services
from apps.news.models import Article
from tests.factories import approve, make_article, make_meeting, make_picture, make_published, picture
from tests.news.life import change

SITE = "https://portal.example.org"
SCHEMA = Path(__file__).parent.parent / "schemas" / "sitemap.xsd"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"


def head(client, address: str):
    response = client.get(address)
    assert response.status_code == 200
    return html.document_fromstring(response.content.decode()).find("head")


def data_of(client, article, language: str) -> dict:
    return json.loads(head(client, article.address_in(language)).findtext("script[@type='application/ld+json']"))


# Feeds


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_feed_parses_and_holds_the_whole_text(db, client, language):
    body = {"ar": "<p>نصٌّ & كامل <b>هنا</b></p>", "en": "<p>A whole &amp; full text</p>"}
    article = make_published(body_ar=body["ar"], body_en=body["en"], category="story")

    feed = feedparser.parse(client.get(f"/{language}/news/feed/").content)

    entry = feed.entries[0]
    assert (feed.bozo, feed.version, feed.feed.language) == (False, "atom10", language)
    assert (entry.title, entry.summary) == (getattr(article, f"title_{language}"), getattr(article, f"lead_{language}"))
    assert entry.content[0].value == getattr(article, f"body_{language}")
    assert entry.updated_parsed[:6] == entry.published_parsed[:6] == (2026, 11, 1, 9, 0, 0)
    assert feed.feed.author
    assert entry.tags[0].term == {"ar": "قصة", "en": "Story"}[language]


def test_a_category_has_its_own_feed(db, client):
    make_published(category="news", title_en="Of another category")
    kept = make_published(category="press_release")

    feed = feedparser.parse(client.get("/en/news/feed/press_release/").content)

    assert [entry.title for entry in feed.entries] == [kept.title_en]
    assert client.get("/en/news/feed/gossip/").status_code == 404


# Sitemap


def sitemap(client, address: str):
    root = etree.fromstring(client.get(address).content)
    etree.XMLSchema(etree.parse(SCHEMA)).assertValid(root)
    return root


@pytest.mark.django_db
def test_the_sitemaps_follow_their_schema(client):
    nothing = [found.text for found in sitemap(client, "/sitemap.xml").iter(f"{SITEMAP}loc")]
    make_published(title_ar="عنوان & آخر")
    make_meeting()
    index = sitemap(client, "/sitemap.xml")

    addresses = [found.text for found in index.iter(f"{SITEMAP}loc")]
    assert addresses == [
        "http://testserver/sitemap-pages.xml",
        "http://testserver/sitemap-meetings.xml",
        "http://testserver/sitemap-reviews.xml",
        "http://testserver/sitemap-news.xml",
    ]
    assert nothing == [addresses[0], addresses[2]]  # the pages that are always there, and the known reviews
    for address in addresses:
        sitemap(client, address.removeprefix("http://testserver"))


def test_the_sitemap_names_each_version_that_readers_have_and_its_other_language(db, client):
    both, arabic = make_published(), make_published(languages=("ar",), title_en="Draft canary")
    make_article()
    services.save_article(Article(title_en="Draft canary", original_language="en"), by=None)

    root = sitemap(client, "/sitemap-news.xml")

    def there(article, code):
        return "http://testserver" + article.address_in(code)

    found = {
        url.findtext(f"{SITEMAP}loc"): sorted(link.get("hreflang") for link in url.iter(LINK))
        for url in root.iter(f"{SITEMAP}url")
    }
    assert found == {there(both, "ar"): ["ar", "en"], there(both, "en"): ["ar", "en"], there(arabic, "ar"): ["ar"]}
    assert b"canary" not in client.get("/sitemap-news.xml").content


def test_search_engines_are_told_of_the_sitemap(db, client):
    text = client.get("/robots.txt").content.decode()

    assert f"Sitemap: {SITE}/sitemap.xml" in text
    assert "Disallow: /ar/admin/" in text


# Addresses and data in the page


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_page_names_its_address_and_its_other_languages(db, client, language):
    article = make_published()

    found = head(client, article.address_in(language))

    assert found.xpath("link[@rel='canonical']/@href") == [SITE + article.address_in(language)]
    assert {(link.get("hreflang"), link.get("href")) for link in found.xpath("link[@hreflang]")} == {
        (code, SITE + article.address_in(code)) for code in ("ar", "en")
    }


def test_a_list_that_is_filtered_is_the_same_page_and_the_second_page_is_another(db, client):
    for _each in range(11):
        make_published()

    def canonical(query: str) -> list[str]:
        return head(client, f"/en/news/{query}").xpath("link[@rel='canonical']/@href")

    assert canonical("?category=news") == [f"{SITE}/en/news/"]
    assert canonical("?page=2") == [f"{SITE}/en/news/?page=2"]


@pytest.mark.parametrize("language", ["ar", "en"])
def test_other_sites_get_title_lead_and_a_picture_in_the_articles_language(db, client, language):
    article = make_published(title_ar='عنوان "بين" علامات', title_en="A <b> title")

    found = head(client, article.address_in(language))
    named = {meta.get("property"): meta.get("content") for meta in found.xpath("meta[@property]")}
    picture_response = client.get(named["og:image"].removeprefix(SITE))

    assert named["og:title"] == getattr(article, f"title_{language}")
    assert named["og:description"] == getattr(article, f"lead_{language}")
    assert named["og:url"] == SITE + article.address_in(language)
    assert picture_response["Content-Type"] == "image/jpeg"
    assert Image.open(BytesIO(picture_response.content)).size == (1200, 630)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_search_engines_get_the_article_as_data(db, client, language):
    article = make_published(
        title_ar="عنوان </script><b>",
        title_en="Title </script><b>",
        corrected_on=date(2026, 11, 2),
        correction_en="Right.",
    )

    found = data_of(client, article, language)

    assert {name: found[name] for name in ("@type", "headline", "inLanguage", "datePublished", "dateModified")} == {
        "@type": "NewsArticle",
        "headline": getattr(article, f"title_{language}"),
        "inLanguage": language,
        "datePublished": "2026-11-01T09:00:00+00:00",
        "dateModified": "2026-11-01T09:00:00+00:00",
    }
    assert found["mainEntityOfPage"]["@id"] == SITE + article.address_in(language)
    assert found["image"][0].startswith(f"{SITE}/pictures/card/")
    assert found["author"]["name"] == found["publisher"]["name"] != ""
    assert ("correction" in found) == (language == "en")


def test_drafting_does_not_change_when_readers_got_another_text(db, client, editor):
    article = make_published(original_language="ar")
    before = data_of(client, article, "ar")["dateModified"]
    change(article, by=editor, body_ar="<p>مسودة</p>")
    while_drafting = data_of(client, article, "ar")["dateModified"]

    services.publish_article(approve(Article.objects.get()), by=None, languages=["ar", "en"])

    assert while_drafting == before
    assert data_of(client, article, "ar")["dateModified"] > before


def test_a_preview_says_nothing_of_itself_to_search_engines(db, editor, log_in):
    article = make_article()

    found = head(log_in(editor), article.address_in("ar"))

    assert found.xpath("meta[@name='robots']/@content") == ["noindex"]
    assert found.xpath("link[@rel='canonical'] | link[@hreflang] | script[not(@src)] | meta[@property]") == []


# Cards


def test_a_card_is_there_only_for_what_readers_have(db, client):
    article = make_published(languages=("ar",))
    address = re.search(r"/pictures/card/\S+?\.jpg", client.get(article.address_in("ar")).content.decode())[0]
    later = make_published(at=timezone.now() + timedelta(days=1))
    draft = make_article()

    found = [
        client.get(address).status_code,
        client.get(address.replace("-ar.jpg", "-en.jpg")).status_code,
        client.get(address.replace("-ar.jpg", "-fr.jpg")).status_code,
        client.get(address.replace(f"card/{article.pk}-", f"card/{later.pk}-")).status_code,
        client.get(address.replace(f"card/{article.pk}-", f"card/{draft.pk}-")).status_code,
    ]

    assert found == [200, 404, 404, 404, 404]


def ink(content: bytes) -> tuple[int, int]:
    """How much of the left and of the right half differs from the ground."""
    card = Image.open(BytesIO(content)).convert("L").crop((0, 140, 1200, 500))
    empty = Image.new("L", card.size, card.getpixel((600, 350)))
    marked = ImageChops.difference(card, empty).point(lambda value: 255 if value > 60 else 0)
    return tuple(sum(marked.crop(box).histogram()[200:]) for box in ((0, 0, 600, 360), (600, 0, 1200, 360)))


def test_a_card_is_written_from_its_languages_side():
    article = Article(title_ar="خبر قصير", title_en="Short news")

    left, right = ink(cards.draw(article, "ar"))
    assert left == 0 < right
    left, right = ink(cards.draw(article, "en"))
    assert right == 0 < left


def test_a_title_of_any_length_fits_its_card():
    article = Article(title_ar="كلمة " * 40, title_en="W" * 200)

    for language in ("ar", "en"):
        size, lines = cards._fitted(getattr(article, f"title_{language}"), language)
        assert len(lines) <= 3
        assert size >= 44


def test_a_card_shows_the_articles_picture(db):
    plain, pictured = make_published(), make_published(picture=make_picture(picture(800, 400)))

    assert Image.open(BytesIO(cards.draw(pictured, "en"))).getpixel((600, 100)) != Image.open(
        BytesIO(cards.draw(plain, "en"))
    ).getpixel((600, 100))


# Passing on


@pytest.mark.parametrize("language", ["ar", "en"])
def test_shares_are_plain_links_that_carry_title_and_address(db, client, language):
    article = make_published(title_ar="عنوان & آخر", title_en="One & another")
    page = html.document_fromstring(client.get(article.address_in(language)).content.decode())

    addresses = page.xpath("//footer[contains(@class, 'share')]//a/@href")

    assert [address.split("?")[0] for address in addresses] == ["mailto:", "https://wa.me/", "https://t.me/share/url"]
    for address in addresses:
        assert "%26" in address
        assert "portal.example.org" in address


# The archive


@pytest.mark.parametrize(("language", "month"), [("ar", "تشرين الثاني/نوفمبر"), ("en", "November")])
def test_the_archive_counts_what_stands_in_the_pages_language(db, client, language, month):
    make_published(dated_on=date(2026, 11, 5))
    make_published(dated_on=date(2026, 11, 6), languages=(language,))
    make_published(dated_on=date(2026, 10, 6), languages=({"ar": "en", "en": "ar"}[language],))
    make_published(dated_on=date(2025, 1, 6), at=datetime(2025, 1, 6, tzinfo=UTC))
    make_article(dated_on=date(2024, 1, 6))

    years = client.get(f"/{language}/news/archive/").context["years"]

    found = {year: [(row["name"], row["count"]) for row in rows] for year, rows in years.items()}
    assert list(found) == [2026, 2025]
    assert found[2026] == [(month, 2)]
