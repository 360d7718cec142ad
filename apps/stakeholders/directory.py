"""The directory of organisations that agreed to be listed: names, constituencies, countries, objectives, website."""

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.db.models import F, Q
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from apps.core.arabic import folded
from apps.core.languages import active_language
from apps.core.pagecache import public_page
from apps.core.paging import paged
from apps.stakeholders.filters import TopicFilter
from apps.stakeholders.models import Constituency, Organisation, ShownTo

PER_PAGE = 25


class DirectoryFilter(TopicFilter):
    constituency = forms.ModelChoiceField(
        label=_("Constituency"), queryset=Constituency.objects.all(), required=False, empty_label=_("All")
    )

    def apply(self, organisations):
        if not self.is_valid():
            return organisations
        chosen = self.cleaned_data
        for word in folded(chosen["words"]).split():
            organisations = organisations.filter(folded__contains=word)
        if one := chosen["constituency"]:
            organisations = organisations.filter(Q(constituency=one) | Q(other_constituencies=one))
        if one := chosen["country"]:
            organisations = organisations.filter(Q(country=one) | Q(countries=one))
        if one := chosen["objective"]:
            organisations = organisations.filter(objectives=one)
        return organisations.distinct()


def listed_for(user):
    """The organisations of the directory as this user reads it: members also those that are listed for members."""
    shown = Organisation.objects.visible_to(user).filter(is_active=True)
    return shown.filter(shown_to__in=[ShownTo.PUBLIC, ShownTo.MEMBERS] if user.is_authenticated else [ShownTo.PUBLIC])


@public_page("objective", "country", "constituency", "page")
@login_not_required
@require_safe
def directory(request):
    form = DirectoryFilter(request.GET)
    organisations = form.apply(listed_for(request.user)).select_related("constituency", "country")
    organisations = organisations.prefetch_related("other_constituencies", "countries", "objectives")
    by_name = F(f"name_{active_language()}").asc(nulls_last=True)
    page = paged(organisations.order_by(by_name, "pk"), request.GET.get("page"), size=PER_PAGE)
    status = page.status if form.is_valid() else 400
    return render(request, "stakeholders/directory.html", {"form": form, "organisations": page}, status=status)
