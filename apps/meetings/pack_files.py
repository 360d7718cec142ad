"""The files of packs: a contents page with numbered papers, as one PDF or as a ZIP.

``contents`` is what ``packs.contents_for`` gives; nothing else is looked up.
"""

import shutil
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from django.core.files.storage import default_storage
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core import languages
from apps.core.languages import isolated
from apps.core.sheets import Sheets, stamps
from apps.core.storage import safe_filename
from apps.core.templatetags.portal import file_size

_UNREADABLE = (pikepdf.PikepdfError, RuntimeError, ValueError, TypeError, KeyError, RecursionError)
_NARROWEST = 170  # points: on a smaller page a number has no room


@dataclass(frozen=True)
class Made:
    path: Path
    pages: int | None


@dataclass(frozen=True)
class Part:
    """A paper made ready: its pages, or a sheet that says why they are not there."""

    paper: dict
    path: Path
    pages: int


def write(contents: dict, folder: Path, beat: Callable[[int], None]) -> Made:
    """Makes the file inside ``folder``; tells ``beat`` after each step how many papers are done."""
    with translation.override(contents["language"]):
        return (_write_pdf if contents["kind"] == "pdf" else _write_zip)(contents, folder, beat)


# One PDF


def _write_pdf(contents: dict, folder: Path, beat) -> Made:
    parts = []
    for done, paper in enumerate(contents["papers"], 1):
        parts.append(_part(paper, contents["language"], folder))
        beat(done)
    front = _front(contents, parts)
    path = folder / "pack.pdf"
    pages = _bind(contents, front, parts, path, lambda: beat(len(parts)))
    return Made(path, pages)


def _part(paper: dict, language: str, folder: Path) -> Part:
    path = folder / f"{paper['number']}.pdf"
    reason = _why_not(paper)
    if not reason:
        try:
            return Part(paper, path, _copy_pdf(paper, path))
        except FileNotFoundError:
            reason = _("The file of this paper is not there at the moment. Ask the secretariat for it.")
        except _UNREADABLE:
            reason = _("This paper’s file cannot be bound into one PDF. It is in the ZIP, and on the meeting’s page.")
    return Part(paper, path, _write_sheet(paper, language, reason, path))


def _why_not(paper: dict) -> str:
    """Why a paper cannot be bound, as a sentence; "" when it can."""
    if paper["is_held"]:
        return _("This paper is being checked for viruses. It will be on the meeting’s page.")
    if paper["extension"] != "pdf":
        text = _("This paper is a file of another kind (%(kind)s). It is in the ZIP, and on the meeting’s page.")
        return text % {"kind": paper["extension"].upper()}
    return ""


def _copy_pdf(paper: dict, path: Path) -> int:
    """Written anew, so that what cannot be read shows here and not when all is bound. Returns its pages."""
    with default_storage.open(paper["stored"]) as file, pikepdf.open(file) as pdf:
        pages = len(pdf.pages)
        if not pages or not all(min(_visible_size(page)) > 0 for page in pdf.pages):
            raise ValueError("a PDF without a page that can be seen")
        pdf.save(path)
    return pages


def _write_sheet(paper: dict, language: str, reason: str, path: Path) -> int:
    sheet = Sheets(language, paper["title"][0])
    sheet.heading(paper["title"][0], language=paper["title"][1])
    sheet.paragraph(_about(paper, language), is_muted=True)
    sheet.paragraph(reason)
    path.write_bytes(sheet.file().getvalue())
    return sheet.pages_count


def _about(paper: dict, language: str, *more: str) -> str:
    """What kind of paper it is, in a line: its language when that is another one, and so on."""
    foreign = ""
    if paper["language"] != language:
        foreign = _("In %(language)s only") % {"language": languages.name_of(paper["language"])}
    return " · ".join(filter(None, [paper["kind"], foreign, paper["extension"].upper(), *more]))


def _front(contents: dict, parts: list[Part]) -> Sheets:
    """The contents pages; set twice, because what they say depends on how many they are."""
    with closing(_contents_pages(contents, parts, of=0, own=1)) as first:
        own = first.pages_count
    return _contents_pages(contents, parts, of=own + sum(part.pages for part in parts), own=own)


def _contents_pages(contents: dict, parts: list[Part], *, of: int, own: int) -> Sheets:
    sheets = _opening(contents, foot=lambda page: _("Page %(page)s of %(pages)s") % {"page": page, "pages": of})
    page = own + 1
    for part in parts:
        text = ngettext("%(count)d page", "%(count)d pages", part.pages) % {"count": part.pages}
        sheets.row(
            str(part.paper["number"]),
            part.paper["title"][0],
            str(page),
            below=_about(part.paper, contents["language"], text),
            language=part.paper["title"][1],
            lead=page,
        )
        page += part.pages
    return sheets


def _opening(contents: dict, foot=None) -> Sheets:
    """The meeting, its agenda, and the heading of the list of papers."""
    sheets = Sheets(contents["language"], contents["title"][0], foot=foot)
    sheets.paragraph(contents["group"][0], is_muted=True, language=contents["group"][1])
    sheets.heading(contents["title"][0], language=contents["title"][1])
    if contents["is_cancelled"]:
        sheets.paragraph(_("This meeting is cancelled."), style="B")
    for fact in contents["facts"]:
        sheets.paragraph(fact)
    if contents["agenda"]:
        sheets.rule()
        sheets.heading(contents["agenda_state"], level=2)
    for row in contents["agenda"]:
        text = f"{row['number']}. {isolated(row['title'][0])}" if row["number"] else row["title"][0]
        sheets.row(row["hours"], text, below=row["below"], columns=(30, 0), inset=5 if row["is_part"] else 0)
    sheets.rule()
    sheets.heading(_("Papers"), level=2)
    return sheets


