"""What people send: honest files come in, hostile ones are refused with a sentence, before anything is unpacked."""

import tracemalloc
import zipfile
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from pikepdf import Dictionary, Encryption, Name, ObjectStreamMode
from PIL import Image

from apps.core.uploads import DOCUMENT_EXTENSIONS, check_document, picture_files
from tests.core import files
from tests.core.files import odt, office, pdf, relation, relations
from tests.factories import picture

SHEET = "xl/worksheets/sheet1.xml"
MEGABYTE = 1024 * 1024


def word(text: str) -> dict:
    return {"word/document.xml": f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="w">{text}</w:document>'}


def document_relations(*rows: str) -> dict:
    return {"word/_rels/document.xml.rels": relations(*rows)}


def spoken(kind: str, content: bytes) -> bytes:
    return office("docx", {f"word/embeddings/{kind}": content})


HONEST = {
    "pdf": ("paper.pdf", pdf()),
    "pdf, upper case": ("PAPER.PDF", pdf()),
    "pdf, arabic name": ("ورقة الموقف (نهائية).pdf", pdf()),
    "pdf, packed objects": ("paper.pdf", pdf(object_stream_mode=ObjectStreamMode.generate)),
    "pdf, link": ("paper.pdf", pdf(files.on_link({"/S": Name.URI, "/URI": "https://example.org"}))),
    "pdf, opens at a page": ("paper.pdf", pdf(files.with_action({"/S": Name.GoTo, "/D": "x"}))),
    "pdf, empty lines at the end": ("paper.pdf", pdf() + b"\r\n\r\n\x00"),
    "pdf, may not be printed": ("paper.pdf", pdf(encryption=Encryption(owner="x", user=""))),
    "docx": ("paper.docx", office()),
    "docx, dots in its name": ("v1.2.final.docx", office()),
    "docx, link": ("a.docx", office("docx", document_relations(relation("hyperlink", "https://a.org", "External")))),
    "docx, mail link": (
        "a.docx",
        office("docx", document_relations(relation("hyperlink", "mailto:a@a.org", "External"))),
    ),
    "docx, picture": ("a.docx", office("docx", {"word/media/image1.png": picture().read()})),
    "docx, drawing": ("a.docx", office("docx", {"word/media/image1.svg": "<svg/>"})),
    "docx, table of contents": ("a.docx", office("docx", word("<w:instrText>TOC \\o</w:instrText>"))),
    "docx, says ADDED": ("a.docx", office("docx", word("<w:t>DDE is added</w:t>"))),
    "docx, chart with its table": ("a.docx", spoken("Microsoft_Excel_Sheet1.xlsx", office("xlsx"))),
    "docx, long text": ("a.docx", office("docx", word("".join(f"<w:t>{n} نص طويل</w:t>" for n in range(90_000))))),
    "xlsx": ("table.xlsx", office("xlsx")),
    "xlsx, sums": ("table.xlsx", office("xlsx", {SHEET: "<worksheet><f>SUM(A1:A9)</f></worksheet>"})),
    "xlsx, printer": ("table.xlsx", office("xlsx", {"xl/printerSettings/printerSettings1.bin": b"\0\1"})),
    "pptx": ("slides.pptx", office("pptx")),
    "odt": ("paper.odt", odt()),
    "odt, link": ("paper.odt", odt(body='<text:a xlink:href="https://example.org/">x</text:a>')),
    "odt, picture": ("paper.odt", odt(body='<draw:image xlink:href="Pictures/a.png"/>')),
}

HOSTILE = {
    # Kinds and names
    **{
        f"kind: {name}": (name, b"x", "kind")
        for name in [
            "page.html",
            "drawing.svg",
            "data.xml",
            "tool.exe",
            "script.js",
            "run.hta",
            "a.docm",
            "a.xlsm",
            "a.zip",
            "a.rtf",
            "a.doc",
            "a.pdf.",
            "pdf",
        ]
    },
    "double extension": ("paper.exe.pdf", pdf(), "name"),
    "double extension, html": ("paper.html.docx", office(), "name"),
    "turned direction": ("paper\u202efdp.pdf", pdf(), "name"),
    "isolated direction": ("paper\u2067x.pdf", pdf(), "name"),
    "invisible letter": ("pa\u200bper.pdf", pdf(), "name"),
    "tag letters": ("paper\U000e0041.pdf", pdf(), "name"),
    "new line": ("paper\n.pdf", pdf(), "name"),
    "quotes": ('pa"per.pdf', pdf(), "name"),
    # Content that is something else
    "program as pdf": ("paper.pdf", b"MZ\x90\x00", "content"),
    "nothing": ("paper.pdf", b"", "content"),
    "page as pdf": ("paper.pdf", b"<!doctype html><script>1</script>", "content"),
    "pdf as docx": ("paper.docx", pdf(), "content"),
    "docx as xlsx": ("table.xlsx", office(), "content"),
    "docx as odt": ("paper.odt", office(), "content"),
    "odt as docx": ("paper.docx", odt(), "content"),
    "spreadsheet as odt": (
        "a.odt",
        files.packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}),
        "content",
    ),
    "odt, kind not first": ("a.odt", odt(first="Pictures/a"), "content"),
    # Two in one
    "page in a pdf's head": ("a.pdf", b"%PDF-1.7\n<html><script>1</script>\n" + pdf()[9:], "content"),
    "archive behind a pdf": ("a.pdf", pdf() + files.packed({"a": "x"}) + b"%%EOF", "content"),
    "something behind a pdf": ("a.pdf", pdf() + b"<?php 1 ?>", "content"),
    "something before a pdf": ("a.pdf", b"GIF89a/*" + pdf(), "content"),
    "something behind an archive": ("a.docx", office() + b"<script>1</script>", "content"),
    "something before an archive": ("a.docx", b"#!/bin/sh\n" + office(), "content"),
    # Bombs
    "one part from a thousand times less": ("a.docx", office("docx", {"word/a.xml": b" " * 20 * MEGABYTE}), "content"),
    "a part of 100 MB": ("a.xlsx", office("xlsx", {SHEET: b"0" * 100 * MEGABYTE}), "content"),
    "a hundred thousand parts": ("a.docx", files.too_many_entries(office()), "content"),
    "five thousand parts": ("a.docx", files.many_parts(5000), "content"),
    "an archive in the archive": ("a.docx", office("docx", {"word/media/a.zip": b"PK"}), "content"),
    "a document in a document in a document": ("a.docx", spoken("a.docx", spoken("b.docx", office())), "content"),
    "a bomb in a chart": ("a.docx", spoken("a.xlsx", office("xlsx", {SHEET: b" " * 20 * MEGABYTE})), "content"),
    "a size that is a lie": ("a.docx", files.lying_size(office("docx", word("x" * 5000))), "content"),
    "entities": (
        "a.docx",
        office("docx", {"word/document.xml": '<!DOCTYPE a [<!ENTITY a "aa">]><a>&a;</a>'}),
        "content",
    ),
    "a file of the server": (
        "a.docx",
        office("docx", {"_rels/.rels": '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]><a>&a;</a>'}),
        "content",
    ),
    "another alphabet": ("a.docx", office("docx", {"word/document.xml": "<a/>".encode("utf-16")}), "content"),
    "an unusual encoding": (
        "a.docx",
        office("docx", {"word/a.xml": '<?xml version="1.0" encoding="UTF-7"?><a/>'}),
        "content",
    ),
    # Paths
    "way up": ("a.docx", office("docx", {"../../etc/cron.d/a": "x"}), "content"),
    "absolute way": ("a.docx", office("docx", {"/etc/passwd": "x"}), "content"),
    "way of another system": ("a.docx", office("docx", {"word\\..\\a.xml": "x"}), "content"),
    # Macros and programs
    "macros": ("a.docx", office("docx", {"word/vbaProject.bin": b"x"}), "content"),
    "macros, other letters": ("a.docx", office("docx", {"word/VBAPROJECT.BIN": b"x"}), "content"),
    "macros, under another name": (
        "a.docx",
        office(types='<Override PartName="/word/a.foo" ContentType="application/vnd.ms-office.vbaProject"/>'),
        "content",
    ),
    "macros, by its kind": (
        "a.docx",
        office(types='<Override PartName="/a" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'),
        "content",
    ),
    "macros of old sheets": ("a.xlsx", office("xlsx", {"xl/macrosheets/sheet1.xml": "<a/>"}), "content"),
    "controls": ("a.docx", office("docx", {"word/activeX/activeX1.bin": b"x"}), "content"),
    "object": ("a.docx", spoken("oleObject1.bin", b"\xd0\xcf\x11\xe0"), "content"),
    "program inside": ("a.docx", spoken("a.exe", b"MZ"), "content"),
    "page inside": ("a.docx", office("docx", {"word/a.html": "<script>1</script>"}), "content"),
    "pdf inside": ("a.docx", spoken("a.pdf", pdf()), "content"),
    # Fetching and starting
    "template elsewhere": (
        "a.docx",
        office(
            "docx",
            {
                "word/_rels/settings.xml.rels": relations(
                    relation("attachedTemplate", "https://a.org/t.dotm", "External")
                )
            },
        ),
        "content",
    ),
    "picture elsewhere": (
        "a.docx",
        office("docx", document_relations(relation("image", "https://a.org/1.png", "External"))),
        "content",
    ),
    "share elsewhere": (
        "a.docx",
        office("docx", document_relations(relation("frame", "\\\\a\\b", "External"))),
        "content",
    ),
    "link that is a script": (
        "a.docx",
        office("docx", document_relations(relation("hyperlink", "javascript:1", "External"))),
        "content",
    ),
    "link into the computer": (
        "a.docx",
        office("docx", document_relations(relation("hyperlink", "file:///c:/a.exe", "External"))),
        "content",
    ),
    "search handler": (
        "a.docx",
        office("docx", document_relations(relation("oleObject", "ms-msdt:x", "External"))),
        "content",
    ),
    "main part under another name": (
        "a.docx",
        office("docx", {"_rels/.rels": relations(relation("officeDocument", "word/evil.foo"))}),
        "content",
    ),
    "dde": ("a.docx", office("docx", word("<w:instrText>DDEAUTO c:\\cmd</w:instrText>")), "content"),
    "dde in pieces": (
        "a.docx",
        office("docx", word("<w:instrText>DD</w:instrText><w:t/><w:instrText>E cmd</w:instrText>")),
        "content",
    ),
    "dde in numbers": ("a.docx", office("docx", word("<w:instrText>&#68;&#x44;E cmd</w:instrText>")), "content"),
    "dde in an attribute": ("a.docx", office("docx", word("<w:fldSimple w:instr='DDE cmd'/>")), "content"),
    "dde, other prefix": ("a.docx", office("docx", word("<x:instrText xmlns:x='w'>DDE cmd</x:instrText>")), "content"),
    "dde in a sheet": ("a.xlsx", office("xlsx", {SHEET: "<worksheet><f>cmd|'/c calc'!A0</f></worksheet>"}), "content"),
    "dde link of a book": (
        "a.xlsx",
        office("xlsx", {"xl/externalLinks/externalLink1.xml": '<a><ddeLink ddeService="cmd"/></a>'}),
        "content",
    ),
    "web service": (
        "a.xlsx",
        office("xlsx", {SHEET: '<worksheet><f>_xlfn.WEBSERVICE("http://a")</f></worksheet>'}),
        "content",
    ),
    "odt, macro": ("a.odt", odt({"Basic/Standard/Module1.xml": "<a/>"}), "content"),
    "odt, script": ("a.odt", odt({"Scripts/python/a.py": "x"}), "content"),
    "odt, event": ("a.odt", odt(body='<script:event-listener script:event-name="dom:load"/>'), "content"),
    "odt, script link": ("a.odt", odt(body='<text:a xlink:href="vnd.sun.star.script:a"/>'), "content"),
    "odt, macro link in single quotes": ("a.odt", odt(body="<text:a xlink:href=' macro:a'/>"), "content"),
    "odt, dde": ("a.odt", odt(body='<text:dde-connection text:connection-name="a"/>'), "content"),
    "odt, picture elsewhere": ("a.odt", odt(body='<draw:image xlink:href="https://a.org/1.png"/>'), "content"),
    "odt, frame": ("a.odt", odt(body='<draw:floating-frame xlink:href="a"/>'), "content"),
    "odt, locked": ("a.odt", odt({"META-INF/manifest.xml": "<a><encryption-data/></a>"}), "content"),
    # PDFs that act
    "pdf, script": ("a.pdf", pdf(files.with_action({"/S": Name.JavaScript, "/JS": "1"})), "active"),
    "pdf, script, packed": (
        "a.pdf",
        pdf(files.with_action({"/S": Name.JavaScript, "/JS": "1"}), object_stream_mode=ObjectStreamMode.generate),
        "active",
    ),
    "pdf, script, in numbers": (
        "a.pdf",
        pdf(files.with_action({"/S": Name.JavaScript, "/JS": "1"}))
        .replace(b"/JavaScript", b"/J#61v#61Script")
        .replace(b"/JS", b"/J#53"),
        "active",
    ),
    "pdf, script of a page": ("a.pdf", pdf(files.on_page), "active"),
    "pdf, named script": ("a.pdf", pdf(files.script_names), "active"),
    "pdf, starts a program": ("a.pdf", pdf(files.with_action({"/S": Name.Launch, "/F": "cmd.exe"})), "active"),
    "pdf, link starts a program": ("a.pdf", pdf(files.on_link({"/S": Name.Launch, "/F": "cmd.exe"})), "active"),
    "pdf, sends a form": ("a.pdf", pdf(files.on_link({"/S": Name.SubmitForm, "/F": "https://a.org"})), "active"),
    "pdf, then a script": (
        "a.pdf",
        pdf(files.with_action({"/S": Name.GoTo, "/D": "x", "/Next": Dictionary(S=Name.JavaScript, JS="1")})),
        "active",
    ),
    "pdf, file inside": ("a.pdf", pdf(files.attach), "active"),
    "pdf, form of its own kind": ("a.pdf", pdf(files.form_of_adobe), "active"),
    "pdf, film": ("a.pdf", pdf(files.rich_media), "active"),
    "pdf, locked": ("a.pdf", pdf(encryption=Encryption(owner="x", user="y")), "locked"),
    "pdf, cut off": ("a.pdf", pdf()[:-30], "content"),
    "pdf, only its marks": ("a.pdf", b"%PDF-1.7\n%%EOF", "content"),
}


