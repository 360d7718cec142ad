"""Files from people: what may come in, told by the content and not by the name.

A document is measured before it is opened, refused when it acts by itself, and shown to the virus scanner. A picture is
painted anew: nothing of the file that was sent remains.
"""

import re
from io import BytesIO
from pathlib import PurePath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from apps.core import scanner
from apps.core.office import MAIN_PARTS, check_office, is_program
from apps.core.pdfs import check_pdf

_PICTURES = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}
DOCUMENT_EXTENSIONS = ("pdf", *MAIN_PARTS, "odt")
PICTURE_EXTENSIONS = tuple(_PICTURES)
_PICTURE_WIDTH = 1200
_PICTURE_BYTES = 60 * 1024
_PICTURE_POINTS = 40_000_000
# Controls, and letters that turn the direction or cannot be seen: a name must be what it looks like.
_DECEIVING = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def extension_of(name: str) -> str:
    return PurePath(name).suffix.lower().lstrip(".")


def check_name(name: str) -> None:
    """Raises ValidationError for a name that deceives: it is not kept, but people have read it before they sent it."""
    inner = name.lower().split(".")[1:-1]
    if _DECEIVING.search(name) or re.search(r'[/\\\\:*?"<>|]', name) or any(is_program(part.strip()) for part in inner):
        raise ValidationError(_("The name of this file is misleading. Rename it, then send it again."), code="name")


def check_document(file) -> None:
    """Raises ValidationError with a sentence for the uploader; the file is left at its start.

    ``file.is_scanned`` tells afterwards whether the scanner has seen it; what it has not seen is held back when saved.
    """
    check_name(file.name)
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
    file.seek(0)
    if extension == "pdf":
        check_pdf(file)
    else:
        check_office(file, extension)
    file.seek(0)
    _scan(file)


def _scan(file) -> None:
    if not scanner.is_on():
        return
    try:
        if not scanner.is_clean(file):
            raise ValidationError(
                _("The virus scanner has found something in this file. Do not send it on; ask whoever made it."),
                code="virus",
            )
    except scanner.ScannerAwayError:
        return
    file.is_scanned = True


def light_picture(file) -> ContentFile:
    """The picture re-encoded as WebP of at most 60 KB without the camera's data (place, device, owner).

    Raises ValidationError with a sentence for the uploader.
    """
    unreadable = ValidationError(_("This is not a picture that can be read. Send a JPEG, PNG or WebP."), code="content")
    if file.size > settings.UPLOAD_LIMIT_MB * 1024 * 1024:
        raise unreadable
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
    painted = ContentFile(out.getvalue(), name="picture.webp")
    painted.is_scanned = True
    return painted
