"""Reading and sending where the line is cut. The service worker's requests go past Playwright, so it is cut at the
server."""

import re

import pytest
from django.core.servers.basehttp import WSGIRequestHandler
from playwright.sync_api import expect

from tests.factories import PASSWORD, make_group, make_meeting, make_member, make_published


@pytest.fixture
def line(monkeypatch):
    """``line.cut()``, ``line.mend()``: whether the server answers, or closes the line without a word."""

    class Line:
        is_cut = False

        def cut(self):
            self.is_cut = True

        def mend(self):
            self.is_cut = False

    line, parse = Line(), WSGIRequestHandler.parse_request

    def parse_or_close(handler) -> bool:
        handler.close_connection = handler.close_connection or line.is_cut
        return not line.is_cut and parse(handler)

    monkeypatch.setattr(WSGIRequestHandler, "parse_request", parse_or_close)
    return line


def ready(page) -> None:
    """Waits until the service worker looks after the page."""
    page.evaluate(
        "navigator.serviceWorker.ready.then(() => new Promise(go => navigator.serviceWorker.controller ? go()"
        " : navigator.serviceWorker.addEventListener('controllerchange', go)))"
    )


def kept(page) -> list[str]:
    return page.evaluate(
        "caches.open('pages').then(cache => cache.keys()).then(all => all.map(one => new URL(one.url).pathname))"
    )


def test_what_was_read_is_read_again_without_a_connection(open_page, language, t, line):
    article = make_published(title_ar="خبر", title_en="Story")
    page = open_page(expected=(503,), service_workers="allow")
    page.goto(f"/{language}/")
    ready(page)
    page.goto(f"/{language}/news/{article.pk}-/")
    read = page.url
    expect(page.locator("#kept-page")).to_be_hidden()

    line.cut()
    page.goto(f"/{language}/meetings/")
    expect(page.get_by_role("heading", level=1)).to_have_text(t("No connection"))
    page.locator("#kept-list").get_by_role("link", name={"ar": "خبر", "en": "Story"}[language]).click()

    assert page.url == read
    expect(page.get_by_role("heading", level=1)).to_have_text({"ar": "خبر", "en": "Story"}[language])
    expect(page.locator("#kept-page")).to_be_visible()
    line.mend()
    page.reload()
    expect(page.locator("#kept-page")).to_be_hidden()


def test_twenty_pages_are_kept_the_last_ones(open_page):
    page = open_page(service_workers="allow")
    page.goto("/ar/")
    ready(page)
    for number in range(1, 23):
        page.goto(f"/ar/reviews/objectives/{number}/")

    assert kept(page) == [f"/ar/reviews/objectives/{number}/" for number in range(3, 23)]


def test_s52_nothing_of_a_member_is_kept(open_page, sign_in, language):
    group = make_group()
    meeting = make_meeting(group)
    member = make_member(group)
    page = open_page(expected=(503,), service_workers="allow")
    page.goto(f"/{language}/news/")
    ready(page)
    page.goto(f"/{language}/meetings/")
    assert kept(page) == [f"/{language}/meetings/"]

    sign_in(page, member)
    for address in (meeting.get_absolute_url(), f"/{language}/meetings/", f"/{language}/news/"):
        page.goto(address)

    everything = page.evaluate("""async () => {
      const all = await Promise.all((await caches.keys()).map(async name => (await caches.open(name)).keys()))
      return all.flat().map(one => new URL(one.url).pathname)
    }""")
    # The sheet, a script, the mark, and the two pages of each language for when there is no connection; and the home
    # page, which was read before the login.
    assert sorted(re.sub(r"/static/.*", "/static/", path) for path in everything) == sorted(
        ["/static/"] * 3
        + [f"/{code}/offline/{part}" for code in ("ar", "en") for part in ("", "unsent/")]
        + [f"/{language}/"]
    )


def test_s52_the_worker_that_begins_with_a_member_keeps_nothing_of_her(open_page, sign_in, language):
    """She comes by a page that has a script of its own, so that the worker begins after her login."""
    member = make_member(make_group())
    member.display_name_ar, member.display_name_en = "نادية الراوي", "Nadia Rawi"
    member.save()
    page = open_page(service_workers="allow")
    page.goto(f"/{language}/accounts/login/")
    page.locator("main [name=login]").fill(member.email)
    page.locator("main [name=password]").fill(PASSWORD)
    page.locator("main [name=password]").press("Enter")
    page.wait_for_url("**/meetings/mine/")
    expect(page.locator("header")).to_contain_text({"ar": "نادية الراوي", "en": "Nadia Rawi"}[language])
    ready(page)

    texts = page.evaluate("""async () => {
      const found = await Promise.all((await caches.keys()).map(async name => {
        const cache = await caches.open(name)
        return Promise.all((await cache.keys()).map(async one => (await cache.match(one)).text()))
      }))
      return found.flat().join("")
    }""")
    assert len(texts) > 10_000
    assert [name for name in ("نادية", "Nadia", member.email, "csrfmiddlewaretoken") if name in texts] == []


def test_a_form_that_did_not_get_through_is_sent_again(open_page, language, t, line):
    page = open_page(expected=(400, 503), service_workers="allow")
    page.goto(f"/{language}/newsletter/")
    ready(page)
    page.reload()
    page.locator("main input[type=email]").fill('amal"<b>@example.org')
    page.locator("main form").evaluate("form => form.noValidate = true")

    line.cut()
    page.locator("main form").get_by_role("button").last.click()

    expect(page.get_by_role("heading", level=1)).to_have_text(t("Not sent: no connection"))
    expect(page.locator(".as-typed").first).to_have_text('amal"<b>@example.org')
    line.mend()
    page.get_by_role("button", name=t("Send again")).click()
    expect(page.locator("main input[type=email]")).to_have_value('amal"<b>@example.org')
    assert kept(page) == []


def test_what_is_secret_is_not_given_back(open_page, language, t, line):
    page = open_page(expected=(503,), service_workers="allow")
    page.goto(f"/{language}/")
    ready(page)
    page.get_by_role("link", name=t("Member login")).click()
    page.get_by_label(t("E-mail address")).fill("amal@example.org")
    page.get_by_label(t("Password"), exact=True).fill("a-secret-of-mine")

    line.cut()
    page.get_by_role("main").get_by_role("button", name=t("Log in"), exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_have_text(t("No connection"))
    assert "a-secret-of-mine" not in page.content()
