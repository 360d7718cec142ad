"""Requests nobody would send: whatever is in them, the portal answers; it never fails.

``make fuzz`` sends many; the suite sends a few hundred each time, others each time.
"""

import os
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import client_for
from tests.security.pages import make_world, member_pages, office_pages, public_pages
from tests.security.test_requests import posts

REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "300"))
_FIELD = re.compile(r'<(?:input|textarea|select)\b[^>]*\bname="([^"]+)"')

NASTY = [
    "",
    " ",
    "\x00",
    "\n",
    "0",
    "-1",
    "1e309",
    "NaN",
    "9" * 400,
    "٠١٢",
    "２",
    "true",
    "None",
    "null",
    "[]",
    "{}",
    "../../etc/passwd",
    "'",
    '"',
    "';--",
    "%",
    "%00",
    "%s%n",
    "{{7*7}}",
    "${7*7}",
    "<script>1</script>",
    "\u202e",
    "\ud7ff",
    "\ufffe",
    "é" * 5000,
    "a" * 70_000,
    "2026-02-30",
    "31/12/9999",
    "0000-00-00",
    "25:61",
    "9999-12-31",
    "0001-01-01",
    "Africa/Nowhere",
    "ar",
    "xx",
    "🙂",
    '{"opened": 1}',
    "[" * 3000,
    "-0",
    "+1",
    "1_000",
    "0x1f",
    "javascript:1",
    "mailto:",
    "a@b",
    "@",
    "\r\nX: y",
    "\u2028",
]
VALUES = st.sampled_from(NASTY) | st.text(max_size=40) | st.integers().map(str)
FILES = st.builds(
    lambda name, content: SimpleUploadedFile(name or "x", content),
    st.sampled_from(["a.pdf", "a.docx", "a.csv", "a.png", "a..", "a\u202e.pdf", "é.odt", "x" * 300 + ".pdf"]),
    st.binary(max_size=300) | st.just(b"%PDF-1.7\n%%EOF") | st.just(b"PK\x05\x06" + b"\0" * 18),
)
NAMES = st.sampled_from(
    ["q", "page", "o", "p", "year", "category", "_step", "next", "_popup", "_to_field", "e", "id__in"]
)


@pytest.fixture
def ground(db):
    """Clients by role, the addresses each opens, the fields of its forms."""
    world = make_world()
    clients = {None: Client(raise_request_exception=False)}
    clients |= {role: client_for(world[role]) for role in ("member", "secretary", "auditor")}
    targets = []
    for language in ("ar", "en"):
        with override(language):
            forms = posts(world)
        pages = [*public_pages(world, language), *member_pages(language), *office_pages(world, language), *forms]
        targets += [(role, path) for role in clients for path in pages]
    fields = {}
    for role, path in targets:
        response = clients[role].get(path)
        if response.streaming:
            list(response.streaming_content)
        elif response.status_code == 200:
            fields[role, path] = _FIELD.findall(response.content.decode(errors="replace"))
    for client in clients.values():
        client.raise_request_exception = False
    return clients, targets, fields


def sent(data, names) -> dict:
    """A form filled in by nobody: some of the page's fields and some of none."""
    known = data.draw(st.lists(st.sampled_from(names), max_size=8)) if names else []
    fields = {name: data.draw(VALUES) for name in known}
    fields |= data.draw(st.dictionaries(NAMES | st.text(max_size=12), VALUES, max_size=3))
    if data.draw(st.integers(0, 3)) == 0:
        fields[data.draw(st.sampled_from([*names, "file"]))] = data.draw(FILES)
    return fields


def test_s70_no_request_makes_the_portal_fail(ground):
    clients, targets, fields = ground
    cookies = {role: client.cookies.copy() for role, client in clients.items()}
    statuses = {}

    @settings(max_examples=REQUESTS, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def one_request(data):
        role, path = data.draw(st.sampled_from(targets))
        client = clients[role]
        client.cookies = cookies[role].copy()
        if data.draw(st.integers(0, 2)) == 0:
            path = path.rstrip("/") + "/" + data.draw(VALUES).replace("?", "").replace("#", "")[:300] + "/"
        method = data.draw(st.sampled_from(["get", "get", "post", "post", "post", "head", "put", "delete", "options"]))
        content = sent(data, fields.get((role, path), []))
        if method in ("get", "head"):
            content = {name: value for name, value in content.items() if isinstance(value, str)}
        extra = {} if method in ("get", "head", "post") else {"content_type": "application/json"}
        if extra:
            content = data.draw(st.binary(max_size=200))
        with transaction.atomic():
            response = getattr(client, method)(path, content, **extra)
            if response.streaming:
                list(response.streaming_content)
            transaction.set_rollback(True)
        statuses[response.status_code] = statuses.get(response.status_code, 0) + 1
        assert response.status_code < 500 or response.status_code == 503, (role, method, path, content)

    one_request()
    print(sum(statuses.values()), "requests:", dict(sorted(statuses.items())))  # noqa: T201 - what docs/security.md counts
    assert {200, 302, 404} <= set(statuses)
