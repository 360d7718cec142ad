"""Office documents are archives: looked into before anything is unpacked, then at every part that acts by itself.

Refused are bombs and broken archives, macros, embedded programs, and whatever fetches or starts something elsewhere
when the document is opened. What remains is text, tables, charts and pictures.
"""

import html
import re
import struct
import zipfile
from io import BytesIO
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MAIN_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
_ODT_KIND = b"application/vnd.oasis.opendocument.text"

_MOST_PARTS = 3000
_LARGEST_DIRECTORY = 1024 * 1024
_LARGEST_PART = 64 * 1024 * 1024
_LARGEST_WHOLE = 200 * 1024 * 1024
_STEEPEST = 150  # how much larger a part may become by unpacking; text in tables reaches 50
_SMALL = 256 * 1024  # below this no part is a bomb
_DEEPEST = 1  # a chart has its table as an office document inside; nothing has more

_PROGRAMS = "exe dll com scr pif bat cmd ps1 psm1 vbs vbe js jse mjs wsf wsh hta jar class lnk url msi reg sct cpl sh"
_ACTIVE_KINDS = "py php html htm xhtml mht swf docm xlsm pptm dotm xlam"
_DANGEROUS = frozenset([*_PROGRAMS.split(), *_ACTIVE_KINDS.split()])
_ARCHIVES = frozenset(["zip", "rar", "7z", "gz", "tar", "bz2", "xz", "cab", "iso", "img", "doc", "xls", "ppt"])
_MACRO_NAMES = re.compile(
    r"vbaproject|vbadata|/activex/|/macrosheets/|/dialogsheets/|^basic/|^scripts/|/ctrlprops/|oleobject"
)
_MACRO_TYPES = re.compile(rb"macroEnabled|vbaProject|activeX|oleObject|ms-office\.intlmacrosheet", re.IGNORECASE)
_XML_START = re.compile(rb"(\xef\xbb\xbf)?\s*<")
_OTHER_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"'](?!utf-?8[\"'])", re.IGNORECASE)
# Prefixes of names and kinds of quotes are the author's choice.
_FIELD_TEXT = re.compile(rb"<(?:\w+:)?instrText[^>]*>([^<]*)<|\s(?:\w+:)?instr=[\"']([^\"']*)[\"']")
_DDE_WORDS = re.compile(rb"\bDDE(AUTO)?\b", re.IGNORECASE)
_ACTIVE_SHEET = re.compile(
    rb"<(?:\w+:)?f\b[^>]*>[^<]*(\|[^<]*!|WEBSERVICE\s*\(|\bCALL\s*\(|\bREGISTER(\.ID)?\s*\()|ddeLink|ddeService",
    re.IGNORECASE,
)
_ACTIVE_ODT = re.compile(
    rb"<(\w+:)?event-listener\b|<office:script\b|vnd\.sun\.star\.script:|<(\w+:)?(plugin|applet|floating-frame)\b"
    rb"|<(\w+:)?dde-(connection|source|link)\b|href\s*=\s*[\"']\s*(macro|javascript|vbscript|file|slot|data):",
    re.IGNORECASE,
)
_FETCHED_ODT = re.compile(
    rb"<(\w+:)?(image|object|section-source|background-image)\b[^>]*href\s*=\s*[\"']\s*(https?|ftp|smb|//|\\\\)",
    re.IGNORECASE,
)
_WEB_LINK = re.compile(r"(https?|mailto|tel):|#", re.IGNORECASE)


class _RefusedError(Exception):
    """With the sentence for the uploader."""


def is_program(extension: str) -> bool:
    return extension in _DANGEROUS


def check_office(file, extension: str, depth: int = 0) -> None:
    """Raises ValidationError, with what to do about it. ``extension`` is docx, xlsx, pptx or odt."""
    try:
        _measure_directory(file)
        with zipfile.ZipFile(file) as archive:
            parts = _measure_parts(archive)
            if extension == "odt":
                _check_odt(archive, parts)
            else:
                _check_ooxml(archive, parts, extension, depth)
    except _RefusedError as refusal:
        raise ValidationError(str(refusal), code="content") from None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, EOFError, struct.error):
        raise ValidationError(_broken(), code="content") from None
    except (ParseError, DefusedXmlException, zipfile.zlib.error):
        raise ValidationError(_broken(), code="content") from None


def _broken() -> str:
    return _("This document is damaged or not what its name says. Open it, save it again, and send the new file.")


# The archive itself


def _measure_directory(file) -> None:
    """Reads the last bytes alone: the list of parts is not even opened when it is too long to be a document's."""
    size = file.seek(0, 2)
    if size < 22:
        raise _RefusedError(_broken())
    file.seek(size - 22)
    signature, *disks, entries, length, start, comment = struct.unpack("<4s4H2LH", file.read(22))
    file.seek(0)
    is_plain = signature == b"PK\x05\x06" and not comment and disks[:2] == [0, 0] and start + length == size - 22
    if not is_plain or file.read(4) != b"PK\x03\x04":
        raise _RefusedError(_broken())
    file.seek(0)
    if entries > _MOST_PARTS or length > _LARGEST_DIRECTORY:
        raise _RefusedError(_too_large())


def _not_this_kind(extension: str) -> str:
    text = _("The content of this file is not %(kind)s, as its name says. Save it again in that format.")
    return text % {"kind": extension.upper()}


def _too_large() -> str:
    return _("This document becomes far too large when it is opened. Make it smaller, or send it as a PDF.")


