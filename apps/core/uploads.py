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

_PICTURES = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}
DOCUMENT_EXTENSIONS = ("pdf", *MAIN_PARTS, "odt")
PICTURE_WIDTHS = (1200, 800, 400)  # largest first
_WEBP_BYTES = {1200: 60 * 1024, 800: 40 * 1024, 400: 20 * 1024}
_FALLBACK_WIDTH, _FALLBACK_BYTES = 800, 60 * 1024
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
        from apps.core.pdfs import check_pdf  # large, and rarely wanted: a web process loads it when somebody does

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


def picture_files(file) -> dict[int | str, ContentFile]:
    """The picture painted anew, without the camera's data (place, device, owner): WebP by width, and a JPEG.

    A width is an upper bound: nothing is made larger than it was sent. The JPEG has the key ``fallback``. Raises
    ValidationError with a sentence for the uploader.
    """
    check_name(file.name or "")
    picture = _opened_picture(file)
    files = {width: _painted(picture, width, "WEBP", _WEBP_BYTES[width]) for width in PICTURE_WIDTHS}
    return {**files, "fallback": _painted(picture, _FALLBACK_WIDTH, "JPEG", _FALLBACK_BYTES)}


def _opened_picture(file) -> Image.Image:
    """No larger than the largest width; refused by its size before any point of it is read."""
    unreadable = ValidationError(_("This is not a picture that can be read. Send a JPEG, PNG or WebP."), code="content")
    if file.size > settings.UPLOAD_LIMIT_MB * 1024 * 1024:
        raise unreadable
    try:
        file.seek(0)
        picture = Image.open(file, formats=sorted(set(_PICTURES.values())))
        if picture.width * picture.height > _PICTURE_POINTS:
            raise ValidationError(_("This picture has too many points. Send one of at most 40 million."), code="points")
        picture = _on_white(ImageOps.exif_transpose(picture))
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        raise unreadable from None
    picture.thumbnail((PICTURE_WIDTHS[0], PICTURE_WIDTHS[0] * 2))
    return picture


def _on_white(picture: Image.Image) -> Image.Image:
    """What one could see through shows paper, not the black that a JPEG would put there."""
    if picture.mode not in ("RGBA", "LA", "PA") and "transparency" not in picture.info:
        return picture.convert("RGB")
    picture = picture.convert("RGBA")
    paper = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(paper, picture).convert("RGB")


def _coarser(picture: Image.Image, factor: int) -> Image.Image:
    """Of the same size with so many times less detail, which takes fewer bytes."""
    if factor == 1:
        return picture
    small = picture.resize((max(1, picture.width // factor), max(1, picture.height // factor)), Image.Resampling.BOX)
    return small.resize(picture.size, Image.Resampling.BICUBIC)


def _painted(picture: Image.Image, width: int, kind: str, limit: int) -> ContentFile:
    """As good as fits into ``limit`` bytes: first the quality goes down, then the detail; the width stays."""
    if picture.width > width:
        height = max(1, round(picture.height * width / picture.width))
        picture = picture.resize((width, height), Image.Resampling.LANCZOS)
    for detail, quality in ((1, 80), (1, 65), (1, 50), (1, 35), (2, 35), (4, 35), (8, 20)):
        out = BytesIO()
        _coarser(picture, detail).save(out, kind, quality=quality)
        if out.tell() <= limit:
            break
    painted = ContentFile(out.getvalue(), name=f"picture.{'jpg' if kind == 'JPEG' else 'webp'}")
    painted.is_scanned = True
    return painted
