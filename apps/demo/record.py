"""What became of the demonstration's meetings. Records are saved as they stand after their steps, and not by the steps:
no mail goes to people who are invented."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from apps.accounts.models import User
from apps.core.records import save_record, set_links
from apps.demo import source
from apps.demo.source import by_language
from apps.meetings import agenda
from apps.meetings.attendance import log_attendance
from apps.meetings.models import (
    Action,
    ActionNote,
    AgendaItem,
    AgendaProposal,
    Decision,
    Meeting,
    Minutes,
    MinutesComment,
    MinutesCorrection,
    MinutesEntry,
    Need,
    Participant,
)
from apps.meetings.participants import take_in_the_group
from apps.stakeholders.models import Person


def load_record(meetings: dict[str, Meeting], *, by: User, today: date) -> None:
    """Of each meeting once: what is there already stays as it is."""
    data = source.record()
    for row in data["record"]:
        meeting = meetings[row["meeting"]]
        if not Minutes.objects.filter(meeting=meeting).exists():
            _record(row, meeting, by, today)
            log_attendance(meeting, by=by)
    for row in data["proposal"]:
        _proposal(row, meetings[row["meeting"]])
    _carry_over(meetings["seventh"], by)


def _record(row: dict, meeting: Meeting, by: User, today: date) -> None:
    items = list(meeting.items.filter(parent=None).in_order())
    agenda.adopt(meeting, by=by)
    meeting.refresh_from_db()
    _attendance(row, meeting, by)
    entries = _minutes(row, meeting, items, by, today)
    for number, decision in enumerate(row.get("decision", []), start=1):
        _decision(decision, number, meeting, items, by, today)
    for number, action in enumerate(row.get("action", []), start=1):
        _action(action, number, meeting, items, by, today)
    for correction in row["corrections"]:
        dated_on = today + timedelta(days=correction["days"])
        entry = entries[correction["item"]]
        texts = by_language(correction, "text")
        save_record(MinutesCorrection(minutes=entry.minutes, entry=entry, dated_on=dated_on, **texts), by=by)


def _attendance(row: dict, meeting: Meeting, by: User) -> None:
    if not row["attendance"]:
        return
    take_in_the_group(meeting, by=by)
    for participant in meeting.participants.select_related("person"):
        if participant.capacity == Participant.Capacity.ALTERNATE:
            continue
        is_absent = participant.person.name_en in row["absent"]
        participant.attendance = "absent" if is_absent else row["attendance"]
        participant.invited_at = participant.attendance_at = meeting.starts_at
        save_record(participant, by=by)
    asking = list(meeting.participants.order_by("pk"))
    for kind, asked, met in row.get("needs", []):
        for number, participant in enumerate(asking[:asked]):
            state = Need.State.MET if number < met else Need.State.NOT_MET
            reason = "" if number < met else "لم يتوافر في الوقت المناسب."
            save_record(Need(participant=participant, kind=kind, state=state, reason=reason), by=by)


def _minutes(row: dict, meeting: Meeting, items: list[AgendaItem], by: User, today: date) -> dict[int, MinutesEntry]:
    minutes = save_record(Minutes(meeting=meeting), by=by)
    entries = {}
    for entry in row["entry"]:
        item = items[entry["item"] - 1]
        headings = {"heading_ar": item.title_ar, "heading_en": item.title_en}
        saved = MinutesEntry(minutes=minutes, item=item, order=item.order, **headings, **by_language(entry, "text"))
        entries[entry["item"]] = save_record(saved, by=by)
        for comment in entry.get("comment", []):
            _comment(comment, saved)
    _finish(minutes, row, today)
    save_record(minutes, by=by)
    return entries


def _finish(minutes: Minutes, row: dict, today: date) -> None:
    """Circulated or adopted, and with a summary for the public where there is one."""
    minutes.state, minutes.circulated_at = row["state"], minutes.meeting.ends_at + timedelta(days=7)
    if row["state"] == Minutes.State.ADOPTED:
        minutes.adopted_on = today + timedelta(days=row["adopted_days"])
        minutes.comments_until = minutes.adopted_on - timedelta(days=1)
    else:
        minutes.comments_until = today + timedelta(days=row["comments_days"])
    if "summary_ar" in row:
        minutes.summary_ar, minutes.summary_en = row["summary_ar"], row["summary_en"]
        minutes.summary_published_at = timezone.now()


def _comment(row: dict, entry: MinutesEntry) -> None:
    more = {name: row[name] for name in ("state", "answer") if name in row}
    save_record(MinutesComment(entry=entry, words=row["text"], **more), by=_account(row["by"]))


def _decision(row: dict, number: int, meeting: Meeting, items: list[AgendaItem], by: User, today: date) -> None:
    decision = Decision(
        meeting=meeting,
        number=number,
        item=items[row["item"] - 1] if "item" in row else None,
        method=row["method"],
        audience=row["audience"],
        **by_language(row, "text"),
    )
    if row["method"] == Decision.Method.SILENCE:
        last = datetime.combine(today + timedelta(days=row["silence_days"]), time(18))
        decision.state, decision.silence_until = Decision.State.OPEN, timezone.make_aware(last)
    else:
        decision.state, decision.decided_on = Decision.State.TAKEN, meeting.starts_on
    if "counts" in row:
        decision.in_favour, decision.against, decision.abstaining = row["counts"]
    save_record(decision, by=by)


def _action(row: dict, number: int, meeting: Meeting, items: list[AgendaItem], by: User, today: date) -> None:
    owner = _account(row["owner"]).person if row["owner"] else None
    done_on = today + timedelta(days=row["done_days"]) if "done_days" in row else None
    state = Action.State.DONE if done_on else row.get("state", Action.State.OPEN)
    action = Action(
        meeting=meeting,
        number=number,
        item=items[row["item"] - 1] if "item" in row else None,
        owner=owner,
        due_on=today + timedelta(days=row["due_days"]),
        state=state,
        done_on=done_on,
        audience=row.get("audience", "members"),
        **by_language(row, "text"),
    )
    save_record(action, by=by)
    if "note" in row:
        save_record(ActionNote(action=action, words=row["note"], state=state), by=_account(row["owner"]))


def _proposal(row: dict, meeting: Meeting) -> None:
    if AgendaProposal.objects.filter(meeting=meeting, subject=row["title"]).exists():
        return
    texts = {name: row[name] for name in ("language", "reason", "minutes")}
    save_record(AgendaProposal(meeting=meeting, subject=row["title"], **texts), by=_account(row["by"]))


def _carry_over(meeting: Meeting, by: User) -> None:
    earlier = Meeting.objects.filter(group=meeting.group_id, starts_at__lt=meeting.starts_at)
    open_actions = Action.objects.unfinished().filter(meeting__in=earlier).select_related("meeting__group")
    set_links(meeting, "carried_actions", list(open_actions), by=by)


def _account(key: str) -> User:
    return Person.objects.select_related("user").get(user__email=f"{key}@example.org").user
