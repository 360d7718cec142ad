"""How a group is composed today, and what its terms ask for."""

from collections import Counter
from datetime import timedelta

from django.db.models import Count, Q
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from apps.stakeholders import drawing
from apps.stakeholders.models import AdvisoryGroup, Membership, Person

# An end of term is announced so long before.
ANNOUNCED = timedelta(days=90)


def ending_soon():
    """Seats whose term ends soon and is not followed by another of the same person."""
    return Membership.objects.seated().ending(ANNOUNCED)


def vacancies() -> list[tuple[AdvisoryGroup, int]]:
    """Groups with empty seats today, and how many."""
    held = Membership.objects.current().seated().order_by()
    groups = AdvisoryGroup.objects.annotate(held=Count("memberships", filter=Q(memberships__in=held)))
    return [(group, group.seats - group.held) for group in groups if group.seats > group.held]


def drawn(group: AdvisoryGroup) -> list[tuple[str, str]]:
    """The seats held today by constituency, country and gender, each with its title as SVG. Counts only."""
    seats = group.memberships.current().seated().select_related("constituency", "person__country")
    seats = list(seats)
    genders = dict(Person.Gender.choices)
    parts = {
        _("Seats by constituency"): Counter(str(seat.constituency) for seat in seats),
        _("Seats by country"): Counter(str(seat.person.country or _("not given")) for seat in seats),
        _("Seats by gender"): Counter(str(genders.get(seat.person.gender, _("not given"))) for seat in seats),
    }
    return [(title, _picture(title, counts)) for title, counts in parts.items() if counts]


def _picture(title: str, counts: Counter) -> str:
    rows = counts.most_common()
    picture = drawing.bars(rows, [f"{name}: {count}" for name, count in rows])
    return render_to_string("stakeholders/bars.svg", {"drawing": picture, "title": title})
