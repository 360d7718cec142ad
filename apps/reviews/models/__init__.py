from apps.reviews.models.cycles import CycleDocument, KeyDate, Phase, PriorityArea, ReviewCycle
from apps.reviews.models.recommendations import Recommendation, RecommendationComment, RecommendationUpdate

__all__ = [
    "CycleDocument",
    "KeyDate",
    "Phase",
    "PriorityArea",
    "Recommendation",
    "RecommendationComment",
    "RecommendationUpdate",
    "ReviewCycle",
]
