import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from apps.accounts.models import User
from apps.accounts.roles import Role
from apps.core.models import OutgoingMail
from tests.factories import PASSWORD, make_user


def log_in_page(client, language, user, password=PASSWORD, **extra):
    return client.post(f"/{language}/accounts/login/", {"login": user.email, "password": password, **extra})


def test_the_six_roles_are_groups(db):
    assert set(Group.objects.values_list("name", flat=True)) == set(Role.values)


@pytest.mark.parametrize(
    ("role", "is_staff"),
    [
        (Role.SECRETARIAT, True),
        (Role.EDITOR, True),
        (Role.TRANSLATOR, True),
        (Role.AUDITOR, True),
        (Role.MEMBER, False),
        (Role.OBSERVER, False),
    ],
)
def test_the_role_decides_who_opens_the_back_office(db, role, is_staff):
    assert make_user(role).is_staff is is_staff


def test_an_inactive_person_has_no_role(db):
    user = make_user(Role.SECRETARIAT)
    user.is_active = False

    assert user.is_staff is False


def test_an_address_is_kept_in_lower_case_and_only_once(db):
    user = make_user(email="Samira@Example.org")

    assert user.email == "samira@example.org"
    with pytest.raises(ValidationError) as error:
        make_user(email="SAMIRA@example.org")
    assert error.value.message_dict["email"] == ["There is an account with this e-mail address already."]


def test_the_database_refuses_upper_case_and_a_second_account(db):
    make_user(email="samira@example.org")

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="Other@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="samira@example.org")


def test_the_name_is_read_in_the_pages_language_or_in_the_other(db):
    user = make_user()
    user.display_name_ar, user.display_name_en = "سميرة", ""

    with override("en"):
        assert user.get_full_name() == "سميرة"
        user.display_name_ar = ""
        assert user.get_full_name() == user.email


def test_create_user_and_superuser_for_commands(db):
    user = User.objects.create_user("New@Example.org", PASSWORD)
    chief = User.objects.create_superuser("chief@example.org", PASSWORD)

    assert (user.email, user.check_password(PASSWORD), user.is_superuser) == ("new@example.org", True, False)
    assert chief.has_role(Role.AUDITOR)
    assert User.objects.get_by_natural_key("NEW@example.org") == user


def test_accounts_are_visible_to_the_secretariat_the_auditor_and_their_owner(db):
    member, other = make_user(Role.MEMBER), make_user(Role.EDITOR)

    assert list(User.objects.visible_to(member)) == [member]
    assert set(User.objects.visible_to(make_user(Role.AUDITOR))) >= {member, other}


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize(("role", "page"), [(Role.MEMBER, "meetings/mine/"), (Role.EDITOR, "admin/")])
def test_logging_in_leads_to_where_the_work_is(db, client, language, role, page):
    response = log_in_page(client, language, make_user(role))

    assert (response.status_code, response["Location"]) == (302, f"/{language}/{page}")


@pytest.mark.parametrize("language", ["ar", "en"])
def test_s05_a_wrong_password_and_an_unknown_address_read_alike(db, client, language):
    user = make_user()

    wrong = log_in_page(client, language, user, "not the password")
    user.email = "nobody@example.org"
    unknown = log_in_page(client, language, user, "not the password")

    assert (wrong.status_code, unknown.status_code) == (200, 200)
    messages = [list(page.context["form"].non_field_errors()) for page in (wrong, unknown)]
    assert messages[0] == messages[1]
    assert len(messages[0]) == 1


def test_an_inactive_account_cannot_log_in(db, client):
    user = make_user()
    User.objects.filter(pk=user.pk).update(is_active=False)

    log_in_page(client, "en", user)

    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_s48_next_never_leaves_the_site(db, client, target):
    response = log_in_page(client, "en", make_user(Role.MEMBER), next=target)

    assert response["Location"] == "/en/meetings/mine/"


def test_next_leads_back_to_where_the_door_was_shut(db, client):
    response = client.get("/ar/admin/news/article/")
    login = response["Location"]

    response = client.post(
        login, {"login": make_user(Role.EDITOR).email, "password": PASSWORD, "next": "/ar/admin/news/article/"}
    )

    assert login == "/ar/accounts/login/?next=/ar/admin/news/article/"
    assert response["Location"] == "/ar/admin/news/article/"


def test_s01_the_admins_own_login_page_is_the_portals(db, client):
    response = client.get("/en/admin/login/")

    assert (response.status_code, response["Location"]) == (302, "/en/accounts/login/?next=%2Fen%2Fadmin%2Flogin%2F")


def test_a_member_at_the_back_offices_door_is_told_so(db, log_in):
    response = log_in(make_user(Role.MEMBER)).get("/en/admin/", follow=True)

    assert response.status_code == 403
    assert "This is not open to you" in response.content.decode()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_nobody_signs_up(db, client, language):
    page = client.get(f"/{language}/accounts/signup/")
    client.post(
        f"/{language}/accounts/signup/",
        {"email": "stranger@example.org", "password1": PASSWORD, "password2": PASSWORD},
    )

    assert {"ar": "الحسابات بدعوة", "en": "Accounts are by invitation"}[language] in page.content.decode()
    assert not User.objects.filter(email="stranger@example.org").exists()


