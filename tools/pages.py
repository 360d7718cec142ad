"""The pages of a portal that is served on this machine, one of each kind, found by following links."""

import re
from collections import deque
from urllib.parse import unquote

from django.urls import Resolver404, resolve
from django.utils import translation

FILES = (".ics", ".csv", ".svg", ".png", ".json", ".xml", ".webmanifest")


def kinds_of_pages(browser, base: str, language: str) -> dict[str, str]:
    """Name of the view → the first address of it that links from the home page lead to; what strangers may open."""
    with translation.override(language):  # addresses are those of the language
        return _followed(browser, base, language)


def _followed(browser, base: str, language: str) -> dict[str, str]:
    page, found, waiting, seen = browser.new_page(), {}, deque([f"/{language}/"]), set()
    while waiting:
        path = waiting.popleft()
        name = resolve(unquote(path)).view_name
        if name in found:
            continue
        response = page.goto(base + path)
        if not response.headers.get("content-type", "").startswith("text/html") or response.status != 200:
            continue
        found[name] = path
        for link in re.findall(rf'href="(/{language}/[^"#?]*)"', page.content()):
            if link not in seen and not link.endswith(
                (".ics", ".csv", ".svg", ".png", ".json", ".xml", ".webmanifest")
            ):
                seen.add(link)
                try:
                    resolve(unquote(link))
                except Resolver404:
                    continue
                if not re.search(r"/papers/|/feed|/file/|opensearch", link):
                    waiting.append(link)
    page.close()
    return found