@pytest.mark.parametrize("case", HONEST)
def test_s31_honest_files_are_taken(case):
    name, content = HONEST[case]
    file = ContentFile(content, name=name)

    assert check_document(file) is None
    assert file.tell() == 0


@pytest.mark.parametrize("case", HOSTILE)
def test_s31_s32_s34_s59_hostile_files_are_refused_with_a_sentence(case):
    name, content, code = HOSTILE[case]

    with pytest.raises(ValidationError) as error:
        check_document(ContentFile(content, name=name))

    assert error.value.code == code
    assert error.value.messages[0].endswith(".")


def test_the_corpus_is_as_large_as_the_docs_say():
    assert (len(HONEST), len(HOSTILE)) == (25, 100)


@pytest.mark.parametrize("extension", DOCUMENT_EXTENSIONS)
def test_no_cut_off_file_breaks_the_check(extension):
    """Whatever remains of a file when a connection ends is taken or refused; nothing else happens."""
    content = {"pdf": pdf(), "odt": odt()}.get(extension) or office(extension)
    for end in range(0, len(content), 37):
        with pytest.raises(ValidationError):
            check_document(ContentFile(content[:end], name=f"a.{extension}"))


def test_s34_a_bomb_is_refused_without_being_unpacked():
    bomb = ContentFile(office("docx", {"word/a.xml": b" " * 60 * MEGABYTE}), name="a.docx")
    tracemalloc.start()
    with pytest.raises(ValidationError):
        check_document(bomb)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 2 * MEGABYTE


