"""Recommendations as they are read: the register of a review, and a page for each with what became of it."""

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from apps.core.pagecache import public_page
from apps.core.paging import paged
from apps.core.records import visible_or_404
from apps.core.tables import csv_response
from apps.meetings.models import Decision
from apps.reviews import recommendations, trace
from apps.reviews.commenting import SayForm, commenting
from apps.reviews.models import Recommendation, RecommendationComment, ReviewCycle

PER_PAGE = 25


class CommentForm(SayForm):
    wording = forms.CharField(
        label=gettext_lazy("How would you word it?"),
        max_length=3000,
        required=False,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )


def _asked_for(request, number: int):
    cycle = visible_or_404(ReviewCycle.objects.all(), request.user, number=number)
    form = recommendations.RecommendationFilter(request.GET)
    return cycle, form, form.apply(cycle.recommendations.visible_to(request.user))


@public_page("objective", "country", "state", "page")
@login_not_required
@require_safe
def recommendation_list(request, number: int):
    cycle, form, found = _asked_for(request, number)
    page = paged(found, request.GET.get("page"), size=PER_PAGE)
    status = page.status if form.is_valid() else 400
    context = {"cycle": cycle, "form": form, "records": page}
    return render(request, "reviews/recommendations.html", context, status=status)


@login_not_required
@require_safe
def recommendations_csv(request, number: int):
    """The same rows as the page has."""
    cycle, _form, found = _asked_for(request, number)
    return csv_response(f"recommendations-{cycle.number}", recommendations.columns(), map(recommendations.row, found))


@public_page()
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def recommendation_detail(request, cycle: int, number: int):
    """What is recommended, who adopted it, where it is reflected or why not; until then what members say of it."""
    records = Recommendation.objects.select_related("cycle", "decision__meeting__group", "outcome")
    records = records.prefetch_related("objectives", "countries", "updates")
    found = visible_or_404(records, request.user, cycle__number=cycle, number=number)
    said = commenting(
        request,
        found,
        RecommendationComment,
        may=recommendations.may_comment,
        service=recommendations.comment,
        form_class=CommentForm,
    )
    if said.done:
        return said.done
    context = {
        "recommendation": found,
        "page_object": found,
        **said.context,
        "small_count": settings.SMALL_COUNT,
        "built_on": trace.backward(found, request.user),
        "decision": _readable_decision(found, request.user),
    }
    return render(request, "reviews/recommendation.html", context, status=said.status)


def _readable_decision(recommendation: Recommendation, user) -> Decision | None:
    if recommendation.decision_id is None:
        return None
    return (
        Decision.objects.visible_to(user).select_related("meeting__group").filter(pk=recommendation.decision_id).first()
    )
