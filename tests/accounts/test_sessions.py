"""Sessions end: after idleness, after their longest time, by their owner, by the secretariat, by what changes."""

import time

import pytest
from django.urls import reverse

from apps.accounts import services
from apps.accounts.models import LoginSession
from apps.accounts.roles import Role
from apps.accounts.sessions import device_of
from apps.core.models import AuditEntry
from tests.factories import PASSWORD, client_for, make_user

FIREFOX = "Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0"
HOUR, DAY = 3600, 24 * 3600


def is_in(client) -> bool:
    return client.get("/en/accounts/devices/").status_code == 200


def let_pass(client, *, idle=0, since_login=0) -> None:
    """Time travel: the session was last used, and begun, so many seconds earlier."""
    session = client.session
    session["seen_at"] -= idle
    session["started_at"] -= since_login
    session.save()


@pytest.mark.parametrize(
    ("role", "idle", "since_login", "stays"),
    [
        (Role.EDITOR, 29 * 60, 0, True),
        (Role.EDITOR, 31 * 60, 0, False),
        (Role.EDITOR, 0, 12 * HOUR - 60, True),
        (Role.EDITOR, 0, 12 * HOUR + 60, False),
        (Role.MEMBER, 14 * DAY - 60, 0, True),
        (Role.MEMBER, 14 * DAY + 60, 0, False),
        (Role.MEMBER, 0, 30 * DAY - 60, True),
        (Role.MEMBER, 0, 30 * DAY + 60, False),
    ],
)
def test_s15_idle_and_longest_time(db, role, idle, since_login, stays):
    client = client_for(make_user(role))
    let_pass(client, idle=idle, since_login=since_login)

    assert is_in(client) is stays
    assert is_in(client) is stays


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        ({"idle": 31 * 60}, "this device was not used for some time"),
        ({"since_login": 12 * HOUR + 60}, "you had been logged in for a long time"),
    ],
)
def test_who_is_logged_out_is_told_why(db, passed, said):
    client = client_for(make_user(Role.EDITOR))
    let_pass(client, **passed)

    page = client.get("/en/accounts/devices/", follow=True)

    assert [str(message) for message in page.context["messages"]] == [f"You were logged out because {said}."]


def test_s15_using_it_keeps_a_session_open(db):
    client = client_for(make_user(Role.EDITOR))
    for _visit in range(4):
        let_pass(client, idle=20 * 60, since_login=20 * 60)
        assert is_in(client)


def test_s13_the_key_changes_at_login_and_the_old_one_is_dead(db, client):
    user = make_user(Role.MEMBER)
    client.get("/en/accounts/login/")
    session = client.session
    session["planted"] = "x"
    session.save()
    client.cookies["sessionid"] = old = session.session_key

    client.post("/en/accounts/login/", {"login": user.email, "password": PASSWORD})

    assert client.session.session_key != old
    assert not LoginSession.objects.filter(session_key=old).exists()


def test_a_session_says_whose_it_is_and_with_what(db, client):
    user = make_user(Role.MEMBER)
    client.post("/en/accounts/login/", {"login": user.email, "password": PASSWORD}, headers={"User-Agent": FIREFOX})
    client.get("/en/meetings/", headers={"User-Agent": FIREFOX})

    session = LoginSession.objects.get(user=user)
    assert session.device == "Firefox · Android"
    assert abs(session.started_at.timestamp() - time.time()) < 60


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (FIREFOX, "Firefox · Android"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0", "Edge · Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36", "Chrome · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari · iPhone"),
        (
            "Mozilla/5.0 (Linux; Android 14) SamsungBrowser/26.0 Chrome/122.0 Safari/537.36",
            "Samsung Internet · Android",
        ),
        ("curl/8.0", ""),
        ("", ""),
    ],
)
def test_devices_are_called_as_their_owners_call_them(agent, device):
    assert device_of(agent) == device


@pytest.mark.parametrize("language", ["ar", "en"])
def test_s14_people_see_and_end_their_own_sessions(db, language):
    user, other = make_user(Role.MEMBER), client_for(make_user(Role.MEMBER))
    here, there = client_for(user), client_for(user)
    page = here.get(f"/{language}/accounts/devices/")
    assert len(page.context["rows"]) == 2
    assert [row["is_this"] for row in page.context["rows"]] == [True, False]
    for key in LoginSession.objects.values_list("session_key", flat=True):
        assert key not in page.content.decode()

    here.post(f"/{language}/accounts/devices/", {"session": page.context["rows"][1]["name"]})

    assert (is_in(here), is_in(there), is_in(other)) == (True, False, True)


