"""PDFs from people: only those that show, none that act. qpdf reads them, through pikepdf."""

import re

import pikepdf
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_HEADER = re.compile(rb"%PDF-[12]\.\d")
_MARKUP = re.compile(rb"<(!doctype|html|script|svg|\?xml|body|iframe)", re.IGNORECASE)
_ZIP_END = b"PK\x05\x06"
_MOST_OBJECTS = 200_000

# What a name stands for is decided by qpdf, which knows all spellings of it (#4A avaScript) and opens object streams.
_ACTIONS = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/Rendition", "/RichMediaExecute"}
_KEYS = {"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent", "/RichMediaSettings", "/Launch"}
_TYPES = {"/EmbeddedFile"}


def check_pdf(file) -> None:
    """Raises ValidationError with a sentence for the uploader."""
    content = file.read()
    file.seek(0)
    end = content.rfind(b"%%EOF")
    is_whole = _HEADER.match(content) and end > 0 and not content[end + 5 :].strip(b"\x00\t\n\x0c\r ")
    if not is_whole or _MARKUP.search(content[:2048]) or _ZIP_END in content[-66_000:]:
        raise ValidationError(_broken(), code="content")
    try:
        with pikepdf.open(file) as pdf:
            if len(pdf.objects) > _MOST_OBJECTS or not len(pdf.pages):
                raise ValidationError(_broken(), code="content")
            acts = any(_acts(item) for item in [pdf.trailer, *pdf.objects])
    except pikepdf.PasswordError:
        raise ValidationError(
            _("This document is locked with a password. Save it without one."), code="locked"
        ) from None
    except (pikepdf.PdfError, RuntimeError, ValueError, RecursionError):
        raise ValidationError(_broken(), code="content") from None
    finally:
        file.seek(0)
    if acts:
        raise ValidationError(
            _("This PDF holds a script, a form that sends itself, or another file inside. Print it to a new PDF."),
            code="active",
        )


def _broken() -> str:
    return _("This PDF is damaged or holds something else besides. Print it to a new PDF and send that.")


def _acts(item) -> bool:
    """Whether an object, or a direct one inside it, does something by itself. References are other items' turn."""
    open_items = [item]
    while open_items:
        thing = open_items.pop()
        if isinstance(thing, pikepdf.Array):
            open_items += [part for part in thing if _is_direct(part)]
        elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            entries = dict(thing.items())
            if not _KEYS.isdisjoint(entries):
                return True
            if str(entries.get("/S", "")) in _ACTIONS or str(entries.get("/Type", "")) in _TYPES:
                return True
            open_items += [part for part in entries.values() if _is_direct(part)]
    return False


def _is_direct(part) -> bool:
    return isinstance(part, pikepdf.Array | pikepdf.Dictionary) and not part.is_indirect
