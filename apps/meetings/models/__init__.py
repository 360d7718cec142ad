from apps.meetings.models.agenda import AgendaItem, AgendaProposal, AgendaVersion
from apps.meetings.models.calendars import CalendarAddress
from apps.meetings.models.decisions import Action, ActionNote, Decision, Objection
from apps.meetings.models.meetings import (
    INTERPRETATION,
    AgendaState,
    Audience,
    Meeting,
    groups_of,
)
from apps.meetings.models.notices import Notice
from apps.meetings.models.packs import Pack
from apps.meetings.models.papers import Document, DocumentFile, DocumentOpening, DocumentVersion
from apps.meetings.models.participants import Attendance, Barrier, Need, Participant, Reply
from apps.meetings.models.record import Minutes, MinutesComment, MinutesCorrection, MinutesEntry
from apps.meetings.models.visits import DeskVisit

__all__ = [
    "INTERPRETATION",
    "Action",
    "ActionNote",
    "AgendaItem",
    "AgendaProposal",
    "AgendaState",
    "AgendaVersion",
    "Attendance",
    "Audience",
    "Barrier",
    "CalendarAddress",
    "Decision",
    "DeskVisit",
    "Document",
    "DocumentFile",
    "DocumentOpening",
    "DocumentVersion",
    "Meeting",
    "Minutes",
    "MinutesComment",
    "MinutesCorrection",
    "MinutesEntry",
    "Need",
    "Notice",
    "Objection",
    "Pack",
    "Participant",
    "Reply",
    "groups_of",
]
