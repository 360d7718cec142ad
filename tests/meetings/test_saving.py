from datetime import UTC, datetime, time

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from apps.meetings.models import AgendaItem, Document, Meeting
from tests.factories import (
    PDF,
    make_document,
    make_item,
    make_meeting,
)
from tests.meetings.forms import FORM, add_meeting
from tests.queries import count_queries


@pytest.mark.parametrize(
    "broken",
    [
        lambda: make_meeting(ends_time=time(10)),
        lambda: make_meeting(title_en=""),
        lambda: make_meeting(title_ar=None),
        lambda: make_meeting(place_en=""),
        lambda: make_meeting(audience="secretariat"),
        lambda: make_item(make_meeting(), title_ar="", title_en=""),
        lambda: make_item(make_meeting(), minutes=1441),
        lambda: make_document(make_meeting(), languages=()),
        lambda: make_document(make_meeting(), title_ar=None, title_en=None),
        lambda: make_document(make_meeting(), version=0),
    ],
)
def test_the_database_refuses(db, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        broken()


def test_an_online_meeting_needs_no_place(db):
    assert make_meeting(format="online", place_ar="", place_en="").pk


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ends_time": "09:00"}, "ends_time"),
        ({"ends_on": "2026-12-07"}, "ends_on"),
        ({"starts_on": "2026-04-24", "ends_on": "2026-04-24", "starts_time": "00:30"}, "starts_time"),
        ({"starts_on": "yesterday"}, "starts_on"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"title_ar": "", "title_en": ""}, "title_ar"),
    ],
)
def test_wrong_input_gets_a_message_beside_its_field_and_stays_typed(db, secretary, log_in, language, changes, field):
    response = add_meeting(log_in(secretary), language, **changes)

    form = response.context["adminform"].form
    assert response.status_code == 200
    assert list(form.errors) == [field]
    assert form["title_en"].value() == changes.get("title_en", "Meeting")
    assert not Meeting.objects.exists()


def test_dates_and_times_may_be_typed_in_arabic_digits(db, secretary, log_in):
    response = add_meeting(
        log_in(secretary), "ar", starts_on="٢٠٢٦-١٢-٠٨", starts_time="١٠:٠٠", ends_on="٠٨/١٢/٢٠٢٦", ends_time="۱۴:۰۰"
    )

    meeting = Meeting.objects.get()
    assert response.status_code == 302
    assert meeting.starts_at == datetime(2026, 12, 8, 8, tzinfo=UTC)
    assert meeting.ends_at == datetime(2026, 12, 8, 12, tzinfo=UTC)
    assert (meeting.status, meeting.created_by) == (Meeting.Status.DRAFT, secretary)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_s31_a_file_that_is_not_what_its_name_says_is_refused_beside_its_field(db, secretary, log_in, language):
    document = {
        "documents-TOTAL_FORMS": "1",
        "documents-0-title_en": "Paper",
        "documents-0-kind": "paper",
        "documents-0-version": "١",
        "documents-0-audience": "public",
        "documents-0-file_en": ContentFile(b"MZ", name="paper.pdf"),
    }

    response = add_meeting(log_in(secretary), language, **document)

    errors = response.context["inline_admin_formsets"][1].formset.forms[0].errors
    assert list(errors) == ["file_en"]
    assert not Meeting.objects.exists()
    assert not Document.objects.exists()


def test_a_meeting_with_its_agenda_and_papers_is_saved_at_once(db, secretary, log_in):
    parts = {
        "items-TOTAL_FORMS": "1",
        "items-0-title_ar": "افتتاح",
        "items-0-order": "١",
        "items-0-minutes": "٢٠",
        "items-0-audience": "members",
        "items-0-kind": "item",
        "documents-TOTAL_FORMS": "1",
        "documents-0-title_ar": "ورقة",
        "documents-0-kind": "agenda",
        "documents-0-version": "2",
        "documents-0-audience": "members",
        "documents-0-file_ar": ContentFile(PDF, name="ورقة.pdf"),
    }

    response = add_meeting(log_in(secretary), "ar", **parts)

    assert response.status_code == 302
    item, document = AgendaItem.objects.get(), Document.objects.get()
    assert (item.minutes, item.created_by) == (20, secretary)
    assert (document.size_ar, document.created_by) == (len(PDF), secretary)
    assert document.file_ar.name.startswith("documents/")
    assert "ورقة" not in document.file_ar.name


def test_the_admin_list_needs_the_same_queries_for_one_and_three(db, secretary, log_in):
    client = log_in(secretary)
    make_meeting()
    one = count_queries(client, "/en/admin/meetings/meeting/")
    make_meeting()
    make_meeting()

    assert count_queries(client, "/en/admin/meetings/meeting/") == one


def test_s19_the_history_names_no_row(db, secretary, translator, log_in):
    meeting = make_meeting()
    make_item(meeting, audience="secretariat", title_en="Budget canary", title_ar="ميزانية")
    client = log_in(secretary)
    page = f"/en/admin/meetings/meeting/{meeting.pk}/change/"
    opened = {
        **FORM,
        "group": meeting.group_id,
        "opened_revision": meeting.revision,
        "place_ar": "هنا",
        "place_en": "Here",
    }
    item = AgendaItem.objects.get()
    rows = {
        "items-TOTAL_FORMS": "1",
        "items-INITIAL_FORMS": "1",
        "items-0-id": item.pk,
        "items-0-opened_revision": item.revision,
        "items-0-title_en": "Budget canary",
        "items-0-order": item.order,
        "items-0-minutes": "99",
        "items-0-audience": "secretariat",
        "items-0-kind": "item",
    }
    assert client.post(page, {**opened, **rows}).status_code == 302

    html = log_in(translator).get(f"/en/admin/meetings/meeting/{meeting.pk}/history/").content.decode()

    assert "agenda items" in html
    assert "canary" not in html


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1899-12-31"])
def test_years_beyond_all_plans_are_refused_beside_the_field(db, secretary, log_in, day):
    response = add_meeting(log_in(secretary), starts_on=day, ends_on=day)

    assert set(response.context["adminform"].form.errors) == {"starts_on", "ends_on"}


def test_a_long_file_name_is_taken_because_it_is_not_kept(db, secretary, log_in):
    document = {
        "documents-TOTAL_FORMS": "1",
        "documents-0-title_ar": "ورقة",
        "documents-0-kind": "paper",
        "documents-0-version": "1",
        "documents-0-audience": "public",
        "documents-0-file_ar": ContentFile(PDF, name="و" * 200 + ".pdf"),
    }

    assert add_meeting(log_in(secretary), **document).status_code == 302
    assert Document.objects.count() == 1
