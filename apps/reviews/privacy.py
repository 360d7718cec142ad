"""What people said to a review: given out to them, and left standing without their name."""

from apps.core import privacy
from apps.reviews.models import PracticeComment, RecommendationComment, SectionComment
from apps.reviews.submitting import services as submitting
from apps.stakeholders.privacy import person_erasers, person_sources


def _comments(user) -> list[dict]:
    found = RecommendationComment.objects.filter(author=user).select_related("recommendation__cycle")
    return [
        {"recommendation": one.recommendation.symbol, "says": one.says, "wording": one.wording, "at": one.created_at}
        for one in found
    ]


def _section_comments(user) -> list[dict]:
    found = SectionComment.objects.filter(author=user).select_related("section")
    return [{"section": str(one.section), "says": one.says, "at": one.created_at} for one in found]


def _practice_comments(user) -> list[dict]:
    found = PracticeComment.objects.filter(author=user).select_related("practice")
    return [{"practice": str(one.practice), "says": one.says, "at": one.created_at} for one in found]


def _erase(user, *, by) -> None:
    """Her words among members go with her: they were said to those who sat beside her. What she sent to a call stays
    without her name."""
    for model in (RecommendationComment, SectionComment, PracticeComment):
        own = model.objects.filter(author=user)
        privacy.forget(own)
        own.delete()
    submitting.erase_addresses([user.email])


def _erase_person(person, *, by) -> None:
    submitting.erase_addresses([person.email])


def register() -> None:
    privacy.sources["recommendation_comments"] = _comments
    privacy.sources["section_comments"] = _section_comments
    privacy.sources["practice_comments"] = _practice_comments
    privacy.sources["contributions"] = lambda user: submitting.of_addresses([user.email])
    privacy.erasers.insert(0, _erase)  # before the account, by whose address it is found
    privacy.sweeps["contributions"] = submitting.sweep
    person_sources["contributions"] = lambda person: submitting.of_addresses([person.email])
    person_erasers.append(_erase_person)