def _bind(contents: dict, front: Sheets, parts: list[Part], path: Path, beat) -> int:
    """Returns how many pages the whole has."""
    first, joined = path.with_name("0.pdf"), path.with_name("joined.pdf")
    first.write_bytes(front.file().getvalue())
    _join([first, *(part.path for part in parts)], joined)
    beat()
    starts, start = {}, front.pages_count
    for part in parts:
        starts[part.paper["number"]] = start
        start += part.pages
    with pikepdf.open(joined) as pdf:
        _stamp(pdf, parts, starts, contents["language"])
        beat()
        _add_leads(pdf, front)
        _describe(pdf, contents, parts, starts)
        pdf.save(path)
        return len(pdf.pages)


def _join(files: list[Path], path: Path) -> None:
    """qpdf's own command reads as it writes; pages appended by pikepdf would all be in memory until they are saved."""
    pikepdf.Job(["qpdf", "--empty", "--pages", *map(str, files), "--", str(path)]).run()


def _stamp(pdf: pikepdf.Pdf, parts: list[Part], starts: dict, language: str) -> None:
    """Each page of a paper says which paper it is of and which page of the pack."""
    places, wanted = [], []
    for part in parts:
        first = starts[part.paper["number"]]
        for place in range(first, first + part.pages):
            width, height = _visible_size(pdf.pages[place])
            if min(width, height) >= _NARROWEST:
                text = _("Paper %(number)s · page %(page)s of %(pages)s")
                texts = {"number": part.paper["number"], "page": place + 1, "pages": len(pdf.pages)}
                places.append(place)
                wanted.append((width, height, text % texts))
    if wanted:
        with pikepdf.open(stamps(language, wanted)) as marks:
            for place, mark in zip(places, marks.pages, strict=True):
                pdf.pages[place].add_overlay(mark)


def _visible_size(page: pikepdf.Page) -> tuple[float, float]:
    """Points, as somebody sees the page who looks at it."""
    left, bottom, right, top = (float(edge) for edge in page.trimbox)
    size = (abs(right - left), abs(top - bottom))
    return size[::-1] if int(page.obj.get("/Rotate", 0)) % 180 else size


def _add_leads(pdf: pikepdf.Pdf, front: Sheets) -> None:
    for page, (left, bottom, width, height), target in front.leads:
        annotation = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Link,
            Rect=[left, bottom, left + width, bottom + height],
            Border=[0, 0, 0],
            Dest=[pdf.pages[target - 1].obj, pikepdf.Name.Fit],
        )
        holder = pdf.pages[page - 1].obj
        if "/Annots" not in holder:
            holder.Annots = pdf.make_indirect(pikepdf.Array())
        holder.Annots.append(pdf.make_indirect(annotation))


def _describe(pdf: pikepdf.Pdf, contents: dict, parts: list[Part], starts: dict) -> None:
    """Title, language, direction and bookmarks."""
    language, title = contents["language"], contents["title"][0]
    pdf.Root.Lang = pikepdf.String(language)
    order = pikepdf.Name.R2L if languages.direction(language) == "rtl" else pikepdf.Name.L2R
    pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True, Direction=order)
    pdf.Root.PageMode = pikepdf.Name.UseOutlines
    pdf.docinfo["/Title"] = title
    with pdf.open_metadata() as metadata:
        metadata["dc:title"] = title
        metadata["dc:language"] = [language]
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(_("Contents"), 0))
        for part in parts:
            name = f"{part.paper['number']}. {part.paper['title'][0]}"
            outline.root.append(pikepdf.OutlineItem(name, starts[part.paper["number"]]))


# All files in a ZIP


def _write_zip(contents: dict, folder: Path, beat) -> Made:
    """What cannot be put in is named in the contents with the reason."""
    path = folder / "pack.zip"
    sheets = _opening(contents)
    digits = max(2, len(str(len(contents["papers"]))))
    with zipfile.ZipFile(path, "w") as archive:
        for done, paper in enumerate(contents["papers"], 1):
            name = f"{paper['number']:0{digits}}-{safe_filename(paper['title'][0], paper['extension'])}"
            reason = _put_in(archive, paper, name)
            about = _about(paper, contents["language"], reason or file_size(paper["size"]))
            sheets.row(str(paper["number"]), paper["title"][0], below=about, language=paper["title"][1])
            beat(done)
        name = f"{0:0{digits}}-{safe_filename(_('Contents'), 'pdf')}"
        archive.writestr(name, sheets.file().getvalue())
    return Made(path, None)


def _put_in(archive: zipfile.ZipFile, paper: dict, name: str) -> str:
    """Returns why it could not be put in, as a sentence; "" when it could."""
    if paper["is_held"]:
        return _("This paper is being checked for viruses. It will be on the meeting’s page.")
    try:
        entry_of = zipfile.ZipInfo(name, timezone.localtime().timetuple()[:6])
        with default_storage.open(paper["stored"]) as file, archive.open(entry_of, "w") as entry:
            shutil.copyfileobj(file, entry)
    except FileNotFoundError:
        return _("The file of this paper is not there at the moment. Ask the secretariat for it.")
    return ""
