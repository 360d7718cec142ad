"""A member takes her data with her, then asks to be forgotten; the group's page has her seat and nobody's name."""

import json

from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import expect

from apps.accounts.models import User
from apps.stakeholders.models import Person
from tests.factories import make_group, make_member


def test_a_person_asks_for_her_data_and_then_to_be_forgotten(open_page, sign_in, language, t, secretary):
    group = make_group()
    member = make_member(group)
    person = member.person
    names = {code: getattr(person, f"name_{code}") for code in ("ar", "en")}
    reader = open_page(width=390)
    with override(language):
        seats, own = reverse("stakeholders:group"), reverse("accounts:data")
    reader.goto(seats)
    expect(reader.get_by_text(names[language])).to_be_visible()

    phone = open_page(width=390)
    sign_in(phone, member)
    phone.goto(own)
    with phone.expect_download() as download:
        phone.get_by_role("main").get_by_role("button").first.click()
    held = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert held["person"][0]["name_en"] == names["en"]

    desk = open_page()
    sign_in(desk, secretary)
    with override(language):
        desk.goto(reverse("admin:accounts_user_step", args=[member.pk, "erase"]))
    desk.locator("[name=email]").fill(member.email)
    desk.locator("[name=reason]").fill("طلبت ذلك / She asked")
    desk.locator("form [type=submit].default, form button[type=submit].default").last.click()
    expect(desk.locator(".messagelist .success")).to_be_visible()

    reader.goto(seats)
    for name in names.values():
        expect(reader.get_by_text(name)).to_have_count(0)
    assert Person.objects.get().erased_at is not None
    assert not User.objects.filter(email=member.email).exists()
