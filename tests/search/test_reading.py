"""Texts of papers, read in the background."""

import io

import docx
import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile

from apps.core.models import HeldFile
from apps.search import indexing, tasks
from apps.search.answering import answer
from apps.search.models import SearchDocument, Spelling
from apps.search.reading import text_of
from tests.factories import make_document, make_group, make_meeting

pytestmark = pytest.mark.django_db


def docx_of(*paragraphs: str, cell: str = "") -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if cell:
        document.add_table(1, 1).cell(0, 0).text = cell
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pdf_of(text: str) -> bytes:
    from fpdf import FPDF

    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica")
    pdf.multi_cell(0, 10, text)
    return bytes(pdf.output())


def test_a_docx_is_read_with_its_tables():
    file = ContentFile(docx_of("عن النيازك", cell="في خلية"))

    assert text_of(file, "documents/x.docx") == "عن النيازك\nفي خلية"


def test_a_pdf_is_read():
    assert text_of(ContentFile(pdf_of("Meteors above the bridge")), "documents/x.PDF") == "Meteors above the bridge"


@pytest.mark.parametrize("name", ["x.pdf", "x.docx", "x.png", "x"])
def test_what_cannot_be_read_has_no_text(name):
    assert text_of(ContentFile(b"%PDF-1.7 broken"), name) == ""


def paper(content: bytes, name: str = "paper.docx"):
    meeting = make_meeting(make_group())
    return make_document(meeting, languages=(), title_ar="ورقة", file_ar=ContentFile(content, name=name), file_en=None)


def found(word: str) -> list[str]:
    answered = answer(word, AnonymousUser(), language="ar", chosen={})
    return [result.document.heading for result in answered.results]


def test_a_paper_is_found_by_its_title_at_once_and_by_its_text_once_it_is_read():
    record = paper(docx_of("كلام عن النيازك"))
    indexing.refresh([("paper", record.pk)])

    assert found("ورقة") == ["ورقة"]
    assert found("نيازك") == []

    assert tasks.read_files.func() == 1
    assert found("نيازك") == ["ورقة"]
    assert Spelling.objects.filter(folded="نيازك").exists()
    assert tasks.read_files.func() == 0


def test_a_text_that_was_read_stays_when_the_paper_is_indexed_again():
    record = paper(docx_of("كلام عن النيازك"))
    indexing.refresh([("paper", record.pk)])
    tasks.read_files.func()

    indexing.reindex(kinds=["paper"])

    assert found("نيازك") == ["ورقة"]
    assert tasks.read_files.func() == 0


def test_another_file_is_read_anew():
    record = paper(docx_of("كلام عن النيازك"))
    indexing.refresh([("paper", record.pk)])
    tasks.read_files.func()
    record.file_ar = ContentFile(docx_of("كلام عن الكسوف"), name="other.docx")
    record.save()
    indexing.refresh([("paper", record.pk)])

    assert found("نيازك") == []

    tasks.read_files.func()
    assert found("كسوف") == ["ورقة"]


def test_a_file_that_waits_for_the_virus_scanner_is_not_opened():
    record = paper(docx_of("كلام عن النيازك"))
    HeldFile.objects.create(path=record.file_ar.name)
    indexing.refresh([("paper", record.pk)])

    assert tasks.read_files.func() == 0
    assert not SearchDocument.objects.get(kind="paper").is_read


def test_a_broken_file_is_tried_once():
    record = paper(docx_of("x"))
    with record.file_ar.storage.open(record.file_ar.name, "wb") as file:
        file.write(b"broken")
    indexing.refresh([("paper", record.pk)])

    assert tasks.read_files.func() == 1
    assert found("ورقة") == ["ورقة"]
    assert tasks.read_files.func() == 0
