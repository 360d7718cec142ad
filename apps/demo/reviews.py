"""The demonstration's recommendations: one on its way to the outcome, one that is being discussed, with a comment."""

from datetime import date, timedelta

from apps.accounts.models import User
from apps.core.records import save_record, save_with_links
from apps.demo import source
from apps.demo.source import by_language
from apps.meetings.models import Decision
from apps.reviews import recommendations
from apps.reviews.models import Recommendation, RecommendationUpdate, ReviewCycle
from apps.stakeholders.models import Country, Membership, Objective


def load_reviews(*, by: User, today: date) -> None:
    """What is there already stays as it is."""
    for row in source.reviews()["recommendation"]:
        if not Recommendation.objects.filter(text_en=row["text_en"]).exists():
            _recommendation(row, by, today)


def _recommendation(row: dict, by: User, today: date) -> None:
    one = Recommendation(
        cycle=ReviewCycle.objects.get(number=row["cycle"]),
        **by_language(row, "text"),
        **by_language(row, "addressed_to"),
    )
    links = {
        "objectives": Objective.objects.filter(number__in=row["objectives"]),
        "countries": Country.objects.filter(iso2__in=row["countries"]),
    }
    one = recommendations.propose(save_with_links(one, links, by=by), by=by)
    speaker = Membership.objects.current().seated().exclude(person__user=None).first()
    if row.get("comment") and speaker:
        recommendations.comment(one, by=speaker.person.user, says=row["comment"])
    decision = Decision.objects.filter(state=Decision.State.TAKEN).order_by("pk").first()
    if row["is_adopted"] and decision:
        one = recommendations.adopt(one, by=by, decision=decision)
        recommendations.transmit(one, by=by, on=max(one.adopted_on, today - timedelta(days=3)))
        update = RecommendationUpdate(
            recommendation=one,
            happened_on=today,
            source=row["source"],
            text_ar=row["update_ar"],
            text_en=row["update_en"],
        )
        save_record(update, by=by)
