"""The handbook inside the portal."""

import re
from pathlib import Path

import django
import polib
import pytest
from django.conf import settings
from django.test import Client

from apps.core import handbook
from tests.factories import client_for, make_user

pytestmark = pytest.mark.django_db
LANGUAGES = pytest.mark.parametrize("language", ["ar", "en"])
FIRST_DAYS = [name for name in handbook.PAGES if name.startswith("first-day")]


def words_of_the_interface(language: str) -> set[str]:
    """All that a catalogue of ours or of Django's back office puts on pages in this language."""
    ours = [settings.BASE_DIR / "locale/ar/LC_MESSAGES/django.po"]
    djangos = [*Path(django.__file__).parent.glob("contrib/admin/locale/ar/LC_MESSAGES/django.po")]
    entries = [entry for path in (*ours, *djangos) for entry in polib.pofile(str(path))]
    return {(entry.msgstr if language == "ar" else entry.msgid).strip().casefold() for entry in entries}


@LANGUAGES
def test_every_page_is_there_in_both_languages(language):
    client = client_for(make_user())

    listed = client.get(f"/{language}/handbook/").content.decode()
    for name in handbook.PAGES:
        assert f'href="/{language}/handbook/{name}/"' in listed
        html = client.get(f"/{language}/handbook/{name}/").content.decode()
        assert html.count("<h1") == 1
        assert "**" not in html
        assert "&lt;div" not in html


@LANGUAGES
@pytest.mark.parametrize("name", list(handbook.PAGES))
def test_links_and_pictures_lead_somewhere(language, name):
    client = client_for(make_user())
    html = client.get(f"/{language}/handbook/{name}/").content.decode()
    main = html[html.index('<main id="main">') : html.index("</main>")]

    ids = set(re.findall(r' id="([^"]+)"', main))
    for address in re.findall(r'(?:href|src)="([^"]+)"', main):
        if address.startswith("#"):
            assert address[1:] in ids, address
        else:
            assert address.startswith("/"), address
            response = client.get(address.partition("#")[0])
            assert response.status_code == 200, address
            if response.streaming:
                assert b"WEBP" in b"".join(response.streaming_content)[:16]


@LANGUAGES
@pytest.mark.parametrize("name", FIRST_DAYS)
def test_what_is_bold_stands_on_a_button(language, name):
    known = words_of_the_interface(language)
    text = handbook.source(name, language).read_text(encoding="utf-8")
    after = {"ar": "حفظ، ثم: ", "en": "Save, then: "}[language]

    bold = [" ".join(words.split()).removeprefix(after) for words in re.findall(r"\*\*([^*]+)\*\*", text)]
    said = {"ar": "بالخط العريض", "en": "bold"}[language]

    assert [words for words in bold if words != said and words.casefold() not in known] == []


def test_strangers_are_led_to_the_login_and_nothing_else_is_read():
    assert Client().get("/ar/handbook/members/").status_code == 302
    client = client_for(make_user())
    assert client.get("/ar/handbook/secrets/").status_code == 404
    for name in ("..%2Fen%2Fmembers.md", "ar-nothing.webp", "members.md"):
        assert client.get(f"/ar/handbook/pictures/{name}").status_code == 404
