"""The agenda: its order and hours, what readers get of it, its versions, and what members propose for it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.roles import Role
from apps.core.languages import CODES, field_in
from apps.core.records import save_record
from apps.meetings.models import AgendaItem, AgendaState, AgendaVersion, Audience, Document, Meeting
from apps.meetings.models.meetings import narrowest
from apps.stakeholders.services import require_secretariat


@dataclass
class Row:
    """An item as one reader sees it. ``number`` counts among what she sees: a hidden item leaves no gap."""

    item: AgendaItem
    number: str
    start: datetime
    end: datetime
    papers: list[Document] = field(default_factory=list)

    @property
    def is_part(self) -> bool:
        return self.item.parent_id is not None

    @property
    def is_break(self) -> bool:
        return self.item.kind == AgendaItem.Kind.BREAK

    @property
    def begins(self) -> str:
        """On the clock of the place; a template's date filter would turn it to the reader's."""
        return f"{self.start:%H:%M}"

    @property
    def ends(self) -> str:
        return f"{self.end:%H:%M}"

    @property
    def hours(self) -> str:
        return f"{self.begins}–{self.ends}"


def for_reader(meeting: Meeting, user, *, documents=()) -> list[Row]:
    """The items that this person may see, in order, with their hours on the clock of the place.

    Hours are true: what she does not see takes its time. An item lasts until its last part that she sees has ended.
    ``documents`` are papers that she may see; each stands with its item.
    """
    items = list(meeting.items.visible_to(user).with_offset().in_order())
    labels = _labels((item.kind, item.parent_id) for item in items)
    rows = [
        Row(item=item, number=label, start=item.starts_wall(meeting), end=item.ends_wall(meeting))
        for item, label in zip(items, labels, strict=True)
    ]
    _stretch_over_parts(rows)
    of_item = {row.item.pk: row for row in rows}
    for document in documents:
        if document.item_id in of_item:
            of_item[document.item_id].papers.append(document)
    return rows


def _labels(lines: Iterable[tuple[str, int | None]]) -> Iterator[str]:
    """``1``, ``2``, ``2.1``, ``2.2``, ``3`` for lines of (kind, item of which it is a part); breaks have none."""
    top = part = 0
    for kind, parent in lines:
        if kind == AgendaItem.Kind.BREAK:
            yield ""
        elif parent is None:
            top, part = top + 1, 0
            yield f"{top}"
        else:
            part += 1
            yield f"{top}.{part}"


def _stretch_over_parts(rows: list[Row]) -> None:
    whole = {row.item.pk: row for row in rows if not row.is_part}
    for row in rows:
        if row.is_part and row.item.parent_id in whole:
            whole[row.item.parent_id].end = max(whole[row.item.parent_id].end, row.end)


def length(meeting: Meeting) -> tuple[int, int]:
    """The minutes that the agenda takes, and those that the meeting has on its days."""
    taken = sum(meeting.items.values_list("minutes", flat=True))
    first, last = (datetime.combine(meeting.starts_on, hour) for hour in (meeting.starts_time, meeting.ends_time))
    days = (meeting.ends_on - meeting.starts_on).days + 1
    return taken, days * int((last - first).total_seconds() // 60)


# Order


def _require_changeable(meeting: Meeting) -> None:
    if meeting.agenda_state == AgendaState.ADOPTED:
        raise ValidationError(_("The agenda is adopted. Take it back to provisional before you change it."))


@transaction.atomic
def arrange(meeting: Meeting, *, by) -> None:
    """Counts the items 1, 2, 3 … through the whole agenda, each item's parts after it, as ``order`` sorts them."""
    Meeting.objects.select_for_update().get(pk=meeting.pk)
    items = list(AgendaItem.objects.filter(meeting=meeting.pk).in_order())
    _number(_with_parts([item for item in items if item.parent_id is None], items), by=by)


def _with_parts(tops: list[AgendaItem], items: list[AgendaItem]) -> list[AgendaItem]:
    parts: dict[int, list[AgendaItem]] = {}
    for item in items:
        parts.setdefault(item.parent_id or 0, []).append(item)
    return [item for top in tops for item in (top, *parts.get(top.pk, []))]


def _number(items: list[AgendaItem], *, by) -> None:
    for order, item in enumerate(items, start=1):
        if item.order != order:
            item.order = order
            item.save(update_fields=["order"], by=by)


@transaction.atomic
def move_item(item: AgendaItem, *, by, to: int) -> None:
    """Puts an item, with its parts, at a place among its siblings: 0 is the first, beyond the last is the last.

    Raises ValidationError when the agenda is adopted.
    """
    require_secretariat(by)
    meeting = Meeting.objects.select_for_update().get(pk=item.meeting_id)
    _require_changeable(meeting)
    items = list(AgendaItem.objects.filter(meeting=meeting.pk).in_order())
    siblings = [one for one in items if one.parent_id == item.parent_id]
    moved = next(one for one in siblings if one.pk == item.pk)
    siblings.remove(moved)
    siblings.insert(max(0, to), moved)
    if item.parent_id is not None:
        rest = [one for one in items if one.parent_id != item.parent_id]
        items = sorted(rest, key=lambda one: one.order) + siblings
        siblings = [one for one in items if one.parent_id is None]
    _number(_with_parts(siblings, items), by=by)


