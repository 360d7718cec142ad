"""The synthesis as it is read: published for everybody, shared for members, who comment on it."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.forms import CrispyFormMixin
from apps.core.records import visible_or_404
from apps.core.textpolicy import clean_text
from apps.reviews import synthesis
from apps.reviews.models import Passage, ReviewCycle, SectionComment, SynthesisSection
from apps.reviews.recommendation_views import with_authors


class SayForm(CrispyFormMixin, forms.Form):
    says = forms.CharField(
        label=gettext_lazy("Your comment"), max_length=2000, widget=forms.Textarea({"rows": 4, "dir": "auto"})
    )

    def clean_says(self):
        return clean_text(self.cleaned_data["says"])


def _sections(user):
    passages = Passage.objects.visible_to(user).select_related("submission__cycle")
    rows = SynthesisSection.objects.select_related("cycle")
    return rows.prefetch_related("objectives", Prefetch("passages", passages, to_attr="readable"))


@login_not_required
@require_safe
def section_list(request, number: int):
    cycle = visible_or_404(ReviewCycle.objects.all(), request.user, number=number)
    sections = _sections(request.user).visible_to(request.user).filter(cycle=cycle)
    return render(request, "reviews/synthesis.html", {"cycle": cycle, "sections": sections})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def section_detail(request, number: int, pk: int):
    """One section with the passages on which it rests; while it is shared, what members say of it."""
    found = visible_or_404(_sections(request.user), request.user, cycle__number=number, pk=pk)
    may_comment = synthesis.may_comment(found, request.user)
    form, status = SayForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        if not may_comment:
            raise PermissionDenied
        if form.is_valid():
            synthesis.comment(found, by=request.user, **form.cleaned_data)
            messages.success(request, _("Your comment stands below. The members and the secretariat read it."))
            return HttpResponseRedirect(request.path)
        status = 400
    comments = SectionComment.objects.visible_to(request.user).filter(section=found)
    context = {
        "section": found,
        "page_object": found,
        "form": form if may_comment else None,
        "comments": with_authors(list(comments), request.user),
    }
    return render(request, "reviews/section.html", context, status=status)
