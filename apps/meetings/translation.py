from modeltranslation.translator import TranslationOptions, register

from apps.meetings.models import AgendaItem, Document, Meeting, Need, Participant


@register(Meeting)
class MeetingTranslation(TranslationOptions):
    fields = ("title", "summary", "place")


@register(AgendaItem)
class AgendaItemTranslation(TranslationOptions):
    fields = ("title", "presenter")


@register(Document)
class DocumentTranslation(TranslationOptions):
    fields = ("title", "file", "size")


@register([Participant, Need])
class NothingTranslated(TranslationOptions):
    """The back office's forms ask for a registration; these have their words from elsewhere."""

    fields = ()
