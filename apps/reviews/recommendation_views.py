"""Recommendations as they are read: the register of a review, and a page for each with what became of it."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.forms import CrispyFormMixin
from apps.core.paging import paged
from apps.core.records import visible_or_404
from apps.core.tables import csv_response
from apps.core.textpolicy import clean_text
from apps.meetings.models import Decision
from apps.reviews import recommendations, trace
from apps.reviews.models import Recommendation, RecommendationComment, ReviewCycle
from apps.reviews.models.comments import MemberComment
from apps.stakeholders.models import Person

PER_PAGE = 25


class CommentForm(CrispyFormMixin, forms.Form):
    says = forms.CharField(
        label=gettext_lazy("Your comment"), max_length=2000, widget=forms.Textarea({"rows": 4, "dir": "auto"})
    )
    wording = forms.CharField(
        label=gettext_lazy("How would you word it?"),
        max_length=3000,
        required=False,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )

    def clean(self):
        return {name: clean_text(text) for name, text in super().clean().items()}


def _asked_for(request, number: int):
    cycle = visible_or_404(ReviewCycle.objects.all(), request.user, number=number)
    form = recommendations.RecommendationFilter(request.GET)
    return cycle, form, form.apply(cycle.recommendations.visible_to(request.user))


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


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def recommendation_detail(request, cycle: int, number: int):
    """What is recommended, who adopted it, where it is reflected or why not; until then what members say of it."""
    records = Recommendation.objects.select_related("cycle", "decision__meeting__group", "outcome")
    records = records.prefetch_related("objectives", "countries", "updates")
    found = visible_or_404(records, request.user, cycle__number=cycle, number=number)
    may_comment = recommendations.may_comment(found, request.user)
    form, status = CommentForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        if not may_comment:
            raise PermissionDenied
        if form.is_valid():
            recommendations.comment(found, by=request.user, **form.cleaned_data)
            messages.success(request, _("Your comment stands below. The members and the secretariat read it."))
            return HttpResponseRedirect(request.path)
        status = 400
    comments = list(RecommendationComment.objects.visible_to(request.user).filter(recommendation=found))
    context = {
        "recommendation": found,
        "page_object": found,
        "form": form if may_comment else None,
        "comments": with_authors(comments, request.user),
        "small_count": settings.SMALL_COUNT,
        "built_on": trace.backward(found, request.user),
        "decision": _readable_decision(found, request.user),
    }
    return render(request, "reviews/recommendation.html", context, status=status)


def with_authors(comments: list[MemberComment], user) -> list[tuple[MemberComment, Person | None]]:
    """Each with its author, for whom this reader may know by name."""
    if not comments:
        return []
    people = Person.objects.visible_to(user).filter(user__in=[one.author_id for one in comments])
    named = {person.user_id: person for person in people}
    return [(one, named.get(one.author_id)) for one in comments]


def _readable_decision(recommendation: Recommendation, user) -> Decision | None:
    if recommendation.decision_id is None:
        return None
    return (
        Decision.objects.visible_to(user).select_related("meeting__group").filter(pk=recommendation.decision_id).first()
    )
