"""Four people and what each would notice: a judge from the field, a reader with a screen reader, a member on a slow
phone in Nouakchott, and a secretary on her first day. All on the demonstration."""

import csv
import io
from itertools import pairwise
from pathlib import Path

from playwright.sync_api import Page, expect

from apps.news.models import Article
from tests.browser.test_offline import kept, ready


def heading(page: Page):
    return page.get_by_role("heading", level=1)


def test_a_judge_from_the_field(open_page, demonstration, language, other, t):
    """She asks: who is heard, what became of it, can I have the figures, is the other language the same?"""
    page = open_page()
    page.goto(f"/{language}/")
    page.get_by_role("contentinfo").get_by_role("link", name=t("State of engagement")).click()
    expect(heading(page)).to_have_text(t("State of engagement"))
    figure = page.locator("section#reached")
    expect(figure.locator("svg")).to_be_visible()
    figure.get_by_text(t("The same as a table")).click()
    rows = figure.locator("tbody tr").count()
    with page.expect_download() as taken:
        figure.get_by_role("link", name="CSV").click()
    table = list(csv.reader(io.StringIO(Path(taken.value.path()).read_text(encoding="utf-8-sig"))))
    assert len(table) == rows + 1 == 14

    page.get_by_role("navigation").get_by_role("link", name=t("Regional reviews"), exact=True).click()
    page.get_by_role("main").get_by_role("link").first.click()
    review = page.url
    page.locator("header").locator(f'a[lang="{other}"]').click()
    assert page.url == review.replace(f"/{language}/", f"/{other}/")
    expect(page.locator("html")).to_have_attribute("dir", {"ar": "rtl", "en": "ltr"}[other])


def test_a_reader_with_a_screen_reader(open_page, demonstration, language, other, t):
    """She jumps by landmarks and headings, hears each word in its language, and is told what is wrong and where."""
    page = open_page(expected=(400,))
    page.goto(f"/{language}/news/")
    for role, count in (("banner", 1), ("main", 1), ("contentinfo", 1)):
        expect(page.get_by_role(role)).to_have_count(count)
    expect(page.get_by_role("navigation", name=t("Main menu"))).to_be_visible()
    levels = [int(tag[1]) for tag in page.locator("h1, h2, h3, h4").evaluate_all("all => all.map(one => one.tagName)")]
    assert levels[0] == 1
    assert [(one, two) for one, two in pairwise(levels) if two > one + 1] == []

    article = Article.objects.filter(picture__isnull=False, is_shown=True).latest("published_at")
    page.goto(f"/{language}/news/{article.pk}-/")
    assert page.locator("article img").get_attribute("alt")
    switch = page.locator("header").locator(f'a[lang="{other}"]')
    expect(switch).to_have_attribute("hreflang", other)

    page.goto(f"/{language}/newsletter/")
    page.locator("main form").evaluate("form => form.noValidate = true")
    page.get_by_role("main").get_by_role("button", name=t("Send me the link")).click()
    page.get_by_role("alert").get_by_role("link").first.click()
    field = page.evaluate("location.hash.slice(1)")
    expect(page.locator(f"#{field}")).to_have_attribute("aria-invalid", "true")


def test_a_member_on_a_slow_phone_in_nouakchott(open_page, demonstration, sign_in, language, t):
    """She pays for each kilobyte: what is public stays on the phone; she replies, and leaves nothing behind."""
    page = open_page(width=360, height=740, timezone_id="Africa/Nouakchott", service_workers="allow")
    talk = page.context.new_cdp_session(page)
    talk.send("Network.enable")
    line = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
    talk.send("Network.emulateNetworkConditions", line)
    page.goto(f"/{language}/meetings/")
    ready(page)
    page.goto(f"/{language}/news/")
    assert kept(page) == [f"/{language}/news/"]

    sign_in(page, demonstration("samira@example.org"))
    page.goto(f"/{language}/meetings/mine/")
    page.get_by_role("main").get_by_role("link", name=t("Reply"), exact=True).first.click()
    page.get_by_label(t("Online"), exact=True).check()
    page.get_by_label(t("Data bundle")).check()
    page.get_by_role("main").locator("button[type=submit]").first.click()
    expect(
        page.get_by_text(t("Your reply is kept. You can change it here until the time for replies is over."))
    ).to_be_visible()
    page.get_by_role("link", name=t("Text only, for slow lines")).click()
    assert "/text/" in page.url
    expect(page.locator("img, picture")).to_have_count(0)
    page.get_by_role("button", name=t("Log out")).click()
    assert page.evaluate("caches.keys()") in ([], [name for name in page.evaluate("caches.keys()") if "parts" in name])


def test_a_secretary_on_her_first_day(open_page, demonstration, sign_in, language, t):
    """She reads what waits, opens the handbook, finds an article, and sees whether the portal is well."""
    page = open_page()
    sign_in(page, demonstration("secretariat@example.org"))
    page.goto(f"/{language}/admin/")
    tasks = page.locator(".tasks li")
    assert tasks.count() > 3
    page.get_by_role("link", name=t("Handbook")).click()
    page.get_by_role("link", name=t("The first day of a secretary")).click()
    expect(heading(page)).to_have_text(t("The first day of a secretary"))
    pictures = page.locator("main img")
    expect(pictures).to_have_count(3)
    pictures.last.scroll_into_view_if_needed()
    expect(pictures.last).to_have_js_property("complete", True)
    assert pictures.last.evaluate("one => one.naturalWidth") == 900

    page.goto(f"/{language}/admin/")
    tasks.first.get_by_role("link").click()
    expect(heading(page)).not_to_have_text(t("What needs me today?"))
    page.goto(f"/{language}/admin/status/")
    expect(heading(page)).to_have_text(t("State of the portal"))
