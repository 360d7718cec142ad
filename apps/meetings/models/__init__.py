from apps.meetings.models.meetings import (
    INTERPRETATION,
    AgendaItem,
    Audience,
    Meeting,
    groups_of,
)
from apps.meetings.models.papers import Document, DocumentFile

__all__ = ["INTERPRETATION", "AgendaItem", "Audience", "Document", "DocumentFile", "Meeting", "groups_of"]
