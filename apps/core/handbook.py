"""The handbook inside the portal: the pages of ``docs/handbook``, in both languages, for whoever has an account.

The files are written for readers of the repository, too: links between them and to their pictures are turned into
addresses of the portal.
"""

import re
from functools import cache
from itertools import pairwise
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt
from PIL import Image

from apps.core.languages import CODES, active_language

FOLDER = settings.BASE_DIR / "docs" / "handbook"
# Name of the file → what it is called in the list.
PAGES = {
    "first-day-member": _("The first day of a member"),
    "first-day-translator": _("The first day of a translator"),
    "first-day-secretary": _("The first day of a secretary"),
    "members": _("Handbook for members"),
    "secretariat": _("Handbook for the secretariat"),
    "stakeholders": _("Handbook for the secretariat: people, reviews, mailings"),
    "roles": _("Who may do what"),
}
_PICTURE = re.compile(r"^\.\./pictures/(?P<name>[a-z]+-[a-z0-9-]+\.webp)$")
_PAGE = re.compile(r"^(?:\.\./(?P<language>[a-z]{2})/)?(?P<name>[a-z-]+)\.md(?P<anchor>#.*)?$")
_FRAME = re.compile(r"^</?div[^>]*>\s*$", re.MULTILINE)


@require_safe
def index(request):
    return render(request, "handbook/index.html", {"pages": PAGES})


@require_safe
def page(request, name: str):
    if name not in PAGES:
        raise Http404
    html, headings = _rendered(name, active_language())
    return render(request, "handbook/page.html", {"title": PAGES[name], "html": html, "headings": headings})


@require_safe
def picture(request, name: str):
    """A picture of the portal in one language, made by tests/browser/test_handbook.py."""
    path = FOLDER / "pictures" / name
    if not re.fullmatch(r"[a-z]+-[a-z0-9-]+\.webp", name) or not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), content_type="image/webp")


@cache
def _rendered(name: str, language: str) -> tuple[SafeString, list[tuple[str, str]]]:
    """The page without its title, and its headings with their anchors."""
    text = _FRAME.sub("", source(name, language).read_text(encoding="utf-8"))
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(text)
    if tokens and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        del tokens[:3]
    headings = []
    for token, inside in pairwise(tokens):
        if token.type == "heading_open" and token.tag == "h2":
            anchor = slugify(inside.content, allow_unicode=True)
            token.attrSet("id", anchor)
            headings.append((anchor, inside.content))
    for token in tokens:
        for child in token.children or ():
            _lead_into_the_portal(child)
    html = parser.renderer.render(tokens, parser.options, {})
    html = html.replace("<table>", '<div class="scroll" tabindex="0"><table>').replace("</table>", "</table></div>")
    return mark_safe(html), headings  # noqa: S308  # nosec B308 B703 - from our own files, with HTML switched off


def source(name: str, language: str) -> Path:
    return FOLDER / language / f"{name}.md"


def _lead_into_the_portal(token) -> None:
    if token.type == "image" and (found := _PICTURE.match(token.attrGet("src"))):
        token.attrSet("src", reverse("handbook_picture", args=[found["name"]]))
        with Image.open(FOLDER / "pictures" / found["name"]) as image:
            token.attrSet("width", f"{image.width}")
            token.attrSet("height", f"{image.height}")
        token.attrSet("loading", "lazy")
        token.attrSet("class", "screen")
    if token.type == "link_open" and (found := _PAGE.match(token.attrGet("href"))) and found["name"] in PAGES:
        address = reverse("handbook_page", args=[found["name"]])
        if found["language"] in CODES:
            address = re.sub(r"^/[a-z]{2}/", f"/{found['language']}/", address)
        token.attrSet("href", address + (found["anchor"] or ""))
