"""Do both languages have the same? Figures for everybody, and what waits for whom to translate it."""

import random
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, F, Q

from apps.core.languages import CODES, others
from apps.news.models import Article


def count_read(article: Article) -> None:
    """Counts a page view, of nobody in particular: one view in ``READS_COUNTED_ONE_IN`` stands for that many.

    So most readers cost no write, and the sum is right on average. Robots count, too: it is an order, no statistic.
    """
    step = settings.READS_COUNTED_ONE_IN
    if step and random.randrange(step) == 0:  # noqa: S311  # nosec B311 - a sample, no secret
        add_readings(article.pk, step)


def add_readings(pk: int, number: int) -> None:
    """Those that the page cache has answered, some seconds' worth at once."""
    if settings.READS_COUNTED_ONE_IN and not settings.READ_ONLY:
        Article.objects.filter(pk=pk).update(reads=F("reads") + number)


@dataclass(frozen=True)
class Parity:
    """One language's share of what is published. Outdated ones are among the available."""

    language: str
    total: int
    available: int
    outdated: int

    @property
    def missing(self) -> int:
        return self.total - self.available

    @property
    def current(self) -> int:
        return self.available - self.outdated

    @property
    def percent(self) -> int:
        """Of what is published, the part that stands in this language and is current; rounded down."""
        return 100 * self.current // self.total if self.total else 0


def parity_of(published) -> list[Parity]:
    """The figures of these published articles, in one query."""
    counts = {"total": Count("pk")}
    for code in CODES:
        counts[f"ready_{code}_count"] = Count("pk", filter=Q(**{f"ready_{code}": True}))
        outdated = Q(**{f"ready_{code}": True, f"outdated_{code}__isnull": False})
        counts[f"outdated_{code}_count"] = Count("pk", filter=outdated)
    found = published.order_by().aggregate(**counts)
    return [
        Parity(code, found["total"], found[f"ready_{code}_count"], found[f"outdated_{code}_count"]) for code in CODES
    ]


def waiting_for(language: str) -> Q:
    """What readers have in another language and lack in this one, or have outdated."""
    elsewhere = Q()
    for code in others(language):
        elsewhere |= Q(**{f"ready_{code}": True})
    lacking = Q(**{f"ready_{language}": False}) | Q(**{f"outdated_{language}__isnull": False})
    return Q(is_shown=True) & elsewhere & lacking


def translation_queue(articles, language: str):
    """What waits to be translated into this language: the most read first, and of equals the oldest."""
    return articles.filter(waiting_for(language)).order_by("-reads", "published_at", "pk")
