"""People who use the keyboard only."""

from playwright.sync_api import Page, expect

from tests.factories import PASSWORD, make_group, make_meeting, make_member, make_published

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
