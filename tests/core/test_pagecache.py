"""Pages kept ready for strangers: sent without a query, dropped at any change, never mixed up with anybody's own."""

import gzip
from datetime import UTC, datetime
from http import HTTPStatus

import brotli
import pytest
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, connection, connections
from django.test.utils import CaptureQueriesContext

from apps.core import audit, pagecache
from apps.core.models import AuditEntry
from apps.core.pagecache import PageCache
from tests.core.wsgi import ask, made
from tests.factories import client_for, make_published

NOON = datetime(2026, 11, 2, 12, 0, 10, tzinfo=UTC).timestamp()


class Clock:
    def __init__(self):
        self.now = NOON

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def portal(db, clock, monkeypatch):
    """The portal behind the cache, which looks at the trail at each request; the test's transaction stays open."""
    monkeypatch.setattr(pagecache, "_LOOK_EVERY", -1)
    monkeypatch.setattr(connections["default"], "close_if_unusable_or_obsolete", lambda: None)
    return PageCache(get_wsgi_application(), clock=clock)


@pytest.fixture
def article(db):
    return make_published(title_en="Ports agree", title_ar="اتفاق الموانئ")


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_page_is_made_once(portal, article, language):
    path = article.address_in(language)
    first, was_made = made(portal, path)
    second, was_made_again = made(portal, path)

    assert (was_made, was_made_again) == (True, False)
    assert first.status == second.status == HTTPStatus.OK
    assert first.body == second.body
    assert f'lang="{language}"' in first.text
    assert first.headers == second.headers


def test_a_kept_page_costs_the_look_at_the_trail_and_nothing_else(portal, article):
    ask(portal, article.address_in("ar"))

    with CaptureQueriesContext(connection) as queries:
        ask(portal, article.address_in("ar"))

    assert len(queries) == 1
    assert "core_auditseal" in queries[0]["sql"]


def test_it_says_how_long_caches_may_keep_it(portal, article):
    headers = ask(portal, article.address_in("ar")).headers

    assert headers["cache-control"] == "public, max-age=0, s-maxage=1"
    assert headers["vary"] == "Accept-Encoding"
    assert "set-cookie" not in headers
    assert headers["last-modified"] == "Mon, 02 Nov 2026 12:00:10 GMT"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize("language", ["ar", "en"])
def test_any_change_is_on_the_next_page(portal, article, language, django_capture_on_commit_callbacks):
    listed = f"/{language}/news/"
    assert "Rivers" not in ask(portal, listed).text
    with django_capture_on_commit_callbacks(execute=True):
        make_published(title_en="Rivers agree", title_ar="Rivers اتفاق")

    assert "Rivers" in ask(portal, listed).text


def test_a_login_drops_nothing(portal, article, django_capture_on_commit_callbacks):
    path = article.address_in("en")
    for _time in range(2):
        # The first seals what the test has written before.
        with django_capture_on_commit_callbacks(execute=True):
            audit.record(AuditEntry.Action.LOGIN_FAILED, by=None)
        _answer, was_made = made(portal, path)

    assert not was_made


def test_a_page_is_good_for_its_minute(portal, article, clock):
    path = article.address_in("en")
    ask(portal, path)

    clock.now = NOON + 49
    assert not made(portal, path)[1]
    clock.now = NOON + 50
    assert made(portal, path)[1]


def test_made_anew_and_the_same_it_keeps_its_date(portal, article, clock):
    path = article.address_in("en")
    first = ask(portal, path)
    clock.now += 60
    second = ask(portal, path)

    assert second.headers["last-modified"] == first.headers["last-modified"]
    assert second.headers["etag"] == first.headers["etag"]


def test_who_has_the_page_gets_no_body(portal, article, clock):
    path = article.address_in("en")
    page = ask(portal, path)
    tag, day = page.headers["etag"], page.headers["last-modified"]

    for environ in (
        {"HTTP_IF_NONE_MATCH": tag},
        {"HTTP_IF_NONE_MATCH": f'"other", {tag}'},
        {"HTTP_IF_MODIFIED_SINCE": day},
    ):
        answer = ask(portal, path, **environ)
        assert (answer.status, answer.body) == (HTTPStatus.NOT_MODIFIED, b"")
        assert answer.headers["etag"] == tag
        assert answer.headers["cache-control"] == "public, max-age=0, s-maxage=1"
    # The tag decides where both are sent.
    assert ask(portal, path, HTTP_IF_NONE_MATCH='"other"', HTTP_IF_MODIFIED_SINCE=day).status == HTTPStatus.OK
    assert ask(portal, path, HTTP_IF_MODIFIED_SINCE="Mon, 02 Nov 2026 12:00:09 GMT").status == HTTPStatus.OK


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("", ""),
        ("identity", ""),
        ("gzip;q=0", ""),
    ],
)
def test_it_is_packed_as_the_browser_takes_it(portal, article, accepted, encoding):
    plain = ask(portal, article.address_in("ar")).body
    answer = ask(portal, article.address_in("ar"), HTTP_ACCEPT_ENCODING=accepted)

    assert answer.headers.get("content-encoding", "") == encoding
    assert answer.headers["content-length"] == str(len(answer.body))
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}[encoding]
    assert unpack(answer.body) == plain


def test_a_first_answer_is_packed_too(portal, article):
    answer = ask(portal, article.address_in("ar"), HTTP_ACCEPT_ENCODING="gzip")

    assert "اتفاق" in gzip.decompress(answer.body).decode()