def _measure_parts(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    parts: dict[str, zipfile.ZipInfo] = {}
    end = 0
    for info in sorted(archive.infolist(), key=lambda info: info.header_offset):
        name = info.filename.lower()
        is_odd = info.flag_bits & 0x1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        if is_odd or name in parts or info.header_offset < end or not _is_plain_name(info.orig_filename):
            raise _RefusedError(_broken())
        end = info.header_offset + 30 + info.compress_size
        _measure(info)
        parts[name] = info
    if sum(info.file_size for info in parts.values()) > _LARGEST_WHOLE:
        raise _RefusedError(_too_large())
    for name in parts:
        _check_part_name(name)
    return parts


def _measure(info: zipfile.ZipInfo) -> None:
    is_steep = info.file_size > _SMALL and info.file_size > _STEEPEST * max(info.compress_size, 1)
    if info.file_size > _LARGEST_PART or is_steep:
        raise _RefusedError(_too_large())


def _is_plain_name(name: str) -> bool:
    return not name.startswith("/") and ".." not in name.split("/") and not re.search(r"[\\:\x00-\x1f\x7f]", name)


def _check_part_name(name: str) -> None:
    extension = name.rsplit(".", 1)[-1] if "." in name.rsplit("/", 1)[-1] else ""
    if _MACRO_NAMES.search(name) or extension in _DANGEROUS or extension in _ARCHIVES:
        raise _RefusedError(_acting())


def _acting() -> str:
    return _("This document holds macros or a program. Save it without them, or send it as a PDF.")


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """At most what the directory promises; a part that goes on beyond it is a lie."""
    with archive.open(info) as part:
        content = part.read(info.file_size + 1)
    if len(content) != info.file_size:
        raise _RefusedError(_broken())
    return content


def _xml_parts(archive, parts):
    for name, info in parts.items():
        if name.endswith((".xml", ".rels", ".rdf")):
            content = _read(archive, info)
            is_odd = not _XML_START.match(content) or _OTHER_ENCODING.match(content[:300].lstrip(b"\xef\xbb\xbf"))
            if is_odd or b"<!DOCTYPE" in content or b"<!ENTITY" in content:
                raise _RefusedError(_broken())
            yield name, content


def _as_read(content: bytes) -> bytes:
    """Letters may be written as numbers; what is looked for is the text that an office program sees."""
    return html.unescape(content.decode("utf-8")).encode() if b"&#" in content else content


# Word, Excel, PowerPoint


def _check_ooxml(archive, parts, extension: str, depth: int) -> None:
    if "[content_types].xml" not in parts or MAIN_PARTS[extension] not in parts:
        raise _RefusedError(_not_this_kind(extension))
    for name, content in _xml_parts(archive, parts):
        _check_ooxml_part(name, content, MAIN_PARTS[extension])
    for name, info in parts.items():
        if "/embeddings/" in name:
            _check_embedded(archive, info, depth)


def _check_ooxml_part(name: str, content: bytes, main_part: str) -> None:
    if name.endswith(".rels"):
        _check_relations(content, main_part)
    elif name == "[content_types].xml":
        if _MACRO_TYPES.search(_as_read(content)):
            raise _RefusedError(_acting())
    elif (name.startswith("word/") and _has_dde(_as_read(content))) or (
        name.startswith("xl/") and _ACTIVE_SHEET.search(_as_read(content))
    ):
        raise _RefusedError(_acting())


def _has_dde(content: bytes) -> bool:
    """A field's text may be cut into pieces; they are read together."""
    return bool(_DDE_WORDS.search(b"".join(a or b for a, b in _FIELD_TEXT.findall(content))))


def _check_relations(content: bytes, main_part: str) -> None:
    """Links to pages are links; whatever else lies elsewhere is fetched when the document is opened."""
    for relation in fromstring(content):
        target, kind = relation.get("Target") or "", relation.get("Type") or ""
        is_link = kind.endswith("/hyperlink") and _WEB_LINK.match(target)
        if (relation.get("TargetMode") or "").lower() == "external" and not is_link:
            raise _RefusedError(_fetching())
        if kind.endswith("/officeDocument") and target.lstrip("/").lower() != main_part:
            raise _RefusedError(_broken())


def _fetching() -> str:
    return _("This document fetches content from elsewhere when it is opened. Copy that into it, or send it as a PDF.")


def _check_embedded(archive, info: zipfile.ZipInfo, depth: int) -> None:
    """A chart's table is a spreadsheet inside the document; other embedded files are not taken."""
    extension = info.filename.rsplit(".", 1)[-1].lower()
    if extension not in MAIN_PARTS or depth >= _DEEPEST:
        raise _RefusedError(_acting())
    try:
        check_office(BytesIO(_read(archive, info)), extension, depth + 1)
    except ValidationError as error:
        raise _RefusedError(error.message) from None


# OpenDocument


def _check_odt(archive, parts) -> None:
    first = min(parts.values(), key=lambda info: info.header_offset)
    is_odt = first.filename == "mimetype" and first.compress_type == zipfile.ZIP_STORED
    if not is_odt or _read(archive, first) != _ODT_KIND or "content.xml" not in parts:
        raise _RefusedError(_not_this_kind("odt"))
    for name, content in _xml_parts(archive, parts):
        if name == "meta-inf/manifest.xml" and b"encryption-data" in content:
            raise _RefusedError(_("This document is locked with a password. Save it without one."))
        if _ACTIVE_ODT.search(_as_read(content)):
            raise _RefusedError(_acting())
        if _FETCHED_ODT.search(_as_read(content)):
            raise _RefusedError(_fetching())
