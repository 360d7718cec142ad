from modeltranslation.translator import TranslationOptions, register

from apps.reviews.models import (
    CycleDocument,
    KeyDate,
    Phase,
    PriorityArea,
    Recommendation,
    RecommendationComment,
    RecommendationUpdate,
    ReviewCycle,
)


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


@register(Recommendation)
class RecommendationTranslation(TranslationOptions):
    fields = ("text", "addressed_to", "because")


@register(RecommendationUpdate)
class RecommendationUpdateTranslation(TranslationOptions):
    fields = ("text",)


@register(RecommendationComment)
class NothingToTranslate(TranslationOptions):
    fields = ()
