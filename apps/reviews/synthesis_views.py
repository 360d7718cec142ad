"""The synthesis as it is read: published for everybody, shared for members, who comment on it."""

from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from apps.core.pagecache import public_page
from apps.core.records import visible_or_404
from apps.reviews import synthesis
from apps.reviews.commenting import commenting
from apps.reviews.models import Passage, ReviewCycle, SectionComment, SynthesisSection


def _sections(user):
    passages = Passage.objects.visible_to(user).select_related("submission__cycle")
    rows = SynthesisSection.objects.select_related("cycle")
    return rows.prefetch_related("objectives", Prefetch("passages", passages, to_attr="readable"))


@public_page()
@login_not_required
@require_safe
def section_list(request, number: int):
    cycle = visible_or_404(ReviewCycle.objects.all(), request.user, number=number)
    sections = _sections(request.user).visible_to(request.user).filter(cycle=cycle)
    return render(request, "reviews/synthesis.html", {"cycle": cycle, "sections": sections})


@public_page()
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def section_detail(request, number: int, pk: int):
    """One section with the passages on which it rests; while it is shared, what members say of it."""
    found = visible_or_404(_sections(request.user), request.user, cycle__number=number, pk=pk)
    said = commenting(request, found, SectionComment, may=synthesis.may_comment, service=synthesis.comment)
    if said.done:
        return said.done
    context = {"section": found, "page_object": found, **said.context}
    return render(request, "reviews/section.html", context, status=said.status)
