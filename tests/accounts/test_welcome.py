"""The first login, the profile and what is shown of a person; the commands of the operator."""

from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.roles import Role
from apps.core.models import AuditEntry, OutgoingMail
from apps.stakeholders.models import Consent, Person
from tests.factories import PASSWORD, client_for, make_newcomer, make_person, make_user

PUBLIC = {f"shown_{field}": "public" for field in ("name", "function", "organisation", "country")}
PUBLIC |= {"shown_email": "nobody", "shown_phone": "nobody"}
NOBODY = dict.fromkeys(PUBLIC, "nobody")
ANSWERS = {"display_name_ar": "سميرة", "display_name_en": "Samira", "language": "en", "time_zone": "Asia/Dubai"}


def follow(client, address):
    """Where somebody ends up who opens this address."""
    response = client.get(address, follow=True)
    return response.redirect_chain[-1][0] if response.redirect_chain else address


@pytest.mark.parametrize(("language", "other"), [("ar", "en"), ("en", "ar")])
def test_a_member_is_asked_one_thing_at_a_time(db, client, language, other):
    user = make_newcomer(Role.MEMBER, language=other)
    person = make_person(user=user, is_public=False)
    client.post(f"/{language}/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert follow(client, f"/{language}/accounts/welcome/") == f"/{language}/accounts/welcome/you/"

    answers = {**ANSWERS, "language": other, "opened_revision": user.revision}
    done = client.post(f"/{language}/accounts/welcome/you/", answers)
    assert done["Location"] == f"/{other}/accounts/welcome/"  # in the language that she chose
    assert follow(client, done["Location"]) == f"/{other}/group/sharing/welcome/"
    sent = {**PUBLIC, "opened_revision": person.revision}
    assert client.post(f"/{other}/group/sharing/welcome/", sent).status_code == 302
    assert follow(client, f"/{other}/accounts/welcome/") == f"/{other}/accounts/welcome/security/"
    assert client.post(f"/{other}/accounts/welcome/security/").status_code == 302

    assert follow(client, f"/{other}/accounts/welcome/") == f"/{other}/meetings/mine/"
    user.refresh_from_db()
    person.refresh_from_db()
    assert (user.display_name_ar, user.language, user.time_zone) == ("سميرة", other, "Asia/Dubai")
    assert user.welcomed_at is not None
    assert (person.shown_name, person.consent_given_on, person.consent_how) == (
        "public",
        timezone.localdate(timezone=ZoneInfo("Asia/Dubai")),  # her day, which may be tomorrow's elsewhere
        "portal",
    )


def test_a_broken_connection_asks_nothing_twice(db, client):
    user = make_newcomer(Role.MEMBER)
    client.post("/en/accounts/login/", {"login": user.email, "password": PASSWORD})
    client.post("/en/accounts/welcome/you/", {**ANSWERS, "opened_revision": user.revision})

    assert follow(client, "/en/accounts/welcome/") == "/en/accounts/welcome/security/"


def test_looking_at_a_page_passes_nothing(db):
    user = make_newcomer(Role.MEMBER)
    client = client_for(user)
    for page in ("you", "security"):
        client.get(f"/en/accounts/welcome/{page}/")

    assert follow(client, "/en/accounts/welcome/") == "/en/accounts/welcome/you/"


def test_staff_cannot_put_off_their_second_factor(db):
    client = client_for(make_newcomer(Role.EDITOR), factor=False)
    client.post("/en/accounts/welcome/you/", ANSWERS | {"opened_revision": "1"})

    page = client.post("/en/accounts/welcome/security/")

    assert page.status_code == 200
    assert "Those who work in the back office need one." in page.content.decode()
    assert User.objects.get().welcomed_at is None


def test_whoever_has_been_here_is_not_greeted_again(db, client):
    user = make_user(Role.MEMBER)
    response = client.post("/en/accounts/login/", {"login": user.email, "password": PASSWORD})

    assert response["Location"] == "/en/meetings/mine/"
    assert follow(client, "/en/accounts/welcome/") == "/en/meetings/mine/"


# The profile


@pytest.mark.parametrize("language", ["ar", "en"])
def test_people_keep_their_profile_themselves(db, language):
    user = make_user(Role.MEMBER, language=language)

    response = client_for(user).post(
        f"/{language}/accounts/profile/",
        {**ANSWERS, "language": language, "opened_revision": user.revision, "email": "x@example.org", "is_active": ""},
    )

    assert response["Location"] == f"/{language}/accounts/profile/"
    saved = User.objects.get(pk=user.pk)
    assert (saved.display_name_en, saved.time_zone, saved.email) == ("Samira", "Asia/Dubai", user.email)
    assert (saved.is_active, saved.updated_by) == (True, user)


def test_a_profile_that_the_secretariat_saved_meanwhile_is_not_overwritten(db, secretary):
    user = make_user(Role.MEMBER)
    opened = user.revision
    saved = User.objects.get(pk=user.pk)
    saved.display_name_en = "Corrected by the office"
    saved.save(by=secretary)
    client = client_for(user)

    page = client.post("/en/accounts/profile/", {**ANSWERS, "opened_revision": opened})

    assert page.status_code == 409
    html = page.content.decode()
    assert "Corrected by the office" in html
    assert 'name="keep-display_name_en"' in html
    user.refresh_from_db()
    assert user.display_name_en == "Corrected by the office"
    again = {**ANSWERS, "opened_revision": user.revision, "keep-display_name_en": "theirs"}
    assert client.post("/en/accounts/profile/", again).status_code == 302
    user.refresh_from_db()
    assert (user.display_name_en, user.time_zone) == ("Corrected by the office", "Asia/Dubai")


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../../etc/passwd"])
def test_a_made_up_zone_is_refused_beside_its_field(db, zone):
    user = make_user(Role.MEMBER)

    page = client_for(user).post(
        "/en/accounts/profile/", {**ANSWERS, "time_zone": zone, "opened_revision": user.revision}
    )

    assert page.status_code == 400
    assert list(page.context["form"].errors) == ["time_zone"]


# What is shown


@pytest.mark.parametrize("language", ["ar", "en"])
def test_consent_is_taken_back_at_any_time(db, language):
    user = make_user(Role.MEMBER, language=language)
    person = make_person(user=user)

    answers = {**NOBODY, "opened_revision": person.revision}
    client_for(user).post(f"/{language}/group/sharing/", answers)

    person.refresh_from_db()
    assert (person.shown_name, person.consent_given_on, person.consent_how) == ("nobody", None, "")
    assert not Person.objects.visible_to(make_user(Role.EDITOR)).filter(pk=person.pk).exists()
    entry = AuditEntry.objects.filter(model="stakeholders.person", action="changed").latest("pk")
    assert (entry.actor, entry.detail.changes["shown_name"]) == (user, ["public", "nobody"])
    log = Consent.objects.filter(person=person, field="name").first()
    assert (log.shown_to, log.recorded_by, log.recorded_at.date()) == ("nobody", user, timezone.now().date())


def test_an_answer_that_stays_keeps_the_day_of_the_consent(db):
    user = make_user(Role.MEMBER)
    person = make_person(user=user)
    given = person.consent_given_on

    client_for(user).post("/en/group/sharing/", {**PUBLIC, "opened_revision": person.revision})

    person.refresh_from_db()
    assert (person.consent_given_on, person.consent_how) == (given, "signed_form")


def test_without_a_person_there_is_nothing_to_share(db):
    client = client_for(make_user(Role.MEMBER))

    assert client.get("/en/group/sharing/").status_code == 404
    assert "/group/sharing/" not in client.get("/en/accounts/profile/").content.decode()


# The operator


def test_the_operator_invites_the_first_officers(db, client, capsys):
    call_command("invite", "Auditor@example.org", "auditor", "--language", "en")
    link = capsys.readouterr().out.strip()
    client.post(link, {"password": PASSWORD, "again": PASSWORD})

    assert User.objects.get(email="auditor@example.org").roles == frozenset({"auditor"})
    with pytest.raises(CommandError, match="There is an account"):
        call_command("invite", "auditor@example.org", "auditor")


def test_the_operator_resets_a_second_factor(db):
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP

    user = make_user(Role.AUDITOR)
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    call_command("reset_factors", user.email, "--reason", "Met in person.")

    assert not Authenticator.objects.exists()
    entry = AuditEntry.objects.get(action="factor_reset")
    assert (entry.actor, entry.detail.reason) == (None, "Met in person.")
    assert OutgoingMail.objects.get().kind == "factor_reset"
    with pytest.raises(CommandError):
        call_command("reset_factors", "nobody@example.org", "--reason", "x")
