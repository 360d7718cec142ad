from modeltranslation.translator import TranslationOptions, register

from apps.reviews.models import (
    Answer,
    CallForInput,
    CycleDocument,
    GoodPractice,
    KeyDate,
    Passage,
    Phase,
    Pledge,
    PledgeUpdate,
    PracticeComment,
    PriorityArea,
    Question,
    Recommendation,
    RecommendationComment,
    RecommendationUpdate,
    ReviewCycle,
    SectionComment,
    Submission,
    SynthesisSection,
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


@register([PledgeUpdate, RecommendationUpdate])
class ProgressUpdateTranslation(TranslationOptions):
    fields = ("text",)


@register([PracticeComment, RecommendationComment, SectionComment])
class NothingToTranslate(TranslationOptions):
    fields = ()


@register(CallForInput)
class CallTranslation(TranslationOptions):
    fields = ("title", "introduction")


@register(Question)
class QuestionTranslation(TranslationOptions):
    fields = ("wording", "hint", "options")


@register(Submission)
class SubmissionTranslation(TranslationOptions):
    fields = ("rendered",)


@register(Answer)
class AnswerTranslation(TranslationOptions):
    fields = ("asked", "rendered")


@register(SynthesisSection)
class SectionTranslation(TranslationOptions):
    fields = ("title", "body")


@register(Passage)
class PassageTranslation(TranslationOptions):
    fields = ("rendered",)


@register(GoodPractice)
class PracticeTranslation(TranslationOptions):
    fields = ("title", "summary", "results")


@register(Pledge)
class PledgeTranslation(TranslationOptions):
    fields = ("made_by", "text")
