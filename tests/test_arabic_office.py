"""No Latin word stands in an Arabic page of the back office, but for those that have no other name."""

import re
from html.parser import HTMLParser

import pytest
from django.contrib import admin
from django.urls import NoReverseMatch, reverse
from django.utils.translation import override

from apps.accounts.roles import Role
from tests.factories import client_for, make_user

pytestmark = pytest.mark.django_db

# Kinds of files, and names that are written so everywhere.
ALLOWED = {
    "CSV",
    "XLSX",
    "PDF",
    "DOCX",
    "PPTX",
    "ODT",
    "JPEG",
    "PNG",
    "WebP",
    "XLIFF",
    "PO",
    "English",
    "ISO",
    "URL",
    "HTML",
}
# The keys of a keyboard, in Django's help beside a list of several.
ALLOWED |= {"Control", "Command"}
# What a page may say in another language, marked as such.
_SILENT = {"script", "style", "template", "bdi", "code"}
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Reader(HTMLParser):
    """The words of a page, and of what is read aloud: labels and descriptions."""

    def __init__(self):
        super().__init__()
        self.words: list[str] = []
        self.silence: list[str] = []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if not self.silence:
            for name in ("aria-label", "title", "placeholder", "alt"):
                self.words += _latin(attributes.get(name) or "")
        is_foreign = attributes.get("lang") not in (None, "ar") or attributes.get("dir") == "ltr"
        # The zones have the names of their database, by which calendars know them.
        is_foreign = is_foreign or (tag == "select" and attributes.get("name") == "time_zone")
        if tag not in _VOID and (self.silence or tag in _SILENT or is_foreign):
            self.silence.append(tag)

    def handle_endtag(self, tag):
        if self.silence and self.silence[-1] == tag:
            self.silence.pop()

    def handle_data(self, data):
        if not self.silence:
            self.words += _latin(data)


def _latin(text: str) -> list[str]:
    return [word for word in re.findall(r"[A-Za-z]{2,}", text) if word not in ALLOWED]


def words_of(html: str) -> set[str]:
    reader = Reader()
    reader.feed(html[html.index("<body") :])
    return set(reader.words)


def office_pages() -> dict[str, str]:
    """The lists and empty forms of every model: all that stands there is the interface's."""
    found = {"first page": reverse("admin:index")}
    for model in admin.site._registry:
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        for page in ("changelist", "add"):
            try:
                found[f"{name}, {page}"] = reverse(f"admin:{name}_{page}")
            except NoReverseMatch:
                continue
    return found


def test_no_latin_word_stands_in_an_arabic_page_of_the_back_office():
    user = make_user(Role.SECRETARIAT, language="ar", email="amal@example.org")
    user.display_name_ar = "أمل"
    user.save()
    client = client_for(user)
    with override("ar"):
        pages = office_pages()

    found = {}
    for name, address in pages.items():
        response = client.get(address)
        if response.status_code == 200:
            found[name] = words_of(response.content.decode())

    assert len(found) > 60
    assert {name: words for name, words in found.items() if words} == {}
