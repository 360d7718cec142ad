"""A table with duplicates becomes organisations: columns named, a mistake found, one record completed, one merged."""

from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import expect

from apps.stakeholders.models import Organisation
from tests.factories import make_organisation

TABLE = """Organisation,اسم الجهة,Group,Country,Objectives
Gulf Seafarers' Association,رابطة بحّارة الخليج,trade-unions,YE,6
Valley Cooperative,تعاونية الوادي,civil-society,SD,"18, 23"
Broken Row,,plumbers,LB,
Valley Coop,تعاونيه الوادى,civil-society,SD,
"""
COLUMNS = ["name_en", "name_ar", "constituency", "country", "objectives"]


def test_a_table_with_duplicates_is_imported_and_merged(open_page, sign_in, language, t, secretary):
    there = make_organisation(name_ar="", name_en="Gulf Seafarers’ Association")
    desk = open_page()
    sign_in(desk, secretary)
    with override(language):
        desk.goto(reverse("admin:stakeholders_organisation_changelist"))
    desk.get_by_role("link", name=t("Import a table")).click()
    file = {"name": "table.csv", "mimeType": "text/csv", "buffer": TABLE.encode()}
    desk.locator("[name=file]").set_input_files(file)
    desk.get_by_role("button", name=t("Go on")).click()
    for number, column in enumerate(COLUMNS):
        desk.locator(f"[name=column-{number}]").select_option(column)
    desk.get_by_role("button", name=t("Check the rows")).click()
    desk.get_by_role("link", name=t("See the outcome")).click()
    expect(desk.get_by_text("plumbers")).to_be_visible()
    desk.locator("[name=row-2]").select_option("fill")
    desk.locator("[name=row-5]").select_option("new")
    desk.get_by_role("button", name=t("Import the rows")).click()
    desk.get_by_role("link", name=t("See the outcome")).click()
    expect(desk.get_by_role("link", name=t("To the list"))).to_be_visible()

    there.refresh_from_db()
    assert there.name_ar == "رابطة بحّارة الخليج"
    assert sorted(one.name_en for one in Organisation.objects.all()) == [
        "Gulf Seafarers’ Association",
        "Valley Coop",
        "Valley Cooperative",
    ]
    kept = Organisation.objects.get(name_en="Valley Cooperative")
    with override(language):
        desk.goto(reverse("admin:stakeholders_organisation_change", args=[kept.pk]))
    desk.locator("#alike").get_by_role("link", name=t("Compare and merge")).click()
    desk.get_by_role("button", name=t("Merge"), exact=True).click()
    expect(desk.locator(".messagelist .success")).to_be_visible()
    assert not Organisation.objects.get(name_en="Valley Coop").is_active
