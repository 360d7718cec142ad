"""Packs: all papers of a meeting that one reader may see, in one PDF or one ZIP, in one language.

What goes in is settled when somebody asks and kept in the pack's ``contents``. Its key stands for all of it: two
readers who may see the same share a file, and a reader whose rights have changed is looking for another key. The file
is made apart from the web process (apps.meetings.packing).
"""

import hashlib
import json

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.core import audit, current, languages, privacy
from apps.core.dates import long_date
from apps.core.models import AuditEntry, HeldFile
from apps.core.zones import zone_name
from apps.meetings import agenda, packing
from apps.meetings.models import Document, Meeting, Pack
from apps.meetings.papers import record_opening

State = Pack.State


# What goes in


def contents_for(user, meeting: Meeting, *, language: str, kind: str) -> dict:
    """All that a pack of this meeting shows and holds for this reader; plain values that JSON can hold."""
    with translation.override(language), current.reading():
        rows = agenda.for_reader(meeting, user)
        papers = _papers(meeting, user, [row.item.pk for row in rows], language)
        return {
            "meeting": meeting.pk,
            "kind": str(kind),
            "language": language,
            "title": _text(meeting, "title"),
            "group": _text(meeting.group, "name"),
            "is_cancelled": meeting.is_cancelled,
            "facts": _facts(meeting),
            "agenda_state": meeting.get_agenda_state_display(),
            "agenda": [_agenda_row(row, papers) for row in rows],
            "papers": papers,
        }


