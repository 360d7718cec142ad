"""What a request may not do: leave the site, act without its token, change anything by being read."""

import hashlib

import pytest
from django.apps import apps
from django.core import serializers
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from apps.accounts.roles import Role
from tests.factories import PASSWORD, client_for, make_user
from tests.security.pages import make_world, member_pages, office_pages, public_pages

pytestmark = pytest.mark.django_db
HOME = {"ar": "/ar/meetings/", "en": "/en/meetings/"}

ELSEWHERE = [
    "https://evil.example",
    "http://evil.example/",
    "HTTPS://EVIL.EXAMPLE",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "\x00//evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "http:\\\\evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    " javascript:alert(1)",
    "data:text/html,<script>1</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "ftp://evil.example",
    "//evil.example@testserver",
    "https://testserver@evil.example",
    "https://testserver.evil.example",
    "https://evil.example#testserver",
    "https://evil.example?testserver",
    "https://evil.example\\@testserver",
    "//testserver:80@evil.example/",
    "//[::1]/",
    "//127.1/",
    "//0x7f000001/",
    "https://[evil.example",
    "//\u2044evil.example",
    "\u2044\u2044evil.example",
    "//evil\u3002example",
    "/\u2044evil.example/../..//evil.example",
    "\u202e//evil.example",
    "\u200f//evil.example",
    "\u2066//evil.example",
    "\ufeff//evil.example",
    "//\u0627\u0644\u0634\u0631.example",
    "https://xn--mgb.example",
    "//evil.example/%2e%2e",
    "/%09/evil.example",
    "/%5cevil.example",
    "%2f%2fevil.example",
    "//evil.example%00.testserver",
    "/redirect?next=//evil.example\r\nLocation: //evil.example",
    "\r\nLocation: https://evil.example",
    "/\r\n/evil.example",
    "mailto:a@evil.example",
    "tel:+1",
    "ws://evil.example",
    "blob:https://evil.example/x",
    "about:blank",
    "//evil.example;",
    "//evil.example\\.testserver",
    ".evil.example",
    "@evil.example",
]


def stays(location: str) -> bool:
    """Whether a browser that follows this from a page of ours stays on it: browsers drop controls, turn \\ into /."""
    plain = "".join(letter for letter in location if letter > " ").replace("\\", "/")
    return plain.startswith("/") and not plain.startswith("//")


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("target", ELSEWHERE)
def test_s48_logging_in_stays_on_the_site(client, language, target):
    user = make_user(Role.MEMBER)
    sent = {"login": user.email, "password": PASSWORD, "next": target}

    response = client.post(f"/{language}/accounts/login/", sent)

    # A NUL is no input at all; everything else leads to a place of ours.
    assert response.status_code == (400 if "\x00" in target else 302)
    assert response.status_code == 400 or stays(response["Location"])


@pytest.mark.parametrize("target", [target for target in ELSEWHERE if "\x00" not in target])
def test_s48_logging_out_and_every_other_door_stay_on_the_site(target):
    user = make_user(Role.MEMBER)
    client = client_for(user)
    doors = [
        client.get("/en/accounts/login/", {"next": target}),
        client.post("/en/accounts/reauthenticate/", {"password": PASSWORD, "next": target}),
        client.post("/en/accounts/logout/", {"next": target}),
        Client().get("/en/admin/login/", {"next": target}),
        Client().get("/en/accounts/logout/", {"next": target}),
    ]
    for response in doors:
        assert response.status_code == 302
        assert stays(response["Location"]), response["Location"]


def test_the_corpus_of_addresses_is_as_large_as_the_docs_say():
    assert len(set(ELSEWHERE)) == 64


# Forms and their tokens


