"""Invitation only: one address, one link, once, for seven days; resent, revoked, by the list."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from apps.accounts import invitations, services
from apps.accounts.models import Invitation, User
from apps.accounts.roles import Role
from apps.core.models import AuditEntry, OutgoingMail
from apps.stakeholders.models import Person
from tests.factories import PASSWORD, client_for, make_invitation, make_person, make_user, token_of

GOOD = {"password": PASSWORD, "again": PASSWORD}
GONE = {"ar": "لم يعد هذا الرابط صالحاً", "en": "This link does not work any more"}


def page_of(invitation, language="en") -> str:
    return f"/{language}/accounts/invitation/{token_of(invitation)}/"


def is_gone(client, address) -> bool:
    shown, sent = client.get(address), client.post(address, GOOD)
    return (shown.status_code, sent.status_code) == (410, 410) and GONE[address[1:3]] in shown.content.decode()


@pytest.mark.parametrize(("language", "subject"), [("ar", "مُلتقى: دعوتكم"), ("en", "Multaqa: your invitation")])
def test_the_invited_choose_a_password_and_log_in(db, client, secretary, log_in, language, subject):
    log_in(secretary).post(
        reverse("admin:accounts_invitation_add"),
        {"email": "New@Example.org", "display_name_ar": "نورا", "language": language, "role": "member"},
    )
    mail = OutgoingMail.objects.get()
    assert (mail.kind, mail.to, mail.language, mail.subject) == ("invitation", "new@example.org", language, subject)
    assert mail.is_secret
    link = next(line for line in mail.text.splitlines() if "://" in line)
    assert link.startswith(f"https://portal.example.org/{language}/accounts/invitation/")

    page = client.get(link)
    assert page["Referrer-Policy"] == "strict-origin"
    assert "no-store" in page["Cache-Control"]
    assert '<bdi dir="ltr">new@example.org</bdi>' in page.content.decode()
    done = client.post(link, GOOD)

    assert done["Location"] == f"/{language}/accounts/login/"
    user = User.objects.get(email="new@example.org")
    assert (user.display_name_ar, user.language, user.roles) == ("نورا", language, frozenset({"member"}))
    login = client.post(f"/{language}/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert login["Location"] == f"/{language}/accounts/welcome/"
    actions = AuditEntry.objects.filter(model="accounts.invitation").values_list("action", flat=True)
    assert {"invited", "invitation_accepted"} <= set(actions)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_s09_a_link_works_once(db, client, language):
    address = page_of(make_invitation(), language)
    client.post(address, GOOD)

    assert is_gone(client, address)
    assert User.objects.filter(email__startswith="guest").count() == 1


@pytest.mark.parametrize("token", ["x", "x:y:z", "%00", "eyJwayI6MX0:1tF:abc"])
def test_s09_a_made_up_link_reads_like_a_used_one(db, client, token):
    assert client.get(f"/en/accounts/invitation/{token}/").status_code in (400, 410)
    assert not User.objects.exists()


def test_s09_a_link_dies_after_seven_days(db, client):
    invitation = make_invitation()
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert is_gone(client, page_of(invitation))


def test_s09_its_signature_itself_dies_after_seven_days(db, client, monkeypatch):
    from django.core import signing

    invitation = make_invitation()
    Invitation.objects.update(expires_at=timezone.now() + timedelta(days=300))
    address = page_of(invitation)
    now = signing.time.time
    monkeypatch.setattr(signing.time, "time", lambda: now() + 8 * 24 * 3600)

    assert is_gone(client, address)


def test_s09_a_link_is_bound_to_its_address(db, client):
    invitation = make_invitation()
    address = page_of(invitation)
    Invitation.objects.update(email="other@example.org")

    assert is_gone(client, address)


def test_sending_again_kills_the_link_before(db, client, secretary, log_in):
    invitation = make_invitation()
    old = page_of(invitation)
    log_in(secretary).post(reverse("admin:accounts_invitation_step", args=[invitation.pk, "resend"]))
    invitation.refresh_from_db()

    assert is_gone(client, old)
    assert client.get(page_of(invitation)).status_code == 200
    assert OutgoingMail.objects.filter(kind="invitation", to=invitation.email).count() == 2


def test_an_expired_invitation_is_sent_again(db, client, secretary):
    invitation = make_invitation()
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    invitation.refresh_from_db()
    invitations.resend(invitation, by=secretary)

    assert client.get(page_of(invitation)).status_code == 200


def test_a_revoked_link_is_dead(db, client, secretary, log_in):
    invitation = make_invitation()
    log_in(secretary).post(reverse("admin:accounts_invitation_step", args=[invitation.pk, "revoke"]))

    assert is_gone(client, page_of(invitation))
    invitation.refresh_from_db()
    with pytest.raises(ValidationError):
        invitations.resend(invitation, by=secretary)


def test_a_new_invitation_kills_the_older_one_of_the_address(db, client):
    first = make_invitation(email="guest@example.org")
    second = make_invitation(email="Guest@Example.org")

    assert is_gone(client, page_of(first))
    assert client.get(page_of(second)).status_code == 200


def test_a_pending_invitation_does_not_block_a_person(db, client, secretary):
    """Whoever got an account in another way logs in; the link reads like a used one."""
    invitation = make_invitation(email="guest@example.org")
    make_user(Role.MEMBER, email="guest@example.org")

    assert is_gone(client, page_of(invitation))
    login = client.post("/en/accounts/login/", {"login": "guest@example.org", "password": PASSWORD})
    assert login.status_code == 302


def test_whoever_is_logged_in_is_told_to_log_out_first(db):
    address = page_of(make_invitation())
    client = client_for(make_user(Role.MEMBER))

    assert "Log out first" in client.get(address).content.decode()
    assert "Log out first" in client.post(address, GOOD).content.decode()
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("password", "again", "message"),
    [
        ("short", "short", "This password is too short. It must contain at least 12 characters."),
        ("password1234", "password1234", "This password is too common."),
        ("guestguest99", "guestguest99", "The password is too similar to the e-mail address."),
        ("multaqa-2026", "multaqa-2026", "A password must be more than the portal's own words."),
        ("الأمانةملتقى", "الأمانةملتقى", "A password must be more than the portal's own words."),
        ("a-quiet-olive-tree", "another-olive-tree", "The two passwords are not the same."),
    ],
)
def test_s03_weak_passwords_are_refused_and_the_link_stays_good(db, client, password, again, message):
    address = page_of(make_invitation(email="guestguest@example.org"))

    response = client.post(address, {"password": password, "again": again})

    assert response.status_code == 400
    assert [message] in response.context["form"].errors.values()
    assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    "password", ["  spaces at both ends  ", "كلمـة سـرٍّ طويلة جداً", "x1" + "y" * 126, "naïve café tables"]
)
def test_s04_long_arabic_and_spaced_passwords_are_kept_as_they_are(db, client, password):
    invitation = make_invitation()
    client.post(page_of(invitation), {"password": password, "again": password})

    user = User.objects.get(email=invitation.email)
    assert user.check_password(password)
    assert not user.check_password(password.strip() + "x")
    sent = {"login": invitation.email, "password": password}
    assert client.post("/en/accounts/login/", sent).status_code == 302


def test_s23_the_secretariat_invites_to_no_role_above_its_own(db, secretary, log_in):
    add = reverse("admin:accounts_invitation_add")
    assert "auditor" not in dict(log_in(secretary).get(add).context["adminform"].form.fields["role"].choices)

    log_in(secretary).post(add, {"email": "x@example.org", "language": "en", "role": "auditor"})
    assert not Invitation.objects.exists()
    with pytest.raises(ValidationError):
        invitations.invite(Invitation(email="x@example.org", role=Role.AUDITOR), by=secretary)
    Invitation.objects.create(email="x@example.org", role=Role.AUDITOR, expires_at=timezone.now(), nonce="x")
    with pytest.raises(ValidationError):
        invitations.resend(Invitation.objects.get(), by=secretary)


def test_an_address_with_an_account_is_not_invited(db, secretary, log_in):
    make_user(email="here@example.org")
    sent = {"email": "Here@example.org", "language": "en", "role": "member"}

    page = log_in(secretary).post(reverse("admin:accounts_invitation_add"), sent)

    assert "There is an account with this e-mail address already." in page.content.decode()
    assert not OutgoingMail.objects.exists()


def test_a_sent_invitation_cannot_be_rewritten(db, secretary, log_in):
    invitation = make_invitation(email="guest@example.org")
    mails = OutgoingMail.objects.count()
    log_in(secretary).post(
        reverse("admin:accounts_invitation_change", args=[invitation.pk]),
        {"email": "thief@example.org", "role": "secretariat", "opened_revision": 1},
    )

    invitation.refresh_from_db()
    assert (invitation.email, invitation.role, invitation.revision) == ("guest@example.org", "member", 1)
    assert OutgoingMail.objects.count() == mails


# A person's account


def test_an_invited_person_gets_the_account_made_with_her_link(db, client, secretary, log_in):
    person = make_person(name_ar="نورا", name_en="Noura")
    sent = {"email": "noura@example.org", "language": "ar", "role": "member"}
    log_in(secretary).post(reverse("admin:stakeholders_person_step", args=[person.pk, "invite"]), sent)
    invitation = Invitation.objects.get()
    client.post(page_of(invitation), GOOD)

    person.refresh_from_db()
    assert person.user.email == "noura@example.org"
    assert (person.user.display_name_ar, person.user.display_name_en) == ("نورا", "Noura")


def test_a_person_who_has_an_account_by_now_keeps_it(db, client, secretary):
    from apps.stakeholders.services import invite_person

    person = make_person()
    invitation = invite_person(person, by=secretary, email="noura@example.org", language="ar", role="member")
    other = make_user(Role.MEMBER)
    Person.objects.filter(pk=person.pk).update(user=other)
    client.post(page_of(invitation), GOOD)

    person.refresh_from_db()
    assert person.user == other


# Many


def send_list(client, content: bytes, language="en"):
    address = f"/{language}/admin/accounts/invitation/many/"
    return client.post(address, {"file": SimpleUploadedFile("people.csv", content, "text/csv")})


LIST = """email,name_ar,name_en,language,role
one@example.org,نورا,Noura,ar,member
here@example.org,,,en,member
not-an-address,,,en,member
two@example.org,,Two,,
three@example.org,,,en,auditor
four@example.org,,,fr,member
ONE@example.org,,,en,member
"""


def test_each_row_of_a_list_has_its_outcome(db, secretary, log_in):
    make_user(email="here@example.org")

    page = send_list(log_in(secretary), LIST.encode())

    assert [(outcome.row, outcome.is_sent, outcome.text) for outcome in page.context["outcomes"]] == [
        (2, True, "Invited."),
        (3, False, "There is an account with this e-mail address already."),
        (4, False, "Enter a valid email address."),
        (5, True, "Invited."),
        (6, False, "This role has rights that you do not have yourself."),
        (7, False, "Value 'fr' is not a valid choice."),
        (8, False, "Has a link already; nothing was sent."),
    ]
    rows = Invitation.objects.order_by("pk").values_list("email", "display_name_ar", "language", "role")
    assert list(rows) == [("one@example.org", "نورا", "ar", "member"), ("two@example.org", "", "ar", "member")]
    assert OutgoingMail.objects.filter(kind="invitation").count() == 2
    assert "2 people were invited." in page.content.decode()


def test_rows_have_the_numbers_that_a_spreadsheet_shows(db, secretary, log_in):
    content = b'email,name_en\none@example.org,"Noura\nof the sea"\n\n,\ntwo@example.org,Two\n'

    page = send_list(log_in(secretary), content)

    assert [(outcome.row, outcome.email) for outcome in page.context["outcomes"]] == [
        (2, "one@example.org"),
        (5, "two@example.org"),
    ]


def test_a_list_that_is_too_long_is_refused_and_the_page_says_how_long_it_may_be(db, secretary, log_in):
    addresses = [f"person{number}@example.org" for number in range(201)]

    page = send_list(log_in(secretary), "\n".join(["email", *addresses]).encode())

    assert page.status_code == 400
    assert "At most 200 people at once: divide the list." in page.content.decode()
    assert "At most 200 rows." in page.content.decode()


def test_the_roles_to_give_are_asked_for_at_once(db, secretary, django_assert_num_queries):
    with django_assert_num_queries(3):
        roles = services.roles_to_give(secretary)

    assert [role.name for role in roles] == [
        group.name for group in Group.objects.order_by("pk") if services.may_give(secretary, [group])
    ]
    assert 0 < len(roles) < Group.objects.count()


def test_a_list_sent_twice_invites_nobody_twice(db, secretary, log_in):
    send_list(log_in(secretary), b"email\none@example.org\n")
    page = send_list(log_in(secretary), b"email\none@example.org\n")

    assert [outcome.is_sent for outcome in page.context["outcomes"]] == [False]
    assert OutgoingMail.objects.count() == 1


@pytest.mark.parametrize(
    "content",
    [
        LIST.replace(",", ";").encode("utf-8-sig"),
        LIST.replace(",", "\t").encode("cp1256"),
        LIST.replace("\n", "\r\n").encode("cp1256"),
    ],
)
def test_lists_are_read_as_arabic_spreadsheets_write_them(db, secretary, log_in, content):
    send_list(log_in(secretary), content)

    assert Invitation.objects.get(email="one@example.org").display_name_ar == "نورا"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"name\nx\n", "The first row must name the columns: email, name_ar, name_en, language, role."),
        (b"\x00\x01email", "This is not a CSV file."),
        (b"email\n" + b"x@example.org\n" * 201, "At most 200 people at once: divide the list."),
        (b"email\n" + b"x" * 200_000, "This file is too large for a list of invitations."),
        (b"", "The submitted file is empty."),
        (b"\n\n", "The first row must name the columns: email, name_ar, name_en, language, role."),
    ],
)
def test_what_is_no_list_is_refused_with_a_sentence(db, secretary, log_in, content, message):
    page = send_list(log_in(secretary), content)

    assert page.status_code == 400
    assert page.context["form"].errors["file"] == [message]
    assert not Invitation.objects.exists()


def test_s05_an_address_is_not_given_away_by_the_form_of_another_role(db, log_in):
    assert send_list(log_in(make_user(Role.EDITOR)), LIST.encode()).status_code == 403


def test_groups_are_given_from_the_invitation(db, client):
    client.post(page_of(make_invitation(role=Role.OBSERVER)), GOOD)

    assert list(Group.objects.filter(user__email__startswith="guest").values_list("name", flat=True)) == ["observer"]
