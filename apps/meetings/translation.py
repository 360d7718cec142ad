from modeltranslation.translator import TranslationOptions, register

from apps.meetings.models import AgendaItem, Document, Meeting


@register(Meeting)
class MeetingTranslation(TranslationOptions):
    fields = ("title", "summary", "place")


@register(AgendaItem)
class AgendaItemTranslation(TranslationOptions):
    fields = ("title", "presenter")


@register(Document)
class DocumentTranslation(TranslationOptions):
    fields = ("title", "file", "size")
