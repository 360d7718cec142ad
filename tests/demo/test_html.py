"""Every page of the demonstration that a link leads to: none is missing, and the Nu HTML checker finds no error."""

import os
import re
import shutil
import subprocess
from collections import Counter, deque
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from zeal import zeal_ignore

from apps.accounts.models import User

CHECKER = Path(settings.BASE_DIR, "var/nu/node_modules/vnu-jar/build/dist/vnu.jar")
PEOPLE = {"stranger": "", "member": "samira@example.org", "secretariat": "secretariat@example.org"}
# Of pages that differ only by a record's number, so many are looked at.
OF_EACH_KIND = 2
_LINK = re.compile(r'(?:href|src)="(/[^"#]*)')
_ELSEWHERE = re.compile(r"^/static/|/logout/")


def crawl(client: Client, *starts: str) -> tuple[dict[str, str], list[tuple[str, int]]]:
    """Pages by address, and addresses that answer with a refusal."""
    pages, refused, kinds, seen = {}, [], Counter(), set()
    waiting = deque(starts)
    while waiting:
        address = waiting.popleft()
        kind = re.sub(r"\d+(-[^/?]*)?", "N", address.split("?")[0]) + ("?" if "?" in address else "")
        if address in seen or _ELSEWHERE.search(address) or kinds[kind] >= OF_EACH_KIND:
            continue
        seen.add(address)
        kinds[kind] += 1
        answer = client.get(address, follow=True)
        if answer.status_code >= 400:
            refused.append((address, answer.status_code))
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if answer.get("Content-Type", "").startswith("text/html"):
            pages[address] = content.decode()
            waiting.extend(unescape(link) for link in _LINK.findall(pages[address]))
    return pages, refused


@pytest.fixture
def pages_of(db, settings, request):
    settings.STAFF_SECOND_FACTOR = False
    with zeal_ignore():
        call_command("seed_demo", verbosity=0)

    def of(person: str):
        client = Client()
        if PEOPLE[person]:
            client.force_login(User.objects.get(email=PEOPLE[person]))
        starts = ["/ar/admin/", "/en/admin/"] if person == "secretariat" else ["/ar/", "/en/"]
        with zeal_ignore():
            return crawl(client, *starts)

    return of


@pytest.mark.parametrize("person", PEOPLE)
def test_no_link_leads_nowhere_and_every_page_is_valid_html(pages_of, person, tmp_path):
    pages, refused = pages_of(person)

    assert refused == []
    assert len(pages) > 20
    if not CHECKER.exists() or not shutil.which("java"):
        if os.environ.get("NU_REQUIRED"):
            pytest.fail(f"The Nu HTML checker is not at {CHECKER}, or there is no java: see .ci/run.")
        pytest.skip("Links are looked at; without java and the Nu HTML checker (see .ci/run) the HTML is not.")
    names = {}
    for number, (address, html) in enumerate(pages.items()):
        file = tmp_path / f"{number}.html"
        file.write_text(html, encoding="utf-8")
        names[file.name] = address
    command = ["java", "-jar", str(CHECKER), "--errors-only", "--format", "gnu", *map(str, tmp_path.glob("*.html"))]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stderr
    errors = [re.sub(r'^"file:.*/(\d+\.html)"', lambda found: names[found[1]], line) for line in said.splitlines()]
    assert errors == []
