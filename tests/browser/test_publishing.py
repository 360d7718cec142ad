"""The portal's main job: a text written in the back office reaches readers in both languages, as it was written."""

import re

import pytest
from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import Page, expect

from apps.accounts.roles import Role
from apps.news.models import Article
from apps.news.services import publish_article
from tests.factories import approve, make_published, make_user

TITLES = {"ar": "جولة جديدة من المشاورات في تونس", "en": "A new round of consultations in Tunis"}
LEADS = {"ar": "تبدأ الجولة في الربيع.", "en": "The round begins in spring."}
BODIES = {"ar": "تدعو الأمانة النقابات إلى المشاركة.", "en": "The secretariat invites the trade unions."}
DIRECTIONS = {"ar": "rtl", "en": "ltr"}
OWN_NAMES = {"ar": "العربية", "en": "English"}

FRAGILE_BODY = (
    '<p>راسلونا على <bdi dir="ltr">press@example.org</bdi> أو <bdi dir="ltr">+20 2 5550 0100</bdi>.</p>'
    '<p lang="en" dir="ltr">Said in English, with a <a href="https://example.org/a">link</a>.</p>'
    "<h2>عنوان</h2>"
    '<blockquote dir="rtl"><p>قول <strong>مهم</strong> عن '
    '<a href="mailto:a@example.org"><bdi dir="ltr">a@example.org</bdi></a></p></blockquote>'
    '<ul><li><p>من <bdi dir="ltr">10:00–12:00</bdi></p></li>'
    '<li><p>كلمة <bdi lang="fr" dir="ltr">liberté</bdi></p></li></ul>'
)

# What a reader gets from a text, however its markup is spelled.
MEANING = """prose => {
  const list = (selector, read) => [...prose.querySelectorAll(selector)].map(read)
  const marks = (element) => [element.getAttribute("lang"), element.getAttribute("dir"), element.textContent.trim()]
  return {
    text: prose.innerText.replace(/\\s+/g, " ").trim(),
    isolated: list("bdi", marks),
    directed: list("p[lang], p[dir], blockquote[dir]", marks),
    links: list("a", (link) => [link.getAttribute("href"), link.textContent.trim()]),
    quotes: list("blockquote", (quote) => quote.textContent.trim()),
    headings: list("h2", (heading) => heading.textContent.trim()),
    items: list("li", (item) => item.textContent.trim()),
    strong: list("strong", (word) => word.textContent),
  }
}"""


def editor(page: Page, field: str):
    return page.locator(f".fieldBox.field-{field} .ProseMirror[contenteditable=true]")


def step(page: Page, t, name: str) -> None:
    page.get_by_role("button", name=t("Save, then: %(step)s", step=t(name))).first.click()


def write_article(page: Page) -> None:
    for code in ("ar", "en"):
        page.locator(f"[name=title_{code}]").fill(TITLES[code])
        page.locator(f"[name=lead_{code}]").fill(LEADS[code])
        editor(page, f"body_{code}").click()
        page.keyboard.type(BODIES[code])


def test_article_from_the_back_office_reaches_a_stranger_in_both_languages(
    open_page, sign_in, language, other, t, secretary
):
    desk = open_page()
    sign_in(desk, secretary)
    desk.locator(".model-article .addlink").click()

    write_article(desk)
    step(desk, t, "Send to review")
    desk.get_by_role("button", name=t("Send to review"), exact=True).click()
    expect(desk.locator(".messagelist")).to_have_text(t("The article waits for approval."))
    expect(desk.get_by_role("button", name=t("Save, then: %(step)s", step=t("Approve")))).to_have_count(0)

    second = open_page()
    sign_in(second, make_user(Role.EDITOR))
    second.goto(desk.url)
    step(second, t, "Approve")
    second.get_by_role("button", name=t("Approve"), exact=True).click()
    expect(second.locator(".messagelist")).to_have_text(t("The article is approved."))
    step(second, t, "Publish")
    expect(second.get_by_label(OWN_NAMES["ar"])).to_be_checked()
    expect(second.get_by_label(OWN_NAMES["en"])).to_be_checked()
    second.get_by_role("button", name=t("Publish"), exact=True).click()

    expect(second.locator(".messagelist")).to_have_text(t("The article is published."))
    phone = open_page(width=390, height=844)
    phone.goto(f"/{language}/news/")
    phone.get_by_role("link", name=TITLES[language]).click()
    for code in (language, other):
        expect(phone.locator("html")).to_have_attribute("lang", code)
        expect(phone.locator("html")).to_have_attribute("dir", DIRECTIONS[code])
        expect(phone.get_by_role("heading", level=1)).to_have_text(TITLES[code])
        expect(phone.get_by_text(LEADS[code])).to_be_visible()
        expect(phone.locator("div.prose")).to_have_text(BODIES[code])
        phone.locator("header").get_by_role("link", name=OWN_NAMES[other], exact=True).or_(
            phone.locator("header").get_by_role("link", name=OWN_NAMES[language], exact=True)
        ).click()
    expect(phone.get_by_role("heading", level=1)).to_have_text(TITLES[language])