# Versions


def _snapshot_row(item: AgendaItem, shown_to: str) -> dict:
    texts = {f"{name}_{code}": field_in(item, name, code) for name in ("title", "presenter") for code in CODES}
    return {
        "item": item.pk,
        "parent": item.parent_id,
        "kind": item.kind,
        "purpose": item.purpose,
        "minutes": item.minutes,
        "shown_to": shown_to,
        **texts,
    }


def _snapshot(meeting: Meeting) -> list[dict]:
    audiences: dict[int, str] = {}
    rows = []
    for item in meeting.items.in_order():
        above = audiences.get(item.parent_id or 0, Audience.PUBLIC)
        audiences[item.pk] = narrowest(item.audience, above)
        rows.append(_snapshot_row(item, audiences[item.pk]))
    return rows


@transaction.atomic
def keep_version(meeting: Meeting, *, by) -> AgendaVersion:
    """The agenda as it stands now, as the next version; the last one again when nothing has changed since."""
    rows, last = _snapshot(meeting), meeting.agenda_versions.first()
    if last is not None and (last.rows, last.state) == (rows, meeting.agenda_state):
        return last
    number = last.number + 1 if last else 1
    made_by = by if by is not None and by.is_authenticated else None
    return AgendaVersion.objects.create(
        meeting=meeting, number=number, state=meeting.agenda_state, rows=rows, made_by=made_by
    )


def has_changed(meeting: Meeting) -> bool:
    """Whether the agenda is another one than the last version that was sent out."""
    last = meeting.agenda_versions.first()
    return last is not None and last.rows != _snapshot(meeting)


@transaction.atomic
def send_out(meeting: Meeting, *, by) -> AgendaVersion:
    """Keeps the changed agenda as the next provisional version. Raises ValidationError for a meeting in preparation."""
    require_secretariat(by)
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if meeting.status == Meeting.Status.DRAFT:
        raise ValidationError(_("The first version is kept when the meeting is published."))
    return keep_version(meeting, by=by)


@transaction.atomic
def adopt(meeting: Meeting, *, by) -> Meeting:
    """From now on the agenda stays as it is. Raises ValidationError when it is empty, adopted, or not published."""
    require_secretariat(by)
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if meeting.status not in (Meeting.Status.PUBLISHED, Meeting.Status.HELD):
        raise ValidationError(_("Only the agenda of a published meeting is adopted."))
    if meeting.agenda_state == AgendaState.ADOPTED:
        raise ValidationError(_("The agenda is adopted already."))
    if not meeting.items.exists():
        raise ValidationError(_("There is no item on the agenda yet."))
    meeting.agenda_state = AgendaState.ADOPTED
    save_record(meeting, by=by)
    keep_version(meeting, by=by)
    return meeting


@transaction.atomic
def reopen(meeting: Meeting, *, by, reason: str = "") -> Meeting:
    """Lets an adopted agenda be changed again; the adopted version stays among the versions."""
    require_secretariat(by)
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    meeting.agenda_state = AgendaState.PROVISIONAL
    return save_record(meeting, by=by, reason=reason)


def versions_for(meeting: Meeting, user) -> list[tuple[AgendaVersion, list[dict]]]:
    """Each version, newest first, with the rows that this person may read: by the audience that each had, and by what
    she may see today."""
    shown = [Audience.PUBLIC]
    if meeting.is_inside(user):
        shown.append(Audience.MEMBERS)
    if user.is_authenticated and user.has_role(Role.SECRETARIAT, Role.AUDITOR):
        shown.append(Audience.SECRETARIAT)
    visible = meeting.items.visible_to(user).values("pk")
    hidden = set(meeting.items.exclude(pk__in=visible).values_list("pk", flat=True))
    found = AgendaVersion.objects.visible_to(user).filter(meeting=meeting)
    return [(version, rows) for version in found if (rows := _rows_of(version, shown, hidden))]


def _rows_of(version: AgendaVersion, shown: list[str], hidden: set[int]) -> list[dict]:
    rows = [row for row in version.rows if row["shown_to"] in shown and hidden.isdisjoint((row["item"], row["parent"]))]
    labels = _labels((row["kind"], row["parent"]) for row in rows)
    return [{**row, "number": label, "as_item": _as_item(row)} for row, label in zip(rows, labels, strict=True)]


def _as_item(row: dict) -> AgendaItem:
    """A row as an item that is in no database, for the page to show."""
    names = [f"{name}_{code}" for name in ("title", "presenter") for code in CODES]
    texts = {name: row[name] for name in names}
    return AgendaItem(kind=row["kind"], purpose=row["purpose"], minutes=row["minutes"], **texts)
