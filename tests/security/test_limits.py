"""Guessing is slowed down: by account and by address, behind a proxy, on several nodes, with the cache away."""

import socket

import pytest
from django.core.cache import cache, caches
from django.test import Client, RequestFactory

from apps.accounts.adapter import AccountAdapter
from apps.accounts.roles import Role
from apps.core.models import AuditEntry
from config.settings import base
from tests.accounts.test_factors import code_now, half_way_in, with_app
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _limits(settings):
    settings.ACCOUNT_RATE_LIMITS = base.ACCOUNT_RATE_LIMITS


def attempt(user, password="wrong-olive-tree", *, at="192.0.2.1", client=None, **headers):
    data = {"login": user.email if hasattr(user, "email") else user, "password": password}
    return (client or Client()).post("/en/accounts/login/", data, REMOTE_ADDR=at, headers=headers)


def is_in(response) -> bool:
    return response.status_code == 302


def test_s06_after_five_failures_an_account_waits_wherever_they_came_from():
    user = make_user(Role.MEMBER)
    for number in range(5):
        attempt(user, at=f"192.0.2.{number}")

    assert not is_in(attempt(user, PASSWORD, at="198.51.100.1"))


def test_s06_the_right_password_opens_before_that():
    user = make_user(Role.MEMBER)
    for number in range(4):
        attempt(user, at=f"192.0.2.{number}")

    assert is_in(attempt(user, PASSWORD, at="198.51.100.1"))


def test_s06_ten_failures_from_one_address_close_it_for_all_accounts():
    for number in range(10):
        attempt(f"nobody{number}@example.org")

    assert not is_in(attempt(make_user(Role.MEMBER), PASSWORD))


def test_s06_success_on_one_account_does_not_open_the_others_again():
    victim, own = make_user(Role.MEMBER), make_user(Role.MEMBER)
    for _number in range(5):
        attempt(victim)
    assert is_in(attempt(own, PASSWORD))

    assert not is_in(attempt(victim, PASSWORD))


@pytest.mark.parametrize("language", ["ar", "en"])
def test_s06_whoever_waits_is_told_so_in_the_pages_language(language):
    user = make_user(Role.MEMBER)
    for _number in range(6):
        page = Client().post(f"/{language}/accounts/login/", {"login": user.email, "password": "wrong-olive-tree"})

    text = {"ar": "محاولات كثيرة جداً", "en": "Too many attempts."}[language]
    assert text in page.content.decode()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_s06_an_address_that_tries_without_end_gets_a_page_of_ours(language):
    for number in range(31):
        sent = {"login": f"nobody{number}@example.org", "password": "wrong-olive-tree"}
        page = Client().post(f"/{language}/accounts/login/", sent)

    assert page.status_code == 429
    assert f'<html lang="{language}"' in page.content.decode()
    assert {"ar": "محاولات كثيرة جداً", "en": "Too many attempts"}[language] in page.content.decode()


def test_s06_codes_are_not_guessed_either():
    user = with_app(Role.EDITOR)
    client = Client()
    half_way_in(client, user)
    for number in range(10):
        client.post("/en/accounts/login/code/", {"code": f"{number:06}"})

    client.post("/en/accounts/login/code/", {"code": code_now()})
    assert "_auth_user_id" not in client.session


def test_s06_reset_mails_are_not_sent_without_end():
    from apps.core.models import OutgoingMail

    user = make_user(Role.MEMBER)
    for number in range(12):
        Client().post("/en/accounts/password/reset/", {"email": user.email}, REMOTE_ADDR=f"192.0.2.{number}")

    assert OutgoingMail.objects.filter(to=user.email).count() == 5


# The address that counts


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, None, "192.0.2.1"),
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.2.3.4, 203.0.113.9", "203.0.113.9"),
        (1, "evil, 1.2.3.4, 203.0.113.9", "203.0.113.9"),
        (2, "1.2.3.4, 203.0.113.9, 198.51.100.1", "203.0.113.9"),
    ],
)
def test_s07_what_a_client_claims_does_not_count(settings, proxies, forwarded, address):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1")
    if forwarded:
        request.META["HTTP_X_FORWARDED_FOR"] = forwarded

    assert AccountAdapter(request).get_client_ip(request) == address


def test_s07_another_claim_with_each_attempt_does_not_help():
    for number in range(10):
        attempt(f"nobody{number}@example.org", **{"X-Forwarded-For": f"203.0.113.{number}"})

    assert not is_in(attempt(make_user(Role.MEMBER), PASSWORD, **{"X-Forwarded-For": "203.0.113.99"}))


@pytest.mark.parametrize(
    ("address", "kept"), [("203.0.113.9", "203.0.113.0/24"), ("2001:db8:1:2::3", "2001:db8:1::/48")]
)
def test_s61_the_trail_keeps_a_shortened_address(address, kept):
    user = make_user(Role.MEMBER)
    attempt(user, PASSWORD, at=address)

    assert AuditEntry.objects.get(action="logged_in").detail.address == kept


# The cache


@pytest.fixture
def cache_away(settings):
    """Redis at an address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        address = f"redis://127.0.0.1:{door.getsockname()[1]}/0"
    settings.CACHES = {"default": {"BACKEND": "apps.core.cache.SturdyRedisCache", "LOCATION": address}}


def test_s08_without_the_cache_people_log_in_and_guessing_is_still_slowed_down(cache_away):
    user, victim = make_user(Role.MEMBER), make_user(Role.MEMBER)
    assert is_in(attempt(user, PASSWORD))
    for _number in range(5):
        attempt(victim, at="198.51.100.7")

    assert not is_in(attempt(victim, PASSWORD, at="198.51.100.8"))


def test_s08_every_operation_has_its_stand_in(cache_away):
    cache.set("a", 1)
    assert cache.add("a", 2) is False
    assert cache.add("b", 2) is True
    assert (cache.get("a"), cache.get_many(["a", "b"]), cache.incr("a"), "b" in cache) == (1, {"a": 1, "b": 2}, 2, True)
    cache.set_many({"c": 3, "d": 4})
    assert cache.touch("c") is True
    cache.delete_many(["c"])
    assert cache.delete("d") is True
    assert cache.get("c") is None
    cache.clear()
    assert cache.get("a") is None


def test_r06_a_cache_that_failed_is_left_alone_for_some_seconds(cache_away, monkeypatch):
    asked, now = [], [1000.0]
    monkeypatch.setattr("apps.core.cache.time.monotonic", lambda: now[0])

    def away(self, *args, **kwargs):
        asked.append(1)
        raise OSError

    monkeypatch.setattr("django.core.cache.backends.redis.RedisCache.get", away)
    for seconds in (0, 5, 9.9):
        now[0] = 1000.0 + seconds
        cache.get("a")
    assert len(asked) == 1

    now[0] = 1010.0
    cache.get("a")
    assert len(asked) == 2


@pytest.mark.skipif("Redis" not in base.CACHES["default"]["BACKEND"], reason="needs CACHE_URL")
def test_s06_two_nodes_count_together():
    user = make_user(Role.MEMBER)
    for number in range(5):
        del caches["default"]  # the next attempt reaches another node, with a connection of its own
        attempt(user, at=f"192.0.2.{number}")
    del caches["default"]

    assert not is_in(attempt(user, PASSWORD, at="198.51.100.1"))
