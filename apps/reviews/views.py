"""The reviews as everybody reads them."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.core.records import visible_or_404
from apps.reviews import contributions, timeline, trace
from apps.reviews.models import CallForInput, CycleDocument, PriorityArea, ReviewCycle

_SHOWN_RECOMMENDATIONS = 6


@login_not_required
@require_safe
def cycle_list(request):
    """All cycles, the newest first, each with where it stands."""
    cycles = ReviewCycle.objects.visible_to(request.user).prefetch_related("phases", "key_dates")
    rows = [{"cycle": cycle, "steps": timeline.steps(cycle), "next": timeline.next_date(cycle)} for cycle in cycles]
    return render(request, "reviews/list.html", {"rows": rows})


@login_not_required
@require_safe
def cycle_detail(request, number: int):
    """One review: its days and facts, each with its source, its papers, and the reports of the countries."""
    areas = Prefetch("priority_areas", PriorityArea.objects.prefetch_related("objectives"))
    papers = Prefetch("documents", CycleDocument.objects.select_related("country"))
    cycles = ReviewCycle.objects.prefetch_related("phases", "key_dates", areas, papers)
    cycle = visible_or_404(cycles, request.user, number=number)
    documents = list(cycle.documents.all())
    figures = trace.figures(cycle)
    context = {
        "cycle": cycle,
        "page_object": cycle,
        "steps": (steps := timeline.steps(cycle)),
        "is_unannounced": all(step.state == "unknown" and not step.phase.remark for step in steps),
        "next": timeline.next_date(cycle),
        "papers": [one for one in documents if one.kind == CycleDocument.Kind.PAPER],
        "reports": [one for one in documents if one.kind == CycleDocument.Kind.NATIONAL_REPORT],
        "figures": figures,
        "small_count": settings.SMALL_COUNT,
        "calls": [one for one in cycle.calls.visible_to(request.user) if one.stage == CallForInput.Stage.OPEN],
        **_recommended(cycle, request.user, figures),
        **(_contributed(cycle) if figures.all else {}),
        "is_present": cycle == timeline.present_cycle(),
    }
    return render(request, "reviews/cycle.html", context)


def _recommended(cycle: ReviewCycle, user, figures: trace.Figures) -> dict:
    """The recommendations on which most contributions stand, and how many there are."""
    rows = cycle.recommendations.visible_to(user).select_related("cycle", "outcome")
    found = list(rows.prefetch_related("objectives"))
    first = sorted(found, key=lambda one: (-figures.by_recommendation.get(one.pk, 0), one.number or 0))
    shown = first[:_SHOWN_RECOMMENDATIONS]
    rows = [(one, contributions.if_not_small(figures.by_recommendation.get(one.pk, 0))) for one in shown]
    return {"recommendations": len(found), "first_recommendations": rows}


def _contributed(cycle: ReviewCycle) -> dict:
    found = contributions.of(cycle)
    return {"contributed": found, "bars": contributions.bars(found), "matrix": contributions.drawn(found)}
