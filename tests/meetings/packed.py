"""What the tests of packs share: real papers, and a look into what was made."""

import re
import zipfile
from io import BytesIO
from pathlib import Path

import pikepdf
from django.core.files.base import ContentFile
from pypdf import PdfReader

from apps.meetings import packing, packs
from apps.meetings.models import Pack

PAPERS = Path(__file__).parents[2] / "apps" / "demo" / "data" / "papers"


def real(name: str) -> ContentFile:
    return ContentFile((PAPERS / name).read_bytes(), name=name)


def made(user, meeting, *, language: str = "en", kind: str = "pdf") -> Pack:
    """Asked for and made, as it stands then."""
    pack = packs.ask(packs.contents_for(user, meeting, language=language, kind=kind))
    packing.build_waiting()
    pack.refresh_from_db()
    return pack


def content(pack: Pack) -> bytes:
    with pack.file.open("rb") as file:
        return file.read()


def pages(pack: Pack) -> list[str]:
    """The text of each page."""
    return [page.extract_text() for page in PdfReader(BytesIO(content(pack))).pages]


def bookmarks(pack: Pack) -> list[str]:
    with pikepdf.open(BytesIO(content(pack))) as pdf, pdf.open_outline() as outline:
        return [item.title for item in outline.root]


def names(pack: Pack) -> list[str]:
    return sorted(zipfile.ZipFile(BytesIO(content(pack))).namelist())


def numbered(text: str) -> list[str]:
    """Stamps of papers: ``Paper 1 · page 2 of 4``."""
    return re.findall(r"Paper \d+ · page \d+ of \d+", text)
