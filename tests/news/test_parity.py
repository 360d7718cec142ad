"""Both languages: the public figures, what waits for translation, and what readers of an outdated text are told."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from apps.news import parity
from apps.news.models import Article
from tests.factories import make_article, make_published
from tests.news.life import again, make_outdated
from tests.news.test_life import FUTURE
from tests.queries import count_queries


def make_news() -> None:
    """Two in both languages, one of them outdated in English; two in Arabic only; what readers have not."""
    make_published(title_en="Whole")
    make_outdated(title_en="Behind")
    for _number in range(2):
        make_published(languages=("ar",))
    make_article(title_en="Draft canary")
    make_published(at=FUTURE, title_en="Scheduled canary")


def test_the_figures_count_what_readers_have(db):
    make_news()

    figures = parity.parity_of(Article.objects.published(timezone.now()))

    counted = [(row.language, row.current, row.outdated, row.missing, row.percent) for row in figures]
    assert counted == [("ar", 4, 0, 0, 100), ("en", 1, 1, 2, 25)]


@pytest.mark.parametrize("language", ["ar", "en"])
def test_everybody_reads_the_figures(db, client, language):
    make_news()

    page = client.get(f"/{language}/news/parity/")

    html = page.content.decode()
    sentence = {
        "ar": "خبر واحد محدّث باللغتين من أصل 4.",
        "en": "1 article of 4 is up to date in both languages.",
    }[language]
    assert sentence in html
    assert '<bdi dir="ltr">25 %</bdi>' in html
    assert "canary" not in html
    assert page.cookies == {}


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_page_of_figures_stands_without_any_news(db, client, language):
    html = client.get(f"/{language}/news/parity/").content.decode()

    assert {"ar": "ستظهر الأخبار هنا", "en": "News will stand here"}[language] in html
    assert "<table" not in html


def test_the_figures_need_the_same_few_queries_for_one_and_many(db, client):
    make_published(languages=("ar",))
    one = count_queries(client, "/en/news/parity/")
    for _number in range(12):
        make_published(languages=("ar",))

    assert (count_queries(client, "/en/news/parity/"), one) == (4, 4)


def test_the_queue_has_the_most_read_first_and_of_equals_the_oldest(db):
    old, new, read = (
        make_published(languages=("ar",), at=timezone.now() - timezone.timedelta(days=days)) for days in (3, 1, 2)
    )
    Article.objects.filter(pk=read.pk).update(reads=10)
    make_published()

    assert list(parity.translation_queue(Article.objects.all(), "en")) == [read, old, new]
    assert list(parity.translation_queue(Article.objects.all(), "ar")) == []


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_dashboard_names_what_waits_for_translation(db, translator, log_in, language):
    make_news()

    html = log_in(translator).get(f"/{language}/admin/").content.decode()

    expected = {"ar": "نسخة متقادمة (الإنجليزية) منذ", "en": "Outdated in English since"}[language]
    waiting = {"ar": "في انتظار الترجمة (الإنجليزية)", "en": "To be translated, English"}[language]
    assert (html.count(expected), html.count(waiting)) == (1, 2)


@pytest.mark.parametrize(("language", "is_told"), [("ar", False), ("en", True)])
def test_readers_of_an_outdated_translation_are_led_to_the_original(db, client, language, is_told):
    article = make_outdated()

    html = client.get(article.address_in(language)).content.decode()

    told = "This translation is being brought up to date: the original in Arabic changed after it." in html
    assert told == is_told


# Counting views


@pytest.fixture
def every_view_counts(settings, monkeypatch):
    settings.READS_COUNTED_ONE_IN = 10
    monkeypatch.setattr(parity.random, "randrange", lambda step: 0)


def test_a_view_that_is_drawn_counts_for_ten(db, client, every_view_counts):
    article = make_published()

    for _number in range(2):
        assert client.get(article.address_in("en")).status_code == 200

    assert (again(article).reads, again(article).revision) == (20, article.revision)


def test_a_view_that_is_not_drawn_writes_nothing(db, client, settings, monkeypatch):
    settings.READS_COUNTED_ONE_IN = 10
    monkeypatch.setattr(parity.random, "randrange", lambda step: step - 1)
    article = make_published()

    client.get(article.address_in("en"))

    assert again(article).reads == 0


def test_views_of_the_back_office_do_not_count(db, editor, log_in, every_view_counts):
    published, draft = make_published(), make_article()
    client = log_in(editor)
    for article in (published, draft):
        assert client.get(article.address_in("en")).status_code == 200

    assert [again(published).reads, again(draft).reads] == [0, 0]
    assert published in Article.objects.visible_to(AnonymousUser())
