"""What is in a pack, for whom, and in which order."""

import zipfile
from io import BytesIO

import pikepdf
import pytest
from django.core.files.base import ContentFile
from pypdf import PdfReader

from apps.accounts.roles import Role
from apps.core.models import HeldFile
from apps.meetings import packs
from apps.meetings.models import Pack
from tests.factories import PDF, make_document, make_item, make_meeting, make_member, make_user, pdf_in
from tests.meetings.packed import bookmarks, content, made, names, numbered, pages, real


@pytest.fixture
def member(group):
    return make_member(group)


def paper(meeting, title: str, **fields):
    files = {"file_ar": real("seventh-agenda-ar.pdf"), "file_en": real("seventh-agenda-en.pdf")}
    return make_document(meeting, **{"title_en": title, "title_ar": f"ورقة {title}", **files, **fields})


def test_papers_follow_the_agenda_and_those_of_the_whole_meeting_come_last(meeting, member):
    second, first = make_item(meeting, order=2), make_item(meeting, order=1)
    part = make_item(meeting, order=3, parent=second)
    for title, item in [("Whole", None), ("Of a part", part), ("Second", second), ("First", first), ("More", first)]:
        paper(meeting, title, item=item)

    pack = made(member, meeting)

    assert bookmarks(pack) == ["Contents", "1. First", "2. More", "3. Second", "4. Of a part", "5. Whole"]
    assert (pack.state, pack.done, pack.total) == ("ready", 5, 5)


def test_the_contents_page_says_where_each_paper_starts(meeting, member):
    make_item(meeting, title_en="Opening", presenter_en="Amal O’Brien", minutes=15, order=1)
    first, second = paper(meeting, "Annotated agenda"), paper(meeting, "Budget")

    pack = made(member, meeting)

    front, *rest = pages(pack)
    each = len(PdfReader(real("seventh-agenda-en.pdf")).pages)
    assert pack.pages == 1 + 2 * each == len(rest) + 1
    lines = front.splitlines()
    assert lines[0] == meeting.group.name_en
    assert lines[1] == meeting.title_en
    assert "Tuesday 9 December 2031" in lines
    assert "10:00–14:00 (Cairo time)" in lines
    assert "10:00–10:15 1. Opening" in lines
    assert "1 Annotated agenda 2" in lines
    assert f"2 Budget {2 + each}" in lines
    assert f"Page 1 of {pack.pages}" in lines
    assert numbered(rest[0]) == [f"Paper 1 · page 2 of {pack.pages}"]
    assert numbered(rest[each]) == [f"Paper 2 · page {2 + each} of {pack.pages}"]
    assert [entry["pk"] for entry in pack.contents["papers"]] == [first.pk, second.pk]


def test_an_arabic_pack_is_arabic(group, member):
    meeting = make_meeting(group, title_ar="الاجتماع السابع", place_ar="القاهرة")
    paper(meeting, "Agenda", title_ar="جدول الأعمال المشروح", file_ar=real("sixth-minutes-ar.pdf"))

    pack = made(member, meeting, language="ar")

    front, *rest = pages(pack)
    for text in ("الاجتماع السابع", "القاهرة", "جدول الأعمال المشروح", "كانون الأول/ديسمبر"):
        assert text in front
    assert "Agenda" not in front
    assert len(rest) == len(PdfReader(real("sixth-minutes-ar.pdf")).pages)
    reader = PdfReader(BytesIO(content(pack)))
    assert reader.root_object["/Lang"] == "ar"
    assert reader.root_object["/ViewerPreferences"]["/Direction"] == "/R2L"
    assert reader.metadata.title == "الاجتماع السابع"


@pytest.mark.parametrize("kind", ["pdf", "zip"])
def test_what_a_member_may_not_see_is_in_no_part_of_her_pack(meeting, member, secretary, kind):
    hidden_item = make_item(meeting, audience="secretariat", title_en="Canary item", order=1)
    paper(meeting, "Open paper")
    paper(meeting, "Canary paper", audience="secretariat")
    paper(meeting, "Canary of the item", item=hidden_item)
    paper(meeting, "Last paper")

    hers, whole = (made(user, meeting, kind=kind) for user in (member, secretary))

    def told(pack: Pack) -> str:
        archive = zipfile.ZipFile(BytesIO(content(pack))) if kind == "zip" else None
        text = pages(pack) if archive is None else [str(names(pack)), *archive_pages(archive)]
        return " ".join([*text, str(pack.contents)])

    assert "Canary" not in told(hers)
    assert b"Canary" not in content(hers)
    assert told(whole).count("Canary item") > 0
    assert told(whole).count("Canary paper") > 0
    assert [entry["number"] for entry in hers.contents["papers"]] == [1, 2]
    assert [entry["number"] for entry in whole.contents["papers"]] == [1, 2, 3, 4]


def archive_pages(archive: zipfile.ZipFile) -> list[str]:
    front = PdfReader(BytesIO(archive.read("00-Contents.pdf")))
    return [page.extract_text() for page in front.pages]


def test_two_members_share_a_pack_and_the_secretariat_has_another(meeting, group, member, secretary):
    paper(meeting, "Paper")
    paper(meeting, "Of the secretariat", audience="secretariat")

    packs_made = [made(user, meeting).pk for user in (member, make_member(group), secretary)]

    assert packs_made[0] == packs_made[1] != packs_made[2]
    assert Pack.objects.count() == 2


