"""What a device gets for reading without a connection. What it does with it: tests/browser/test_offline.py."""

import json

import pytest
from django.test import Client

from apps.accounts.roles import Role
from tests.factories import make_user

LANGUAGES = pytest.mark.parametrize("language", ["ar", "en"])
pytestmark = pytest.mark.django_db


def test_the_service_worker_keeps_what_both_languages_need():
    answer = Client().get("/sw.js")
    text = answer.content.decode()

    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Cache-Control"] == "public, max-age=86400"
    offline = json.loads(text.split("const OFFLINE = ")[1].split("\n")[0])
    assert offline == {
        code: {"offline": f"/{code}/offline/", "unsent": f"/{code}/offline/unsent/"} for code in ("ar", "en")
    }


def test_it_is_another_one_when_a_page_of_it_has_changed(monkeypatch):
    from apps.core import offline

    before = Client().get("/sw.js").content
    monkeypatch.setattr(offline, "_TEMPLATES", ("core/offline.html",))

    assert Client().get("/sw.js").content != before


@LANGUAGES
def test_the_portal_can_be_installed(language, settings):
    answer = Client().get(f"/{language}/manifest.webmanifest")
    content = answer.json()

    assert answer["Content-Type"] == "application/manifest+json"
    assert (content["name"], content["lang"]) == (settings.PORTAL_NAME[language], language)
    assert content["dir"] == {"ar": "rtl", "en": "ltr"}[language]
    assert content["start_url"] == f"/{language}/"
    assert [icon["purpose"] for icon in content["icons"]] == ["any", "any", "maskable"]


@LANGUAGES
def test_pages_without_a_connection_are_not_for_search_engines_and_name_nobody(language):
    for path in ("offline/", "offline/unsent/"):
        answer = Client().get(f"/{language}/{path}")
        assert (answer.status_code, answer["Cache-Control"]) == (200, "public, max-age=0, s-maxage=1")


@LANGUAGES
def test_it_is_no_redirect_for_staff_who_still_have_to_set_up_a_factor(language, settings):
    settings.STAFF_SECOND_FACTOR = True
    client = Client()
    client.force_login(make_user(Role.SECRETARIAT))

    assert client.get(f"/{language}/admin/").status_code == 302
    for path in ("/sw.js", f"/{language}/manifest.webmanifest", f"/{language}/offline/"):
        assert client.get(path).status_code == 200, path