@pytest.mark.parametrize(("language", "other"), [("ar", "en"), ("en", "ar")])
def test_the_reset_mail_is_in_the_recipients_language_and_its_link_works_once(db, client, language, other):
    user = make_user(language=language)

    client.post(f"/{other}/accounts/password/reset/", {"email": user.email})

    message = OutgoingMail.objects.get()
    assert message.to == user.email
    assert {"ar": "تعيين كلمة مرور جديدة", "en": "set a new password"}[language] in message.subject
    assert {"ar": "يُرجى فتح هذا الرابط", "en": "Open this link"}[language] in message.text
    link = next(line for line in message.text.splitlines() if "://" in line)
    assert link.startswith(f"https://portal.example.org/{language}/accounts/password/reset/key/")
    form = client.get(link, follow=True)
    done = client.post(
        form.redirect_chain[-1][0], {"password1": "another-olive-tree", "password2": "another-olive-tree"}
    )
    assert done.status_code == 302
    user.refresh_from_db()
    assert user.check_password("another-olive-tree")
    assert client.get(link, follow=True).context["token_fail"] is True


def test_s05_resetting_answers_alike_for_an_unknown_address(db, client):
    user = make_user()

    known = client.post("/en/accounts/password/reset/", {"email": user.email}, follow=True)
    unknown = client.post("/en/accounts/password/reset/", {"email": "nobody@example.org"}, follow=True)

    assert known.redirect_chain == unknown.redirect_chain
    assert known.content == unknown.content
    assert [message.to for message in OutgoingMail.objects.all()] == [user.email]


@pytest.mark.parametrize("password", ["short", "password1234"])
def test_s03_weak_passwords_are_refused_beside_the_field(db, log_in, password):
    user = make_user()

    response = log_in(user).post(
        "/en/accounts/password/change/", {"oldpassword": PASSWORD, "password1": password, "password2": password}
    )

    assert response.status_code == 200
    assert response.context["form"].errors
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_changing_the_password_asks_for_the_old_one(db, log_in):
    user = make_user()
    page = "/en/accounts/password/change/"

    log_in(user).post(
        page, {"oldpassword": "wrong", "password1": "another-olive-tree", "password2": "another-olive-tree"}
    )
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    log_in(user).post(
        page, {"oldpassword": PASSWORD, "password1": "another-olive-tree", "password2": "another-olive-tree"}
    )
    user.refresh_from_db()
    assert user.check_password("another-olive-tree")


def test_a05_address_and_password_run_left_to_right_in_arabic(db, client):
    html = client.get("/ar/accounts/login/").content.decode()

    assert html.count('dir="ltr"') >= 2
    assert 'autocomplete="current-password"' in html


def test_times_are_those_of_the_persons_zone(db, log_in):
    client = log_in(make_user(time_zone="Asia/Dubai"))

    client.get("/en/")

    assert timezone.get_current_timezone_name() != "Asia/Dubai"


def test_s23_the_secretariat_cannot_make_or_change_a_superuser(db, secretary, log_in):
    chief = User.objects.create_superuser("chief@example.org", PASSWORD)
    page = reverse("admin:accounts_user_change", args=[chief.pk])

    response = log_in(secretary).post(page, {"email": "taken@example.org", "language": "ar", "time_zone": "UTC"})

    chief.refresh_from_db()
    assert response.status_code == 403
    assert chief.email == "chief@example.org"


def test_s21_fields_that_are_not_offered_are_ignored(db, secretary, log_in):
    user = make_user(Role.MEMBER)
    page = reverse("admin:accounts_user_change", args=[user.pk])
    data = {
        "email": user.email,
        "language": "en",
        "time_zone": "UTC",
        "is_active": "on",
        "is_superuser": "on",
        "password": "x",
        "opened_revision": user.revision,
        "groups": [Group.objects.get(name="member").pk],
    }

    response = log_in(secretary).post(page, data)

    user.refresh_from_db()
    assert response.status_code == 302
    assert (user.is_superuser, user.time_zone, user.check_password(PASSWORD)) == (False, "UTC", True)


def test_the_list_of_accounts_names_roles_in_the_pages_language(db, secretary, log_in):
    html = log_in(secretary).get("/ar/admin/accounts/user/").content.decode()

    assert "الأمانة" in html


@pytest.mark.parametrize("page", ["email/", "confirm-email/x/", "confirm-email/"])
def test_s12_addresses_are_kept_by_the_secretariat_and_changed_on_no_page(db, log_in, page):
    user = make_user(Role.MEMBER)

    response = log_in(user).post(f"/en/accounts/{page}", {"action_add": "", "email": "taken@example.org"})

    assert response.status_code == 404
    assert [row.email for row in user.emailaddress_set.all()] == [user.email]


def test_s09_an_old_address_opens_nothing_once_the_secretariat_changed_it(db, client, secretary, log_in):
    user = make_user(email="old@example.org")
    client.post("/en/accounts/password/reset/", {"email": "old@example.org"})
    log_in(secretary).post(
        reverse("admin:accounts_user_change", args=[user.pk]),
        {
            "email": "new@example.org",
            "language": "en",
            "time_zone": "UTC",
            "is_active": "on",
            "opened_revision": user.revision,
        },
    )

    client.post("/en/accounts/password/reset/", {"email": "old@example.org"})
    client.post("/en/accounts/password/reset/", {"email": "new@example.org"})
    mails = [(message.kind, message.to) for message in OutgoingMail.objects.order_by("pk")]
    assert mails == [
        ("password_reset_key", "old@example.org"),
        ("address_changed", "old@example.org"),
        ("password_reset_key", "new@example.org"),
    ]
    log_in_page(client, "en", User(email="old@example.org"))
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("lookup", ["password__startswith=pbkdf2", "person__name_en=x", "is_superuser=1"])
def test_s20_a_list_answers_its_own_filters_and_no_other_question(db, log_in, lookup):
    client = log_in(make_user(Role.AUDITOR))

    assert client.get(f"/en/admin/accounts/user/?{lookup}").status_code == 400
    assert client.get("/en/admin/accounts/user/?is_active__exact=1").status_code == 200
