from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.utils import timezone

from apps.core import privacy
from apps.meetings import papers
from apps.meetings.models import Document, DocumentOpening, DocumentVersion
from apps.stakeholders.models import Membership
from tests.factories import (
    make_document,
    make_group,
    make_item,
    make_meeting,
    make_member,
    make_participant,
    pdf_in,
)
from tests.meetings.people import LATER


def replaced(document: Document, code: str = "ar", content: bytes = b"", *, by=None, **fields) -> Document:
    document = Document.objects.get(pk=document.pk)
    setattr(document, f"file_{code}", ContentFile(content or pdf_in(f"{code}-again"), name="new.pdf"))
    for name, value in fields.items():
        setattr(document, name, value)
    return papers.save_paper(document, by=by)


def new_paper(meeting, **fields) -> Document:
    """Saved by the service, as the back office does."""
    document = make_document(meeting, **fields)
    for code in ("ar", "en"):
        if getattr(document, f"file_{code}"):
            Document.objects.filter(pk=document.pk).update(**{f"posted_{code}": timezone.now()})
    return Document.objects.get(pk=document.pk)


def content_of(response) -> bytes:
    return b"".join(response.streaming_content)


@pytest.fixture
def coming(group):
    return make_meeting(group, day=LATER, audience="members")


def test_a_replaced_file_is_kept_and_the_version_counts_up(coming, secretary):
    paper = make_document(coming)

    changed = replaced(paper, by=secretary)

    assert (changed.version, changed.pages_ar, changed.pages_en) == (2, 1, None)
    former = DocumentVersion.objects.get()
    assert (former.number, former.language, former.replaced_by) == (1, "ar", secretary)
    with former.file.open() as file:
        assert file.read() == pdf_in("ar")


def test_a_language_that_was_missing_is_no_new_version(coming):
    paper = make_document(coming, languages=("ar",))

    changed = replaced(paper, "en")

    assert (changed.version, DocumentVersion.objects.count()) == (1, 0)
    assert changed.posted_en is not None


def test_a_change_of_the_title_keeps_everything_else(coming):
    paper = replaced(make_document(coming))
    paper = Document.objects.get(pk=paper.pk)
    posted = paper.posted_ar

    paper.title_en = "Another title"
    papers.save_paper(paper, by=None)

    paper.refresh_from_db()
    assert (paper.version, paper.posted_ar, DocumentVersion.objects.count()) == (2, posted, 1)


@pytest.mark.parametrize(("ticked", "expected"), [(False, False), (True, False)])
def test_a_final_paper_whose_file_is_replaced_is_final_no_more(coming, ticked, expected):
    paper = make_document(coming, is_final=True)

    assert replaced(paper, is_final=ticked).is_final is expected


def test_a_file_that_is_taken_out_stays_among_the_earlier_ones(coming):
    paper = make_document(coming)
    paper = Document.objects.get(pk=paper.pk)
    paper.file_en = ""

    papers.save_paper(paper, by=None)

    paper.refresh_from_db()
    assert (paper.size_en, paper.posted_en, DocumentVersion.objects.get().language) == (None, None, "en")


def test_s19_an_earlier_version_has_the_door_of_its_paper(group, client, log_in):
    meeting = make_meeting(group)
    paper = replaced(make_document(meeting, audience="members"))
    former = DocumentVersion.objects.get()
    member = make_member(group)

    assert content_of(log_in(member).get(former.get_absolute_url())) == pdf_in("ar")
    assert client.get(former.get_absolute_url()).status_code == 404
    assert log_in(make_member(make_group())).get(former.get_absolute_url()).status_code == 404
    for address in (f"{paper.pk}/ar/2/", f"{paper.pk}/en/1/", f"{paper.pk}/ar/99999/"):
        assert log_in(member).get(f"/en/meetings/{meeting.pk}/papers/{address}").status_code == 404


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("en", ["Earlier versions", "Final", "1 page", "English is due on"]),
        ("ar", ["إصدارات سابقة", "نهائية", "صفحة واحدة", "موعد ورود النسخة بـالإنجليزية"]),
    ],
)
def test_the_page_says_what_there_is_to_know_of_a_paper(group, client, language, texts):
    meeting = make_meeting(group)
    paper = replaced(make_document(meeting, languages=("ar",)))
    Document.objects.filter(pk=paper.pk).update(is_final=True, due_en=date(2099, 1, 1))

    html = client.get(f"/{language}/meetings/{meeting.pk}-x/", follow=True).content.decode()

    assert [text for text in texts if text not in html] == []


def test_a_paper_that_is_late_says_so(group, client):
    meeting = make_meeting(group)
    make_document(meeting, languages=("en",), due_ar=date(2026, 1, 5))

    html = client.get(meeting.get_absolute_url()).content.decode()

    assert 'Arabic was due on <time datetime="2026-01-05">5 January 2026</time>.' in html


# Who opened what


def test_an_opening_counts_for_papers_that_are_not_for_everybody(group, coming, log_in, client):
    member = make_member(group)
    inside, public = make_document(coming, audience="members"), make_document(make_meeting(group), audience="public")
    visitor = log_in(member)

    for document in (inside, inside, public):
        content_of(visitor.get(f"/en/meetings/{document.meeting_id}/papers/{document.pk}/ar/"))
    content_of(client.get(f"/en/meetings/{public.meeting_id}/papers/{public.pk}/ar/"))

    opening = DocumentOpening.objects.get()
    assert (opening.document, opening.user, opening.language, opening.times) == (inside, member, "ar", 2)


