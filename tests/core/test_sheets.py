import re
from contextlib import closing
from io import BytesIO

import pikepdf
import pytest
from pypdf import PdfReader

from apps.core.sheets import Sheets, stamps


def text_of(sheets: Sheets) -> list[str]:
    """Of each page, spaces made even."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(sheets.file()).pages]


def test_arabic_comes_out_in_the_order_in_which_it_is_read():
    sheets = Sheets("ar", "عنوان")
    sheets.paragraph("مُشَكَّلٌ لِلتَّجْرِبَةِ والاستشارية")

    assert text_of(sheets) == ["مُشَكَّلٌ لِلتَّجْرِبَةِ والاستشارية"]


@pytest.mark.parametrize("fragile", ["10:00–14:00", "+971 50 123 4567", "RSAG/2026/7/1", "amal@example.org"])
def test_what_scrambles_in_an_arabic_line_is_set_in_one_piece(fragile):
    sheets = Sheets("ar", "عنوان")
    sheets.paragraph(f"قبل {fragile} بعد")

    assert fragile in text_of(sheets)[0].replace("\u00a0", " ")
    assert len(placed(sheets)) == 3


def test_vowel_marks_leave_a_word_joined():
    """They have no width of their own, so the word is as wide as without them when its letters have the same forms."""
    sheets = Sheets("ar", "عنوان")
    sheets.paragraph("نص")

    with closing(sheets):
        assert sheets.get_string_width("مُشَكَّلٌ") == pytest.approx(sheets.get_string_width("مشكل"))


def placed(sheets: Sheets) -> list[float]:
    """From the left, in points, where each piece of text starts."""
    with pikepdf.open(sheets.file()) as pdf:
        stream = pdf.pages[0].Contents.read_bytes()
    return [float(found) for found in re.findall(rb"BT ([\d.]+) [\d.]+ Td", stream)]


def test_rows_are_mirrored_in_arabic():
    places = {}
    for language, text in (("ar", "ورقة"), ("en", "Paper")):
        sheets = Sheets(language, "")
        sheets.row("1", text, "7")
        places[language] = placed(sheets)

    number, text, page = places["en"]
    assert number < text < page
    number, text, page = places["ar"]
    assert number > text > page


def test_each_page_has_its_foot():
    sheets = Sheets("ar", "عنوان", foot=lambda page: f"صفحة {page} من 2")
    for number in range(45):
        sheets.row(str(number), "ورقة", str(number))

    first, second = text_of(sheets)

    assert re.sub(r"\s", "", first).endswith("صفحة1من2")
    assert re.sub(r"\s", "", second).endswith("صفحة2من2")


def test_the_document_says_its_language_its_title_and_its_headings():
    sheets = Sheets("ar", "جدول الأعمال")
    sheets.heading("الأوراق")
    sheets.heading("الأولى", level=2)

    with pikepdf.open(sheets.file()) as pdf, pdf.open_outline() as outline:
        assert str(pdf.Root.Lang) == "ar"
        assert str(pdf.docinfo["/Title"]) == "جدول الأعمال"
        assert [(item.title, [part.title for part in item.children]) for item in outline.root] == [
            ("الأوراق", ["الأولى"])
        ]


def test_all_fonts_are_embedded():
    sheets = Sheets("ar", "")
    sheets.heading("عنوان")
    sheets.paragraph("نص and text")

    fonts = PdfReader(sheets.file()).pages[0]["/Resources"]["/Font"]

    described = [font["/DescendantFonts"][0]["/FontDescriptor"] for font in fonts.values()]
    assert len(described) == 2
    assert all("/FontFile2" in descriptor for descriptor in described)


def test_a_stamp_is_as_large_as_the_page_it_is_for():
    pages = PdfReader(BytesIO(stamps("en", [(842, 595, "Paper 1"), (300, 400, "Paper 2")]).getvalue())).pages

    assert [(round(page.mediabox.width), round(page.mediabox.height)) for page in pages] == [(842, 595), (300, 400)]
    assert [page.extract_text().strip() for page in pages] == ["Paper 1", "Paper 2"]
