"""What holds on every page: it fits the screen, it is accessible, it tells nobody who reads it."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.site import Site, make_site

WIDTHS = (320, 390, 1280)
TOO_WIDE = """() => {
  const root = document.documentElement
  return root.scrollWidth > root.clientWidth ? `${root.scrollWidth} in ${root.clientWidth}` : ""
}"""

# Buttons and fields without a border or an outline, which forced colours would take for text.
UNSEEN = """() => [...document.querySelectorAll("main :is(button, input, select, textarea, .button)")]
  .filter(part => part.checkVisibility() && !part.closest(".visually-hidden") && !part.matches(".plain-button"))
  .filter(part => !["checkbox", "radio", "hidden"].includes(part.type) && part.getBoundingClientRect().width > 1)
  .filter(part => parseFloat(getComputedStyle(part).borderTopWidth) === 0)
  .map(part => part.name || part.textContent.trim()).join(", ")"""

# Parts of a form that stick out of their row, which cuts them off.
CUT_OFF = """() => [...document.querySelectorAll(".form-row :is(input, select, textarea, .ProseMirror)")]
  .filter(part => part.checkVisibility() && !part.closest(".empty-form, .ui-helper-hidden-accessible"))
  .filter(part => {
    const [inner, outer] = [part.getBoundingClientRect(), part.closest(".form-row").getBoundingClientRect()]
    return inner.width > 1 && (inner.left < outer.left - 1 || inner.right > outer.right + 1)
  })
  .map(part => part.name || part.className)"""


@pytest.fixture
def site(db, language, other, secretary) -> Site:
    return make_site(language, other, secretary)


def violations(page: Page) -> list[str]:
    """What axe finds, one line for each place."""
    return [
        f"{rule['id']}: {place['target'][0]}"
        for rule in Axe().run(page).response["violations"]
        for place in rule["nodes"]
    ]


def test_no_public_page_scrolls_sideways(open_page, site):
    page = open_page(expected=(404,))

    too_wide = {}
    for name, address in site.everything_public.items():
        page.goto(address)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if problem := page.evaluate(TOO_WIDE):
                too_wide[name, width] = problem

    assert too_wide == {}


def test_no_page_of_a_member_scrolls_sideways(open_page, sign_in, site):
    page = open_page()
    sign_in(page, site.member)

    too_wide = {}
    for name, address in site.for_members.items():
        page.goto(address)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if problem := page.evaluate(TOO_WIDE):
                too_wide[name, width] = problem

    assert too_wide == {}


def test_no_part_of_a_form_in_the_back_office_is_cut_off(open_page, sign_in, site, secretary):
    page = open_page()
    sign_in(page, secretary)

    cut_off = {}
    for name, address in site.back_office.items():
        page.goto(address)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if parts := page.evaluate(CUT_OFF):
                cut_off[name, width] = parts

    assert cut_off == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_public_pages_have_no_accessibility_violation(open_page, site, scheme):
    page = open_page(color_scheme=scheme, expected=(404,))

    found = {}
    for name, address in site.everything_public.items():
        page.goto(address)
        found[name] = violations(page)

    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_a_member_have_no_accessibility_violation(open_page, sign_in, site, scheme):
    page = open_page(color_scheme=scheme)
    sign_in(page, site.member)

    found = {}
    for name, address in site.for_members.items():
        page.goto(address)
        found[name] = violations(page)

    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_back_office_adds_no_accessibility_violation_to_djangos(open_page, sign_in, site, secretary, scheme):
    # axe itself writes style elements where a sheet imports another, as Django's do; the portal's policy refuses them.
    page = open_page(color_scheme=scheme, bypass_csp=True)
    sign_in(page, secretary)

    found = {}
    for name, address in site.back_office.items():
        page.goto(address)
        # An editor takes over the place, and then the label, of its text area some moments after the page has loaded.
        editors = page.locator("textarea[data-django-prose-editor-configurable]:not([name*=__prefix__])").count()
        expect(page.locator(".ProseMirror[aria-label]")).to_have_count(editors)
        found[name] = violations(page)

    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize("reader", ["enlarged letters", "forced colours"])
def test_pages_are_read_with_other_settings_of_the_reader(open_page, site, reader):
    """Letters twice as large cut nothing off; forced colours leave every control its border."""
    page = open_page(width=640, expected=(404,), forced_colors="active" if reader == "forced colours" else "none")

    wrong = {}
    for name, address in site.everything_public.items():
        page.goto(address)
        if reader == "enlarged letters":
            page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")
        if problem := page.evaluate(TOO_WIDE) or page.evaluate(UNSEEN):
            wrong[name] = problem

    assert wrong == {}


def test_anonymous_reader_gets_no_cookie(open_page, site):
    """That no request leaves the host is watched on every page of every test: ``conftest.Watch``."""
    page = open_page(expected=(404,))

    for address in (site.public | site.missing).values():
        page.goto(address)

    assert page.context.cookies() == []


def test_forms_for_strangers_set_the_cookie_against_forgery_only(open_page, site):
    page = open_page()

    for address in site.public_with_a_form.values():
        page.goto(address)

    assert [cookie["name"] for cookie in page.context.cookies()] == ["csrftoken"]
