"""The reviews as everybody reads them."""

from collections import Counter, defaultdict

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Prefetch, Value, When, Window
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.core.pagecache import public_page
from apps.core.records import visible_or_404
from apps.reviews import contributions, timeline, trace
from apps.reviews.models import CallForInput, CycleDocument, PriorityArea, Recommendation, ReviewCycle

_SHOWN_RECOMMENDATIONS = 6


@public_page()
@login_not_required
@require_safe
def cycle_list(request):
    """All cycles, the newest first, each with where it stands."""
    cycles = ReviewCycle.objects.visible_to(request.user).prefetch_related("phases", "key_dates")
    rows = [{"cycle": cycle, "steps": timeline.steps(cycle), "next": timeline.next_date(cycle)} for cycle in cycles]
    return render(request, "reviews/list.html", {"rows": rows})


@public_page()
@login_not_required
@require_safe
def cycle_detail(request, number: int):
    """One review: its days and facts, each with its source, its papers, and the reports of the countries."""
    documents = Prefetch("documents", CycleDocument.objects.select_related("country"))
    newer = ReviewCycle.objects.filter(is_published=True, number__gt=OuterRef("number"))
    cycles = ReviewCycle.objects.annotate(is_past=Exists(newer))
    cycles = cycles.prefetch_related("phases", "key_dates", "priority_areas", documents)
    cycle = visible_or_404(cycles, request.user, number=number)
    steps = timeline.steps(cycle)
    rows = trace.counted(cycle)
    figures = trace.figures(cycle, rows)
    context = {
        "cycle": cycle,
        "page_object": cycle,
        "steps": steps,
        "is_unannounced": all(step.state == "unknown" and not step.phase.remark for step in steps),
        "next": timeline.next_date(cycle),
        "papers": [one for one in cycle.documents.all() if one.kind == CycleDocument.Kind.PAPER],
        "reports": [one for one in cycle.documents.all() if one.kind == CycleDocument.Kind.NATIONAL_REPORT],
        "figures": figures,
        "small_count": settings.SMALL_COUNT,
        "calls": [one for one in cycle.calls.visible_to(request.user) if one.stage == CallForInput.Stage.OPEN],
        **_topics(cycle, request.user, figures),
        **(_contributed(rows) if rows else {}),
        "is_present": cycle.is_published and not cycle.is_past,
    }
    return render(request, "reviews/cycle.html", context)


def _topics(cycle: ReviewCycle, user, figures: trace.Figures) -> dict:
    """The priority areas, and the recommendations on which most contributions stand; each with the numbers of its
    objectives."""
    counts = Counter(figures.by_recommendation).most_common(_SHOWN_RECOMMENDATIONS)
    ranks = [When(pk=pk, then=rank) for rank, (pk, _count) in enumerate(counts)]
    rank = Case(*ranks, default=len(ranks), output_field=IntegerField())
    rows = cycle.recommendations.visible_to(user).select_related("cycle", "outcome")
    rows = rows.annotate(rank=rank, total=Window(Count("pk")))
    first = list(rows.order_by("rank", "number")[:_SHOWN_RECOMMENDATIONS])
    areas = list(cycle.priority_areas.all())
    numbers = _objective_numbers(first, areas)
    shown = [
        (one, contributions.if_not_small(figures.by_recommendation.get(one.pk, 0)), numbers["recommendation", one.pk])
        for one in first
    ]
    return {
        "recommendations": first[0].total if first else 0,
        "first_recommendations": shown,
        "areas": [(one, numbers["area", one.pk]) for one in areas],
    }


def _objective_numbers(recommendations: list, areas: list) -> dict[tuple[str, int], list[int]]:
    """By kind and key of its owner, in one question for both."""
    found = defaultdict(list)
    of_recommendations = Recommendation.objectives.through.objects.filter(recommendation__in=recommendations)
    of_areas = PriorityArea.objectives.through.objects.filter(priorityarea__in=areas)
    if not recommendations and not areas:
        return found
    rows = of_recommendations.values_list(Value("recommendation"), "recommendation", "objective__number").union(
        of_areas.values_list(Value("area"), "priorityarea", "objective__number")
    )
    for kind, owner, number in rows.order_by("objective__number"):
        found[kind, owner].append(number)
    return found


def _contributed(rows: list[tuple]) -> dict:
    found = contributions.of(rows)
    return {"contributed": found, "bars": contributions.bars(found), "matrix": contributions.drawn(found)}
