"""Second factors: asked of staff at every door, offered to members; codes once only; a lost one by two officers."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.urls import reverse

from apps.accounts import services
from apps.accounts.models import FactorReset, LoginSession
from apps.accounts.roles import Role
from apps.core.models import AuditEntry, OutgoingMail
from tests.factories import PASSWORD, client_for, make_user

SECRET = "JBSWY3DPEHPK3PXP"
STAFF = [Role.SECRETARIAT, Role.EDITOR, Role.TRANSLATOR, Role.AUDITOR]


def code_now(steps: int = 0) -> str:
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 + steps))


def with_app(*roles):
    user = make_user(*roles)
    TOTP.activate(user, SECRET)
    return user


def half_way_in(client, user):
    """The password was right; the second factor is still asked for."""
    return client.post("/en/accounts/login/", {"login": user.email, "password": PASSWORD})


@pytest.mark.parametrize("role", STAFF)
@pytest.mark.parametrize(
    "page", ["/en/admin/", "/ar/admin/", "/ar/admin/login/", "/ar/admin/news/article/", "/en/news/"]
)
def test_s01_staff_without_a_second_factor_are_led_to_set_one_up(db, role, page):
    client = client_for(make_user(role), factor=False)

    response = client.get(page)

    assert (response.status_code, response["Location"]) == (302, f"{page[:3]}/accounts/security/")


def test_s01_posting_without_a_second_factor_changes_nothing(db):
    secretary, other = make_user(Role.SECRETARIAT), make_user(Role.EDITOR)
    client = client_for(secretary, factor=False)

    response = client.post(reverse("admin:accounts_user_step", args=[other.pk, "end-sessions"]))

    assert response["Location"] == "/en/accounts/security/"


@pytest.mark.parametrize("page", ["/en/accounts/security/", "/en/accounts/devices/", "/en/accounts/welcome/security/"])
def test_s01_the_pages_to_set_one_up_stay_open(db, page):
    assert client_for(make_user(Role.EDITOR), factor=False).get(page).status_code == 200


def test_members_need_none(db):
    assert client_for(make_user(Role.MEMBER), factor=False).get("/en/meetings/").status_code == 200


@pytest.mark.parametrize("role", [Role.MEMBER, Role.EDITOR])
def test_s01_a_password_alone_opens_no_account_with_a_second_factor(db, client, role):
    response = half_way_in(client, with_app(role))

    assert response["Location"] == "/en/accounts/login/code/"
    assert "_auth_user_id" not in client.session
    assert client.get("/en/admin/")["Location"] == "/en/admin/login/?next=/en/admin/"


def test_s02_a_code_opens_once(db, client):
    user, code = with_app(Role.EDITOR), code_now()
    half_way_in(client, user)
    response = client.post("/en/accounts/login/code/", {"code": code})
    assert response["Location"] == "/en/admin/"
    assert client.get("/en/admin/").status_code == 200

    client.logout()
    half_way_in(client, user)
    again = client.post("/en/accounts/login/code/", {"code": code})

    assert again.status_code == 200
    assert "_auth_user_id" not in client.session


def test_a_code_may_be_typed_in_arabic_digits(db, client):
    user, code = with_app(Role.EDITOR), code_now()
    half_way_in(client, user)

    typed = code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    response = client.post("/ar/accounts/login/code/", {"code": typed})

    assert response["Location"] == "/ar/admin/"


def test_s02_a_used_code_stays_used_as_long_as_clocks_may_differ(db, client):
    user, code = with_app(Role.EDITOR), code_now()
    half_way_in(client, user)
    client.post("/en/accounts/login/code/", {"code": code})
    client.logout()
    assert cache.delete(f"allauth.mfa.totp.used?user={user.pk}&code={code}")  # as after 30 seconds

    half_way_in(client, user)
    client.post("/en/accounts/login/code/", {"code": code})

    assert "_auth_user_id" not in client.session


def test_s02_a_recovery_code_opens_once(db, client):
    user = with_app(Role.EDITOR)
    code = RecoveryCodes.activate(user).get_unused_codes()[0]
    half_way_in(client, user)
    assert client.post("/en/accounts/login/code/", {"code": code})["Location"] == "/en/admin/"

    client.logout()
    half_way_in(client, user)
    assert client.post("/en/accounts/login/code/", {"code": code}).status_code == 200
    assert "_auth_user_id" not in client.session


def test_secrets_lie_encrypted_in_the_database(db):
    user = with_app(Role.EDITOR)
    RecoveryCodes.activate(user)

    rows = str(list(Authenticator.objects.values_list("data", flat=True)))

    assert SECRET not in rows
    assert Authenticator.objects.get(user=user, type="totp").wrap().validate_code(code_now())


def test_after_a_change_of_the_key_old_secrets_are_still_read(db, settings):
    user = with_app(Role.EDITOR)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-for-this-test"

    assert Authenticator.objects.get(user=user, type="totp").wrap().validate_code(code_now())


@pytest.mark.parametrize("language", ["ar", "en"])
def test_an_app_is_set_up_with_the_key_shown_and_codes_to_keep(db, language, django_capture_on_commit_callbacks):
    user = make_user(Role.EDITOR, language=language)
    client = client_for(user)
    elsewhere = client_for(user)
    page = client.get(f"/{language}/accounts/security/code/activate/")
    secret = page.context["form"].secret
    assert secret in page.content.decode()

    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(f"/{language}/accounts/security/code/activate/", {"code": code})

    assert done["Location"] == f"/{language}/accounts/security/recovery-codes/"
    codes = client.get(done["Location"]).context["unused_codes"]
    assert len(codes) == 10
    file = client.get(f"/{language}/accounts/security/recovery-codes/file/")
    assert file.content.decode().split() == codes
    assert AuditEntry.objects.filter(action="factor_added", actor=user).count() == 2
    # Whoever came in with the password alone is out, and the trail says so.
    assert AuditEntry.objects.filter(action="sessions_ended", actor=user).count() == 1
    assert elsewhere.get(f"/{language}/admin/")["Location"].startswith(f"/{language}/admin/login/")
    assert OutgoingMail.objects.filter(kind="totp_activated", to=user.email, language=language).exists()


def test_taking_the_last_factor_away_leads_staff_back_to_set_one_up(db, django_capture_on_commit_callbacks):
    user = with_app(Role.EDITOR)
    client = client_for(user)

    with django_capture_on_commit_callbacks(execute=True):
        client.post("/en/accounts/security/code/deactivate/", {})

    assert client.get("/en/admin/")["Location"] == "/en/accounts/security/"
    assert AuditEntry.objects.filter(action="factor_removed", actor=user).exists()


# A lost one


def test_s10_resetting_the_password_does_not_open_an_account_with_a_second_factor(db, client):
    user = with_app(Role.EDITOR)
    client.post("/en/accounts/password/reset/", {"email": user.email})
    link = next(line for line in OutgoingMail.objects.get().text.splitlines() if "://" in line)
    page = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(page, {"password1": "another-olive-tree", "password2": "another-olive-tree"})

    response = client.post("/en/accounts/login/", {"login": user.email, "password": "another-olive-tree"})

    assert response["Location"] == "/en/accounts/login/code/"


def step(user, name):
    return reverse("admin:accounts_user_step", args=[user.pk, name])


def test_s10_a_lost_factor_is_reset_by_two_officers(db, secretary):
    user, second = with_app(Role.EDITOR), make_user(Role.SECRETARIAT)
    session = client_for(user)
    first_client, second_client = client_for(secretary), client_for(second)

    asked = first_client.post(step(user, "ask-factor-reset"), {"reason": "She called from her office."})
    assert asked.status_code == 302
    assert Authenticator.objects.filter(user=user).exists()
    refused = first_client.post(step(user, "confirm-factor-reset"))
    assert refused.status_code == 400
    assert "A second officer has to confirm this." in refused.content.decode()
    done = second_client.post(step(user, "confirm-factor-reset"))

    assert done.status_code == 302
    assert not Authenticator.objects.filter(user=user).exists()
    assert not FactorReset.objects.exists()
    assert session.get("/en/admin/")["Location"].startswith("/en/admin/login/")
    entries = AuditEntry.objects.filter(action__in=["factor_reset_asked", "factor_reset"]).order_by("pk")
    assert [(entry.action, entry.actor, entry.detail.reason) for entry in entries] == [
        ("factor_reset_asked", secretary, "She called from her office."),
        ("factor_reset", second, "She called from her office."),
    ]
    assert OutgoingMail.objects.filter(kind="factor_reset", to=user.email).count() == 1


def test_s10_nobody_resets_her_own_factor(db):
    user, other = with_app(Role.SECRETARIAT), make_user(Role.SECRETARIAT)
    with pytest.raises(ValidationError):
        services.ask_factor_reset(user, by=user, reason="Mine.")
    services.ask_factor_reset(user, by=other, reason="She called.")

    with pytest.raises(ValidationError):
        services.confirm_factor_reset(user, by=user)
    assert Authenticator.objects.filter(user=user).exists()


def test_s10_a_request_of_three_days_ago_does_not_count(db, secretary):
    from datetime import timedelta

    from django.utils import timezone

    user, second = with_app(Role.MEMBER), make_user(Role.SECRETARIAT)
    services.ask_factor_reset(user, by=secretary, reason="She called.")
    FactorReset.objects.update(asked_at=timezone.now() - timedelta(hours=49))

    with pytest.raises(ValidationError, match="last 48 hours"):
        services.confirm_factor_reset(user, by=second)


def test_s23_the_secretariat_does_not_reset_those_above_it(db, secretary):
    auditor = with_app(Role.AUDITOR)

    assert client_for(secretary).post(step(auditor, "ask-factor-reset"), {"reason": "x"}).status_code == 403
    with pytest.raises(ValidationError):
        services.ask_factor_reset(auditor, by=secretary, reason="x")


def test_an_open_request_waits_on_the_dashboard_of_the_other_officers(db, secretary):
    user, second = with_app(Role.MEMBER), make_user(Role.SECRETARIAT)
    services.ask_factor_reset(user, by=secretary, reason="She called.")

    sentence = f"The reset of a second factor waits for you: {user}."
    assert sentence in client_for(second).get("/en/admin/").content.decode()
    assert sentence not in client_for(secretary).get("/en/admin/").content.decode()
    assert LoginSession.objects.filter(user=second).exists()
