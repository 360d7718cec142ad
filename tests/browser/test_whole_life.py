"""An article's whole life by three people at the desk, and what a reader has meanwhile, in the language of the test."""

from urllib.parse import urlsplit

from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import Page, expect

from apps.accounts.roles import Role
from apps.news.models import Article
from tests.browser.test_publishing import BODIES, LEADS, OWN_NAMES, TITLES, editor, step
from tests.factories import make_user

NEW_LEADS = {"ar": "تبدأ الجولة في الصيف.", "en": "The round begins in summer."}
CORRECTIONS = {"ar": "كان الموعد المذكور خطأ.", "en": "The date was wrong."}


def write(page: Page, code: str) -> None:
    page.locator(f"[name=title_{code}]").fill(TITLES[code])
    page.locator(f"[name=lead_{code}]").fill(LEADS[code])
    editor(page, f"body_{code}").click()
    page.keyboard.type(BODIES[code])


def take(page: Page, t, name: str, done: str, before=lambda page: None) -> None:
    """Takes a step by its button, fills in the confirmation, and reads that it is done."""
    step(page, t, name)
    before(page)
    page.get_by_role("button", name=t(name), exact=True).click()
    expect(page.locator(".messagelist")).to_have_text(t(done))


def test_an_article_from_the_first_word_to_the_restored_version(open_page, sign_in, language, other, t):
    writer, translator, approver = open_page(), open_page(), open_page()
    sign_in(writer, make_user(Role.EDITOR))
    sign_in(translator, make_user(Role.TRANSLATOR))
    sign_in(approver, make_user(Role.SECRETARIAT))
    reader = open_page(width=390, height=844, expected=(404,))

    # Written in one language, and sent.
    writer.locator(".model-article .addlink").click()
    writer.locator("[name=original_language]").select_option(language)
    write(writer, language)
    take(writer, t, "Send to review", "The article waits for approval.")
    article = Article.objects.get()
    desk_address = urlsplit(writer.url).path

    # Translated beside the original.
    translator.goto(desk_address)
    expect(translator.locator(f"[name=title_{language}]")).to_have_value(TITLES[language])
    write(translator, other)
    translator.locator("[name=_save]").click()
    expect(translator.locator(".messagelist .success")).to_be_visible()

    # Approved and scheduled: readers have nothing yet, not even the title.
    approver.goto(desk_address)
    take(approver, t, "Approve", "The article is approved.")

    def later(page: Page) -> None:
        page.locator("[name=at_0]").fill("2031-05-04")
        page.locator("[name=at_1]").fill("09:30")

    take(approver, t, "Publish", "The article is published.", before=later)
    with override(language):
        address, list_address = reverse("news:detail", args=[article.pk, "x"]), reverse("news:list")
    assert reader.goto(address).status == 404
    reader.goto(list_address)
    expect(reader.get_by_role("heading", level=1)).to_be_visible()
    expect(reader.get_by_text(TITLES[language])).to_have_count(0)

    # Published after all, in both languages.
    def now(page: Page) -> None:
        expect(page.locator("[name=at_0]")).to_have_value("2031-05-04")
        page.locator("[name=at_0]").fill("")
        page.locator("[name=at_1]").fill("")

    done = "Readers now get the article in the languages you ticked."
    take(approver, t, "Change languages or time", done, before=now)
    reader.goto(list_address)
    reader.get_by_role("link", name=TITLES[language]).click()
    expect(reader.get_by_text(LEADS[language])).to_be_visible()
    article_address = urlsplit(reader.url).path

    # Corrected: readers keep what they have until somebody else has approved it.
    writer.goto(desk_address)
    writer.locator(f"[name=lead_{language}]").fill(NEW_LEADS[language])
    writer.locator(f"[name=correction_{language}]").fill(CORRECTIONS[language])
    writer.locator("[name=corrected_on]").fill("2026-11-03")
    writer.locator("[name=_continue]").click()
    take(writer, t, "Send to review", "The article waits for approval.")
    reader.goto(article_address)
    expect(reader.get_by_text(LEADS[language])).to_be_visible()
    approver.goto(desk_address)
    step(approver, t, "Approve")
    expect(approver.locator(".difference ins").first).to_contain_text(t("added:"))
    approver.get_by_role("button", name=t("Approve"), exact=True).click()
    take(approver, t, "Publish", "The article is published.")
    reader.goto(article_address)
    expect(reader.get_by_text(NEW_LEADS[language])).to_be_visible()
    expect(reader.get_by_text(CORRECTIONS[language])).to_be_visible()

    # Restored: the first version comes back as a draft, and reaches readers by the same way.
    writer.goto(desk_address)
    writer.locator(".object-tools .historylink").click()
    writer.locator(".timeline .version a").last.click()
    writer.get_by_role("button", name=t("Restore this version")).click()
    expect(writer.locator(".messagelist")).to_have_text(
        t("Version %(number)s is the newest again, as a draft.", number=1)
    )
    expect(writer.locator(f"[name=lead_{language}]")).to_have_value(LEADS[language])
    reader.goto(article_address)
    expect(reader.get_by_text(NEW_LEADS[language])).to_be_visible()
    write(writer, other)
    take(writer, t, "Send to review", "The article waits for approval.")
    approver.goto(desk_address)
    take(approver, t, "Approve", "The article is approved.")
    take(approver, t, "Publish", "The article is published.")
    reader.goto(article_address)
    expect(reader.get_by_text(LEADS[language])).to_be_visible()
    expect(reader.get_by_text(CORRECTIONS[language])).to_have_count(0)
    reader.get_by_role("link", name=OWN_NAMES[other], exact=True).first.click()
    expect(reader.get_by_role("heading", level=1)).to_have_text(TITLES[other])
