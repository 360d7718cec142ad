"""The portal without pictures and scripts, under /text/."""

import re

import pytest
from django.test import Client

from tests.factories import client_for, make_group, make_meeting, make_member, make_picture, make_published, make_user

pytestmark = pytest.mark.django_db
LANGUAGES = pytest.mark.parametrize("language", ["ar", "en"])


def page(path: str, client=None, **headers) -> str:
    response = (client or Client()).get(path, **headers)
    assert response.status_code == 200
    return response.content.decode()


def links(html: str) -> set[str]:
    """What a reader may follow or send, but for parts of the page itself."""
    body = html[html.index("<body") :]
    return {link for link in re.findall(r'(?:href|action)="(/[^"]*)"', body) if not link.startswith("/static/")}


@LANGUAGES
def test_every_link_stays_in_it_but_the_one_that_leads_out(language):
    make_published(picture=make_picture())

    found = links(page(f"/text/{language}/news/"))

    assert {link for link in found if not link.startswith(f"/text/{language}/")} == {
        f"/{language}/news/",  # with pictures
        f"/text/{'en' if language == 'ar' else 'ar'}/news/",
    }
    assert len(found) > 15


@LANGUAGES
def test_an_article_says_what_its_picture_shows(language):
    article = make_published(picture=make_picture(text_ar="خيمة في الساحة", text_en="A tent in the square"))
    address = Client().get(f"/{language}/news/{article.pk}-/")["Location"]

    plain, full = page(f"/text{address}"), page(address)

    assert ("<img" in plain, "<picture" in plain, re.findall("<script (?!type=.application/ld)", plain)) == (
        False,
        False,
        [],
    )
    assert ("<img" in full, "<script" in full) == (True, True)
    assert {"ar": "خيمة في الساحة", "en": "A tent in the square"}[language] in plain


def test_redirects_stay_in_it():
    article = make_published()

    assert Client().get("/text/")["Location"] == "/text/ar/"
    assert Client().get("/text")["Location"] == "/text/ar/"
    assert Client().get(f"/text/ar/news/{article.pk}-/")["Location"].startswith(f"/text/ar/news/{article.pk}-")
    assert Client().get("/text/ar/news?page=2")["Location"] == "/text/ar/news/?page=2"


def test_the_back_office_has_no_such_form():
    assert Client().get("/text/ar/admin/?a=1")["Location"] == "/ar/admin/?a=1"
    assert Client().get("/text/robots.txt")["Location"] == "/robots.txt"
    assert Client().get("/textual/").status_code == 404
    # Never to another site.
    assert Client().get("/text//elsewhere.example/")["Location"] == "/%2Felsewhere.example/"
    assert Client().get("/text/\\elsewhere.example/")["Location"] == "/%5Celsewhere.example/"


def test_the_address_that_search_engines_keep_is_that_of_the_full_page():
    html = page("/text/ar/news/")

    assert re.findall(r'rel="canonical" href="([^"]+)"', html) == ["https://portal.example.org/ar/news/"]
    assert "Disallow: /text/\n" in page("/robots.txt")


def test_it_shows_nobody_more_than_the_page_itself():
    group = make_group()
    meeting = make_meeting(group, audience="members")
    address = f"/text{meeting.get_absolute_url()}"

    assert Client().get(address).status_code == 404
    assert client_for(make_user()).get(address).status_code == 404
    answer = client_for(make_member(group)).get(address)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")


@LANGUAGES
def test_a_form_is_answered_in_it(language):
    response = Client().post(f"/text/{language}/newsletter/", {"email": "amal"})

    assert response.status_code == 400
    assert f'href="/text/{language}/privacy/"' in response.content.decode()