def test_members_are_told_that_openings_are_kept(group, log_in, client):
    meeting = make_meeting(group)
    make_document(meeting, audience="members")
    sentence = "The secretariat sees who has opened a paper that is not for everybody."

    assert sentence in log_in(make_member(group)).get(meeting.get_absolute_url()).content.decode()
    assert sentence not in client.get(meeting.get_absolute_url()).content.decode()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_secretariat_reads_who_has_opened_and_who_has_not(group, coming, secretary, log_in, language):
    reader, other = (make_participant(coming, make_member(group).person) for _ in range(2))
    paper = make_document(coming, audience="members")
    papers.record_opening(paper, "ar", by=reader.user)
    client = log_in(secretary)
    address = f"/{language}/admin/meetings/meeting/{coming.pk}/openings/"

    row = client.get(address).context["rows"][0]
    table = content_of(client.get(f"{address}?csv=1")).decode("utf-8-sig")

    assert ([one.user for one in row["openings"]], row["waiting"]) == ([reader.user], [other])
    assert reader.user.get_full_name() in table


def test_s22_openings_are_the_secretariats(coming, log_in, editor, translator, auditor):
    for user in (editor, translator, auditor):
        assert log_in(user).get(f"/en/admin/meetings/meeting/{coming.pk}/openings/").status_code == 403


def test_s67_openings_are_exported_swept_and_erased(group, secretary):
    member = make_member(group)
    old = make_document(make_meeting(group, day=date(2020, 1, 1)), audience="members")
    new = make_document(make_meeting(group, day=LATER), audience="members")
    for document in (old, new):
        papers.record_opening(document, "en", by=member)

    assert len(privacy.personal_data(member)["openings"]) == 2
    assert privacy.sweep_all()["openings"] == 1
    for erase in privacy.erasers:
        erase(member, by=None)
    assert not DocumentOpening.objects.exists()


# Telling


def test_each_is_told_once_of_what_is_new_to_her(group, coming, secretary, django_capture_on_commit_callbacks):
    inside = make_participant(coming, make_member(group, language="en").person)
    guest = make_participant(coming, language="en")
    new_paper(coming, audience="members", title_en="For members")
    new_paper(coming, audience="public", title_en="For all")
    new_paper(coming, audience="secretariat", title_en="Canary")
    new_paper(coming, audience="public", item=make_item(coming, audience="secretariat"), title_en="Canary too")

    with django_capture_on_commit_callbacks(execute=True):
        counts = [papers.tell_of_papers(coming, by=secretary) for _ in range(2)]

    assert counts == [2, 0]
    texts = {message.to[0]: message.body for message in mail.outbox}
    assert "For members" in texts[inside.user.email]
    assert "For members" not in texts[guest.email]
    assert "For all" in texts[guest.email]
    assert "Canary" not in "".join(texts.values())

    new_paper(coming, audience="members", title_en="One more")
    assert papers.has_untold(coming)
    with django_capture_on_commit_callbacks(execute=True):
        assert papers.tell_of_papers(coming, by=secretary) == 1
    assert "For all" not in mail.outbox[-1].body


def test_who_left_reads_members_papers_no_more_and_is_told_nothing(group, coming, secretary, log_in):
    member = make_member(group)
    make_participant(coming, member.person)
    secret, public = (
        make_document(coming, audience="members"),
        make_document(make_meeting(group), audience="public"),
    )
    Membership.objects.filter(person=member.person).update(ends_on=timezone.localdate() - timedelta(days=1))
    new_paper(coming, audience="members")

    client = log_in(member)
    assert client.get(f"/en/meetings/{coming.pk}/papers/{secret.pk}/ar/").status_code == 404
    assert content_of(client.get(f"/en/meetings/{public.meeting_id}/papers/{public.pk}/ar/")) == pdf_in("ar")
    assert papers.tell_of_papers(coming, by=secretary) == 0


def test_s22_only_the_secretariat_tells(coming, editor):
    with pytest.raises(PermissionDenied):
        papers.tell_of_papers(coming, by=editor)


def test_the_back_office_saves_a_paper_by_the_service(group, coming, secretary, log_in):
    paper = make_document(coming, audience="members")
    item = make_item(coming)
    rows = {
        "documents-TOTAL_FORMS": "1",
        "documents-INITIAL_FORMS": "1",
        "documents-0-id": paper.pk,
        "documents-0-opened_revision": paper.revision,
        "documents-0-title_en": "Paper",
        "documents-0-kind": "paper",
        "documents-0-item": item.pk,
        "documents-0-audience": "members",
        "documents-0-due_ar": "٢٠٣١-١٢-٠١",
        "documents-0-file_en": ContentFile(pdf_in("again"), name="new.pdf"),
    }
    meeting = {
        "title_ar": coming.title_ar,
        "title_en": coming.title_en,
        "place_ar": "القاهرة",
        "place_en": "Cairo",
        "starts_on": "2031-12-09",
        "starts_time": "10:00",
        "ends_on": "2031-12-09",
        "ends_time": "14:00",
        "time_zone": "Africa/Cairo",
        "format": "hybrid",
        "audience": "members",
        "group": group.pk,
        "opened_revision": coming.revision,
        "items-TOTAL_FORMS": "0",
        "items-INITIAL_FORMS": "0",
    }

    response = log_in(secretary).post(f"/en/admin/meetings/meeting/{coming.pk}/change/", {**meeting, **rows})

    assert response.status_code == 302, response.context["errors"]
    paper.refresh_from_db()
    assert (paper.version, paper.item, paper.due_ar, paper.pages_en) == (2, item, date(2031, 12, 1), 1)
    assert DocumentVersion.objects.get().language == "en"


def test_a_stranger_sees_no_members_paper_in_any_version(group):
    paper = replaced(make_document(make_meeting(group), audience="members"))

    assert paper not in Document.objects.visible_to(AnonymousUser())
    assert not DocumentVersion.objects.visible_to(AnonymousUser()).exists()
