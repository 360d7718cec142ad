"""Who is known and who has been heard: constituency by country and by objective. Figures only, nobody's name.

An organisation counts in each of its constituencies, and in each country where it has its seat or works. It has been
heard there by an engagement that names no countries, or names this one; on an objective by one that names it.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Max, Min
from django.db.models.functions import ExtractYear
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.records import save_record
from apps.stakeholders.models import Constituency, Country, Engagement, Gap, Objective, Organisation
from apps.stakeholders.services import require_secretariat


class Axis(StrEnum):
    COUNTRY = "country"
    OBJECTIVE = "objective"


class Figure(StrEnum):
    HEARD = "heard"
    EVER = "ever"
    KNOWN = "known"


@dataclass
class Cell:
    """How many organisations: known and active, heard since the cycle began, heard ever; and when last."""

    known: int = 0
    heard: int = 0
    ever: int = 0
    last_heard_on: date | None = None


@dataclass
class Matrix:
    axis: Axis
    since: date
    constituencies: list[Constituency]
    places: list[Country] | list[Objective]
    cells: dict[tuple[int, int], Cell] = field(default_factory=lambda: defaultdict(Cell))

    def cell(self, constituency, place) -> Cell:
        return self.cells.get((constituency.pk, place.pk)) or Cell()

    def empty(self) -> list[tuple[Constituency, Country | Objective, Cell]]:
        """The cells in which nobody has been heard since the cycle began."""
        pairs = [(one, place, self.cell(one, place)) for one in self.constituencies for place in self.places]
        return [(one, place, cell) for one, place, cell in pairs if not cell.heard]


def _configured_start() -> date:
    return settings.REVIEW_CYCLE_SINCE


# Gives the first day of the present cycle; whoever keeps the cycles says which.
cycle_start: list[Callable[[], date]] = [_configured_start]


def matrix(axis: Axis, *, since: date | None = None) -> Matrix:
    """All figures of one axis. Eight questions to the database, however much it holds."""
    places = Country.objects.all() if axis == Axis.COUNTRY else Objective.objects.all()
    found = Matrix(axis, since or cycle_start[-1](), list(Constituency.objects.all()), list(places))
    constituencies, seats, active = _organisations()
    everywhere, named = _heard(axis)
    of_work = _links(Organisation.countries if axis == Axis.COUNTRY else Organisation.objectives, axis)
    for organisation, groups in constituencies.items():
        own = set(of_work.get(organisation, ()))
        if axis == Axis.COUNTRY:
            own.add(seats[organisation])
        heard = dict(named.get(organisation, ()))
        if last := everywhere.get(organisation):
            for place in own:
                heard[place] = max(last, heard.get(place, last))
        _count(found, groups, own if active[organisation] else (), heard)
    return found


def _count(found: Matrix, groups: set[int], known, heard: dict[int, date]) -> None:
    for group in groups:
        for place in known:
            found.cells[group, place].known += 1
        for place, last in heard.items():
            cell = found.cells[group, place]
            cell.ever += 1
            cell.heard += last >= found.since
            cell.last_heard_on = max(last, cell.last_heard_on or last)


def _organisations() -> tuple[dict[int, set[int]], dict[int, int], dict[int, bool]]:
    """By organisation: its constituencies, the country of its seat, whether it is active."""
    groups, seats, active = {}, {}, {}
    for pk, constituency, country, is_active in Organisation.objects.order_by().values_list(
        "pk", "constituency", "country", "is_active"
    ):
        groups[pk], seats[pk], active[pk] = {constituency}, country, is_active
    others = Organisation.other_constituencies.through.objects.values_list("organisation", "constituency")
    for pk, constituency in others:
        groups[pk].add(constituency)
    return groups, seats, active


def _links(relation, axis: Axis) -> dict[int, list[int]]:
    links = defaultdict(list)
    for organisation, place in relation.through.objects.values_list("organisation", str(axis)):
        links[organisation].append(place)
    return links


def _heard(axis: Axis) -> tuple[dict[int, date], dict[int, list[tuple[int, date]]]]:
    """When each organisation was last heard: in engagements that name no place, and by the place that they name."""
    relation = "engagement__countries" if axis == Axis.COUNTRY else "engagement__objectives"
    rows = Engagement.organisations.through.objects.order_by()
    last = Max("engagement__happened_on")
    everywhere = {}
    if axis == Axis.COUNTRY:
        plain = rows.filter(engagement__countries=None).values_list("organisation").annotate(last)
        everywhere = dict(plain)
    named = defaultdict(list)
    for organisation, place, day in (
        rows.filter(**{f"{relation}__isnull": False}).values_list("organisation", relation).annotate(last)
    ):
        named[organisation].append((place, day))
    return everywhere, named


def by_year() -> list[tuple[int, int]]:
    """How many organisations were heard in each year, from the first entry of the log to this year."""
    first = Engagement.objects.aggregate(first=Min("happened_on"))["first"]
    if first is None:
        return []
    counts = (
        Engagement.objects.order_by()
        .annotate(year=ExtractYear("happened_on"))
        .values_list("year")
        .annotate(Count("organisations", distinct=True))
    )
    counts = dict(counts)
    return [(year, counts.get(year, 0)) for year in range(first.year, timezone.localdate().year + 1)]


# Gaps as tasks


@transaction.atomic
def take_up(
    *, by, constituency: Constituency, place: Country | Objective, assigned_to=None, due_on: date | None = None
) -> Gap:
    """Makes an empty cell somebody's task; the task that there is already. Raises ValidationError when it is filled."""
    require_secretariat(by)
    axis = Axis.COUNTRY if isinstance(place, Country) else Axis.OBJECTIVE
    Constituency.objects.select_for_update().get(pk=constituency.pk)
    open_gap = Gap.objects.open().filter(constituency=constituency, **{str(axis): place}).first()
    if open_gap is not None:
        return open_gap
    cell = matrix(axis).cell(constituency, place)
    if cell.heard:
        raise ValidationError(_("Somebody was heard there meanwhile: this is no gap any more."))
    gap = Gap(
        constituency=constituency, assigned_to=assigned_to, due_on=due_on, last_heard_on=cell.last_heard_on,
        **{str(axis): place},
    )  # fmt: skip
    gap.full_clean()
    return save_record(gap, by=by)


@transaction.atomic
def close_gaps(engagement: Engagement, *, by) -> list[Gap]:
    """Closes the open tasks whose cell this engagement fills. Call it when its links are saved."""
    if engagement.happened_on < cycle_start[-1]():
        return []
    organisations = engagement.organisations.prefetch_related("other_constituencies", "countries")
    countries = set(engagement.countries.values_list("pk", flat=True))
    objectives = set(engagement.objectives.values_list("pk", flat=True))
    filled = set()
    for one in organisations:
        groups = {one.constituency_id, *(group.pk for group in one.other_constituencies.all())}
        places = countries or {one.country_id, *(country.pk for country in one.countries.all())}
        filled |= {(group, place, None) for group in groups for place in places}
        filled |= {(group, None, objective) for group in groups for objective in objectives}
    closed = []
    for gap in Gap.objects.open().select_for_update():
        if (gap.constituency_id, gap.country_id, gap.objective_id) in filled:
            gap.closed_on, gap.closed_by = timezone.localdate(), engagement
            closed.append(save_record(gap, by=by))
    return closed


@transaction.atomic
def close_without(gap: Gap, *, by, reason: str) -> Gap:
    """Closes a task that nobody follows up; the reason stays in the trail."""
    require_secretariat(by)
    gap.closed_on = timezone.localdate()
    return save_record(gap, by=by, reason=reason)
