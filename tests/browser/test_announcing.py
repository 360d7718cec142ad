"""An announcement to a segment, in the browser: written, looked at, sent to oneself, approved by a second person, sent,
followed; and the newsletter from the home page to its first mail and off again, without scripts."""

import re

from django.core import mail
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from playwright.sync_api import expect

from apps.accounts.roles import Role
from apps.core.records import save_record
from apps.outreach import announcements
from apps.outreach.models import Announcement, Subscription
from apps.stakeholders.models import Engagement, Segment
from tests.factories import make_person, make_user


def test_an_announcement_from_the_first_word_to_the_log(
    open_page, sign_in, language, t, secretary, live_server, settings
):
    settings.SITE_URL, settings.ANNOUNCEMENT_ALONE = live_server.url, 1
    second = make_user(Role.SECRETARIAT, language=language)
    segment = save_record(Segment(name_ar="الجميع", name_en="All", of="people"), by=None)
    for name, code in (("Layla", "ar"), ("Sam", "en"), ("Noor", "ar")):
        make_person(name_en=name, name_ar=name, email=f"{name.lower()}@example.org", languages=[code])

    page = open_page()
    sign_in(page, secretary)
    with override(language):
        page.goto(live_server.url + reverse("admin:outreach_announcement_add"))
    for code, title, body in (("ar", "دعوة", "ندعوكم."), ("en", "Invitation", "You are invited.")):
        page.fill(f"#id_title_{code}", title)
        page.fill(f"#id_body_{code}", body)
    page.evaluate(
        "pk => { const s = document.querySelector('#id_segment');"
        " s.append(new Option('x', pk, true, true)); s.value = pk; }",
        str(segment.pk),
    )
    page.click("[name=_continue]")
    expect(page.locator(".mail-text")).to_have_count(3)
    expect(page.locator(".mail-text[lang=ar] p[dir=rtl]").first).to_be_visible()
    expect(page.locator(".mail-text[lang=en] p[dir=ltr]").first).to_be_visible()
    expect(page.get_by_text("sam@example.org")).to_be_visible()

    announcement = Announcement.objects.get()
    with override(language):
        step = reverse("admin:outreach_announcement_step", args=[announcement.pk, "test"])
    page.goto(live_server.url + step)
    page.click("input[type=submit].default")
    assert [message.to for message in mail.outbox] == [[secretary.email]] * 2

    page.goto(live_server.url + step.replace("/test/", "/send/"))
    expect(page.get_by_text("layla@example.org")).to_be_visible()
    page.click("input[type=submit].default")
    announcement.refresh_from_db()
    assert announcement.state == Announcement.State.ASKED

    other = open_page()
    sign_in(other, second)
    with override(language):
        other.goto(live_server.url + reverse("admin:index"))
    other.get_by_role("link", name=re.compile("دعوة|Invitation")).first.click()
    other.goto(live_server.url + step.replace("/test/", "/approve/"))
    other.click("input[type=submit].default")
    announcements.push(timezone.now())
    announcements.push(timezone.now())
    with override(language):
        other.goto(live_server.url + reverse("admin:outreach_announcement_change", args=[announcement.pk]))

    expect(other.locator("progress")).to_have_attribute("value", "3")
    assert {message.to[0]: message.subject for message in mail.outbox[2:]} == {
        "layla@example.org": "دعوة",
        "sam@example.org": "Invitation",
        "noor@example.org": "دعوة",
    }
    assert Engagement.objects.get().people.count() == 3


def test_a_reader_gets_the_newsletter_and_leaves_it(open_page, language, t, live_server, settings):
    settings.SITE_URL = live_server.url
    page = open_page(java_script_enabled=False)
    with override(language):
        page.goto(live_server.url + reverse("home"))
        begin = reverse("outreach:begin")
    page.locator(f"section[aria-labelledby=newsletter] a[href='{begin}']").click()
    page.fill("#id_email", "reader@example.org")
    page.locator("main form button").click()
    link = re.search(r"https?://\S+", mail.outbox[0].body)[0]
    page.goto(link)
    page.check("input[name=often][value=daily]")
    page.locator("main form button.button").click()
    expect(page.locator("main")).to_contain_text("reader@example.org")
    assert Subscription.objects.get().often == "daily"

    page.goto(f"{link}off/")
    page.locator("main form button").click()

    assert not Subscription.objects.exists()
    assert page.context.cookies() == [] or all("session" not in cookie["name"] for cookie in page.context.cookies())
