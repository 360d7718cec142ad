from modeltranslation.translator import TranslationOptions, register

from apps.reviews.models import CycleDocument, KeyDate, Phase, PriorityArea, ReviewCycle


@register(ReviewCycle)
class ReviewCycleTranslation(TranslationOptions):
    fields = ("title", "summary", "host", "place", "forum")


@register(Phase)
class PhaseTranslation(TranslationOptions):
    fields = ("remark",)


@register(KeyDate)
class KeyDateTranslation(TranslationOptions):
    fields = ("title", "remark")


@register([CycleDocument, PriorityArea])
class TitledTranslation(TranslationOptions):
    fields = ("title",)