def key_of(contents: dict) -> str:
    text = json.dumps(contents, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _text(record, field: str) -> list[str]:
    """The text in the pack's language, or in the other one, with the language it is in."""
    found = languages.version(record, field)
    return [found.text, found.language]


def _facts(meeting: Meeting) -> list[str]:
    days = [meeting.starts_on] if meeting.starts_on == meeting.ends_on else [meeting.starts_on, meeting.ends_on]
    hours = f"{meeting.starts_time:%H:%M}–{meeting.ends_time:%H:%M}"
    zone = _("(%(city)s time)") % {"city": zone_name(meeting.time_zone)}
    place = languages.version(meeting, "place").text
    return [
        " – ".join(f"{date_format(day, 'l')} {long_date(day)}" for day in days),
        f"{hours} {zone}",
        *([place] if place else []),
        str(meeting.get_format_display()),
    ]


def _agenda_row(row: agenda.Row, papers: list[dict]) -> dict:
    item = row.item
    numbers = [str(paper["number"]) for paper in papers if paper["item"] == item.pk]
    below = [languages.version(item, "presenter").text, str(item.get_purpose_display()) if item.purpose else ""]
    if numbers:
        below.append(_("Papers: %(numbers)s") % {"numbers": pgettext("list", ", ").join(numbers)})
    return {
        "hours": row.hours,
        "number": row.number,
        "title": _text(item, "title"),
        "is_part": row.is_part,
        "below": " · ".join(filter(None, below)),
    }


def _papers(meeting: Meeting, user, items: list[int], language: str) -> list[dict]:
    """In the order of the agenda, those of the whole meeting last; counted through among what this reader sees."""
    place = {item: number for number, item in enumerate(items)}
    seen = sorted(
        meeting.documents.visible_to(user), key=lambda paper: (place.get(paper.item_id, len(items)), paper.pk)
    )
    held = set(HeldFile.objects.values_list("path", flat=True))
    rows = [row for paper in seen if (row := _paper(paper, language, held))]
    return [{"number": number, **row} for number, row in enumerate(rows, 1)]


def _paper(paper: Document, language: str, held: set[str]) -> dict | None:
    """Its file in this language, or in the other one; None when there is none at all."""
    code = next((code for code in [language, *languages.others(language)] if getattr(paper, f"file_{code}")), None)
    if code is None:
        return None
    stored = getattr(paper, f"file_{code}").name
    title = languages.version(paper, "title", language)
    return {
        "pk": paper.pk,
        "item": paper.item_id,
        "version": paper.version,
        "language": code,
        "stored": stored,
        "title": [title.text, title.language],
        "kind": str(paper.get_kind_display()),
        "extension": stored.rsplit(".", 1)[-1].lower(),
        "size": getattr(paper, f"size_{code}") or 0,
        "is_held": stored in held,
    }


# Asking for it, and having it


def find(contents: dict) -> Pack | None:
    return Pack.objects.filter(key=key_of(contents)).first()


@transaction.atomic
def ask(contents: dict) -> Pack:
    """Lets the pack be made unless it is there or being made; one that failed is tried again."""
    _forget_superseded(contents["meeting"])
    pack, is_new = Pack.objects.get_or_create(
        key=key_of(contents),
        defaults={
            "meeting_id": contents["meeting"],
            "kind": contents["kind"],
            "language": contents["language"],
            "contents": contents,
            "total": len(contents["papers"]),
        },
    )
    again = {"state": State.WAITING, "done": 0, "heartbeat_at": None, "asked_at": timezone.now()}
    if is_new or Pack.objects.filter(pk=pack.pk, state=State.FAILED).update(**again):
        transaction.on_commit(packing.start)
    pack.refresh_from_db()
    return pack


def look_after(pack: Pack) -> None:
    """Starts the work anew when whoever did it is gone."""
    if packing.is_stuck(pack):
        packing.start()


def record_download(pack: Pack, *, by, strangers, is_opened: bool = True) -> None:
    """Into the audit trail, unless everybody may have each of its papers; ``strangers`` is who has not logged in.

    Each paper whose file is inside counts as opened, unless only the headers were asked for. While nothing is written,
    neither is this.
    """
    if settings.READ_ONLY:
        return
    if is_opened:
        _record_openings(pack, by=by)
    every = [paper["pk"] for paper in pack.contents["papers"]]
    if Document.objects.visible_to(strangers).filter(pk__in=every).count() == len(every):
        return
    changes = {"pack": ["", f"{pack.language}.{pack.kind}"]}
    audit.record(AuditEntry.Action.DOWNLOADED, by=by, about=pack.meeting, changes=changes)


def _record_openings(pack: Pack, *, by) -> None:
    inside = {
        paper["pk"]: paper["language"] for paper in pack.contents["papers"] if packing.is_inside(paper, pack.kind)
    }
    for document in Document.objects.filter(pk__in=inside).select_related("meeting", "item__parent"):
        record_opening(document, inside[document.pk], by=by)


# Letting it go


def forget(pack: Pack) -> None:
    """The row first: a builder that is at it notices and stops."""
    name = pack.file.name
    pack.delete()
    if name:
        transaction.on_commit(lambda: default_storage.delete(name))


def _forget_superseded(meeting_pk: int) -> None:
    """Packs that hold a file which is no paper's file any more: nobody gets them."""
    columns = [f"file_{code}" for code in languages.CODES]
    current = {name for row in Document.objects.filter(meeting=meeting_pk).values_list(*columns) for name in row}
    for pack in Pack.objects.filter(meeting=meeting_pk):
        if not {paper["stored"] for paper in pack.contents["papers"]} <= current:
            forget(pack)


def sweep(now) -> int:
    """Packs are made anew when they are wanted. Files without a row are those of meetings that were deleted."""
    before = privacy.before(now, "pack")
    old = list(Pack.objects.filter(asked_at__lt=before))
    for pack in old:
        forget(pack)
    kept = {pack.file.name for pack in Pack.objects.all()}
    for name in _stored():
        if name not in kept and default_storage.get_modified_time(name) < before:
            default_storage.delete(name)
    return len(old)


def _stored() -> list[str]:
    try:
        return [f"packs/{name}" for name in default_storage.listdir("packs")[1]]
    except FileNotFoundError:
        return []