def test_s14_ending_all_others_leaves_this_one(db):
    user = make_user(Role.MEMBER)
    here, *elsewhere = (client_for(user) for _number in range(3))

    here.post("/en/accounts/devices/", {"session": "others"})

    assert [is_in(client) for client in (here, *elsewhere)] == [True, False, False]


@pytest.mark.parametrize("name", ["", "x", "é" * 10, "\x00"])
def test_a_made_up_name_ends_nothing(db, name):
    user = make_user(Role.MEMBER)
    here, there = client_for(user), client_for(user)

    here.post("/en/accounts/devices/", {"session": name})

    assert is_in(there)


def test_s14_another_persons_session_is_not_ended_by_its_name(db):
    from apps.accounts.views import _name_of

    user, other = make_user(Role.MEMBER), make_user(Role.MEMBER)
    here, there = client_for(user), client_for(other)

    here.post("/en/accounts/devices/", {"session": _name_of(LoginSession.objects.get(user=other))})

    assert is_in(there)


def test_the_secretariat_reads_where_a_person_is_logged_in(db, client, secretary, log_in):
    user = make_user(Role.MEMBER)
    client.post("/en/accounts/login/", {"login": user.email, "password": PASSWORD}, headers={"User-Agent": FIREFOX})
    client.get("/en/meetings/", headers={"User-Agent": FIREFOX})

    page = log_in(secretary).get(reverse("admin:accounts_user_change", args=[user.pk])).content.decode()

    assert '<bdi dir="ltr">Firefox · Android</bdi>' in page
    assert LoginSession.objects.get(user=user).session_key not in page
    own = log_in(secretary).get("/en/accounts/devices/")
    assert {row["session"].user_id for row in own.context["rows"]} == {secretary.pk}


def test_s14_the_secretariat_ends_all_sessions_of_a_person(db, secretary, log_in):
    user = make_user(Role.EDITOR)
    clients = [client_for(user), client_for(user)]

    log_in(secretary).post(reverse("admin:accounts_user_step", args=[user.pk, "end-sessions"]))

    assert [is_in(client) for client in clients] == [False, False]
    entry = AuditEntry.objects.get(action="sessions_ended")
    assert (entry.actor, entry.detail.changes) == (secretary, {"rows": ["", "2"]})


def test_s14_logging_out_ends_the_session_in_the_database(db):
    client = client_for(make_user(Role.MEMBER))
    key = client.session.session_key
    client.post("/en/accounts/logout/")

    assert not LoginSession.objects.filter(session_key=key).exists()


def test_s14_a_new_password_ends_the_other_sessions(db):
    user = make_user(Role.MEMBER)
    here, there = client_for(user), client_for(user)

    here.post(
        "/en/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": "another-olive-tree", "password2": "another-olive-tree"},
    )

    assert LoginSession.objects.filter(user=user).count() == 1
    assert (is_in(here), is_in(there)) == (True, False)
    ended = AuditEntry.objects.get(action="sessions_ended")
    assert (ended.actor, ended.detail.changes) == (user, {"rows": ["", "1"]})


def test_s14_a_closed_account_is_out_at_once(db, secretary):
    user = make_user(Role.MEMBER)
    client = client_for(user)
    user.is_active = False
    services.save_account(user, by=secretary)

    assert not is_in(client)
    assert not LoginSession.objects.filter(user=user).exists()


def test_s14_other_roles_begin_with_a_new_login(db, secretary):
    from django.contrib.auth.models import Group

    user = make_user(Role.EDITOR)
    client = client_for(user)
    services.set_roles(user, Group.objects.filter(name="translator"), by=secretary, reason="New work.")

    assert not is_in(client)


def test_remembering_is_asked_for(db, client):
    user = make_user(Role.MEMBER)
    client.post("/en/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert client.cookies["sessionid"]["max-age"] == ""

    client.post("/en/accounts/logout/")
    client.post("/en/accounts/login/", {"login": user.email, "password": PASSWORD, "remember": "on"})
    assert client.cookies["sessionid"]["max-age"] == 30 * DAY
