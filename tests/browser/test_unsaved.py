"""A session ends while somebody writes: with scripts and without, what was typed is still there."""

from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import expect

from apps.accounts.models import LoginSession
from apps.accounts.roles import Role
from tests.factories import PASSWORD, make_article, make_user
from tests.news.life import again


def form_of(article, language: str) -> str:
    with override(language):
        return reverse("admin:news_article_change", args=[article.pk])


def log_in(page, user, t) -> None:
    page.get_by_label(t("E-mail address")).fill(user.email)
    page.get_by_label(t("Password"), exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name=t("Log in"), exact=True).click()


def test_what_is_typed_comes_back_when_the_session_has_ended(open_page, sign_in, language, t):
    article, editor = make_article(lead_en="Old lead.", body_en="<p>Old text.</p>"), make_user(Role.EDITOR)
    page = open_page()
    sign_in(page, editor)
    page.goto(form_of(article, language))
    page.wait_for_timeout(1000)
    page.locator("[name=lead_en]").fill("A lead of the morning.")
    page.locator(".prose-editor:has([name=body_en]) [contenteditable]").fill("A text of the day.")
    LoginSession.objects.all().delete()

    page.goto(form_of(article, language))
    log_in(page, editor, t)
    expect(page.locator("[name=lead_en]")).to_have_value("Old lead.")
    page.get_by_role("button", name=t("Bring it back")).click()

    expect(page.locator("[name=lead_en]")).to_have_value("A lead of the morning.")
    expect(page.locator(".prose-editor:has([name=body_en]) [contenteditable]")).to_have_text("A text of the day.")
    page.locator("[name=_save]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert (again(article).lead_en, again(article).body_en) == ("A lead of the morning.", "<p>A text of the day.</p>")
    page.goto(form_of(article, language))
    page.wait_for_timeout(1000)
    expect(page.locator("#unsaved")).to_be_hidden()
    assert page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('unsaved:'))") == []


def test_what_is_typed_stays_with_the_person_who_typed_it(open_page, sign_in, language, t):
    article, editor, other = make_article(lead_en="Old lead."), make_user(Role.EDITOR), make_user(Role.EDITOR)
    page = open_page()
    sign_in(page, editor)
    page.goto(form_of(article, language))
    page.wait_for_timeout(1000)
    page.locator("[name=lead_en]").fill("Not for others.")
    LoginSession.objects.all().delete()

    page.goto(form_of(article, language))
    log_in(page, other, t)
    page.wait_for_timeout(1000)

    expect(page.locator("[name=lead_en]")).to_have_value("Old lead.")
    expect(page.locator("#unsaved")).to_be_hidden()


def test_without_scripts_the_form_comes_back_and_is_sent_again(open_page, sign_in, language, t):
    article, editor = make_article(lead_en="Old lead."), make_user(Role.EDITOR)
    page = open_page(java_script_enabled=False, expected=(403,))
    sign_in(page, editor)
    page.goto(form_of(article, language))
    page.locator("[name=lead_en]").fill("A lead of the morning.\nIn two lines.")
    LoginSession.objects.all().delete()

    page.locator("[name=_save]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(t("Not sent yet"))
    with page.context.expect_page() as opened:
        page.get_by_role("link", name=t("Log in on a page beside this one")).click()
    log_in(opened.value, editor, t)
    expect(opened.value.locator("[name=lead_en]")).to_have_value("Old lead.")
    page.get_by_role("button", name=t("Send what I typed")).click()
    # The new log-in has a new token: the page asks once more, and has everything still.
    page.get_by_role("button", name=t("Send what I typed")).click()

    expect(page.locator(".messagelist .success")).to_be_visible()
    assert again(article).lead_en == "A lead of the morning.\nIn two lines."
