"""The state of engagement in figures, for everybody: each is drawn, told in a table, and can be taken away.

Figures count; none is about a person. What few people did or asked for is not told: ``_FEW``.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count, Q
from django.db.models.functions import ExtractYear
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.languages import name_of
from apps.meetings.models import Attendance, Meeting, Need, Participant
from apps.news.models import Article
from apps.news.parity import parity_of
from apps.opendata.dataset import STRANGER
from apps.reviews.models import Recommendation
from apps.stakeholders import coverage, drawing

# What fewer people than these did or asked for is not told: it might point to one of them.
_FEW = 5


@dataclass(frozen=True)
class Row:
    """``length`` is what the bar shows; None where the figure is not told. ``cells`` stand in the table."""

    label: str
    length: int | None
    words: str
    cells: tuple

    @property
    def title(self) -> str:
        return f"{self.label}: {self.words}"


@dataclass(frozen=True)
class Figure:
    name: str
    title: str
    about: str
    headings: tuple[str, ...]
    find: Callable[[], list[Row]]

    def rows(self) -> list[Row]:
        return self.find()

    def files(self) -> list[tuple[str, str]]:
        """In what forms it can be taken away, and from where."""
        forms = ("csv", "svg", "png")
        return [(form.upper(), reverse(f"opendata:figure_{form}", args=[self.name])) for form in forms]


def drawn(rows: list[Row]) -> drawing.Drawing:
    lengths = [(row.label, row.length or 0) for row in rows]
    return drawing.bars(lengths, [row.title for row in rows], words=[row.words for row in rows])


def _heard() -> list[Row]:
    return [Row(f"{year}", count, f"{count}", (count,)) for year, count in coverage.by_year()]


def _reached() -> list[Row]:
    """How many of the constituencies' countries have somebody who was heard, by constituency."""
    matrix = coverage.matrix(coverage.Axis.COUNTRY)
    found, places = [], len(matrix.places)
    for constituency in matrix.constituencies:
        reached = sum(matrix.cell(constituency, place).heard > 0 for place in matrix.places)
        words = _("%(count)s of %(total)s") % {"count": reached, "total": places}
        found.append(Row(str(constituency), reached, words, (reached, places)))
    return found


def _languages() -> list[Row]:
    found = parity_of(Article.objects.visible_to(STRANGER))
    return [
        Row(
            str(name_of(one.language)),
            one.current,
            f"\u2066{one.percent} %\u2069",
            (one.current, one.outdated, one.missing),
        )
        for one in found
        if one.total
    ]


def _attendance() -> list[Row]:
    ways = {"on_site": Attendance.ON_SITE, "online": Attendance.ONLINE}
    held = Participant.objects.asked().filter(meeting__status=Meeting.Status.HELD)
    counts = {name: Count("pk", filter=Q(attendance=way)) for name, way in ways.items()}
    years = held.order_by().annotate(year=ExtractYear("meeting__starts_on")).values("year").annotate(**counts)
    found = []
    for one in years.order_by("year"):
        there = one["on_site"] + one["online"]
        if 0 < there < _FEW:
            few = _("fewer than %(few)s took part") % {"few": _FEW}
            found.append(Row(f"{one['year']}", None, few, ("–", "–")))
        elif there:
            words = _("%(online)s of %(total)s online") % {"online": one["online"], "total": there}
            found.append(Row(f"{one['year']}", there, words, (one["on_site"], one["online"])))
    return found


def _needs() -> list[Row]:
    kinds = dict(Need.objects.order_by().values_list("kind").annotate(Count("pk")))
    met = dict(Need.objects.order_by().filter(state=Need.State.MET).values_list("kind").annotate(Count("pk")))
    found = []
    for barrier, of in Need.BARRIERS.items():
        asked, given = sum(kinds.get(kind, 0) for kind in of), sum(met.get(kind, 0) for kind in of)
        if asked < _FEW:
            few = _("fewer than %(few)s asked") % {"few": _FEW}
            found.append(Row(str(barrier.label), None, few, ("–", "–")))
        else:
            words = _("%(count)s of %(total)s") % {"count": given, "total": asked}
            found.append(Row(str(barrier.label), given, words, (asked, given)))
    return found


def _recommendations() -> list[Row]:
    shown = Recommendation.objects.visible_to(STRANGER).order_by()
    counts = dict(shown.values_list("state").annotate(Count("pk")))
    labels = dict(Recommendation.State.choices)
    return [
        Row(str(labels[state]), counts[state], f"{counts[state]}", (counts[state],))
        for state in Recommendation.PUBLIC
        if counts.get(state)
    ]


FIGURES = (
    Figure(
        "heard",
        gettext_lazy("Organisations heard, by year"),
        gettext_lazy("How many organisations the group and its secretariat have heard, from the log of engagement."),
        (gettext_lazy("Year"), gettext_lazy("Organisations")),
        _heard,
    ),
    Figure(
        "reached",
        gettext_lazy("Countries reached, by constituency"),
        gettext_lazy("In how many countries of the region somebody of it was heard in this review cycle."),
        (gettext_lazy("Constituency"), gettext_lazy("Countries reached"), gettext_lazy("Countries")),
        _reached,
    ),
    Figure(
        "languages",
        gettext_lazy("News in both languages"),
        gettext_lazy("How much of the published news stands in each language and is up to date."),
        (
            gettext_lazy("Language"),
            gettext_lazy("Up to date"),
            gettext_lazy("Outdated"),
            gettext_lazy("Missing"),
        ),
        _languages,
    ),
    Figure(
        "attendance",
        gettext_lazy("Attendance, by way of joining"),
        gettext_lazy(
            "How people took part in the meetings that were held: in the room or from afar. Of few nothing is told."
        ),
        (gettext_lazy("Year"), gettext_lazy("On site"), gettext_lazy("Online")),
        _attendance,
    ),
    Figure(
        "needs",
        gettext_lazy("Needs met, by barrier"),
        gettext_lazy(
            "What people asked for so that they can take part, and how much they got. Of few nothing is told."
        ),
        (gettext_lazy("Barrier"), gettext_lazy("Asked for"), gettext_lazy("Met")),
        _needs,
    ),
    Figure(
        "recommendations",
        gettext_lazy("Recommendations, by status"),
        gettext_lazy("How far the recommendations of the group have come since their adoption."),
        (gettext_lazy("Status"), gettext_lazy("Recommendations")),
        _recommendations,
    ),
)


BY_NAME = {one.name: one for one in FIGURES}


def svg(figure: Figure, rows: list[Row]) -> str:
    """The drawing of these rows; "" without any."""
    return render_to_string("stakeholders/bars.svg", {"drawing": drawn(rows), "title": figure.title}) if rows else ""


def all_drawn() -> list[tuple[Figure, list[Row], str]]:
    found = [(figure, figure.rows()) for figure in FIGURES]
    return [(figure, rows, svg(figure, rows)) for figure, rows in found]
