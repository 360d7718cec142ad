"""From the invitation to the log-in with a passkey or a code, in both languages, with a device that Chromium plays."""

import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from apps.accounts.invitations import address_of
from apps.accounts.models import User
from apps.accounts.roles import Role
from tests.factories import PASSWORD, make_invitation, make_user


def add_device(page: Page) -> None:
    """A phone that knows passkeys and always recognises its owner."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


@pytest.fixture(autouse=True)
def _second_factor_needed(_portal, settings):
    settings.STAFF_SECOND_FACTOR = True


def in_main(page: Page, name: str, role: str = "button"):
    return page.get_by_role("main").get_by_role(role, name=name, exact=True)


def test_an_editor_comes_from_her_invitation_to_a_passkey(open_page, language, t, live_server):
    invitation = make_invitation(email="noura@example.org", role=Role.EDITOR, language=language)
    page = open_page(width=390)
    add_device(page)
    page.goto(address_of(invitation).replace("https://portal.example.org", live_server.url))
    page.get_by_label(t("Password"), exact=True).fill(PASSWORD)
    page.get_by_label(t("The same password again")).fill(PASSWORD)
    in_main(page, t("Open my account")).click()
    page.get_by_label(t("E-mail address")).fill("noura@example.org")
    page.get_by_label(t("Password"), exact=True).fill(PASSWORD)
    in_main(page, t("Log in")).click()

    expect(page.get_by_role("heading", name=t("Welcome"), exact=True)).to_be_visible()
    page.locator("#id_display_name_ar").fill("نورا")
    in_main(page, t("Go on")).click()
    expect(page.get_by_role("heading", name=t("Protect your account"))).to_be_visible()
    assert in_main(page, t("Later")).count() == 0
    in_main(page, t("Add a passkey"), "link").click()
    page.get_by_label(t("Name of this passkey")).fill("هاتفي")
    in_main(page, t("Add a passkey")).click()
    expect(page.locator(".codes li")).to_have_count(10)
    in_main(page, t("I have kept them, go on"), "link").click()
    in_main(page, t("Go on")).click()
    page.wait_for_url(f"**/{language}/admin/")
    assert User.objects.get(email="noura@example.org").welcomed_at is not None

    # The next day: no password at all.
    page.context.clear_cookies()
    page.goto(f"/{language}/accounts/login/")
    in_main(page, t("Log in with a passkey")).click()
    page.wait_for_url(f"**/{language}/admin/")


def test_a_passkey_is_the_second_step_after_a_password(open_page, language, t):
    user = make_user(Role.MEMBER, language=language)
    page = open_page(width=390)
    add_device(page)

    def log_in():
        page.goto(f"/{language}/accounts/login/")
        page.get_by_label(t("E-mail address")).fill(user.email)
        page.get_by_label(t("Password"), exact=True).fill(PASSWORD)
        in_main(page, t("Log in")).click()

    log_in()
    page.wait_for_url(f"**/{language}/meetings/mine/")
    page.goto(f"/{language}/accounts/security/")
    in_main(page, t("Add a passkey"), "link").click()
    page.get_by_label(t("Name of this passkey")).fill("Phone")
    in_main(page, t("Add a passkey")).click()
    page.wait_for_url(f"**/{language}/accounts/security/recovery-codes/")
    page.context.clear_cookies()

    log_in()
    expect(page.get_by_role("heading", name=t("One more step"))).to_be_visible()
    in_main(page, t("Use a passkey")).click()
    page.wait_for_url(f"**/{language}/meetings/mine/")


def test_an_app_with_codes_and_then_a_recovery_code(open_page, language, t):
    user = make_user(Role.EDITOR, language=language)
    page = open_page(width=390)

    def log_in():
        page.goto(f"/{language}/accounts/login/")
        page.get_by_label(t("E-mail address")).fill(user.email)
        page.get_by_label(t("Password"), exact=True).fill(PASSWORD)
        in_main(page, t("Log in")).click()

    log_in()
    expect(page.get_by_role("heading", name=t("Security"), exact=True)).to_be_visible()
    in_main(page, t("Use an app with codes"), "link").click()
    secret = page.locator(".key").inner_text()
    page.get_by_label(t("Code")).fill(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    in_main(page, t("Activate")).click()
    code = page.locator(".codes li").first.inner_text()
    page.context.clear_cookies()

    log_in()
    page.get_by_label(t("Code")).fill(code)
    in_main(page, t("Log in")).click()
    page.wait_for_url(f"**/{language}/admin/")


def test_a_browser_without_passkeys_is_told_another_way(open_page, language, t):
    user = make_user(Role.MEMBER, language=language)
    page = open_page()
    page.add_init_script("delete window.PublicKeyCredential")
    page.goto(f"/{language}/accounts/login/")
    expect(page.locator("form[data-passkey]")).to_be_hidden()
    page.get_by_label(t("E-mail address")).fill(user.email)
    page.get_by_label(t("Password"), exact=True).fill(PASSWORD)
    in_main(page, t("Log in")).click()
    page.wait_for_url(f"**/{language}/meetings/mine/")
    page.goto(f"/{language}/accounts/security/passkeys/add/")
    page.get_by_label(t("Name of this passkey")).fill("Phone")
    in_main(page, t("Add a passkey")).click()

    expect(page.get_by_role("alert")).to_have_text(t("This browser knows no passkeys. Choose another way."))


def test_a_refused_passkey_says_so_and_can_be_tried_again(open_page, language, t):
    page = open_page()
    page.add_init_script("navigator.credentials.get = () => Promise.reject(new Error('refused'))")
    page.goto(f"/{language}/accounts/login/")
    in_main(page, t("Log in with a passkey")).click()

    expect(page.get_by_role("alert")).to_have_text(t("The passkey was not used. Try again, or choose another way."))


def test_a_lost_factor_is_restored_by_two_officers(open_page, sign_in, language, t, settings):
    """The editor's phone is gone; one officer asks, another confirms, and she comes in again and sets up a new one."""
    lost = make_user(Role.EDITOR, language=language)
    TOTP.activate(lost, "JBSWY3DPEHPK3PXP")
    first, second = make_user(Role.SECRETARIAT, language=language), make_user(Role.SECRETARIAT, language=language)
    settings.STAFF_SECOND_FACTOR = False  # of the officers; theirs are in the tests above
    page = open_page()
    sign_in(page, first)
    page.goto(f"/{language}/admin/accounts/user/{lost.pk}/change/")
    page.get_by_role("button", name=t("Ask for a reset of the second factor")).first.click()
    page.locator("#id_reason").fill("Called her office.")
    page.locator("input[type=submit].default").click()
    expect(page.get_by_text(t("Asked. A second officer has to confirm it within 48 hours."))).to_be_visible()

    page = open_page()
    sign_in(page, second)
    page.goto(f"/{language}/admin/")
    page.locator(f"a[href$='/accounts/user/{lost.pk}/change/']").first.click()
    page.get_by_role("button", name=t("Confirm the reset of the second factor")).first.click()
    page.locator("input[type=submit].default").click()
    done = t("The second factor is reset. The person logs in with her password and sets up a new one.")
    expect(page.get_by_text(done)).to_be_visible()

    settings.STAFF_SECOND_FACTOR = True
    page = open_page(width=390)
    page.goto(f"/{language}/accounts/login/")
    page.get_by_label(t("E-mail address")).fill(lost.email)
    page.get_by_label(t("Password"), exact=True).fill(PASSWORD)
    in_main(page, t("Log in")).click()
    expect(page.get_by_role("heading", name=t("Security"), exact=True)).to_be_visible()
    in_main(page, t("Use an app with codes"), "link").click()
    secret = page.locator(".key").inner_text()
    page.get_by_label(t("Code")).fill(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    in_main(page, t("Activate")).click()
    expect(page.locator(".codes li")).to_have_count(10)
