"""The demonstration's meetings with their agenda and papers."""

from datetime import date, time, timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from apps.accounts.models import User
from apps.core.records import save_record
from apps.demo import source
from apps.demo.source import by_language
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
        **{name: row[name] for name in ("time_zone", "online_address", "format", "interpretation", "audience")},
        **by_language(row, "title", "summary", "place"),
    )
    save_record(meeting, by=by)
    for order, item in enumerate(row.get("item", []), start=1):
        texts = by_language(item, "title", "presenter")
        item = AgendaItem(meeting=meeting, order=order, minutes=item["minutes"], audience=item["audience"], **texts)
        save_record(item, by=by)
    for document in row.get("document", []):
        _document(document, meeting, by)
    if row["status"] != "draft":
        publish_meeting(meeting, by=by)
    if row["status"] == "held":
        mark_held(meeting, by=by)
    if "reply" in row:
        _replies(meeting, row["reply"], by)
    return meeting


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


def _document(row: dict, meeting: Meeting, by: User) -> None:
    document = Document(
        meeting=meeting, **{name: row[name] for name in ("kind", "version", "audience")}, **by_language(row, "title")
    )
    for code in ("ar", "en"):
        if name := row[f"file_{code}"]:
            setattr(document, f"file_{code}", ContentFile(source.file("papers", name), name=name))
    document.full_clean(exclude=["file"])
    save_paper(document, by=by)
