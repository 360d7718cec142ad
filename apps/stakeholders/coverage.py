"""Who is known and who has been heard: constituency by country and by objective. Figures only, nobody's name.

An organisation counts in each of its constituencies, and in each country where it has its seat or works. It has been
heard there by an engagement that names no countries, or names this one; on an objective by one that names it.
"""

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, F, Max, Min, Q, QuerySet
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


def matrix(axis: Axis, *, since: date | None = None, among: QuerySet | None = None) -> Matrix:
    """All figures of one axis, in as many questions to the database however much it holds.

    ``among`` limits them to these organisations.
    """
    places = Country.objects.all() if axis == Axis.COUNTRY else Objective.objects.all()
    found = Matrix(axis, since or cycle_start[-1](), list(Constituency.objects.all()), list(places))
    if axis == Axis.COUNTRY:
        everybody = Organisation.objects.all() if among is None else Organisation.objects.filter(pk__in=among)
        _count_known(found, everybody, "", "country")
        beyond = Organisation.countries.through.objects.exclude(country=F("organisation__country"))
        _count_known(found, _only(among, beyond), "organisation__", "country")
        _count_heard_in_countries(found, among)
    else:
        working = Organisation.objectives.through.objects.all()
        _count_known(found, _only(among, working), "organisation__", "objective")
        _count_heard_on_objectives(found, among)
    return found


def _only(among: QuerySet | None, rows: QuerySet) -> QuerySet:
    return rows if among is None else rows.filter(organisation__in=among)


def _by_constituency(rows, path: str):
    """The rows twice, each with ``group``: the organisation's main constituency, then each other one."""
    yield rows.annotate(group=F(f"{path}constituency"))
    others = rows.annotate(group=F(f"{path}other_constituencies")).filter(group__isnull=False)
    yield others.exclude(group=F(f"{path}constituency"))


def _count_known(found: Matrix, rows, path: str, place: str) -> None:
    """``rows`` hold a place each; ``path`` leads from a row to its organisation."""
    organisation = path.removesuffix("__") or "pk"
    for each in _by_constituency(rows.order_by().filter(**{f"{path}is_active": True}), path):
        for constituency, where, count in each.values_list("group", place).annotate(Count(organisation, distinct=True)):
            found.cells[constituency, where].known += count


def _count_heard_on_objectives(found: Matrix, among: QuerySet | None) -> None:
    links = _only(among, Engagement.organisations.through.objects.order_by())
    links = links.filter(engagement__objectives__isnull=False)
    figures = {
        "heard": Count("organisation", distinct=True, filter=Q(engagement__happened_on__gte=found.since)),
        "ever": Count("organisation", distinct=True),
        "last": Max("engagement__happened_on"),
    }
    for rows in _by_constituency(links, "organisation__"):
        counted = rows.values_list("group", "engagement__objectives").annotate(**figures)
        for constituency, where, heard, ever, last in counted:
            cell = found.cells[constituency, where]
            cell.heard, cell.ever = cell.heard + heard, cell.ever + ever
            cell.last_heard_on = max(last, cell.last_heard_on or last)


def _count_heard_in_countries(found: Matrix, among: QuerySet | None) -> None:
    """Organisation by organisation, since one may be heard in a country by several engagements of both kinds."""
    everywhere, named = _heard_in_countries(among)
    heard_at_all = everywhere.keys() | named.keys()
    groups, places = _groups_and_countries(heard_at_all)
    for organisation in heard_at_all:
        heard = dict(named.get(organisation, ()))
        if last := everywhere.get(organisation):
            for place in places[organisation]:
                heard[place] = max(last, heard.get(place, last))
        for group in groups[organisation]:
            for place, last in heard.items():
                cell = found.cells[group, place]
                cell.ever += 1
                cell.heard += last >= found.since
                cell.last_heard_on = max(last, cell.last_heard_on or last)


def _heard_in_countries(among: QuerySet | None) -> tuple[dict[int, date], dict[int, list[tuple[int, date]]]]:
    """When each organisation was last heard: in engagements that name no country, and by the country that they name."""
    rows, last = _only(among, Engagement.organisations.through.objects.order_by()), Max("engagement__happened_on")
    everywhere = dict(rows.filter(engagement__countries=None).values_list("organisation").annotate(last))
    named = defaultdict(list)
    spoken_of = rows.filter(engagement__countries__isnull=False).values_list("organisation", "engagement__countries")
    for organisation, place, day in spoken_of.annotate(last):
        named[organisation].append((place, day))
    return everywhere, named


def _groups_and_countries(heard: Collection[int]) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
    """By organisation: its constituencies, and the countries where it has its seat or works."""
    groups, places = {}, {}
    # A plain queryset: that of translated models takes each of the thousands of rows apart.
    every = QuerySet(Organisation).order_by().values_list("pk", "constituency", "country")
    for pk, constituency, country in every:
        if pk in heard:
            groups[pk], places[pk] = {constituency}, {country}
    for relation, column, kept in (
        (Organisation.other_constituencies, "constituency", groups),
        (Organisation.countries, "country", places),
    ):
        for pk, other in relation.through.objects.values_list("organisation", column):
            if pk in heard:
                kept[pk].add(other)
    return groups, places


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
