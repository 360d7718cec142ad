"""What every answer of a portal in use carries: pages, files, pictures, redirects and refusals, for everybody."""

import re

import pytest
from django.test import Client

from tests.factories import client_for
from tests.security.pages import make_world, member_pages, office_pages, public_pages

pytestmark = pytest.mark.django_db
FILES = ("/papers/", "/pictures/")


def answers(language: str):
    """Every kind of answer, as strangers, members and the secretariat get it."""
    world = make_world()
    visits = [(Client(), path) for path in public_pages(world, language)]
    member, secretary = client_for(world["member"]), client_for(world["secretary"])
    visits += [(member, path) for path in member_pages(language)]
    visits += [(secretary, path) for path in office_pages(world, language)]
    for client, path in visits:
        response = client.get(path, secure=True)
        if response.streaming:
            list(response.streaming_content)
        yield path, response


def policy_of(response) -> dict[str, list[str]]:
    directives = (part.split() for part in response["Content-Security-Policy"].split(";") if part.strip())
    return {name: values for name, *values in directives}


def score(response) -> int:
    """Mozilla's HTTP Observatory (August 2026) over one answer: 100, less what is missing, and the bonuses."""
    policy = policy_of(response)
    points = 100
    script, style = policy.get("script-src", []), policy.get("style-src", [])
    if any("unsafe" in value for value in [*script, *style]):
        points -= 20
    elif policy.get("default-src") == ["'none'"] or "sandbox" in policy:
        points += 10
    else:
        points += 5
    for cookie in response.cookies.values():
        points -= 0 if cookie["secure"] else 40
        points -= 0 if cookie["httponly"] else 30
    points += 5 if response["Referrer-Policy"] in ("same-origin", "strict-origin", "no-referrer") else -5
    hsts = int(re.search(r"max-age=(\d+)", response.get("Strict-Transport-Security", "max-age=0"))[1])
    points += 5 if hsts >= 31_536_000 and "preload" in response["Strict-Transport-Security"] else -20
    points += 0 if response["X-Content-Type-Options"] == "nosniff" else -5
    points += 5 if policy.get("frame-ancestors") == ["'none'"] or response.get("X-Frame-Options") == "DENY" else -20
    points += 10 if response.get("Cross-Origin-Resource-Policy") == "same-origin" else 0
    points += 10 if response.get("Cross-Origin-Opener-Policy") == "same-origin" else 0
    points += 10 if response.get("Cross-Origin-Embedder-Policy") == "require-corp" else 0
    return points


@pytest.mark.parametrize("language", ["ar", "en"])
def test_s42_s44_s45_every_answer_carries_every_header(production, language):
    seen = 0
    for path, response in answers(language):
        seen += 1
        assert response["X-Content-Type-Options"] == "nosniff", path
        assert response["Referrer-Policy"] in ("same-origin", "strict-origin"), path
        assert response["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains; preload", path
        assert response["X-Frame-Options"] == "DENY", path
        assert response["Cross-Origin-Opener-Policy"] == "same-origin", path
        assert response["Cross-Origin-Resource-Policy"] == "same-origin", path
        assert response["Cross-Origin-Embedder-Policy"] == "require-corp", path
        assert "camera=()" in response["Permissions-Policy"], path
        assert score(response) >= 130, (path, score(response))
    assert seen == 63


@pytest.mark.parametrize("language", ["ar", "en"])
def test_s42_the_policy_lets_nothing_in_that_we_do_not_send(production, language):
    for path, response in answers(language):
        policy = policy_of(response)
        assert policy["default-src"] == ["'none'"], path
        assert "unsafe" not in response["Content-Security-Policy"], path
        if any(part in path for part in FILES):
            assert response["Content-Security-Policy"] == "sandbox; default-src 'none'", path
            continue
        assert policy["frame-ancestors"] == policy["base-uri"] == policy["object-src"] == ["'none'"], path
        assert policy["form-action"] == policy["connect-src"] == ["'self'"], path
        assert "http" not in response["Content-Security-Policy"], path


def test_s43_only_the_pages_of_the_back_office_have_a_nonce(production):
    for path, response in answers("en"):
        if "nonce-" in response["Content-Security-Policy"]:
            assert "/admin/" in path
            assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("language", ["ar", "en"])
def test_s16_cookies_are_bound_to_the_host_and_out_of_reach_of_scripts(production, language):
    names = set()
    for path, response in answers(language):
        for name, cookie in response.cookies.items():
            names.add(name)
            assert name.startswith("__Host-"), path
            assert cookie["secure"] is cookie["httponly"] is True, path
            assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Lax", "/", ""), path
    assert names <= {"__Host-sessionid", "__Host-csrftoken"}
    assert "__Host-csrftoken" in names


@pytest.mark.parametrize("language", ["ar", "en"])
def test_s49_public_pages_set_no_cookie_and_private_ones_are_kept_by_no_cache(production, language):
    world = make_world()
    for path in public_pages(world, language):
        response = Client().get(path, secure=True)
        is_form = "/accounts/" in path or "/admin/" in path
        assert is_form or not response.cookies, path
        if response.streaming:
            list(response.streaming_content)
    member, secretary = client_for(world["member"]), client_for(world["secretary"])
    for client, pages in [(member, member_pages(language)), (secretary, office_pages(world, language))]:
        for path in pages:
            response = client.get(path, secure=True)
            assert response["Cache-Control"] == "private, no-store", path
            assert "Cookie" in response["Vary"], path


def test_s44_plain_http_is_led_to_https(production, db):
    response = Client().get("/ar/")

    assert (response.status_code, response["Location"]) == (301, "https://testserver/ar/")
    assert response["Content-Security-Policy"]


@pytest.mark.parametrize("suffix", ["x.css", "x.js", "%2fx.css", ";x.css", "x.png", "%0ax.css", "..%2fx.css"])
@pytest.mark.parametrize("page", ["/en/accounts/profile/", "/en/meetings/", "/en/accounts/devices/"])
def test_s50_a_page_does_not_pass_for_a_file(db, page, suffix):
    """A cache that keeps everything that looks like a file must not get a person's page under such a name."""
    from tests.factories import make_user

    response = client_for(make_user()).get(page + suffix)

    assert response.status_code == 404
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "header",
    ["X-Forwarded-Host", "X-Forwarded-Prefix", "X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Port", "Forwarded"],
)
def test_s50_a_header_that_no_cache_knows_changes_nothing(db, client, header):
    plain = client.get("/en/meetings/").content
    other = Client().get("/en/meetings/", headers={header: "evil.example"}).content

    assert plain == other


def test_s51_the_choice_of_a_language_is_kept_by_no_cache(db, client):
    response = client.get("/", headers={"Accept-Language": "en"})

    assert (response["Location"], response["Cache-Control"]) == ("/en/", "no-store")
    assert client.get("/ar/", headers={"Accept-Language": "en"}).headers["Content-Language"] == "ar"
