"""What a device needs to read public pages without a connection, and to install the portal like an application."""

import hashlib
import json

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from apps.core.languages import CODES, active_language, direction
from apps.core.pagecache import public_page

PAGES = "pages"


# The page of each name in sw.js.
_VIEWS = {"offline": "offline", "unsent": "offline_unsent"}
_TEMPLATES = ("core/offline.html", "core/offline_unsent.html")


@login_not_required
@require_safe
def worker(request):
    """The service worker, the same for all. Browsers look once a day whether there is a new one; its text, and so the
    worker, is another when one of its parts is."""
    pages = {code: _pages(code) for code in CODES}
    parts = [static(name) for name in ("portal.css", "js/offline.js", "icons/mark.svg")]
    words = [_in(code, lambda: [render_to_string(name) for name in _TEMPLATES]) for code in CODES]
    version = hashlib.sha256(json.dumps([parts, words, pages]).encode()).hexdigest()[:12]
    context = {"offline": json.dumps(pages), "pages_cache": PAGES, "parts_cache": f"parts-{version}"}
    response = HttpResponse(render_to_string("core/sw.js", context), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "public, max-age=86400"
    return response


def _pages(code: str) -> dict[str, str]:
    return _in(code, lambda: {name: reverse(view) for name, view in _VIEWS.items()})


def _in(code: str, made):
    with translation.override(code):
        return made()


@public_page()
@login_not_required
@require_safe
def offline(request):
    """What is shown instead of a page that cannot be fetched and was not kept."""
    return render(request, "core/offline.html", {"pages_cache": PAGES})


@public_page()
@login_not_required
@require_safe
def unsent(request):
    """What is shown when a form could not be sent; the service worker puts in what was typed."""
    return render(request, "core/offline_unsent.html")


@public_page()
@login_not_required
@require_safe
def manifest(request):
    """The portal as something to install: https://www.w3.org/TR/appmanifest/."""
    language = active_language()
    sizes = [("icons/mark-192.png", "192x192", "image/png"), ("icons/mark-512.png", "512x512", "image/png")]
    icons = [{"src": static(name), "sizes": size, "type": kind, "purpose": "any"} for name, size, kind in sizes]
    icons.append({"src": static("icons/mark-mask.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"})
    content = {
        "name": settings.PORTAL_NAME[language],
        "short_name": settings.PORTAL_NAME[language][:12],
        "description": settings.PORTAL_TAGLINE[language],
        "lang": language,
        "dir": direction(language),
        "id": "/",
        "start_url": reverse("home"),
        "scope": "/",
        "display": "minimal-ui",
        "background_color": "#ffffff",
        "theme_color": "#0a4f6b",
        "icons": icons,
    }
    dumped = {"ensure_ascii": False}
    return JsonResponse(content, content_type="application/manifest+json", json_dumps_params=dumped)
