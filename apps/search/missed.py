"""What people looked for and did not find: counted by day, nobody's, thrown away after some time (RETENTION_DAYS)."""

import re
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from apps.core import privacy
from apps.core.arabic import folded
from apps.core.site import Task
from apps.search.models import MissedSearch

# So many different ones are kept of a day, so that nobody fills the table.
_A_DAY = 500
_LATELY = 30
# Asked so often on the whole, it is told on the dashboard.
_OFTEN = 3
# What may be somebody's mail address, number (however its digits are grouped) or whole letter is not kept.
_MOST_DIGITS = 5
_LONGEST = 60


@transaction.atomic
def count(text: str, language: str) -> None:
    words = " ".join(folded(text).split())
    digits = len(re.findall(r"\d", words))
    if settings.READ_ONLY or not words or len(words) > _LONGEST or "@" in words or digits > _MOST_DIGITS:
        return
    today = timezone.localdate()
    rows = MissedSearch.objects.filter(day=today)
    if rows.filter(words=words, language=language).update(count=F("count") + 1):
        return
    if rows.count() < _A_DAY:
        row = MissedSearch(words=words, language=language, day=today)
        MissedSearch.objects.bulk_create([row], ignore_conflicts=True)


def tasks(user):
    """That people miss something, for whoever may read what."""
    since = timezone.localdate() - timedelta(days=_LATELY)
    rows = MissedSearch.objects.visible_to(user).filter(day__gte=since).order_by()
    often = rows.values("words").annotate(times=Sum("count")).filter(times__gte=_OFTEN).count()
    if often:
        text = ngettext(
            "%(count)s thing was looked for again and again this month and not found.",
            "%(count)s things were looked for again and again this month and not found.",
            often,
        )
        yield Task(text % {"count": often}, reverse("admin:search_missedsearch_changelist"))


def _sweep(now) -> int:
    first_kept = timezone.localdate(privacy.before(now, "missed_search"))
    return MissedSearch.objects.filter(day__lt=first_kept).delete()[0]


def register() -> None:
    privacy.sweeps["missed_searches"] = _sweep
