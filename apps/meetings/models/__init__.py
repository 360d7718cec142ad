from apps.meetings.models.calendars import CalendarAddress
from apps.meetings.models.meetings import (
    INTERPRETATION,
    AgendaItem,
    Audience,
    Meeting,
    groups_of,
)
from apps.meetings.models.papers import Document, DocumentFile
from apps.meetings.models.participants import Barrier, Need, Notice, Participant, Reply

__all__ = [
    "INTERPRETATION",
    "AgendaItem",
    "Audience",
    "Barrier",
    "CalendarAddress",
    "Document",
    "DocumentFile",
    "Meeting",
    "Need",
    "Notice",
    "Participant",
    "Reply",
    "groups_of",
]