def test_an_archive_with_a_password_is_refused():
    content = bytearray(office())
    with zipfile.ZipFile(BytesIO(content)) as archive:
        start = archive.start_dir
    content[start + 8] |= 1

    with pytest.raises(ValidationError):
        check_document(ContentFile(bytes(content), name="a.docx"))


def test_s36_a_file_over_the_limit_is_refused(settings):
    settings.UPLOAD_LIMIT_MB = 0

    with pytest.raises(ValidationError) as error:
        check_document(ContentFile(pdf(), name="paper.pdf"))

    assert error.value.code == "size"


def test_s35_pictures_are_re_encoded_without_the_cameras_data():
    out = BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Camera maker"
    Image.new("RGB", (2400, 1600), "#0a4f6b").save(out, "JPEG", exif=exif)

    painted = picture_files(ContentFile(out.getvalue(), name="photo.jpg"))

    reread = {key: Image.open(file) for key, file in painted.items()}
    assert {key: (found.format, found.size) for key, found in reread.items()} == {
        1200: ("WEBP", (1200, 800)),
        800: ("WEBP", (800, 533)),
        400: ("WEBP", (400, 267)),
        "fallback": ("JPEG", (800, 533)),
    }
    assert [dict(found.getexif()) for found in reread.values()] == [{}] * 4


