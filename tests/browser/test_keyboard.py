"""People who use the keyboard only."""

from datetime import date

from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.factories import (
    PASSWORD,
    make_article,
    make_group,
    make_meeting,
    make_member,
    make_participant,
    make_published,
)

FOCUSED_OUTLINE = "() => getComputedStyle(document.activeElement).outlineStyle"
FOCUSED_IS_IN_MAIN = "() => document.activeElement.closest('main') !== null"
FOCUSED_NAME = "() => document.activeElement.name || document.activeElement.type || ''"


def tab_to(page: Page, name: str) -> None:
    """Presses Tab until the control of this name or type has the focus."""
    for _press in range(30):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED_NAME) == name:
            return
    raise AssertionError(f"The Tab key does not reach {name}.")


def test_skip_link_comes_first_and_leads_past_the_menu(open_page, language, t):
    make_published()
    page = open_page()
    page.goto(f"/{language}/")
    skip = page.get_by_role("link", name=t("Skip to content"))
    expect(skip).not_to_be_in_viewport()

    page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate(FOCUSED_IS_IN_MAIN) is True


def test_focus_is_visible_on_the_first_links(open_page, language):
    make_published()
    page = open_page()
    page.goto(f"/{language}/")

    outlines = []
    for _press in range(8):
        page.keyboard.press("Tab")
        outlines.append(page.evaluate(FOCUSED_OUTLINE))

    assert outlines == ["solid"] * 8


def test_member_logs_in_by_keyboard(open_page, language, t):
    group = make_group()
    make_meeting(group, audience="members", title_ar="اجتماع المجموعة", title_en="The group meets")
    member = make_member(group)
    page = open_page()
    page.goto(f"/{language}/accounts/login/")

    tab_to(page, "login")
    page.keyboard.type(member.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    tab_to(page, "submit")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text(t("My page"))
    meeting = {"ar": "اجتماع المجموعة", "en": "The group meets"}[language]
    expect(page.get_by_role("main").get_by_role("link", name=meeting).first).to_be_visible()


# Twelve main tasks


def go(page: Page, target) -> None:
    """Presses Tab until this link, button or field has the focus, then Enter for what is pressed."""
    reach(page, target)
    page.keyboard.press("Enter")


def reach(page: Page, target) -> None:
    place = target.first.element_handle()
    for _press in range(120):
        page.keyboard.press("Tab")
        if place.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"The Tab key does not reach {target}.")


def heading(page: Page):
    return page.get_by_role("heading", level=1)


def test_reading_by_keyboard(open_page, language, other, t):
    """Find the news, choose a category, read an article, look for a word, change the language, take data away."""
    make_published(title_ar="ميناء", title_en="Harbour")
    page = open_page()
    page.goto(f"/{language}/")
    go(page, page.get_by_role("navigation").get_by_role("link", name=t("News"), exact=True))
    expect(heading(page)).to_have_text(t("News"))

    reach(page, page.locator("[name=category]"))
    page.keyboard.press("ArrowDown")
    go(page, page.get_by_role("main").get_by_role("button", name=t("Show")))
    page.wait_for_url("**category=**")

    page.goto(f"/{language}/news/")
    go(page, page.get_by_role("link", name={"ar": "ميناء", "en": "Harbour"}[language]))
    expect(heading(page)).to_have_text({"ar": "ميناء", "en": "Harbour"}[language])

    go(page, page.locator("header").locator(f'a[lang="{other}"]'))
    expect(heading(page)).to_have_text({"ar": "ميناء", "en": "Harbour"}[other])

    page.goto(f"/{language}/search/")
    reach(page, page.locator("main [name=q]"))
    page.keyboard.type("Harbour")
    page.keyboard.press("Enter")
    expect(page.locator("main [name=q]")).to_have_value("Harbour")

    page.goto(f"/{language}/data/")
    reach(page, page.locator("section#news summary"))
    page.keyboard.press("Enter")
    expect(page.locator("section#news table")).to_be_visible()


def test_writing_to_the_secretariat_by_keyboard(open_page, language, t):
    """Subscribe to the newsletter: the wrong address, the link to the field, the right one."""
    page = open_page(expected=(400,))
    page.goto(f"/{language}/newsletter/")
    page.locator("main form").evaluate("form => form.noValidate = true")
    reach(page, page.locator("main input[type=email]"))
    page.keyboard.type("amal")
    page.keyboard.press("Enter")
    go(page, page.get_by_role("alert").get_by_role("link"))
    page.keyboard.press("Tab")
    page.locator("main input[type=email]").focus()
    page.keyboard.press("End")
    page.keyboard.type("@example.org")
    page.keyboard.press("Enter")

    expect(page.get_by_role("alert")).to_have_count(0)


def test_taking_part_by_keyboard(open_page, sign_in, language, t):
    """Reply to an invitation, open a paper's meeting, change what is shown of oneself, log out."""
    group = make_group()
    member = make_member(group)
    meeting = make_meeting(group, day=date(2031, 12, 9), audience="members")
    make_participant(meeting, member.person, invited_at=timezone.now())
    page = open_page()
    sign_in(page, member)
    page.goto(f"/{language}/meetings/mine/")
    go(page, page.get_by_role("main").get_by_role("link", name=t("Reply"), exact=True))
    reach(page, page.locator("input[name=answer]"))
    page.keyboard.press("Space")
    go(page, page.get_by_role("main").get_by_role("button", name=t("Reply"), exact=True))
    expect(page.get_by_role("button", name=t("Change my reply"))).to_be_visible()

    go(page, page.get_by_role("link", name=t("The meeting’s page")))
    expect(page.get_by_role("link", name=t("Add to calendar"))).to_be_visible()

    go(page, page.get_by_role("button", name=t("Log out")))
    expect(page.get_by_role("link", name=t("Member login"))).to_be_visible()


def test_the_back_office_by_keyboard(open_page, sign_in, secretary, language, t):
    """Open an article from the first page, write its title, save."""
    article = make_article(title_ar="قديم", title_en="Old")
    page = open_page()
    sign_in(page, secretary)
    page.goto(f"/{language}/admin/news/article/")
    go(page, page.locator("#result_list tbody th a"))
    expect(page.locator("[name=title_en]")).to_have_value("Old")
    reach(page, page.locator("[name=title_en]"))
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("New")
    page.keyboard.press("Enter")

    expect(page.locator(".messagelist .success")).to_be_visible()
    article.refresh_from_db()
    assert article.title_en == "New"
