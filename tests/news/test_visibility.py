from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AnonymousUser

from apps.news.models import Article
from apps.news.services import publish_article
from tests.factories import make_approved, make_article, make_published, make_user

STRANGER = AnonymousUser()

FUTURE = datetime(2099, 1, 1, tzinfo=UTC)


def page_of(article, language: str) -> str:
    return article.address_in(language)


def test_readers_see_what_is_published_by_now_and_writers_see_all(db):
    draft, published, scheduled = make_article(), make_published(), make_published(at=FUTURE)

    assert list(Article.objects.visible_to(STRANGER)) == [published]
    assert list(Article.objects.visible_to(make_user("member"))) == [published]
    for role in ("secretariat", "editor", "translator", "auditor"):
        assert set(Article.objects.visible_to(make_user(role))) == {draft, published, scheduled}


@pytest.mark.parametrize("language", ["ar", "en"])
def test_s24_a_draft_answers_like_an_article_that_does_not_exist(db, client, language):
    drafts = [make_article(title_en="Canary", title_ar="كناري"), make_published(at=FUTURE, title_en="Canary")]

    nothing = client.get(f"/{language}/news/999999-x/")
    for draft in drafts:
        for address in (page_of(draft, language), f"/{language}/news/{draft.pk}-canary/"):
            response = client.get(address)
            assert (response.status_code, response.content) == (404, nothing.content)
    for listing in ("/", "/news/", "/news/feed/"):
        assert b"Canary" not in client.get(f"/{language}{listing}").content


@pytest.mark.parametrize("language", ["ar", "en"])
def test_s24_a_version_that_is_not_ready_leaks_nowhere(db, client, language):
    other = {"ar": "en", "en": "ar"}[language]
    texts = {f"title_{language}": "Canary title", f"body_{language}": "<p>Canary body</p>"}
    article = make_approved(**texts, original_language=other)
    publish_article(article, by=None, languages=[other], at=datetime(2026, 11, 1, tzinfo=UTC))

    for address in (
        page_of(article, language),
        page_of(article, other),
        f"/{language}/news/",
        f"/{language}/news/feed/",
    ):
        assert b"anary" not in client.get(address).content
    assert "canary" not in page_of(article, language)


@pytest.mark.parametrize(("language", "other"), [("ar", "en"), ("en", "ar")])
def test_an_item_without_the_pages_language_is_a_notice_with_a_link(db, client, language, other):
    article = make_published(languages=(other,))
    link = f'<a href="{page_of(article, other)}" lang="{other}" hreflang="{other}"'
    notice = {"ar": "هذه المادة متاحة باللغة الإنجليزية فقط.", "en": "This item is available in Arabic only."}[language]

    detail = client.get(page_of(article, language))
    listing = client.get(f"/{language}/news/")

    assert detail.status_code == 200
    for html in (detail.content.decode(), listing.content.decode()):
        assert notice in html
        assert link in html
    assert getattr(article, f"lead_{other}") not in detail.content.decode()


def test_writers_read_drafts_with_a_notice(db, editor, log_in):
    draft = make_article()

    html = log_in(editor).get(page_of(draft, "en")).content.decode()

    assert draft.title_en in html
    assert "Only the back office sees this." in html
    assert '<meta name="robots" content="noindex">' in html


def test_writers_read_when_a_scheduled_article_comes_out(db, editor, log_in):
    html = log_in(editor).get(page_of(make_published(at=FUTURE), "en")).content.decode()

    assert "Readers get it from 1 January 2099, 02:00" in html


def test_a_writer_meets_a_plain_notice_for_a_language_without_text(db, editor, log_in):
    draft = make_article(title_en="", lead_en="", body_en="")

    html = log_in(editor).get(page_of(draft, "en")).content.decode()

    assert "It is not published in this language." in html
