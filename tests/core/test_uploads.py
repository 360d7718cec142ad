import zipfile
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image

from apps.core.uploads import check_document, light_picture
from tests.factories import PDF, picture


def archive(*names: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return out.getvalue()


def open_document() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    return out.getvalue()


WORD = archive("[Content_Types].xml", "word/document.xml")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("paper.pdf", PDF),
        ("PAPER.PDF", PDF),
        ("paper.docx", WORD),
        ("table.xlsx", archive("[Content_Types].xml", "xl/workbook.xml")),
        ("slides.pptx", archive("[Content_Types].xml", "ppt/presentation.xml")),
        ("paper.odt", open_document()),
    ],
)
def test_s31_files_that_are_what_they_say_are_taken(name, content):
    assert check_document(ContentFile(content, name=name)) is None


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("page.html", b"<script>", "kind"),
        ("drawing.svg", b"<svg/>", "kind"),
        ("tool.exe", b"MZ", "kind"),
        ("noextension", PDF, "kind"),
        ("paper.pdf.exe", PDF, "kind"),
        ("paper.docm", WORD, "kind"),
        ("paper.pdf", b"MZ\x90\x00", "content"),
        ("paper.pdf", b"", "content"),
        ("paper.docx", PDF, "content"),
        ("paper.docx", b"PK\x03\x04 broken", "content"),
        ("paper.docx", archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "content"),
        ("table.xlsx", WORD, "content"),
        ("paper.odt", WORD, "content"),
    ],
)
def test_s31_files_that_are_not_what_they_say_are_refused(name, content, code):
    with pytest.raises(ValidationError) as error:
        check_document(ContentFile(content, name=name))

    assert error.value.code == code


def test_s36_a_file_over_the_limit_is_refused(settings):
    settings.UPLOAD_LIMIT_MB = 0

    with pytest.raises(ValidationError) as error:
        check_document(ContentFile(PDF, name="paper.pdf"))

    assert error.value.code == "size"


def test_s35_pictures_are_re_encoded_without_the_cameras_data():
    out = BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Camera maker"
    Image.new("RGB", (2400, 1600), "#0a4f6b").save(out, "JPEG", exif=exif)

    light = light_picture(ContentFile(out.getvalue(), name="photo.jpg"))
    reread = Image.open(light)

    assert (reread.format, reread.size) == ("WEBP", (1200, 800))
    assert not dict(reread.getexif())
    assert light.size <= 60 * 1024


def test_even_a_noisy_picture_ends_under_60_kb():
    noise = Image.effect_noise((1600, 1200), 120).convert("RGB")
    out = BytesIO()
    noise.save(out, "PNG")

    assert light_picture(ContentFile(out.getvalue(), name="noise.png")).size <= 60 * 1024


@pytest.mark.parametrize("content", [b"", b"not a picture", b"GIF89a", b"<svg xmlns='x'/>", picture().read()[:40]])
def test_s35_what_is_no_picture_is_refused(content):
    with pytest.raises(ValidationError) as error:
        light_picture(ContentFile(content, name="picture.png"))

    assert error.value.code == "content"


def test_s35_a_flood_of_points_is_refused_before_it_is_unpacked():
    header = picture(kind="PNG").read()
    # The width and height of a PNG stand at bytes 16 to 24; the check sum of that chunk is set right after.
    import struct
    import zlib

    chunk = b"IHDR" + struct.pack(">II", 65000, 65000) + header[24:29]
    flood = header[:12] + chunk + struct.pack(">I", zlib.crc32(chunk)) + header[33:]

    with pytest.raises(ValidationError) as error:
        light_picture(ContentFile(flood, name="flood.png"))

    assert error.value.code in {"points", "content"}
