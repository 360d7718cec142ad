"""The page of a pack and its file, for each kind of reader."""

from urllib.parse import unquote

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from apps.core.models import AuditEntry
from apps.meetings import packing, packs
from apps.meetings.models import DocumentOpening, Pack
from tests.factories import client_for, make_document, make_group, make_item, make_meeting, make_member
from tests.meetings.packed import content, made
from tests.meetings.test_visibility import make_former


@pytest.fixture
def member(group):
    return make_member(group)


@pytest.fixture
def paper(meeting):
    return make_document(meeting, title_en="Annotated agenda", title_ar="جدول الأعمال المشروح", audience="members")


def page(meeting, kind: str = "pdf", *, pack_language: str = "en", language: str = "en", file: str = "") -> str:
    return f"/{language}/meetings/{meeting.pk}/pack/{pack_language}/{kind}/{file}"


def test_from_nothing_to_the_file(meeting, paper, member, log_in, django_capture_on_commit_callbacks):
    browser = log_in(member)

    html = browser.get(page(meeting)).content.decode()
    assert "Make the file" in html
    assert "Annotated agenda" in html
    assert not Pack.objects.exists()

    with django_capture_on_commit_callbacks(execute=True):
        response = browser.post(page(meeting))
    assert (response.status_code, response["Location"]) == (302, page(meeting))

    html = browser.get(page(meeting)).content.decode()
    assert f'href="{page(meeting, file="file/")}"' in html
    assert "http-equiv" not in html

    response = browser.get(page(meeting, file="file/"))
    assert b"".join(response.streaming_content) == content(Pack.objects.get())
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="{meeting.title_en.replace(" ", "-")}.pdf"'


def test_while_it_is_made_the_page_tells_how_far_it_is_and_looks_again(meeting, paper, member, log_in):
    make_document(meeting)
    browser = log_in(member)
    browser.post(page(meeting))
    Pack.objects.update(state="building", done=1, heartbeat_at=timezone.now())

    html = browser.get(page(meeting)).content.decode()

    assert '<meta http-equiv="refresh" content="3">' in html
    assert '<progress max="2" value="1"' in html
    assert "1 of 2 papers are done." in html
    assert "Download" not in html
    response = browser.get(page(meeting, file="file/"))
    assert (response.status_code, response["Location"]) == (302, page(meeting))


def test_a_pack_that_nobody_makes_is_made_when_somebody_looks(meeting, paper, member, log_in):
    browser = log_in(member)
    browser.post(page(meeting))
    Pack.objects.update(asked_at=timezone.now() - packing.SILENCE * 2)

    browser.get(page(meeting))

    assert Pack.objects.get().state == "ready"


def test_a_failed_pack_says_so_and_is_tried_again(meeting, paper, member, log_in):
    browser = log_in(member)
    browser.post(page(meeting))
    Pack.objects.update(state="failed")

    html = browser.get(page(meeting)).content.decode()
    assert "The file could not be made." in html
    assert "Try again" in html

    browser.post(page(meeting))

    assert Pack.objects.get().state == "waiting"


def test_a_meeting_without_papers_has_no_pack(meeting, member, log_in):
    browser = log_in(member)

    html = browser.get(page(meeting)).content.decode()
    browser.post(page(meeting))

    assert "There are no papers to put together yet." in html
    assert "Make the file" not in html
    assert not Pack.objects.exists()


def test_an_arabic_pack_has_an_arabic_name(meeting, paper, member, log_in):
    made(member, meeting, language="ar", kind="zip")

    response = log_in(member).get(page(meeting, "zip", pack_language="ar", language="ar", file="file/"))
    b"".join(response.streaming_content)

    name = f"{meeting.title_ar.replace(' ', '-')}.zip"
    assert unquote(response["Content-Disposition"]) == f"attachment; filename*=utf-8''{name}"
    assert response["Content-Type"] == "application/zip"


@pytest.mark.parametrize("kind", ["pdf", "zip"])
def test_whoever_may_not_see_the_meeting_finds_neither_page_nor_file(meeting, paper, member, group, kind):
    made(member, meeting, kind=kind)
    nothing = make_meeting()

    for stranger in (make_member(make_group()), make_former(group)):
        browser = client_for(stranger)
        missing = browser.get(page(nothing, kind).replace(f"/{nothing.pk}/", "/999999/"))
        for address in (page(meeting, kind), page(meeting, kind, file="file/")):
            response = browser.get(address)
            assert (response.status_code, response.content) == (404, missing.content)
        assert browser.post(page(meeting, kind)).status_code == 404


