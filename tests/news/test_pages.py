from datetime import date

import feedparser
import pytest
from django.utils.translation import override

from apps.meetings.models import Audience
from apps.news.models import Article
from tests.factories import make_article, make_contact, make_meeting, make_published
from tests.queries import count_queries


def page_of(article, language: str) -> str:
    return article.address_in(language)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_press_release_shows_dateline_and_contacts(db, client, language):
    article = make_published(category="press_release", place_ar="تونس", place_en="Tunis", dated_on=date(2026, 11, 5))
    article.contacts.add(make_contact())

    html = client.get(page_of(article, language)).content.decode()

    dateline = {
        "ar": 'تونس، <time datetime="2026-11-05">5 تشرين الثاني/نوفمبر 2026</time>',
        "en": 'Tunis, <time datetime="2026-11-05">5 November 2026</time>',
    }
    assert dateline[language] in html
    assert '<a class="ltr" href="mailto:press@example.org">press@example.org</a>' in html
    assert '<a class="ltr" href="tel:+20255500100">+20 2 5550 0100</a>' in html


def test_the_page_names_its_related_meeting_only_to_who_may_see_it(db, client, secretary, log_in):
    hidden = make_meeting(audience=Audience.MEMBERS, title_en="Members canary")
    article = make_published(links={"meetings": [hidden]})

    assert "Members canary" not in client.get(page_of(article, "en")).content.decode()
    assert "Members canary" in log_in(secretary).get(page_of(article, "en")).content.decode()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_f23_arabic_slugs_answer_and_old_ones_redirect(db, client, language):
    article = make_published(title_ar="مشاورة مع النقابات", title_en="Consultation with unions")
    address = page_of(article, language)

    old = client.get(f"/{language}/news/{article.pk}-old/")

    assert client.get(address).status_code == 200
    assert (old.status_code, old["Location"]) == (301, address)
    assert client.get(f"/{language}/news/{article.pk}-/").status_code == 301


@pytest.mark.parametrize(("language", "other"), [("ar", "en"), ("en", "ar")])
def test_the_switch_leads_to_the_same_article(db, client, language, other):
    article = make_published()

    html = client.get(page_of(article, language)).content.decode()

    assert f'<a href="{page_of(article, other)}" lang="{other}" hreflang="{other}"' in html
    assert (
        f'<link rel="alternate" hreflang="{other}" href="https://portal.example.org{page_of(article, other)}">' in html
    )


@pytest.mark.parametrize("language", ["ar", "en"])
def test_filters_narrow_the_list(db, client, language):
    kept = make_published(category="statement", scope="global", dated_on=date(2025, 5, 1))
    make_published(category="story", scope="global", dated_on=date(2025, 5, 1))
    make_published(category="statement", scope="local", dated_on=date(2025, 5, 1))
    make_published(category="statement", scope="global", dated_on=date(2026, 5, 1))

    response = client.get(f"/{language}/news/", {"category": "statement", "scope": "global", "year": "٢٠٢٥"})

    assert response.status_code == 200
    assert list(response.context["articles"].page) == [kept]


@pytest.mark.parametrize(("name", "value"), [("year", "abc"), ("year", "1066"), ("scope", "moon"), ("category", "<b>")])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_s30_a_wrong_filter_gets_a_message_beside_its_field(db, client, language, name, value):
    make_published()

    response = client.get(f"/{language}/news/", {name: value})

    assert response.status_code == 400
    assert list(response.context["form"].errors) == [name]
    assert f'id="id_{name}_error"' in response.content.decode()
    assert "<b>" not in response.content.decode().split("<main", 1)[1].split("article", 1)[0]


@pytest.mark.parametrize("number", ["-1", "0", "abc", "999999999999999999999", "1e3"])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_s30_a_wrong_page_number_gets_a_sentence_and_the_first_page(db, client, language, number):
    article = make_published()

    response = client.get(f"/{language}/news/", {"page": number})

    sentence = {"ar": "لا توجد صفحة بهذا الرقم.", "en": "There is no page with this number."}[language]
    assert response.status_code == 404
    assert sentence in response.content.decode()
    assert list(response.context["articles"].page) == [article]


def test_pages_keep_the_filter(db, client):
    for _number in range(11):
        make_published(category="story")

    html = client.get("/en/news/?category=story").content.decode()

    assert 'href="?category=story&amp;page=2"' in html
    assert "Page 1 of 2" in html


@pytest.mark.parametrize("query", ["", "?category=story"])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_an_empty_list_says_what_to_do(db, client, language, query):
    html = client.get(f"/{language}/news/{query}").content.decode()

    expected = {
        ("ar", ""): "ستظهر الأخبار هنا حالما تنشر الأمانة أولى المواد.",
        ("ar", "?category=story"): "لا شيء يطابق هذا الاختيار.",
        ("en", ""): "News will stand here as soon as",
        ("en", "?category=story"): "Nothing fits this choice.",
    }
    assert expected[language, query] in html


@pytest.mark.parametrize("language", ["ar", "en"])
def test_lists_need_the_same_few_queries_for_1_3_and_300_rows(db, client, language):
    from apps.demo.bulk import load_many
    from tests.factories import make_group

    found = []
    for rows in (1, 3, 300):
        load_many(rows, make_group())
        article = Article.objects.latest("published_at")
        addresses = [f"/{language}/news/", f"/{language}/news/feed/", page_of(article, language)]
        found.append([count_queries(client, address) for address in addresses])

    assert found == [[6, 1, 7]] * 3


def test_an_article_with_everything_needs_few_queries(db, client):
    article = make_published(links={"meetings": [make_meeting()]})
    article.contacts.add(make_contact(), make_contact())

    assert count_queries(client, page_of(article, "en")) == 8


def test_the_admin_list_needs_the_same_queries_for_one_and_three(db, editor, log_in):
    client = log_in(editor)
    make_published()
    one = count_queries(client, "/en/admin/news/article/")
    make_article()
    make_published()

    assert count_queries(client, "/en/admin/news/article/") == one


@pytest.mark.parametrize(("language", "other"), [("ar", "en"), ("en", "ar")])
def test_s58_the_feed_holds_its_own_language_only(db, client, language, other):
    both, foreign = make_published(), make_published(languages=(other,))
    make_article()

    response = client.get(f"/{language}/news/feed/")

    feed = feedparser.parse(response.content)
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert not feed.bozo
    assert feed.feed.language == language
    assert [entry.title for entry in feed.entries] == [getattr(both, f"title_{language}")]
    assert feed.entries[0].link.endswith(page_of(both, language))
    assert feed.entries[0].id == f"https://portal.example.org/{language}/news/{both.pk}"
    assert getattr(foreign, f"title_{other}") not in response.content.decode()


def test_the_article_names_its_slug_after_a_language_that_readers_have(db):
    article = make_published(languages=("ar",), title_ar="خبر")

    with override("en"):
        assert article.get_absolute_url().endswith(f"{article.pk}-%D8%AE%D8%A8%D8%B1/")
    assert make_article().slug_in("en") == "article"


def test_browsers_do_not_keep_the_way_to_a_title_of_today(db, client):
    response = client.get(f"/en/news/{make_published().pk}-old/")

    assert (response.status_code, response["Cache-Control"]) == (301, "no-cache")
