"""Readers and members whose browser runs no script."""

from datetime import date

from django.utils.translation import override
from playwright.sync_api import expect

from apps.news.models import Article
from tests.factories import make_group, make_meeting, make_member, make_published

OWN_NAMES = {"ar": "العربية", "en": "English"}


def test_reader_filters_pages_reads_and_switches_language(open_page, language, other, t):
    call = Article.Category.CALL
    for number in range(12):
        make_published(title_ar=f"دعوة {number:02}", title_en=f"Invitation {number:02}", category=call)
    make_published(title_ar="قصة", title_en="A story", category=Article.Category.STORY, dated_on=date(2026, 11, 2))
    titles = {"ar": "دعوة {:02}", "en": "Invitation {:02}"}
    page = open_page(java_script_enabled=False)
    page.goto(f"/{language}/")

    page.get_by_role("navigation", name=t("Main menu")).get_by_role("link", name=t("News")).click()
    page.get_by_label(t("Category")).select_option(call)
    page.get_by_role("button", name=t("Show"), exact=True).click()

    rows = page.locator("article.news-item h3")
    expect(rows).to_have_text([titles[language].format(number) for number in range(11, 1, -1)])
    page.get_by_role("link", name=t("Next page")).click()
    expect(rows).to_have_text([titles[language].format(number) for number in (1, 0)])
    rows.first.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(titles[language].format(1))
    page.get_by_role("link", name=OWN_NAMES[other], exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", other)
    expect(page.get_by_role("heading", level=1)).to_have_text(titles[other].format(1))


def test_member_logs_in_opens_a_meeting_and_logs_out(open_page, sign_in, language, t):
    group = make_group()
    meeting = make_meeting(group, audience="members", day=date(2031, 12, 9))
    member = make_member(group)
    with override(language):
        title = str(meeting)
    page = open_page(java_script_enabled=False)

    sign_in(page, member)
    page.get_by_role("link", name=title).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.get_by_role("button", name=t("Log out")).click()

    expect(page.get_by_role("link", name=t("Member login"))).to_be_visible()
    page.goto(f"/{language}/meetings/")
    expect(page.get_by_role("heading", level=1)).to_have_text(t("Meetings"))
    expect(page.get_by_text(title)).to_have_count(0)
