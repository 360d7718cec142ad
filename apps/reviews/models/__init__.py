from apps.reviews.models.calls import CallForInput, Question
from apps.reviews.models.cycles import CycleDocument, KeyDate, Phase, PriorityArea, ReviewCycle
from apps.reviews.models.practices import GoodPractice, Pledge, PledgeUpdate, PracticeComment
from apps.reviews.models.recommendations import Recommendation, RecommendationComment, RecommendationUpdate
from apps.reviews.models.submissions import Answer, Submission, may_read_originals
from apps.reviews.models.synthesis import Passage, SectionComment, SynthesisSection

__all__ = [
    "Answer",
    "CallForInput",
    "CycleDocument",
    "GoodPractice",
    "KeyDate",
    "Passage",
    "Phase",
    "Pledge",
    "PledgeUpdate",
    "PracticeComment",
    "PriorityArea",
    "Question",
    "Recommendation",
    "RecommendationComment",
    "RecommendationUpdate",
    "ReviewCycle",
    "SectionComment",
    "Submission",
    "SynthesisSection",
    "may_read_originals",
]
