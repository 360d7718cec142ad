"""A meeting from the call to the paper in the member's hands, and to nobody else's."""

from datetime import time

import pytest
from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import Page, expect

from apps.meetings.models import Document, Meeting
from tests.factories import make_group, make_meeting, make_member, pdf_in

TITLES = {"ar": "اجتماع الميزانية", "en": "The budget meeting"}
ITEMS = {"ar": ["الافتتاح", "الميزانية"], "en": ["Opening", "Budget"]}
MINUTES = [20, 45]
PAPERS = {"ar": "مشروع الميزانية", "en": "Draft budget"}
FILE_NAMES = {"ar": "مشروع-الميزانية.pdf", "en": "Draft-budget.pdf"}
DUBAI = {"ar": "دبي", "en": "Dubai"}


def write_meeting(page: Page, group) -> None:
    page.locator(".field-group .select2-selection").click()
    page.locator(".select2-search__field").fill(group.name_en)
    page.locator(".select2-results__option--highlighted", has_text=group.name_en).or_(
        page.locator(".select2-results__option--highlighted", has_text=group.name_ar)
    ).click()
    for field, value in {
        "starts_on": "2031-12-09",
        "starts_time": "10:00",
        "ends_on": "2031-12-09",
        "ends_time": "14:00",
        "place_ar": "القاهرة",
        "place_en": "Cairo",
        "title_ar": TITLES["ar"],
        "title_en": TITLES["en"],
    }.items():
        page.locator(f"[name={field}]").fill(value)


def write_agenda(page: Page) -> None:
    for row, minutes in enumerate(MINUTES):
        page.locator("#items-group .add-row a").click()
        page.locator(f"[name=items-{row}-order]").fill(str(row + 1))
        page.locator(f"[name=items-{row}-minutes]").fill(str(minutes))
        for code in ("ar", "en"):
            page.locator(f"[name=items-{row}-title_{code}]").fill(ITEMS[code][row])


def add_paper(page: Page) -> None:
    page.locator("#documents-group .add-row a").click()
    for code in ("ar", "en"):
        page.locator(f"[name=documents-0-title_{code}]").fill(PAPERS[code])
        file = {"name": f"scan {code}.pdf", "mimeType": "application/pdf", "buffer": pdf_in(code)}
        page.locator(f"[name=documents-0-file_{code}]").set_input_files(file)


def test_member_gets_the_papers_of_a_meeting_and_a_stranger_learns_nothing(
    open_page, sign_in, language, other, t, secretary
):
    group = make_group(name_ar="مجموعة المشورة", name_en="The council")
    member = make_member(group, language=language, time_zone="Asia/Dubai")
    desk = open_page()
    sign_in(desk, secretary)
    desk.locator(".model-meeting .addlink").click()
    write_meeting(desk, group)
    write_agenda(desk)
    add_paper(desk)
    desk.get_by_role("button", name=t("Save, then: %(step)s", step=t("Publish"))).first.click()
    desk.get_by_role("button", name=t("Publish"), exact=True).click()
    expect(desk.locator(".messagelist")).to_have_text(t("The meeting is published."))

    page = open_page(accept_downloads=True, expected=(404,))
    sign_in(page, member)
    expect(page.get_by_role("heading", level=1)).to_have_text(t("My page"))
    page.get_by_role("link", name=TITLES[language]).first.click()

    expect(page.get_by_role("heading", level=1)).to_have_text(TITLES[language])
    numbered = [f"{number} {title}" for number, title in enumerate(ITEMS[language], start=1)]
    expect(page.locator(".agenda h3")).to_have_text(numbered)
    expect(page.locator(".agenda .when")).to_have_text(["10:00–10:20", "10:20–11:05"])
    facts = page.locator("dl.facts")
    expect(facts.locator("dt", has_text=t("Host time")).locator("+ dd")).to_contain_text("10:00–14:00")
    expect(facts.locator("dt", has_text=t("Your time")).locator("+ dd")).to_contain_text("12:00–16:00")
    expect(facts.locator("dt", has_text=t("Your time")).locator("+ dd")).to_contain_text(DUBAI[language])
    for code in (language, other):
        with page.expect_download() as download:
            page.locator(f"#documents ~ .doc a[hreflang={code}]").click()
        assert download.value.suggested_filename == FILE_NAMES[code]
        assert download.value.path().read_bytes() == pdf_in(code)

    address = page.url
    page.get_by_role("button", name=t("Log out")).click()
    expect(page.get_by_role("link", name=t("Member login"))).to_be_visible()
    assert answers_as_if_it_were_not_there(page, address, language)
    paper = Document.objects.get()
    for code in (language, other):
        with override(language):
            paper_address = reverse("meetings:document", args=[paper.meeting_id, paper.pk, code])
        assert answers_as_if_it_were_not_there(page, paper_address, language)
    page.goto(f"/{language}/meetings/")
    expect(page.get_by_role("heading", level=1)).to_have_text(t("Meetings"))
    expect(page.get_by_text(TITLES[language])).to_have_count(0)


def answers_as_if_it_were_not_there(page: Page, address: str, language: str) -> bool:
    nowhere = page.goto(f"/{language}/meetings/999999-nothing/")
    nothing = nowhere.body()
    answer = page.goto(address)
    return (nowhere.status, answer.status) == (404, 404) and answer.body() == nothing


@pytest.fixture
def meeting(db) -> Meeting:
    return make_meeting(time_zone="Africa/Cairo", starts_time=time(10), ends_time=time(14))


def address_of(meeting: Meeting, language: str) -> str:
    with override(language):
        return meeting.get_absolute_url()


def test_stranger_reads_the_hours_in_the_zone_of_her_device(open_page, language, t, meeting):
    page = open_page(timezone_id="Asia/Dubai")

    page.goto(address_of(meeting, language))

    term = page.locator("dt[data-reader-time]")
    expect(term).to_be_visible()
    expect(term).to_have_text(t("Your time"))
    expect(page.locator("dd[data-reader-time] bdi[dir=ltr]")).to_have_text("12:00–16:00")


def test_without_javascript_the_stranger_is_not_promised_her_own_time(open_page, language, t, meeting):
    page = open_page(timezone_id="Asia/Dubai", java_script_enabled=False)

    page.goto(address_of(meeting, language))

    expect(page.get_by_text(t("Host time"))).to_be_visible()
    expect(page.locator("dt[data-reader-time]")).to_be_hidden()
    expect(page.locator("dd[data-reader-time]")).to_be_hidden()
