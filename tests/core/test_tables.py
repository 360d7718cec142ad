"""Tables that leave the portal: made while they leave, in the language and on the clock of whoever asked."""

import csv
import io
from datetime import UTC, datetime

import pytest
from django.utils import timezone, translation

from apps.accounts.roles import Role
from apps.core import tables
from apps.meetings.models import DocumentOpening
from tests.factories import client_for, make_document, make_group, make_join_request, make_meeting, make_user

MOMENT = datetime(2026, 12, 8, 21, 30, tzinfo=UTC)


def rows_of(answer) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def test_rows_are_made_in_the_language_and_the_zone_of_the_page():
    def rows():
        yield [translation.get_language(), timezone.localtime(MOMENT).isoformat()]

    with translation.override("en"), timezone.override("Asia/Muscat"):
        answer = tables.csv_response("a-table", ["language", "moment"], rows())

    with translation.override("ar"), timezone.override("Africa/Casablanca"):
        found = rows_of(answer)

    assert found[1] == ["en", "2026-12-09T01:30:00+04:00"]


@pytest.fixture
def officer(db):
    return make_user(Role.SECRETARIAT, time_zone="Asia/Muscat")


def test_a_list_leaves_on_the_clock_of_whoever_took_it(officer):
    request = make_join_request(sent=True)
    type(request).objects.update(sent_at=MOMENT)
    sent = {"action": "download_list", "_selected_action": [1], "select_across": "1"}

    _headings, row = rows_of(client_for(officer).post("/en/admin/stakeholders/joinrequest/", sent))

    assert "2026-12-09 01:30" in row


def test_the_openings_of_papers_leave_on_the_clock_of_whoever_took_them(officer):
    group = make_group()
    document = make_document(make_meeting(group), audience="members")
    DocumentOpening.objects.create(document=document, language="en", user=officer)
    DocumentOpening.objects.update(first_at=MOMENT, last_at=MOMENT)
    page = f"/en/admin/meetings/meeting/{document.meeting_id}/openings/?csv=1"

    _headings, row = rows_of(client_for(officer).get(page))

    assert row[3:] == ["9 December 2026, 01:30", "9 December 2026, 01:30", "1"]