@pytest.mark.parametrize("typed", ["", "x"], ids=["untouched", "typed-and-taken-back"])
def test_saving_in_the_editor_keeps_isolation_direction_links_and_quotes(
    open_page, sign_in, language, t, secretary, typed
):
    article = make_published(body_ar=FRAGILE_BODY, body_en=FRAGILE_BODY)
    with override(language):
        address, desk_address = article.get_absolute_url(), reverse("admin:news_article_change", args=[article.pk])
    reader = open_page()
    reader.goto(address)
    before = reader.locator("div.prose").evaluate(MEANING)
    desk = open_page()
    sign_in(desk, secretary)
    desk.goto(desk_address)

    text = editor(desk, f"body_{language}")
    expect(text.locator("bdi")).to_have_count(5)
    if typed:
        text.locator("h2").click()
        desk.keyboard.press("End")
        desk.keyboard.type(typed)
        expect(text.locator("h2")).to_have_text(re.compile("x$"))
        desk.keyboard.press("Backspace")
    desk.locator("[name=place_en]").fill("Tunis")
    desk.locator("[name=_save]").click()

    expect(desk.locator(".messagelist .success")).to_be_visible()
    publish_article(approve(Article.objects.get(pk=article.pk)), by=None, languages=["ar", "en"])
    assert Article.objects.get(pk=article.pk).place_en == "Tunis"
    reader.reload()
    assert reader.locator("div.prose").evaluate(MEANING) == before
    assert len(before["isolated"]) == 5
    assert len(before["directed"]) == 2
    assert len(before["links"]) == 2


SHAPE = """editor => Object.fromEntries(["p", "h2", "h3", "blockquote", "ul"].map(tag => {
  const style = getComputedStyle(editor.querySelector(tag))
  return [tag, [style.textAlign, style.borderInlineStartWidth, style.borderInlineEndWidth, style.paddingInlineEnd]]
}))"""


def test_the_editor_lays_out_each_text_by_its_own_language_not_the_pages(open_page, sign_in, language, secretary):
    body = "<h2>ا</h2><h3>ا</h3><p>ا</p><blockquote><p>ا</p></blockquote><ul><li><p>ا</p></li></ul>"
    article = make_published(body_ar=body, body_en=body)
    with override(language):
        address = reverse("admin:news_article_change", args=[article.pk])
    desk = open_page()
    sign_in(desk, secretary)
    desk.goto(address)

    for code in ("ar", "en"):
        text = editor(desk, f"body_{code}")
        expect(text).to_have_css("direction", {"ar": "rtl", "en": "ltr"}[code])
        leading = text.locator("p").first.evaluate("p => parseFloat(getComputedStyle(p).lineHeight)")
        assert round(leading / 15, 2) == {"ar": 1.85, "en": 1.6}[code]
        assert text.evaluate(SHAPE) == {
            "p": ["start", "0px", "0px", "0px"],
            "h2": ["start", "0px", "0px", "0px"],
            "h3": ["start", "0px", "0px", "0px"],
            "blockquote": ["start", "3px", "0px", "0px"],
            "ul": ["start", "0px", "0px", "0px"],
        }
