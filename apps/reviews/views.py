"""The reviews as everybody reads them."""

from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.core.records import visible_or_404
from apps.reviews import timeline
from apps.reviews.models import CycleDocument, PriorityArea, ReviewCycle


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
    context = {
        "cycle": cycle,
        "page_object": cycle,
        "steps": timeline.steps(cycle),
        "next": timeline.next_date(cycle),
        "papers": [one for one in documents if one.kind == CycleDocument.Kind.PAPER],
        "reports": [one for one in documents if one.kind == CycleDocument.Kind.NATIONAL_REPORT],
        "recommendations": cycle.recommendations.visible_to(request.user).count(),
        "is_present": cycle == timeline.present_cycle(),
    }
    return render(request, "reviews/cycle.html", context)
