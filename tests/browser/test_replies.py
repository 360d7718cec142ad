"""From the invitation to the replies: the secretary asks; a member, her alternate and a guest answer."""

import re
from datetime import date
from urllib.parse import urlsplit

from django.core import mail
from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import expect

from apps.accounts.roles import Role
from apps.core.languages import field_in
from apps.meetings.models import Participant
from tests.factories import make_group, make_meeting, make_member, make_membership, make_person, make_user


def link_to(address: str) -> str:
    """The path of the link in the last mail to this address."""
    text = [message.body for message in mail.outbox if message.to == [address]][-1]
    return urlsplit(re.search(r"https?://\S+", text)[0]).path


def test_a_meeting_is_called_and_people_answer(open_page, sign_in, language, t, secretary, settings):
    group = make_group()
    member = make_member(group, language=language)
    deputy = make_user(Role.MEMBER, language=language)
    place = make_membership(group, make_person(user=deputy), position="alternate")
    meeting = make_meeting(group, day=date(2031, 12, 9), audience="members", room_seats=1)
    with override(language):
        desk_address = reverse("admin:meetings_meeting_change", args=[meeting.pk])

    # The secretary adds a guest and asks everybody.
    desk = open_page()
    sign_in(desk, secretary)
    desk.goto(desk_address)
    desk.get_by_role("link", name=t("Add a guest")).click()
    desk.locator("[name=guest_name]").fill("Fatou Diallo")
    desk.locator("[name=email]").fill("fatou@example.org")
    desk.locator("[name=language]").select_option(language)
    desk.locator("[name=_save]").click()
    expect(desk.locator(".messagelist .success")).to_be_visible()
    desk.goto(desk_address)
    desk.get_by_role("button", name=t("Save, then: %(step)s", step=t("Invite"))).first.click()
    desk.get_by_role("button", name=t("Invite"), exact=True).click()
    expect(desk.locator(".messagelist")).to_have_text(t("The invitations are on their way."))

    # The guest answers by her link, without an account and without scripts; she takes the only place.
    guest = open_page(width=390, height=844, java_script_enabled=False)
    guest.goto(link_to("fatou@example.org"))
    guest.get_by_label(t("In person"), exact=True).check()
    guest.get_by_label(t("Letter for a visa")).check()
    guest.get_by_role("button", name=t("Reply"), exact=True).click()
    expect(
        guest.get_by_text(t("Your reply is kept. You can change it here until the time for replies is over."))
    ).to_be_visible()

    # The member finds what she owes; the room is full; her alternate goes instead.
    reader = open_page(width=390, height=844, expected=(400,))
    sign_in(reader, member)
    reader.goto(f"/{language}/")
    reader.get_by_role("link", name=t("Reply"), exact=True).click()
    reader.get_by_label(t("In person"), exact=True).check()
    reader.get_by_role("button", name=t("Reply"), exact=True).click()
    expect(reader.get_by_role("alert")).to_contain_text(
        t("All places in the room are taken. You can take part online.")
    )
    reader.get_by_label(t("An alternate goes instead")).check()
    reader.locator("[name=alternate]").select_option(label=field_in(place.person, "name", language))
    reader.get_by_role("button", name=t("Reply"), exact=True).click()
    expect(reader.get_by_role("button", name=t("Change my reply"))).to_be_visible()
    reader.goto(f"/{language}/")
    expect(reader.get_by_role("link", name=t("Reply"), exact=True)).to_have_count(0)

    # The alternate was told, and answers by the link.
    second = open_page(width=390, height=844)
    second.goto(link_to(deputy.email))
    second.get_by_label(t("Online"), exact=True).check()
    second.get_by_role("button", name=t("Reply"), exact=True).click()
    expect(second.get_by_role("button", name=t("Change my reply"))).to_be_visible()

    # A stranger sees nothing of it; the secretary sees it all, and meets the need.
    stranger = open_page(expected=(404,))
    with override(language):
        assert stranger.goto(meeting.get_absolute_url()).status == 404
    desk.goto(desk_address)
    expect(desk.locator(".field-at_a_glance tbody td")).to_have_text(["0", "1", "1", "0", "1", "0"])
    desk.goto(f"/{language}/admin/meetings/need/")
    desk.locator("#result_list tbody th a").click()
    desk.get_by_role("button", name=t("Save, then: %(step)s", step=t("It was met"))).first.click()
    desk.get_by_role("button", name=t("It was met"), exact=True).click()
    expect(desk.locator(".messagelist")).to_have_text(t("The need is recorded as met."))
    assert sorted(Participant.objects.values_list("reply", flat=True)) == ["alternate", "in_person", "online"]
