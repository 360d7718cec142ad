"""The demonstration's meetings with their agenda and papers."""

from datetime import date, time, timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from apps.accounts.models import User
from apps.core.records import save_record
from apps.demo import source
from apps.demo.source import by_language
from apps.meetings.agenda import arrange
from apps.meetings.models import AgendaItem, Document, Meeting, Need, Notice
from apps.meetings.papers import save_paper
from apps.meetings.participants import alternates_for, move_need, reply, take_in_the_group
from apps.meetings.services import mark_held, publish_meeting
from apps.stakeholders.models import AdvisoryGroup


def load_meetings(group: AdvisoryGroup, *, by: User, today: date) -> dict[str, Meeting]:
    return {row["key"]: _meeting(row, group, by, today) for row in source.meetings()}


def _meeting(row: dict, group: AdvisoryGroup, by: User, today: date) -> Meeting:
    if found := Meeting.objects.filter(group=group, title_en=row["title_en"]).first():
        return found
    meeting = Meeting(
        group=group,
        starts_on=today + timedelta(days=row["days"]),
        starts_time=time.fromisoformat(row["start"]),
        ends_on=today + timedelta(days=row.get("end_days", row["days"])),
        ends_time=time.fromisoformat(row["end"]),
        reply_until=today + timedelta(days=row["reply_days"]) if "reply_days" in row else None,
        room_seats=row.get("room_seats"),
        number=row.get("number"),
        items_until=today + timedelta(days=row["items_days"]) if "items_days" in row else None,
        **{name: row[name] for name in ("time_zone", "online_address", "format", "interpretation", "audience")},
        **by_language(row, "title", "summary", "place"),
    )
    save_record(meeting, by=by)
    items = [_item(item, meeting, by) for item in row.get("item", [])]
    arrange(meeting, by=by)
    for document in row.get("document", []):
        _document(document, meeting, items, by, today)
    if row["status"] != "draft":
        publish_meeting(meeting, by=by)
    if row["status"] == "held":
        mark_held(meeting, by=by)
    if "reply" in row:
        _replies(meeting, row["reply"], by)
    return meeting


def _item(row: dict, meeting: Meeting, by: User, parent: AgendaItem | None = None) -> AgendaItem:
    """One item, its parts after it; ``arrange`` counts them through."""
    item = AgendaItem(
        meeting=meeting,
        parent=parent,
        order=meeting.items.count() + 1,
        kind=row.get("kind", AgendaItem.Kind.ITEM),
        purpose=row.get("purpose", ""),
        **{name: row[name] for name in ("minutes", "audience")},
        **by_language(row, "title", "presenter"),
    )
    save_record(item, by=by)
    for part in row.get("part", []):
        _item(part, meeting, by, parent=item)
    return item


def _replies(meeting: Meeting, rows: list[dict], by: User) -> None:
    """Everybody of the group is asked, without a mail; those who are named have replied."""
    take_in_the_group(meeting, by=by)
    for participant in meeting.participants.all():
        participant.invited_at = timezone.now()
        save_record(participant, by=by)
    for row in rows:
        participant = meeting.participants.filter(person__name_en=row["person_en"]).first()
        if participant is None:
            continue
        alternate = alternates_for(participant).first() if row["answer"] == "alternate" else None
        answer = "cannot" if row["answer"] == "alternate" and alternate is None else row["answer"]
        if alternate is not None:  # told already: no mail goes to people who are invented
            Notice.objects.create(participant=alternate, kind=Notice.Kind.ALTERNATE, about=str(participant.pk))
        needs = dict.fromkeys(row["needs"], row["note"])
        reply(participant, by=by, answer=answer, alternate=alternate, needs=needs)
    agreed = Need.objects.filter(participant__meeting=meeting, kind__in=["travel", "allowance"])
    for need in agreed:
        move_need(need, by=by, state=Need.State.AGREED)


def _document(row: dict, meeting: Meeting, items: list[AgendaItem], by: User, today: date) -> None:
    document = Document(
        meeting=meeting,
        item=items[row["item"] - 1] if "item" in row else None,
        is_final=row.get("final", False),
        **{name: row[name] for name in ("kind", "version", "audience")},
        **by_language(row, "title"),
    )
    for code in ("ar", "en"):
        if (days := row.get(f"due_{code}_days")) is not None:
            setattr(document, f"due_{code}", today + timedelta(days=days))
        if name := row[f"file_{code}"]:
            setattr(document, f"file_{code}", ContentFile(source.file("papers", name), name=name))
    document.full_clean(exclude=["file"])
    save_paper(document, by=by)
