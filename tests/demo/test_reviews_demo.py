"""The demonstration's recommendations are there once, however often it is loaded."""

from django.core.management import call_command

from apps.reviews.models import Recommendation, RecommendationComment


def test_recommendations_are_loaded_once(db):
    for _time in range(2):
        call_command("seed_demo", verbosity=0)

    assert list(Recommendation.objects.order_by("number").values_list("number", "state")) == [
        (1, "transmitted"),
        (2, "proposed"),
    ]
    assert RecommendationComment.objects.count() == 1