def test_who_has_not_logged_in_is_asked_to(client, paper):
    for address in (page(paper.meeting), page(paper.meeting, file="file/")):
        assert client.get(address)["Location"] == f"/en/accounts/login/?next={address}"


@pytest.mark.parametrize(("language", "kind"), [("fr", "pdf"), ("en", "rar")])
def test_other_languages_and_kinds_are_404(meeting, paper, member, log_in, language, kind):
    assert log_in(member).get(page(meeting, kind, pack_language=language)).status_code == 404


def test_a_file_with_a_paper_that_is_hidden_since_is_served_no_more(meeting, paper, member, log_in):
    make_document(meeting, audience="members")
    made(member, meeting)
    paper.audience = "secretariat"
    paper.save(by=None)
    browser = log_in(member)

    response = browser.get(page(meeting, file="file/"), follow=True)

    assert response.redirect_chain == [(page(meeting), 302)]
    assert "Papers have changed since. Make the pack anew." in response.content.decode()
    assert "Annotated agenda" not in response.content.decode()


def test_a_file_that_is_lost_is_made_anew(meeting, paper, member, log_in):
    pack = made(member, meeting)
    pack.file.storage.delete(pack.file.name)

    response = log_in(member).get(page(meeting, file="file/"))

    assert (response.status_code, response["Location"]) == (302, page(meeting))
    assert not Pack.objects.exists()


def _take(browser, address: str) -> bytes:
    return b"".join(browser.get(address).streaming_content)


def _downloads() -> list:
    entries = AuditEntry.objects.filter(action="downloaded")
    return [(entry.actor, entry.model, entry.object_id, entry.detail.changes) for entry in entries]


def test_a_download_of_members_papers_is_in_the_trail(meeting, paper, member, log_in):
    made(member, meeting)

    _take(log_in(member), page(meeting, file="file/"))

    assert _downloads() == [(member, "meetings.meeting", str(meeting.pk), {"pack": ["", "en.pdf"]})]


def test_a_download_of_what_everybody_may_have_is_not(group, member, log_in):
    meeting = make_meeting(group)
    make_document(meeting)
    made(member, meeting)

    _take(log_in(member), page(meeting, file="file/"))

    assert _downloads() == []


def test_the_meetings_page_leads_there_for_who_has_logged_in(group, member, client, log_in):
    meeting = make_meeting(group)
    link = page(meeting, pack_language="ar")
    browser = log_in(member)
    assert link not in browser.get(meeting.get_absolute_url()).content.decode()  # no papers yet
    make_document(meeting)

    assert link in browser.get(meeting.get_absolute_url()).content.decode()
    assert link not in client.get(meeting.get_absolute_url()).content.decode()


@pytest.mark.parametrize("papers", [1, 3])
def test_more_papers_take_no_more_queries(meeting, member, papers, django_assert_num_queries):
    for _number in range(papers):
        make_document(meeting)

    with django_assert_num_queries(6):
        packs.contents_for(member, meeting, language="en", kind="pdf")


def test_each_paper_inside_counts_as_opened(meeting, paper, member, log_in):
    table = make_document(meeting, audience="members", file_en=ContentFile(b"PK", name="costs.xlsx"))
    arabic = make_document(meeting, audience="members", languages=("ar",))
    made(member, meeting)
    browser = log_in(member)

    for _time in range(2):
        _take(browser, page(meeting, file="file/"))

    rows = DocumentOpening.objects.values_list("document", "language", "user", "times")
    assert list(rows) == [(paper.pk, "en", member.pk, 2), (arabic.pk, "ar", member.pk, 2)]
    assert not table.openings.exists()


@pytest.mark.parametrize(("method", "opened"), [("head", 0), ("get", 2)])
def test_only_who_gets_the_file_has_opened_the_papers(meeting, paper, member, log_in, method, opened):
    item = make_item(meeting, parent=make_item(meeting))
    make_document(meeting, audience="members", item=item)
    made(member, meeting)

    response = getattr(log_in(member), method)(page(meeting, file="file/"))
    for close in response._resource_closers:  # as a server does; the whole close() would take the database along
        close()

    assert response["Content-Type"] == "application/pdf"
    assert DocumentOpening.objects.filter(user=member).count() == opened
