"""Files from people: what may come in, told by the content and not by the name."""

import zipfile
from io import BytesIO
from pathlib import PurePath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

# What must lie inside the archive of an office document for it to be what its name says.
_OFFICE_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.text"
_PICTURES = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}
DOCUMENT_EXTENSIONS = ("pdf", *_OFFICE_PARTS, "odt")
PICTURE_EXTENSIONS = tuple(_PICTURES)
_PICTURE_WIDTH = 1200
_PICTURE_BYTES = 60 * 1024
_PICTURE_POINTS = 40_000_000


def extension_of(name: str) -> str:
    return PurePath(name).suffix.lower().lstrip(".")


def _is_office(file, part: str) -> bool:
    try:
        names = zipfile.ZipFile(file).namelist()
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError):
        return False
    return "[Content_Types].xml" in names and part in names and not any("vbaProject" in name for name in names)


def _is_what_it_says(file, extension: str) -> bool:
    file.seek(0)
    head = file.read(128)
    file.seek(0)
    if extension == "pdf":
        return head.startswith(b"%PDF-")
    if extension == "odt":
        return head.startswith(b"PK") and _OPEN_DOCUMENT in head
    return head.startswith(b"PK\x03\x04") and _is_office(file, _OFFICE_PARTS[extension])


def check_document(file) -> None:
    """Raises ValidationError with a sentence for the uploader; the file is left at its start."""
    extension = extension_of(file.name)
    if extension not in DOCUMENT_EXTENSIONS:
        raise ValidationError(
            _("Files of this kind are not taken. Send one of these: %(kinds)s."),
            code="kind",
            params={"kinds": ", ".join(DOCUMENT_EXTENSIONS)},
        )
    if file.size > settings.UPLOAD_LIMIT_MB * 1024 * 1024:
        raise ValidationError(
            _("This file is %(size)s. At most %(limit)s MB are taken."),
            code="size",
            params={"size": filesizeformat(file.size), "limit": settings.UPLOAD_LIMIT_MB},
        )
    if not _is_what_it_says(file, extension):
        raise ValidationError(
            _("The content of this file is not %(kind)s, as its name says. Save it again in that format."),
            code="content",
            params={"kind": extension.upper()},
        )
    file.seek(0)


def light_picture(file) -> ContentFile:
    """The picture re-encoded as WebP of at most 60 KB without the camera's data (place, device, owner).

    Raises ValidationError with a sentence for the uploader.
    """
    unreadable = ValidationError(_("This is not a picture that can be read. Send a JPEG, PNG or WebP."), code="content")
    try:
        file.seek(0)
        picture = Image.open(file, formats=sorted(set(_PICTURES.values())))
        if picture.width * picture.height > _PICTURE_POINTS:
            raise ValidationError(_("This picture has too many points. Send one of at most 40 million."), code="points")
        picture = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        raise unreadable from None
    picture.thumbnail((_PICTURE_WIDTH, _PICTURE_WIDTH))
    for width, quality in [(1200, 80), (1200, 65), (1200, 50), (900, 50), (640, 45), (480, 35)]:
        picture.thumbnail((width, width))
        out = BytesIO()
        picture.save(out, "WEBP", quality=quality, method=4)
        if out.tell() <= _PICTURE_BYTES:
            break
    return ContentFile(out.getvalue(), name="picture.webp")
