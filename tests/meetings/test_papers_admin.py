"""Papers in the back office: their rows in the meeting's page, and the files that a save replaces."""

from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.translation import override

from apps.meetings.models import AgendaItem, Document, DocumentVersion, Meeting
from tests.factories import (
    make_document,
    make_item,
    make_meeting,
    pdf_in,
)
from tests.meetings.papers import replaced
from tests.meetings.people import LATER
from tests.queries import count_queries


def rows_for(paper: Document, meeting: Meeting, **changes) -> dict:
    """The meeting's page as a browser sends it with this one paper."""
    return {
        **{f"title_{code}": getattr(meeting, f"title_{code}") for code in ("ar", "en")},
        "place_ar": "القاهرة",
        "place_en": "Cairo",
        "starts_on": "2031-12-09",
        "starts_time": "10:00",
        "ends_on": "2031-12-09",
        "ends_time": "14:00",
        "time_zone": "Africa/Cairo",
        "format": "hybrid",
        "audience": "members",
        "group": meeting.group_id,
        "opened_revision": meeting.revision,
        "items-TOTAL_FORMS": "0",
        "items-INITIAL_FORMS": "0",
        "documents-TOTAL_FORMS": "1",
        "documents-INITIAL_FORMS": "1",
        "documents-0-id": paper.pk,
        "documents-0-opened_revision": paper.revision,
        "documents-0-title_en": paper.title_en,
        "documents-0-kind": "paper",
        "documents-0-audience": "members",
        **{f"documents-0-{name}": value for name, value in changes.items()},
    }


def save(client, paper: Document, meeting: Meeting, **changes):
    address = f"/en/admin/meetings/meeting/{meeting.pk}/change/"
    return client.post(address, rows_for(paper, meeting, **changes), follow=True)


def test_the_back_office_saves_a_paper_by_the_service(meeting, secretary, log_in):
    paper = make_document(meeting, audience="members", is_final=True)
    item = make_item(meeting)
    sent = ContentFile(pdf_in("again"), name="new.pdf")

    response = save(log_in(secretary), paper, meeting, item=item.pk, due_ar="٢٠٣١-١٢-٠١", file_en=sent, is_final="on")

    paper.refresh_from_db()
    assert (paper.version, paper.item, paper.due_ar, paper.pages_en) == (2, item, date(2031, 12, 1), 1)
    assert DocumentVersion.objects.get().language == "en"
    assert paper.is_final is False
    said = f"\u2068{paper}\u2069 was final. Its file has changed: tick “final” again if the new one is."
    assert said in [str(message) for message in response.context["messages"]]


def test_the_back_office_keeps_a_file_that_is_taken_out(meeting, secretary, log_in):
    paper = make_document(meeting, audience="members")

    save(log_in(secretary), paper, meeting, **{"file_en-clear": "on"})

    paper.refresh_from_db()
    assert (bool(paper.file_en), paper.version, DocumentVersion.objects.get().language) == (False, 2, "en")


def test_the_last_file_of_a_paper_is_not_taken_out(meeting, secretary, log_in):
    paper = make_document(meeting, audience="members", languages=("en",))

    response = save(log_in(secretary), paper, meeting, **{"file_en-clear": "on"})

    assert "Add the file in Arabic, in English or in both." in response.content.decode()
    assert (Document.objects.get().version, DocumentVersion.objects.count()) == (1, 0)


def test_a_refused_file_changes_nothing(meeting, secretary, log_in):
    paper = make_document(meeting, audience="members")

    response = save(log_in(secretary), paper, meeting, file_en=ContentFile(b"MZ", name="new.pdf"))

    assert "This PDF is damaged" in response.content.decode()
    assert (Document.objects.get().version, DocumentVersion.objects.count()) == (1, 0)


def test_r17_a_file_that_somebody_replaced_meanwhile_is_not_replaced_unseen(meeting, secretary, log_in):
    paper = Document.objects.get(pk=make_document(meeting, audience="members").pk)
    replaced(paper, "en")

    response = save(log_in(secretary), paper, meeting, file_en=ContentFile(pdf_in("mine"), name="new.pdf"))

    assert "look at the file there, then send yours again" in response.content.decode()
    assert (Document.objects.get().version, DocumentVersion.objects.count()) == (2, 1)


def test_the_back_office_deletes_a_paper_with_its_files(meeting, secretary, log_in, django_capture_on_commit_callbacks):
    paper = Document.objects.get(pk=replaced(make_document(meeting, audience="members")).pk)

    with django_capture_on_commit_callbacks(execute=True):
        save(log_in(secretary), paper, meeting, DELETE="on")

    assert not Document.objects.exists()
    assert not paper.file_ar.storage.exists(paper.file_ar.name)


def test_items_of_other_meetings_are_not_offered(meeting, secretary, log_in):
    make_document(meeting)
    item, _other, _break = make_item(meeting), make_item(make_meeting()), make_item(meeting, kind="break")

    page = log_in(secretary).get(f"/en/admin/meetings/meeting/{meeting.pk}/change/")

    rows = next(rows.formset for rows in page.context["inline_admin_formsets"] if rows.formset.model is Document)
    offered = [str(value) for value, _label in rows.forms[0].fields["item"].choices]
    assert offered == ["", str(item.pk)]
    assert AgendaItem.objects.count() == 3


def test_the_form_asks_the_same_for_one_paper_and_for_twenty(meeting, secretary, log_in):
    client, address = log_in(secretary), f"/en/admin/meetings/meeting/{meeting.pk}/change/"
    make_item(meeting)
    counts = []
    for number in (1, 19):
        for _paper in range(number):
            replaced(make_document(meeting))
        counts.append(count_queries(client, address))

    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("en", ["2 papers are overdue in Arabic.", "1 paper is overdue in English."]),
        ("ar", ["تأخرت وثيقتان باللغة العربية.", "تأخرت وثيقة واحدة باللغة الإنجليزية."]),
    ],
)
def test_the_dashboard_says_which_papers_are_overdue(group, secretary, log_in, language, texts):
    late = make_meeting(group, day=LATER)
    past, today = date(2026, 1, 5), timezone.localdate()
    for _number in range(2):
        make_document(late, languages=("en",), due_ar=past)
    make_document(late, languages=("ar",), due_en=past)
    make_document(late, languages=("ar",), due_en=today + timedelta(days=1))
    make_document(late, due_ar=past)
    make_document(make_meeting(group, status="cancelled"), languages=("en",), due_ar=past)
    fine = make_meeting(group, day=LATER)
    client = log_in(secretary)

    html = client.get(f"/{language}/admin/").content.decode()

    assert [text for text in texts if text not in html] == []
    found = client.get(f"/{language}/admin/meetings/meeting/?overdue=ar").context["cl"].queryset
    assert (late in found, fine in found, len(found)) == (True, False, 1)


def test_s25_a_translator_is_not_told_of_the_secretariats_papers(group, translator, log_in):
    make_document(make_meeting(group, day=LATER), languages=("en",), due_ar=date(2026, 1, 5), audience="secretariat")

    with override("en"):
        assert "overdue in Arabic" not in log_in(translator).get("/en/admin/").content.decode()
        assert len(log_in(translator).get("/en/admin/meetings/meeting/?overdue=ar").context["cl"].queryset) == 0
