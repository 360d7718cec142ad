"""What reviews remind of: an update of a recommendation that is due, and a phase that begins."""

from datetime import datetime, timedelta

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from apps.accounts.roles import Role
from apps.accounts.telling import tell, with_role
from apps.core import notices
from apps.core.languages import isolated, version
from apps.reviews.models import Phase, Recommendation, RecommendationUpdate

# A phase that began while nothing ran is told of for so long.
_LATE = timedelta(days=7)


def remind_of_updates(now: datetime) -> int:
    """Tells the secretariat on the day which the newest update of a recommendation has named."""
    newest = RecommendationUpdate.objects.filter(recommendation=OuterRef("pk")).order_by("-happened_on", "-pk")
    rows = Recommendation.objects.annotate(due_on=Subquery(newest.values("next_due_on")[:1]))
    due = rows.filter(due_on__lte=timezone.localdate(now)).select_related("cycle").order_by("pk")
    return sum(
        tell(
            with_role(Role.SECRETARIAT),
            "reviews/mails/update_due",
            about=one,
            key=f"update {one.pk} {one.due_on}",
            page=lambda one=one: reverse("admin:reviews_recommendation_change", args=[one.pk]),
            texts=lambda language, one=one: {
                "symbol": isolated(one.symbol),
                "text": isolated(version(one, "text", language)),
                "day": isolated(date_format(one.due_on, "DATE_FORMAT")),
            },
        )
        for one in due
    )


def tell_of_phases(now: datetime) -> int:
    """Tells the secretariat and the members that a phase has begun, so that they know what can be done now."""
    today = timezone.localdate(now)
    begun = Phase.objects.filter(cycle__is_published=True, starts_on__lte=today, starts_on__gt=today - _LATE)
    return sum(
        tell(
            with_role(Role.SECRETARIAT, Role.MEMBER),
            "reviews/mails/phase",
            about=phase.cycle,
            key=f"phase {phase.pk} {phase.starts_on}",
            page=phase.cycle.get_absolute_url,
            texts=lambda language, phase=phase: {
                "phase": phase.get_kind_display(),
                "cycle": isolated(version(phase.cycle, "title", language)),
            },
        )
        for phase in begun.select_related("cycle").order_by("pk")
    )


def register_notices() -> None:
    notices.register(
        "update_due", _("Update of a recommendation due"), is_for=lambda user: user.has_role(Role.SECRETARIAT)
    )
    notices.register(
        "phase", _("Phase of a review begins"), is_for=lambda user: user.has_role(Role.SECRETARIAT, Role.MEMBER)
    )
