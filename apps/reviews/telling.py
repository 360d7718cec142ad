"""Authors are told at each step what becomes of what they said."""

from django.db.models import Q
from django.utils.translation import gettext as _

from apps.core.languages import isolated
from apps.reviews.models import Recommendation, Submission, SynthesisSection
from apps.reviews.moderation import say

State = Recommendation.State


def _with_parts(sources) -> list[Submission]:
    """The contributions and those that were merged into them."""
    rows = Submission.objects.counted().filter(Q(pk__in=sources) | Q(part_of__in=sources, state="merged"))
    return list(rows.exclude(email="").select_related("call", "cycle").order_by("pk"))


def of_section(section: SynthesisSection) -> None:
    """The section is published: to each whom it quotes."""
    for one in _with_parts(section.passages.order_by().values("submission")):
        say(one, lambda: _("The synthesis of the review quotes your contribution."))


def of_recommendation(recommendation: Recommendation) -> None:
    """It has come to another state: to each on whose contribution it is built."""
    built_on = Submission.objects.filter(
        Q(recommendations=recommendation) | Q(passages__recommendations=recommendation)
    ).order_by()
    of_sources(recommendation, built_on.values("pk"))


def of_sources(recommendation: Recommendation, sources) -> None:
    """Where it stands, to the authors of these contributions."""
    for one in _with_parts(sources):
        say(one, lambda: _SENTENCES[recommendation.state]() % {"symbol": isolated(recommendation.symbol)})


_SENTENCES = {
    State.PROPOSED: lambda: _("Your contribution is built into a recommendation that the group discusses now."),
    State.DISCUSSED: lambda: _("The group has discussed a recommendation that is built on your contribution."),
    State.ADOPTED: lambda: _("The group has adopted recommendation %(symbol)s, which is built on your contribution."),
    State.TRANSMITTED: lambda: _(
        "Recommendation %(symbol)s, which is built on your contribution, was transmitted to those it is addressed to."
    ),
    State.REFLECTED: lambda: _(
        "The outcome of the review reflects recommendation %(symbol)s, which is built on your contribution."
    ),
    State.NOT_REFLECTED: lambda: _(
        "The outcome of the review does not reflect recommendation %(symbol)s, which is built on your contribution. "
        "The page says why."
    ),
    State.FOLLOWED_UP: lambda: _(
        "What is done about recommendation %(symbol)s, which is built on your contribution, is reported from now on."
    ),
}
