from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.core.languages import active_language
from apps.core.pagecache import public_page
from apps.core.tables import csv_response
from apps.opendata import png
from apps.opendata.api import MOST, USUAL
from apps.opendata.engagement import BY_NAME, Figure, all_drawn, drawn, svg
from apps.opendata.sets import DATASETS


@public_page()
@login_not_required
@require_safe
def data(request):
    """What each set holds, column by column, and how it is fetched."""
    context = {"datasets": DATASETS, "licence": settings.DATA_LICENCE, "most": MOST, "usual": USUAL}
    return render(request, "opendata/data.html", context)


@public_page()
@login_not_required
@require_safe
def engagement(request):
    """The state of engagement: each figure drawn and told."""
    return render(request, "opendata/engagement.html", {"figures": all_drawn()})


@public_page()
@login_not_required
@require_safe
def figure_csv(request, name: str):
    figure = _asked_for(name)
    rows = ([row.label, *row.cells] for row in figure.rows())
    return csv_response(f"{name}-{active_language()}", figure.headings, rows)


@public_page()
@login_not_required
@require_safe
def figure_svg(request, name: str):
    figure = _asked_for(name)
    return _file(svg(figure, figure.rows()), name, "svg", "image/svg+xml; charset=utf-8")


@public_page()
@login_not_required
@require_safe
def figure_png(request, name: str):
    figure = _asked_for(name)
    content = png.draw(drawn(figure.rows()), str(figure.title), _source())
    return _file(content, name, "png", "image/png")


def _asked_for(name: str) -> Figure:
    if name not in BY_NAME:
        raise Http404
    return BY_NAME[name]


def _source() -> str:
    return _("Source: %(portal)s") % {"portal": settings.PORTAL_TAGLINE[active_language()]}


def _file(content, name: str, ending: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}-{active_language()}.{ending}"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
