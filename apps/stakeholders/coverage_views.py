"""The coverage as everybody may read it: figures, and nobody's name."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.core.languages import active_language
from apps.core.pagecache import public_page
from apps.core.tables import csv_response
from apps.stakeholders import drawing
from apps.stakeholders.coverage import Axis, Figure, Matrix, by_year, matrix

FIGURES = {
    Figure.HEARD: lambda cell: cell.heard,
    Figure.EVER: lambda cell: cell.ever,
    Figure.KNOWN: lambda cell: cell.known,
}


def asked_for(request) -> tuple[Axis, Figure]:
    """What the reader chose; anything else counts as the first choice."""
    by, show = request.GET.get("by"), request.GET.get("show")
    axis = Axis(by) if by in list(Axis) else Axis.COUNTRY
    return axis, Figure(show) if show in list(Figure) else Figure.HEARD


def figure_names() -> dict[str, str]:
    return {
        Figure.HEARD: _("Heard in this cycle"),
        Figure.EVER: _("Heard ever"),
        Figure.KNOWN: _("Known"),
    }


def axis_names() -> dict[str, str]:
    return {Axis.COUNTRY: _("By country"), Axis.OBJECTIVE: _("By objective")}


def by_name(found: Matrix) -> list:
    """Countries in the order of their names in the page's language; objectives in that of their numbers."""
    return sorted(found.places, key=str) if found.axis == Axis.COUNTRY else found.places


def heading(place, axis: Axis) -> str:
    return f"{place}" if axis == Axis.COUNTRY else f"{place.number}"


def drawn(found: Matrix, figure: Figure) -> str:
    """The figures as SVG, to stand in a page or in a file."""
    value = FIGURES[figure]
    rows, columns = found.constituencies, by_name(found)
    figures = [[value(found.cell(one, place)) for place in columns] for one in rows]
    titles = [[f"{one} · {place}: {value(found.cell(one, place))}" for place in columns] for one in rows]
    picture = drawing.table(
        [f"{one}" for one in rows], [heading(place, found.axis) for place in columns], figures, titles
    )
    title = f"{figure_names()[figure]} · {axis_names()[found.axis]}"
    return render_to_string("stakeholders/table.svg", {"drawing": picture, "title": title})


def drawn_years() -> str:
    counts = [(f"{year}", count) for year, count in by_year()]
    title = _("Organisations heard, by year")
    picture = drawing.bars(counts, [f"{year}: {count}" for year, count in counts])
    return render_to_string("stakeholders/bars.svg", {"drawing": picture, "title": title}) if counts else ""


def in_words(found: Matrix, figure: Figure) -> list[dict]:
    """By constituency: where somebody stands behind the figure, and where nobody does."""
    value = FIGURES[figure]
    rows = []
    for one in found.constituencies:
        counts = [(place, value(found.cell(one, place))) for place in by_name(found)]
        rows.append(
            {
                "constituency": one,
                "filled": [pair for pair in counts if pair[1]],
                "empty": [place for place, count in counts if not count],
            }
        )
    return rows


@public_page("by", "show")
@login_not_required
@require_safe
def coverage(request):
    axis, figure = asked_for(request)
    found = matrix(axis)
    context = {
        "axis": axis,
        "figure": figure,
        "axes": axis_names(),
        "figures": figure_names(),
        "since": found.since,
        "drawn": drawn(found, figure),
        "years": drawn_years(),
        "rows": in_words(found, figure),
        "empty": len(found.empty()),
        "cells": len(found.constituencies) * len(found.places),
    }
    return render(request, "stakeholders/coverage.html", context)


@login_not_required
@require_safe
def coverage_csv(request):
    """All three figures of one axis, a line for each cell."""
    axis, _figure = asked_for(request)
    found = matrix(axis)
    names = figure_names()
    headings = [_("Constituency"), axis_names()[axis], names[Figure.KNOWN], names[Figure.HEARD], names[Figure.EVER]]
    rows = (
        [one, place, cell.known, cell.heard, cell.ever]
        for one in found.constituencies
        for place in by_name(found)
        for cell in [found.cell(one, place)]
    )
    return csv_response(f"coverage-{axis}-{active_language()}", headings, rows)


@public_page("by", "show")
@login_not_required
@require_safe
def coverage_svg(request):
    """The drawing as a file."""
    axis, figure = asked_for(request)
    response = HttpResponse(drawn(matrix(axis), figure), content_type="image/svg+xml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="coverage-{axis}-{figure}-{active_language()}.svg"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
