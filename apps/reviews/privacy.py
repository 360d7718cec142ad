"""What members wrote about recommendations: given out to them, and left standing without their name."""

from apps.core import privacy
from apps.reviews.models import RecommendationComment


def _comments(user) -> list[dict]:
    found = RecommendationComment.objects.filter(author=user).select_related("recommendation__cycle")
    return [
        {"recommendation": one.recommendation.symbol, "says": one.says, "wording": one.wording, "at": one.created_at}
        for one in found
    ]


def _erase(user, *, by) -> None:
    """Her words go with her: they were said to those who sat beside her."""
    own = RecommendationComment.objects.filter(author=user)
    privacy.forget(own)
    own.delete()


def register() -> None:
    privacy.sources["recommendation_comments"] = _comments
    privacy.erasers.append(_erase)
