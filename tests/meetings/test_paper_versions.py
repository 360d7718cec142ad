"""What a paper was before: kept when its file is replaced or taken out, behind the door of the paper."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.utils import timezone

from apps.accounts.roles import Role
from apps.meetings import papers
from apps.meetings.models import Document, DocumentVersion
from apps.stakeholders.models import Membership
from tests.core.files import office, pdf
from tests.factories import (
    make_document,
    make_group,
    make_item,
    make_meeting,
    make_member,
    make_user,
    pdf_in,
)
from tests.meetings.papers import content_of, replaced
from tests.meetings.people import LATER
from tests.queries import count_queries


def long_pdf(pages: int) -> bytes:
    def add(document):
        for _page in range(pages - len(document.pages)):
            document.add_blank_page()

    return pdf(add)


# Saving


def test_a_replaced_file_is_kept_and_the_version_counts_up(meeting, secretary):
    paper = make_document(meeting)
    posted_in_english = paper.posted_en

    changed = replaced(paper, by=secretary)

    assert (changed.version, changed.posted_en) == (2, posted_in_english)
    assert changed.posted_ar > paper.posted_ar
    former = DocumentVersion.objects.get()
    assert (former.number, former.language, former.pages, former.replaced_by) == (1, "ar", 1, secretary)
    assert former.size == len(pdf_in("ar"))
    with former.file.open() as file:
        assert file.read() == pdf_in("ar")


def test_both_languages_at_once_are_one_new_version(meeting):
    paper = make_document(meeting)

    changed = replaced(paper, "ar", file_en=ContentFile(pdf_in("en-again"), name="new.pdf"))

    assert changed.version == 2
    assert sorted(DocumentVersion.objects.values_list("language", "number")) == [("ar", 1), ("en", 1)]


def test_each_replacement_is_kept(meeting):
    paper = make_document(meeting)

    for _round in range(3):
        paper = replaced(paper)

    assert paper.version == 4
    assert [former.number for former in paper.earlier] == [3, 2, 1]


def test_a_language_that_was_missing_is_no_new_version(meeting):
    paper = make_document(meeting, languages=("ar",))

    changed = replaced(paper, "en")

    assert (changed.version, DocumentVersion.objects.count()) == (1, 0)
    assert changed.posted_en > changed.posted_ar


def test_a_change_of_the_title_keeps_everything_else(meeting):
    paper = replaced(make_document(meeting))
    posted = paper.posted_ar

    paper.title_en, paper.is_final = "Another title", True
    papers.save_paper(paper, by=None)

    paper.refresh_from_db()
    assert (paper.version, paper.posted_ar, paper.is_final, DocumentVersion.objects.count()) == (2, posted, True, 1)


def test_a_final_paper_whose_file_is_replaced_is_final_no_more_until_somebody_says_so(meeting):
    paper = replaced(make_document(meeting, is_final=True))
    assert paper.is_final is False

    paper.is_final = True

    assert papers.save_paper(paper, by=None).is_final is True


def test_the_file_that_ends_the_drafts_may_be_called_final_at_once(meeting):
    assert replaced(make_document(meeting), is_final=True).is_final is True


def test_a_file_that_is_taken_out_and_its_successor_are_two_versions(meeting):
    paper = Document.objects.get(pk=make_document(meeting).pk)
    paper.file_en = ""

    papers.save_paper(paper, by=None)

    paper.refresh_from_db()
    assert (paper.version, paper.size_en, paper.pages_en, paper.posted_en) == (2, None, None, None)
    paper = replaced(paper, "en")
    assert (paper.version, paper.size_en) == (2, len(pdf_in("en-again")))
    assert replaced(paper, "en").version == 3
    assert [(former.language, former.number) for former in paper.earlier] == [("en", 2), ("en", 1)]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [("a.pdf", long_pdf(12), 12), ("A.PDF", pdf(), 1), ("a.docx", office(), None), ("a.pdf", b"%PDF-1.4", None)],
)
def test_pages_are_those_of_a_pdf(meeting, name, content, expected):
    paper = make_document(meeting, languages=(), file_ar=ContentFile(content, name=name))

    assert (paper.pages_ar, paper.size_ar) == (expected, len(content))


def test_a_paper_that_was_kept_back_counts_as_posted_when_others_may_see_it(meeting):
    paper = make_document(meeting, audience="secretariat", languages=("ar",))
    before = paper.posted_ar

    paper.audience = "members"
    opened = papers.save_paper(paper, by=None)

    assert opened.posted_ar > before
    assert (opened.posted_en, opened.version) == (None, 1)


def test_two_who_loaded_the_same_paper_do_not_undo_each_other(meeting):
    first = make_document(meeting)
    second = Document.objects.get(pk=first.pk)
    first.file_ar = ContentFile(pdf_in("first"), name="a.pdf")
    papers.save_paper(first, by=None)
    second.file_en = ContentFile(pdf_in("second"), name="a.pdf")

    with pytest.raises(ValidationError) as refused:
        papers.save_paper(second, by=None)

    assert refused.value.code == "conflict"
    kept = Document.objects.get()
    with kept.file_ar.open() as ar, kept.file_en.open() as en:
        assert (ar.read(), en.read()) == (pdf_in("first"), pdf_in("en"))


def test_a_paper_that_somebody_deleted_does_not_come_back(meeting):
    paper = make_document(meeting)
    papers.delete_paper(Document.objects.get(), by=None)

    with pytest.raises(ValidationError):
        papers.save_paper(paper, by=None)

    assert not Document.objects.exists()


def test_the_files_of_a_deleted_paper_go_once_it_is_certain(meeting, settings, django_capture_on_commit_callbacks):
    paper = replaced(make_document(meeting))
    other = make_document(meeting)
    folder = Path(settings.PRIVATE_ROOT) / "documents"
    assert len(list(folder.iterdir())) == 5

    with django_capture_on_commit_callbacks() as callbacks:
        papers.delete_paper(paper, by=None)
    assert len(list(folder.iterdir())) == 5
    for callback in callbacks:
        callback()

    left = {Path(name).name for name in (other.file_ar.name, other.file_en.name)}
    assert {file.name for file in folder.iterdir()} == left
    assert list(Document.objects.all()) == [other]


@pytest.mark.parametrize("role", [Role.EDITOR, Role.AUDITOR, Role.MEMBER])
def test_s22_papers_are_written_by_those_who_prepare_them(meeting, role, translator):
    paper = make_document(meeting)
    user = make_user(role)

    for refused in (
        lambda: replaced(paper, by=user),
        lambda: papers.delete_paper(paper, by=user),
        lambda: papers.delete_paper(paper, by=translator),
        lambda: papers.save_paper(Document(meeting=meeting, title_en="New"), by=translator),
    ):
        with pytest.raises(PermissionDenied):
            refused()
    assert replaced(paper, by=translator).updated_by == translator


def test_a_paper_is_for_an_item_of_its_own_meeting(meeting):
    paper = make_document(meeting)
    paper.item = make_item(make_meeting())

    with pytest.raises(ValidationError) as error:
        paper.full_clean(exclude=["file"])

    assert error.value.message_dict == {"item": ["This item is on the agenda of another meeting."]}


# Reading


def make_former(group):
    user = make_member(group)
    Membership.objects.filter(person=user.person).update(ends_on=timezone.localdate() - timedelta(days=1))
    return user


def test_s19_an_earlier_version_has_the_door_of_its_paper(group, client, log_in):
    meeting = make_meeting(group)
    paper = replaced(make_document(meeting, audience="members"))
    former = DocumentVersion.objects.get()
    member = log_in(make_member(group))

    response = member.get(former.get_absolute_url())
    assert (content_of(response), response["Cache-Control"]) == (pdf_in("ar"), "private, no-store")
    reference = client.get("/en/meetings/999999-nothing/").content
    for visitor in (client, log_in(make_member(make_group())), log_in(make_former(group))):
        refused = visitor.get(former.get_absolute_url())
        assert refused.status_code == 404
    assert client.get(former.get_absolute_url()).content == reference
    for address in (f"{paper.pk}/ar/2/", f"{paper.pk}/en/1/", f"{paper.pk}/fr/1/", f"{paper.pk}/ar/99999999999/"):
        assert member.get(f"/en/meetings/{meeting.pk}/papers/{address}").status_code == 404
    assert member.get(f"/en/meetings/{make_meeting().pk}/papers/{paper.pk}/ar/1/").status_code == 404


def test_who_left_reads_members_papers_no_more_and_keeps_what_was_public(group, log_in):
    meeting = make_meeting(group, day=LATER)
    inside = replaced(make_document(meeting, audience="members", title_en="Canary"))
    public = replaced(make_document(meeting, audience="public", title_en="Open paper"))
    client = log_in(make_former(group))

    html = client.get(meeting.get_absolute_url()).content.decode()
    feed = client.get("/en/meetings/calendar.ics").content.decode()

    assert ("Open paper" in html, "Canary" in html, "Canary" in feed) == (True, False, False)
    for paper, status in ((inside, 404), (public, 200)):
        for address in (paper.files[0].get_absolute_url(), paper.earlier[0].get_absolute_url()):
            response = client.get(address)
            list(response.streaming_content) if response.streaming else response.content
            assert response.status_code == status


PAGE = {
    "en": ["version 2", "Final", "Members only", "12 pages", "English is due on", "1 January 2099", "Earlier versions"],
    "ar": ["الإصدار 2", "نهائية", "للأعضاء فقط", "12 صفحة", "الإنجليزية", "1 كانون الثاني/يناير 2099", "إصدارات سابقة"],
}


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_page_says_what_there_is_to_know_of_a_paper(group, log_in, language):
    meeting = make_meeting(group)
    paper = make_document(meeting, languages=("ar",), audience="members", due_en=date(2099, 1, 1))
    paper.file_ar = ContentFile(long_pdf(12), name="a.pdf")
    papers.save_paper(paper, by=None)
    papers.save_paper(Document.objects.get(), by=None)
    Document.objects.update(is_final=True)

    html = log_in(make_member(group)).get(f"/{language}/meetings/{meeting.pk}-x/", follow=True).content.decode()

    assert [text for text in PAGE[language] if text not in html] == []
    assert f'href="/{language}/meetings/{meeting.pk}/papers/{paper.pk}/ar/1/"' in html


def test_a_paper_that_is_late_says_so(group, client):
    meeting = make_meeting(group)
    make_document(meeting, languages=("en",), due_ar=date(2026, 1, 5))

    html = client.get(meeting.get_absolute_url()).content.decode()

    assert 'Arabic was due on <time datetime="2026-01-05">5 January 2026</time>.' in html


@pytest.mark.parametrize(
    ("meeting_audience", "item_audience", "part_audience", "audience", "expected", "words"),
    [
        ("public", "public", "public", "public", "public", ""),
        ("public", "public", "public", "members", "members", "The group and those who"),
        ("public", "members", "public", "public", "members", "The group and those who"),
        ("public", "public", "secretariat", "members", "secretariat", "The secretariat and the auditor"),
        ("members", "public", "public", "public", "members", "The group, the meeting’s guests"),
        ("members", "public", "public", "secretariat", "secretariat", "The secretariat and the auditor"),
    ],
)
def test_each_paper_says_who_may_see_it_and_means_it(
    group, secretary, meeting_audience, item_audience, part_audience, audience, expected, words
):
    meeting = make_meeting(group, audience=meeting_audience)
    item = make_item(meeting, audience=item_audience)
    paper = make_document(meeting, item=make_item(meeting, parent=item, audience=part_audience), audience=audience)
    readers = {"public": AnonymousUser(), "members": make_member(group), "secretariat": secretary}
    seers = {name for name, user in readers.items() if paper in Document.objects.visible_to(user)}

    wider = {"public": set(), "members": {"public"}, "secretariat": {"public", "members"}}
    assert paper.shown_to == expected
    assert seers == set(readers) - wider[expected]
    assert str(paper.readers).startswith(words)
    assert bool(paper.readers) is bool(words)


def test_the_page_asks_the_same_for_one_paper_and_for_eighty(group, log_in, client):
    meeting = make_meeting(group)
    item = make_item(meeting, parent=make_item(meeting))
    member = log_in(make_member(group))
    counts = set()
    for number in (1, 79):
        for count in range(number):
            make_document(meeting, languages=("ar",), item=item if count % 2 else None)
        replaced(Document.objects.order_by("-pk").first())
        counts.add(tuple(count_queries(visitor, meeting.get_absolute_url()) for visitor in (member, client)))

    assert len(counts) == 1
    assert max(counts.pop()) <= 12
