"""What pages weigh on a cold phone, against their budgets: with gzip (Brotli is smaller), and without pictures.
What a browser measures is in docs/weights.md."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from tests.browser.site import make_site
from tests.factories import Role, client_for, make_user

KB = 1024
# The HTML of a page, and all that its first view needs without pictures: bytes and requests.
HTML, FIRST_VIEW, REQUESTS = 14 * KB, 30 * KB, 4
SCRIPTS = 15 * KB


def packed(content: bytes) -> int:
    return len(gzip.compress(content, compresslevel=6))


def parts(html: str) -> set[str]:
    """The sheets, scripts and the mark that a page asks for at once."""
    head = re.findall(r'<link rel="(?:stylesheet|icon)" href="/static/([^"]+)"', html)
    return {*head, *re.findall(r'<script[^>]* src="/static/([^"]+)"', html)}


def weight_of(part: str) -> int:
    return packed(Path(finders.find(part)).read_bytes())


def over(pages: dict[str, str], client: Client) -> dict[str, tuple]:
    """Pages that weigh too much, with what they weigh: HTML, first view, requests."""
    found = {}
    for name, address in pages.items():
        content = client.get(address, follow=True).content
        needed = parts(content.decode())
        html, whole = packed(content), packed(content) + sum(map(weight_of, needed))
        scripts = sum(weight_of(part) for part in needed if part.endswith(".js"))
        if html > HTML or whole > FIRST_VIEW or len(needed) + 1 > REQUESTS or scripts > SCRIPTS:
            found[name] = (html, whole, len(needed) + 1, scripts)
    return found


@pytest.fixture(params=["ar", "en"])
def site(request, db):
    language = request.param
    return make_site(language, {"ar": "en", "en": "ar"}[language], make_user(Role.SECRETARIAT))


def test_every_public_page_is_within_its_budget(site):
    assert over(site.everything_public, Client()) == {}


def test_every_page_of_a_member_is_within_its_budget(site):
    assert over(site.for_members, client_for(site.member)) == {}


def test_without_pictures_a_page_needs_no_script(site):
    texts = {name: f"/text{address}" for name, address in site.public.items()}
    needed = {name: parts(Client().get(address, follow=True).content.decode()) for name, address in texts.items()}

    assert {name: found for name, found in needed.items() if found != {"portal.css", "icons/mark.svg"}} == {}
