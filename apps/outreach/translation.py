from modeltranslation.translator import TranslationOptions, register

from apps.outreach.models import Announcement, Subscription


@register(Announcement)
class AnnouncementTranslation(TranslationOptions):
    fields = ("title", "body")


@register(Subscription)
class NothingToTranslate(TranslationOptions):
    fields = ()
