"""The page cache without the portal behind it, and which pages are public."""

import threading

import pytest
from django.urls import get_resolver

from apps.core import pagecache
from apps.core.pagecache import PageCache
from tests.core.wsgi import ask
from tests.test_consistency import callbacks, path_of


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
    "apps.core.offline.worker",  # a day in the browser itself
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
