"""From a gap to a voice: the secretary takes up a gap, types the same organisation twice and merges it, logs what was
said, and everybody sees the place filled, without a name."""

import re

from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import expect

from apps.stakeholders.models import Country, Engagement, Gap, Merge, Organisation
from tests.factories import make_group, make_organisation

NAMES = {"ar": "رابطة بحّارة الخليج", "en": "Gulf Seafarers’ Association"}


def choose(page, field: str, text: str) -> None:
    """In one of the back office's choosers."""
    page.locator(f".field-{field} .select2-selection").click()
    page.locator(".select2-search__field").last.fill(text)
    page.locator(".select2-results__option", has_text=text).first.click()


def test_a_gap_is_closed_by_an_engagement_and_everybody_sees_it_without_names(
    open_page, sign_in, language, t, secretary
):
    make_group()
    there = make_organisation(name_ar=NAMES["ar"], name_en=NAMES["en"])
    Organisation.objects.update(country=Country.objects.get(iso2="YE"))
    there.refresh_from_db()
    with override(language):
        coverage, admin_coverage = reverse("stakeholders:coverage"), reverse("admin:stakeholders_coverage")
        union, yemen = str(there.constituency), str(there.country)
    stranger = open_page(width=390, java_script_enabled=False)
    stranger.goto(coverage)
    expect(stranger.locator("svg title", has_text=re.compile(f"^{union} · {yemen}: 0$"))).to_have_count(1)

    desk = open_page()
    sign_in(desk, secretary)
    desk.goto(admin_coverage)
    row = desk.get_by_role("row").filter(has_text=union).filter(has_text=yemen)
    row.get_by_role("button").click()
    expect(desk.locator(".field-what .readonly")).to_contain_text(yemen)
    assert Gap.objects.get().assigned_to == secretary

    # She does not know that the association is there, types it once more, and is told.
    with override(language):
        desk.goto(reverse("admin:stakeholders_organisation_add"))
    desk.locator("[name=name_ar]").press_sequentially(NAMES["ar"].replace("ّ", ""))
    expect(desk.locator("#alike li")).to_contain_text(NAMES[language])
    choose(desk, "constituency", union)
    choose(desk, "country", yemen)
    desk.locator("[name=_continue]").click()
    desk.locator("#alike").get_by_role("link", name=t("Compare and merge")).click()
    desk.get_by_role("link", name=t("Keep the other one instead")).click()
    desk.get_by_role("button", name=t("Merge"), exact=True).click()
    expect(desk.locator(".messagelist .success")).to_be_visible()
    assert (Merge.objects.get().kept, Organisation.objects.filter(is_active=True).count()) == (there, 1)

    with override(language):
        desk.goto(reverse("admin:stakeholders_engagement_add"))
    desk.locator("[name=subject]").fill("مكالمة / Call")
    choose(desk, "organisations", NAMES[language])
    desk.locator("[name=_save]").click()
    expect(desk.locator(".messagelist")).to_contain_text(yemen)
    assert Gap.objects.get().closed_by == Engagement.objects.get()

    stranger.goto(coverage)
    expect(stranger.locator("svg title", has_text=re.compile(f"^{union} · {yemen}: 1$"))).to_have_count(1)
    expect(stranger.get_by_text(NAMES[language])).to_have_count(0)
    assert stranger.context.cookies() == []
