from apps.reviews.models.cycles import CycleDocument, KeyDate, Phase, PriorityArea, ReviewCycle

__all__ = ["CycleDocument", "KeyDate", "Phase", "PriorityArea", "ReviewCycle"]