def test_a_paper_in_the_other_language_only_is_there_and_marked(meeting, member):
    make_document(meeting, languages=("ar",), title_en="Budget", file_ar=real("seventh-budget-ar.pdf"))

    pack = made(member, meeting)

    assert "Paper · In Arabic only · PDF · 1 page" in pages(pack)[0].splitlines()
    assert pack.pages == 2


def test_a_paper_that_is_no_pdf_has_a_sheet_that_says_so(meeting, member):
    make_document(meeting, title_en="Table of costs", file_en=ContentFile(b"PK", name="costs.xlsx"))
    paper(meeting, "After it")

    pack = made(member, meeting)

    sheet = pages(pack)[1]
    assert "Table of costs" in sheet
    assert "This paper is a file of another kind (XLSX)." in sheet
    assert numbered(sheet) == [f"Paper 1 · page 2 of {pack.pages}"]
    assert bookmarks(pack)[1:] == ["1. Table of costs", "2. After it"]


def locked() -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(PDF)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="owner", user="secret"))
    return out.getvalue()


BROKEN = {
    "empty": b"",
    "cut": PDF[:80],
    "no-page": PDF.replace(b"/Kids [3 0 R] /Count 1", b"/Kids [] /Count 0"),
    "flat": PDF.replace(b"[0 0 9 9]", b"[0 0 9 0]"),
    "locked": locked(),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_broken_paper_does_not_break_the_pack(meeting, member, content):
    make_document(meeting, title_en="Broken", file_en=ContentFile(content, name="broken.pdf"))
    paper(meeting, "Whole")

    pack = made(member, meeting)

    assert pack.state == "ready"
    assert "This paper’s file cannot be bound into one PDF." in " ".join(pages(pack)[1].split())
    assert bookmarks(pack)[1:] == ["1. Broken", "2. Whole"]


def test_a_page_too_small_for_a_stamp_stays_as_it_is(meeting, member):
    make_document(meeting, title_en="Tiny")

    assert numbered(pages(made(member, meeting))[1]) == []


@pytest.mark.parametrize("kind", ["pdf", "zip"])
def test_held_and_lost_papers_are_named_with_the_reason(meeting, member, kind):
    held, lost = paper(meeting, "Held"), paper(meeting, "Lost")
    HeldFile.objects.create(path=held.file_en.name)
    lost.file_en.storage.delete(lost.file_en.name)

    pack = made(member, meeting, kind=kind)

    if kind == "zip":
        told = " ".join(archive_pages(zipfile.ZipFile(BytesIO(content(pack)))))
        assert names(pack) == ["00-Contents.pdf"]
    else:
        told = " ".join(pages(pack))
    told = " ".join(told.split())
    assert "This paper is being checked for viruses." in told
    assert "The file of this paper is not there at the moment." in told


def test_a_zip_holds_the_files_as_they_are_under_numbered_names(meeting, member):
    paper(meeting, "A", title_ar="جدول الأعمال (المشروح)")
    make_document(meeting, title_ar="الكلفة", file_ar=ContentFile(b"PK...", name="costs.xlsx"))
    make_document(meeting, languages=("en",), title_ar="", title_en="Draft: 1/2")

    pack = made(member, meeting, language="ar", kind="zip")

    expected = ["01-جدول-الأعمال-المشروح.pdf", "02-الكلفة.xlsx", "03-Draft-1-2.pdf"]
    assert [name for name in names(pack) if not name.startswith("00-")] == expected
    archive = zipfile.ZipFile(BytesIO(content(pack)))
    assert archive.read(expected[0]) == real("seventh-agenda-ar.pdf").read()
    assert archive.read(expected[2]) == pdf_in("en")
    assert archive.testzip() is None
    assert (pack.pages, pack.size) == (None, len(content(pack)))


def _key(user, meeting) -> str:
    return packs.key_of(packs.contents_for(user, meeting, language="en", kind="pdf"))


def test_the_key_changes_with_whatever_the_pack_would_show(meeting, member, secretary):
    item, document = make_item(meeting, order=1), paper(meeting, "Paper")
    keys = [_key(member, meeting)]

    for record, change in [
        (document, {"file_en": real("seventh-synthesis-en.pdf")}),
        (document, {"title_en": "New title"}),
        (item, {"minutes": 40}),
        (item, {"audience": "secretariat"}),
        (document, {"audience": "secretariat"}),
    ]:
        for field, value in change.items():
            setattr(record, field, value)
        record.save(by=secretary)
        keys.append(_key(member, meeting))

    assert len(set(keys)) == len(keys)


def test_a_pack_with_a_paper_that_was_replaced_goes_when_the_next_is_asked_for(meeting, member):
    document = paper(meeting, "Paper")
    old = made(member, meeting)
    stored = old.file.name
    document.file_en = real("seventh-synthesis-en.pdf")
    document.save(by=None)

    new = made(member, meeting)

    assert list(Pack.objects.all()) == [new]
    assert new.file.name != stored


@pytest.mark.parametrize("role", [Role.TRANSLATOR, Role.AUDITOR])
def test_who_works_in_the_back_office_gets_what_she_may_see(meeting, role):
    paper(meeting, "For members", audience="members")
    paper(meeting, "Of the secretariat", audience="secretariat")

    contents = packs.contents_for(make_user(role), meeting, language="en", kind="pdf")

    expected = ["For members", "Of the secretariat"] if role == Role.AUDITOR else ["For members"]
    assert [entry["title"][0] for entry in contents["papers"]] == expected


def test_a_cancelled_meeting_says_so(group, member):
    meeting = make_meeting(group, status="cancelled")
    paper(meeting, "Paper")

    assert "This meeting is cancelled." in pages(made(member, meeting))[0]
