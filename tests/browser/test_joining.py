"""An organisation asks to be listed on a phone without scripts; the secretary accepts it."""

import re

from django.core import mail
from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import expect

from apps.core.models import OutgoingMail
from apps.stakeholders.models import Constituency, Country, Organisation
from tests.factories import make_group

NAMES = {"ar": "تعاونية الحاصدات", "en": "Harvest Women’s Cooperative"}


def test_an_organisation_joins_by_itself_without_javascript(
    open_page, sign_in, language, t, secretary, live_server, settings
):
    settings.SITE_URL = live_server.url
    make_group()
    with override(language):
        directory = reverse("stakeholders:directory")
        group, country = str(Constituency.objects.get(code="migrants")), str(Country.objects.get(iso2="MR"))
    phone = open_page(width=390, height=800, java_script_enabled=False)
    phone.goto(directory)
    phone.get_by_role("main").get_by_role("link", name=t("Ask to be listed")).click()
    phone.get_by_label(t("E-mail address of the organisation")).fill("office@harvest.example")
    phone.get_by_role("button", name=t("Send me the link")).click()
    expect(phone.get_by_role("heading", level=1)).to_have_text(t("Look into your mailbox"))
    sent = mail.outbox[-1]
    assert sent.to == ["office@harvest.example"]
    link = re.search(r"http\S+", sent.body)[0]

    phone.goto(link)
    phone.locator(f"[name=name_{language}]").fill(NAMES[language])
    phone.get_by_label(t("Which constituency do you belong to above all?")).select_option(label=group)
    phone.get_by_label(t("In which country do you have your seat?")).select_option(label=country)
    phone.get_by_role("button", name=t("Save and see everything")).click()
    expect(phone.get_by_role("main")).to_contain_text(t("Missing"))

    # She goes on later, on another phone, by the same link.
    later = open_page(width=320, height=700, java_script_enabled=False)
    later.goto(link)
    expect(later.get_by_role("main")).to_contain_text(NAMES[language])
    later.get_by_role("main").get_by_role("link", name=t("Contact and consent")).click()
    later.get_by_label(t("Whom may the secretariat ask?")).fill("آمنة / Amina")
    later.get_by_label(t("Everybody, in the public directory")).check()
    later.get_by_role("button", name=t("Save and go on")).click()
    later.get_by_role("button", name=t("Send the request")).click()
    expect(later.get_by_role("main")).to_contain_text(t("waits for an answer"))

    desk = open_page()
    sign_in(desk, secretary)
    with override(language):
        desk.goto(reverse("admin:stakeholders_joinrequest_changelist"))
    desk.get_by_role("link", name=NAMES[language]).click()
    expect(desk.get_by_text("office@harvest.example")).to_be_visible()
    desk.locator("[name=_step][value=accept]").first.click()
    desk.get_by_role("button", name=t("Accept"), exact=True).click()
    expect(desk.locator(".messagelist .success")).to_be_visible()
    assert Organisation.objects.get().shown_to == "public"
    answer = OutgoingMail.objects.latest("pk")
    assert (answer.kind, answer.to, answer.language) == ("accepted", "office@harvest.example", language)

    phone.goto(directory)
    expect(phone.get_by_role("main")).to_contain_text(NAMES[language])
    expect(phone.get_by_text("office@harvest.example")).to_have_count(0)
    expect(phone.get_by_text("Amina")).to_have_count(0)