def posts(world: dict) -> list[str]:
    """Every address that takes a form."""
    names = "account_login account_logout account_reset_password account_change_password account_reauthenticate"
    names += " accounts:profile accounts:devices accounts:notices accounts:welcome_profile accounts:welcome_security"
    names += " mfa_add_webauthn mfa_activate_totp mfa_authenticate mfa_login_webauthn stakeholders:sharing"
    names += " stakeholders:welcome_sharing"
    names += " admin:accounts_invitation_add admin:accounts_invitation_many admin:news_article_add admin:logout"
    steps = [
        reverse("admin:meetings_meeting_step", args=[world["meeting"].pk, "cancel"]),
        reverse("admin:news_article_step", args=[world["article"].pk, "withdraw"]),
        reverse("admin:accounts_user_step", args=[world["member"].pk, "end-sessions"]),
        reverse("admin:news_article_delete", args=[world["article"].pk]),
        reverse("admin:meetings_meeting_change", args=[world["meeting"].pk]),
    ]
    return [reverse(name) for name in names.split()] + steps


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_s17_nothing_is_done_without_the_forms_token(method):
    world = make_world()
    for user in (None, world["member"], world["secretary"]):
        client = Client(enforce_csrf_checks=True)
        if user:
            client.cookies = client_for(user).cookies
        for path in posts(world):
            response = getattr(client, method)(path)
            assert response.status_code == 403, (path, response.status_code)


def test_s17_a_token_sent_from_another_site_does_not_count(production):
    client = Client(enforce_csrf_checks=True)
    client.get("/en/accounts/login/", secure=True)
    token = client.cookies["__Host-csrftoken"].value
    sent = {"login": "a@example.org", "password": "x", "csrfmiddlewaretoken": token}
    address = "/en/accounts/login/"

    assert client.post(address, sent, secure=True, headers={"Origin": "https://evil.example"}).status_code == 403
    assert client.post(address, sent, secure=True, headers={"Origin": "null"}).status_code == 403
    assert client.post(address, sent, secure=True, headers={"Referer": "https://evil.example/"}).status_code == 403
    assert client.post(address, sent, secure=True, headers={"Origin": "https://testserver"}).status_code == 200


# Reading changes nothing


def fingerprint() -> str:
    """Of every row but those that say that somebody was here: sessions, and the trail with its refusals."""
    notes = {"accounts.LoginSession", "core.AuditEntry", "core.AuditDetail", "core.AuditSeal"}
    kept = [model for model in apps.get_models() if model._meta.label not in notes]
    with override("en"):
        rows = [serializers.serialize("json", model._base_manager.order_by("pk")) for model in kept]
    return hashlib.sha256("".join(rows).encode()).hexdigest()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_s17_reading_any_page_changes_no_row(language):
    world = make_world()
    member, secretary = client_for(world["member"]), client_for(world["secretary"])
    visits = [(Client(), path) for path in public_pages(world, language)]
    visits += [(member, path) for path in [*public_pages(world, language), *member_pages(language)]]
    visits += [(secretary, path) for path in office_pages(world, language)]
    for method in ("get", "head"):
        for client, path in visits:
            before = fingerprint()
            response = getattr(client, method)(path)
            if response.streaming:
                list(response.streaming_content)
            assert fingerprint() == before, (method, path)


@pytest.mark.parametrize("page", ["/en/news/", "/ar/news/", "/en/meetings/", "/en/admin/news/article/"])
@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=-1",
        "page=99999999999999999999",
        "page=x",
        "page=1e9",
        "page=%D9%A2",
        "page=1&page=2",
        "page[]=1",
        "year=0",
        "year=99999",
        "year=-1",
        "year=%00",
        "year=2026%27--",
        "category=<script>",
        "category=99999999999999999999",
        "scope=%F0%9F%98%80",
        "p=-1",
        "o=99.-99.x",
        "q=%25%5f%5c",
        "q=" + "x" * 3000,
        "e=1",
        "all=",
        "_facets=1",
        "_popup=1&_to_field=password",
        "status__exact=%00",
        "%00=1",
        "a" * 300 + "=1",
    ],
)
def test_s30_odd_parameters_break_no_list_and_stay_text(secretary, page, query):
    client = client_for(secretary) if "/admin/" in page else Client()

    response = client.get(f"{page}?{query}")

    assert response.status_code in (200, 302, 400, 404)
    assert "<script>" not in response.content.decode().replace("<script>alert", "")
