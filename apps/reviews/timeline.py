"""Where a review stands: its phases in their order, the one that runs now, and what comes next."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.reviews.models import KeyDate, Phase, ReviewCycle

_ORDER = {kind: place for place, kind in enumerate(Phase.Kind.values)}


@dataclass(frozen=True)
class Step:
    """``state`` is "over", "now", "ahead", or "unknown" for a phase whose days nobody has announced."""

    phase: Phase
    state: str


def steps(cycle: ReviewCycle, on: date | None = None) -> list[Step]:
    """The phases of a cycle whose phases are loaded, in the order in which they follow one another."""
    day = on or timezone.localdate()
    return [Step(phase, _state(phase, day)) for phase in sorted(cycle.phases.all(), key=lambda one: _ORDER[one.kind])]


def _state(phase: Phase, day: date) -> str:
    if phase.is_now(day):
        return "now"
    if phase.is_over(day):
        return "over"
    return "ahead" if phase.starts_on else "unknown"


def next_date(cycle: ReviewCycle, on: date | None = None) -> KeyDate | None:
    """The next key date of a cycle whose key dates are loaded."""
    day = on or timezone.localdate()
    return next((one for one in cycle.key_dates.all() if one.happens_on >= day), None)


def cycle_start() -> date | None:
    """The day after the last conference that was held: since then people are heard for the present review."""
    held = ReviewCycle.objects.filter(is_published=True, conference_ends_on__lt=timezone.localdate())
    last = held.order_by("-conference_ends_on").values_list("conference_ends_on", flat=True).first()
    return last + timedelta(days=1) if last else None


# What a phase opens. A deed of a phase that is over can still be entered: the record of it may come late.
_BEGINS_WITH = {
    "publish": Phase.Kind.SYNTHESIS,
    "propose": Phase.Kind.SYNTHESIS,
    "adopt": Phase.Kind.RECOMMENDATIONS,
    "transmit": Phase.Kind.RECOMMENDATIONS,
    "conclude": Phase.Kind.CONFERENCE,
}


def refuse_too_early(cycle: ReviewCycle, deed: str) -> None:
    """Raises ValidationError while the phase to which the deed belongs lies ahead. Nothing is refused as long as
    nobody has announced its days."""
    ahead = cycle.phases.filter(kind=_BEGINS_WITH[deed], starts_on__gt=timezone.localdate()).first()
    if ahead is not None:
        text = _("The phase “%(phase)s” of this review begins on %(day)s. Until then this has to wait.")
        raise ValidationError(
            text % {"phase": ahead.get_kind_display(), "day": date_format(ahead.starts_on, "DATE_FORMAT")}
        )
