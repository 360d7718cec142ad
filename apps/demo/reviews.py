"""The demonstration's recommendations, one on its way to the outcome and one that is being discussed, and its catalogue
of good practices and pledges."""

from datetime import date, timedelta

from apps.accounts.models import User
from apps.core.records import save_record, save_with_links
from apps.demo import source
from apps.demo.source import by_language
from apps.meetings.models import Decision
from apps.reviews import practices, recommendations
from apps.reviews.models import (
    GoodPractice,
    Pledge,
    PledgeUpdate,
    Recommendation,
    RecommendationUpdate,
    ReviewCycle,
)
from apps.stakeholders.models import Country, Membership, Objective, Principle


def load_reviews(*, by: User, today: date) -> None:
    """What is there already stays as it is."""
    for row in source.reviews()["recommendation"]:
        if not Recommendation.objects.filter(text_en=row["text_en"]).exists():
            _recommendation(row, by, today)


def load_catalogue(*, by: User, today: date) -> None:
    """Good practices, one of them only proposed, and a pledge. What is there already stays as it is."""
    texts = source.reviews()
    for row in texts["practice"]:
        if not GoodPractice.objects.filter(title_en=row["title_en"]).exists():
            _practice(row, by)
    for row in texts["pledge"]:
        if not Pledge.objects.filter(text_en=row["text_en"]).exists():
            _pledge(row, by, today)


def _practice(row: dict, by: User) -> None:
    plain = ("carried_by", "began_in", "completion", "is_innovative", "is_replicable")
    one = GoodPractice(**by_language(row, "title", "summary", "results"), **{name: row[name] for name in plain})
    links = {
        "objectives": Objective.objects.filter(number__in=row["objectives"]),
        "principles": Principle.objects.filter(code__in=row["principles"]),
        "countries": Country.objects.filter(iso2__in=row["countries"]),
    }
    practices.propose(one, links, by=by)
    if row["is_published"]:
        practices.publish(one, by=by)


def _pledge(row: dict, by: User, today: date) -> None:
    one = Pledge(
        **by_language(row, "made_by", "text"),
        country=Country.objects.get(iso2=row["country"]),
        orientations=row["orientations"],
        made_on=today - timedelta(days=400),
        due_on=today + timedelta(days=365),
        source=row["source"],
        is_published=True,
    )
    save_with_links(one, {"objectives": Objective.objects.filter(number__in=row["objectives"])}, by=by)
    texts = {"text_ar": row["update_ar"], "text_en": row["update_en"]}
    save_record(PledgeUpdate(pledge=one, happened_on=today, source=row["source"], **texts), by=by)


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