def test_head_has_the_headers_alone(portal, article):
    path = article.address_in("ar")
    whole = ask(portal, path)
    head = ask(portal, path, REQUEST_METHOD="HEAD")

    assert head.body == b""
    assert head.headers == whole.headers


# Whose page it is


def test_who_brings_a_cookie_gets_none_and_makes_none(portal, article, member):
    path = article.address_in("en")
    client = client_for(member)
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())

    own, was_made = made(portal, path, HTTP_COOKIE=cookie)
    assert was_made
    assert member.get_full_name() in own.text
    assert own.headers["cache-control"] == "private, no-store"

    strangers, was_made = made(portal, path)
    assert was_made
    assert member.get_full_name() not in strangers.text

    again, was_made = made(portal, path, HTTP_COOKIE=cookie)
    assert was_made
    assert member.get_full_name() in again.text


def test_any_cookie_and_any_credentials_go_past_it(portal, article):
    path = article.address_in("en")
    ask(portal, path)

    assert made(portal, path, HTTP_COOKIE="anything=1")[1]
    assert made(portal, path, HTTP_AUTHORIZATION="Basic eDp5")[1]
    assert "s-maxage" not in ask(portal, path, HTTP_COOKIE="anything=1").headers.get("cache-control", "")


@pytest.mark.parametrize("path", ["/ar/newsletter/", "/en/accounts/login/", "/ar/search/", "/", "/en/nothing-here/"])
def test_pages_with_forms_searches_and_errors_are_not_kept(portal, path):
    first = ask(portal, path)
    _second, was_made = made(portal, path)

    assert was_made
    assert "s-maxage" not in first.headers.get("cache-control", "")


def test_a_page_under_another_name_is_another_page(portal, article):
    path = article.address_in("en")
    ask(portal, path)

    assert made(portal, path, HTTP_HOST="localhost")[1]
    assert ask(portal, path, HTTP_HOST="evil.example").status == HTTPStatus.BAD_REQUEST
    assert made(portal, path, HTTP_X_FORWARDED_PROTO="https")[1]
    assert not made(portal, path, HTTP_X_FORWARDED_HOST="evil.example")[1]
    assert not made(portal, path, HTTP_ACCEPT_LANGUAGE="en")[1]


def test_what_a_view_looks_at_makes_another_page_and_tracking_none(portal, article):
    ask(portal, "/en/news/")

    assert made(portal, "/en/news/?category=news")[1]
    assert not made(portal, "/en/news/?category=news&fbclid=abc")[1]
    assert not made(portal, "/en/news/?utm_source=press&utm_campaign=x")[1]
    assert "fbclid" not in ask(portal, "/en/news/?category=news&fbclid=abc").text


def test_what_no_view_looks_at_goes_past_it(portal, article):
    for _time in range(2):
        answer, was_made = made(portal, "/en/news/?invented=1")
        assert was_made
        assert "cache-control" not in answer.headers


# When something fails


def test_while_the_database_is_away_kept_pages_are_sent(portal, article, clock, monkeypatch):
    path = article.address_in("en")
    page = ask(portal, path)

    def away(position):
        raise DatabaseError

    monkeypatch.setattr(pagecache, "trail_since", away)
    clock.now += 30 * 60
    answer, was_made = made(portal, path)
    assert not was_made
    assert answer.body == page.body

    clock.now += 31 * 60
    assert made(portal, path)[1]


def test_a_page_made_while_nothing_is_known_is_not_kept(portal, article, monkeypatch):
    def away(position):
        raise DatabaseError

    monkeypatch.setattr(pagecache, "trail_since", away)

    assert made(portal, article.address_in("en"))[1]
    assert made(portal, article.address_in("en"))[1]


def test_an_error_gives_way_to_the_last_page(portal, article, clock):
    path = article.address_in("en")
    page = ask(portal, path)
    inner = portal.application

    def failing(environ, start_response):
        start_response("500 Internal Server Error", [])
        return [b"sorry"]

    portal.application = failing
    clock.now += 60
    assert ask(portal, path).body == page.body
    assert ask(portal, "/en/news/").status == HTTPStatus.INTERNAL_SERVER_ERROR
    clock.now += 3600
    assert ask(portal, path).status == HTTPStatus.INTERNAL_SERVER_ERROR
    portal.application = inner
    assert ask(portal, path).status == HTTPStatus.OK


def test_an_article_counts_its_kept_readings(portal, article, settings, monkeypatch):
    settings.READS_COUNTED_ONE_IN = 10
    monkeypatch.setattr(pagecache, "_COUNT_EVERY", 1000)
    monkeypatch.setattr("apps.news.parity.random.randrange", lambda step: 1)
    for _time in range(4):
        ask(portal, article.address_in("ar"))
    monkeypatch.setattr(pagecache, "_COUNT_EVERY", -1)
    ask(portal, "/ar/")

    article.refresh_from_db()
    assert article.reads == 3


def test_pages_with_and_without_pictures_are_kept_apart(portal, article):
    paths = ("/ar/news/", "/text/ar/news/")
    answers = [made(portal, path) for path in (*paths, *paths)]

    assert [was_made for _answer, was_made in answers] == [True, True, False, False]
    assert ['href="/text/ar/meetings/"' in answer.text for answer, _was_made in answers] == [False, True] * 2


def test_data_that_a_program_has_already_is_not_sent_again(portal, article):
    first = ask(portal, "/api/v1/news")

    again = ask(portal, "/api/v1/news", HTTP_IF_NONE_MATCH=first.headers["etag"], HTTP_ACCEPT_LANGUAGE="en")

    assert (first.status, again.status, again.body) == (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED, b"")
