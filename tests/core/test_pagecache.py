"""Pages kept ready for strangers: sent without a query, dropped at any change, never mixed up with anybody's own."""

import gzip
import threading
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO
from urllib.parse import unquote

import brotli
import pytest
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from apps.core import audit, pagecache
from apps.core.models import AuditEntry
from apps.core.pagecache import PageCache
from tests.factories import client_for, make_published
from tests.test_consistency import callbacks, path_of

NOON = datetime(2026, 11, 2, 12, 0, 10, tzinfo=UTC).timestamp()


class Clock:
    def __init__(self):
        self.now = NOON

    def __call__(self) -> float:
        return self.now


class Answer:
    def __init__(self, status: str, headers: list, body: bytes):
        self.status, self.headers, self.body = int(status.split()[0]), {k.lower(): v for k, v in headers}, body

    @property
    def text(self) -> str:
        return self.body.decode()


def ask(application, path: str, **environ) -> Answer:
    """One request through WSGI, as a server would make it."""
    path, _mark, query = path.partition("?")
    path = unquote(path).encode().decode("latin-1")
    started = []
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "testserver",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        **environ,
    }
    chunks = application(environ, lambda *arguments: started.append(arguments))
    body = b"".join(chunks)
    if hasattr(chunks, "close"):
        chunks.close()
    return Answer(*started[-1][:2], body)


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


def made(application, path: str, **environ) -> tuple[Answer, bool]:
    """The answer, and whether the portal itself was asked for it."""
    asked = []
    inner = application.application

    def counting(*arguments):
        asked.append(1)
        return inner(*arguments)

    application.application = counting
    try:
        return ask(application, path, **environ), bool(asked)
    finally:
        application.application = inner


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


# Without the portal behind it


def page_of(body=lambda: b"page", count=None):
    """An application that answers each request with a public page."""

    def application(environ, start_response):
        notes = environ["portal.page"]
        notes["body"] = body()
        if count:
            notes["count"] = count
        start_response("200 OK", [("Content-Type", "text/html")])
        return [notes["body"]]

    return application


@pytest.fixture
def _quiet_trail(monkeypatch):
    monkeypatch.setattr(pagecache, "trail_since", lambda position: (1, 1))
    monkeypatch.setattr(pagecache, "close_old_connections", lambda: None)


@pytest.mark.usefixtures("_quiet_trail")
def test_many_at_once_make_it_once():
    begun, go_on, calls = threading.Event(), threading.Event(), []

    def slow():
        calls.append(1)
        begun.set()
        go_on.wait(5)
        return b"page"

    cache = PageCache(page_of(slow))
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(ask(cache, "/ar/").body)) for _number in range(20)]
    threads[0].start()
    begun.wait(5)
    for thread in threads[1:]:
        thread.start()
    go_on.set()
    for thread in threads:
        thread.join(10)

    assert answers == [b"page"] * 20
    assert len(calls) == 1
    assert cache.making == {}


@pytest.mark.usefixtures("_quiet_trail")
def test_the_pages_longest_unused_go_when_there_is_no_room(monkeypatch):
    monkeypatch.setattr(pagecache, "_ROOM", 3 * 150)
    cache = PageCache(page_of(lambda: b"x" * 100))
    for number in range(5):
        ask(cache, f"/ar/{number}/")

    assert [key[3] for key in cache.pages] == ["/ar/2/", "/ar/3/", "/ar/4/"]
    assert cache.size == 450


@pytest.mark.usefixtures("_quiet_trail")
def test_readings_that_no_view_has_seen_are_counted(monkeypatch):
    monkeypatch.setattr(pagecache, "_LOOK_EVERY", -1)
    monkeypatch.setattr(pagecache, "_COUNT_EVERY", 1000)
    counted = []
    cache = PageCache(page_of(count=counted.append))
    for _time in range(4):
        ask(cache, "/ar/")
    assert counted == []

    monkeypatch.setattr(pagecache, "_COUNT_EVERY", -1)
    ask(cache, "/ar/")
    assert counted == [3]
    ask(cache, "/ar/other/")
    assert counted == [3, 1]


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


@pytest.mark.usefixtures("_quiet_trail")
def test_no_page_with_a_nonce_is_kept():
    def application(environ, start_response):
        environ["portal.page"]["body"] = b"page"
        start_response("200 OK", [("Content-Security-Policy", "script-src 'nonce-abc'")])
        return [b"page"]

    cache = PageCache(application)
    ask(cache, "/ar/")

    assert len(cache.pages) == 0


# Which pages are public

# Views without a login whose answers are not kept: files, forms, searches, personal links, what others ask for.
NOT_KEPT = {
    "apps.core.views.root",
    "apps.core.views.robots",
    "apps.core.views.healthz",
    "apps.core.views.readyz",
    "apps.core.views.sitemap_index",
    "apps.core.views.sitemap_section",
    "apps.accounts.views.invitation",
    *(f"apps.meetings.calendar_views.{name}" for name in ("own_feed", "public_feed")),
    *(f"apps.meetings.views.{name}" for name in ("document_file", "document_version", "meeting_invite")),
    *(f"apps.meetings.register_views.{name}" for name in ("actions_csv", "decisions_csv")),
    "apps.meetings.reply_views.reply_by_link",
    *(f"apps.news.views.{name}" for name in ("card", "picture", "shared", "shared_picture")),
    "apps.reviews.recommendation_views.recommendations_csv",
    *(f"apps.reviews.submitting.views.{name}" for name in ("begin", "input_page", "part_page")),
    *(f"apps.reviews.submission_views.{name}" for name in ("submissions_csv", "trace_csv", "trace_json")),
    *(f"apps.reviews.catalogue_views.{name}" for name in ("practices_csv", "pledges_csv")),
    *(f"apps.search.views.{name}" for name in ("results", "suggest", "opensearch", "SearchFeed")),
    *(f"apps.outreach.views.{name}" for name in ("begin", "subscription", "off")),
    "apps.stakeholders.coverage_views.coverage_csv",
    *(f"apps.stakeholders.joining.views.{name}" for name in ("begin", "request_page", "part_page")),
}


def test_every_page_without_a_login_is_public_or_named_here():
    ours = [view for view in callbacks(get_resolver().url_patterns) if path_of(view).startswith("apps.")]
    open_to_all = [view for view in ours if not getattr(view, "login_required", True)]

    assert {path_of(view) for view in open_to_all if not hasattr(view, "public_parameters")} == NOT_KEPT
    assert not [view for view in ours if hasattr(view, "public_parameters") and getattr(view, "login_required", True)]
