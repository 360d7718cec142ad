"""The page of a meeting with 60 items, 80 papers and 300 participants.

    .venv/bin/python bench/meetings.py

SQLite in a folder of its own, production settings. A member asks for it through Django's test client, and for her list
of meetings as a peer; medians of 20 rounds in turns.
"""

import os
import secrets
import statistics
import sys
import tempfile
import time
from datetime import date
from io import BytesIO
from pathlib import Path

ROUNDS = 20
ITEMS, PAPERS, PEOPLE = 60, 80, 300
PAGES = 5


def took(action) -> float:
    """Milliseconds."""
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000


def paper(pages: int) -> bytes:
    import pikepdf

    out = BytesIO()
    with pikepdf.new() as pdf:
        for _page in range(pages):
            pdf.add_blank_page()
        pdf.save(out)
    return out.getvalue()


def make(items: int, papers: int, people: int):
    from django.core.files.base import ContentFile

    from tests.factories import make_document, make_group, make_item, make_meeting, make_member, make_participant

    group = make_group()
    member = make_member(group)
    meeting = make_meeting(group, day=date(2031, 12, 9), audience="members")
    rows = [make_item(meeting, order=number, audience="members") for number in range(items)]
    for number in range(papers):
        files = {f"file_{code}": ContentFile(paper(PAGES), name="a.pdf") for code in ("ar", "en")}
        make_document(meeting, audience="members", item=rows[number % items], **files)
    make_participant(meeting, member.person)
    for _number in range(people - 1):
        make_participant(meeting)
    return member, meeting


def page() -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests.factories import client_for

    member, meeting = make(ITEMS, PAPERS, PEOPLE)
    client = client_for(member)
    addresses = {"meeting": meeting.get_absolute_url(), "list": "/en/meetings/"}
    times = {name: [] for name in addresses}
    for _round in range(ROUNDS):
        for name, address in addresses.items():
            times[name].append(took(lambda address=address: client.get(address, secure=True)))
    with CaptureQueriesContext(connection) as asked:
        client.get(addresses["meeting"], secure=True)
    medians = {name: statistics.median(values) for name, values in times.items()}
    print(f"page of the meeting: {medians['meeting']:.0f} ms, {len(asked)} queries; the list: {medians['list']:.0f} ms")


def main() -> None:
    folder = tempfile.mkdtemp(prefix="bench-meetings-")
    os.environ |= {
        "DATA_DIR": folder,
        "SECRET_KEY": secrets.token_hex(32),
        "ALLOWED_HOSTS": "testserver",
        "DJANGO_SETTINGS_MODULE": "config.settings.base",
    }
    sys.path.insert(0, str(Path.cwd()))
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    call_command("migrate", verbosity=0)
    page()


if __name__ == "__main__":
    main()