def test_even_a_noisy_picture_ends_under_60_kb():
    noise = Image.effect_noise((1600, 1200), 120).convert("RGB")
    out = BytesIO()
    noise.save(out, "PNG")

    painted = picture_files(ContentFile(out.getvalue(), name="noise.png"))

    assert max(file.size for file in painted.values()) <= 60 * 1024


def test_what_one_sees_through_shows_paper():
    out = BytesIO()
    Image.new("RGBA", (4, 4), (255, 0, 0, 0)).save(out, "PNG")

    painted = picture_files(ContentFile(out.getvalue(), name="logo.png"))

    assert Image.open(painted["fallback"]).getpixel((1, 1)) == (255, 255, 255)


@pytest.mark.parametrize("content", [b"", b"not a picture", b"GIF89a", b"<svg xmlns='x'/>", picture().read()[:40]])
def test_s35_what_is_no_picture_is_refused(content):
    with pytest.raises(ValidationError) as error:
        picture_files(ContentFile(content, name="picture.png"))

    assert error.value.code == "content"


@pytest.mark.parametrize(("width", "height"), [(65_000, 65_000), (1, 2_000_000_000), (7000, 6000)])
def test_s35_a_flood_of_points_is_refused_before_it_is_unpacked(width, height):
    with pytest.raises(ValidationError) as error:
        picture_files(ContentFile(files.flood(width, height), name="flood.png"))

    assert error.value.code in {"points", "content"}
