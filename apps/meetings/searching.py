"""Meetings and what belongs to them as they are found, by whoever may read them; nothing that is still a draft."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.languages import field_in, version
from apps.core.richtext import plain
from apps.meetings.models import Action, AgendaItem, Audience, Decision, Document, Meeting, Minutes
from apps.meetings.models.papers import DocumentFile
from apps.search import registry
from apps.search.registry import Content, Searchable, first_words


def _meeting(meeting: Meeting, language: str) -> Content | None:
    title = field_in(meeting, "title", language)
    if meeting.status == Meeting.Status.DRAFT or not title:
        return None
    minutes = getattr(meeting, "minutes", None)
    summary = field_in(minutes, "summary", language) if minutes and minutes.summary_published_at else ""
    return Content(
        title=title,
        lead=plain(field_in(meeting, "summary", language)),
        body="\n".join([*_agenda(meeting, language), plain(summary)]),
        names=field_in(meeting, "place", language),
        on=meeting.starts_on,
    )


def _agenda(meeting: Meeting, language: str) -> list[str]:
    """Titles of the items that whoever may see the meeting may see."""
    everybodys = {item.pk: item for item in meeting.items.all() if item.audience == Audience.PUBLIC}
    return [
        field_in(item, "title", language)
        for item in everybodys.values()
        if item.parent_id is None or item.parent_id in everybodys
    ]


def _paper(document: Document, language: str) -> Content | None:
    file = getattr(document, f"file_{language}")
    if not file or document.meeting.status == Meeting.Status.DRAFT:
        return None
    own = DocumentFile(document, language)
    return Content(
        title=version(document, "title", language).text,
        lead=version(document.meeting, "title", language).text,
        on=timezone.localdate(own.posted_at) if own.posted_at else document.meeting.starts_on,
        file=file,
        address=own.get_absolute_url(),
    )


def _decision(decision: Decision, language: str) -> Content | None:
    return _register_entry(decision, language) if decision.state != Decision.State.DRAFT else None


def _register_entry(entry: Decision | Action, language: str) -> Content | None:
    text = plain(field_in(entry, "text", language))
    if not text or entry.meeting.status == Meeting.Status.DRAFT:
        return None
    return Content(
        title=f"{entry.symbol}: {first_words(text)}",
        body=text,
        names=version(entry.meeting, "title", language).text,
        on=entry.meeting.starts_on,
    )


def _parts(meeting_pk: int):
    """What is seen only with its meeting, or with an item of the agenda."""
    yield "paper", Document.objects.filter(meeting=meeting_pk)
    yield "decision", Decision.objects.filter(meeting=meeting_pk)
    yield "action", Action.objects.filter(meeting=meeting_pk)


def _with_the_item(item: AgendaItem):
    yield "meeting", item.meeting_id
    yield from _parts(item.meeting_id)


def register() -> None:
    registry.register(
        Searchable(
            kind="meeting",
            label=_("Meetings"),
            model=Meeting,
            content=_meeting,
            prepare=lambda meetings: meetings.select_related("minutes").prefetch_related("items"),
        )
    )
    for kind, label, model, content in (
        ("paper", _("Papers"), Document, _paper),
        ("decision", _("Decisions"), Decision, _decision),
        ("action", _("Actions"), Action, _register_entry),
    ):
        registry.register(
            Searchable(kind, label, model, content, prepare=lambda rows: rows.select_related("meeting__group"))
        )
    registry.follow(Meeting, lambda meeting: _parts(meeting.pk))
    registry.follow(AgendaItem, _with_the_item)
    registry.follow(Minutes, lambda minutes: [("meeting", minutes.meeting_id)])
