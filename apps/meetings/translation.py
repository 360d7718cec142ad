from modeltranslation.translator import TranslationOptions, register

from apps.meetings.models import (
    Action,
    ActionNote,
    AgendaItem,
    AgendaProposal,
    Decision,
    Document,
    Meeting,
    Minutes,
    MinutesComment,
    MinutesCorrection,
    MinutesEntry,
    Need,
    Objection,
    Participant,
)


@register(Meeting)
class MeetingTranslation(TranslationOptions):
    fields = ("title", "summary", "place")


@register(AgendaItem)
class AgendaItemTranslation(TranslationOptions):
    fields = ("title", "presenter")


@register(Document)
class DocumentTranslation(TranslationOptions):
    fields = ("title", "file", "size", "pages", "posted", "due")


@register(Minutes)
class MinutesTranslation(TranslationOptions):
    fields = ("summary",)


@register(MinutesEntry)
class MinutesEntryTranslation(TranslationOptions):
    fields = ("heading", "text")


@register([MinutesCorrection, Decision, Action])
class TextTranslation(TranslationOptions):
    fields = ("text",)


@register([Participant, Need, AgendaProposal, MinutesComment, Objection, ActionNote])
class NothingTranslated(TranslationOptions):
    """The back office's forms ask for a registration; these have their words from elsewhere."""

    fields = ()
