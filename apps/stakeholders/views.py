from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.generic import DetailView

from apps.accounts.views import OwnRecord, pass_step
from apps.core.pagecache import public_page
from apps.core.records import visible_or_404
from apps.stakeholders.forms import InterestForm, SharingForm
from apps.stakeholders.models import KEEPING_ROLES, AdvisoryGroup, Interest, Membership, Person, SeatCall
from apps.stakeholders.seats import history, table
from apps.stakeholders.services import declare_interest, end_interest, save_person


@method_decorator([public_page(), login_not_required], name="dispatch")
class GroupDetail(DetailView):
    """An advisory group and who sits in it; without a number the first one."""

    template_name = "stakeholders/advisorygroup_detail.html"
    context_object_name = "group"

    def get_queryset(self):
        return AdvisoryGroup.objects.visible_to(self.request.user)

    def get_object(self, queryset=None):
        group = super().get_object() if "pk" in self.kwargs else self.get_queryset().first()
        if group is None:
            raise Http404
        return group

    def get_context_data(self, **kwargs):
        user = self.request.user
        return super().get_context_data(
            table=table(self.object, user),
            others=self.get_queryset().exclude(pk=self.object.pk),
            has_interests=Interest.objects.visible_to(user).filter(membership__group=self.object).exists(),
            **kwargs,
        )


@method_decorator([public_page(), login_not_required], name="dispatch")
class GroupHistory(DetailView):
    """Who sat in a group when, as this reader may know it."""

    template_name = "stakeholders/history.html"
    context_object_name = "group"

    def get_queryset(self):
        return AdvisoryGroup.objects.visible_to(self.request.user)

    def get_context_data(self, **kwargs):
        return super().get_context_data(terms=history(self.object, self.request.user), **kwargs)


@public_page()
@login_not_required
@require_safe
def call_list(request):
    """The calls for vacant seats, those that are open first."""
    calls = list(SeatCall.objects.visible_to(request.user).filter(is_published=True).select_related("group"))
    return render(request, "stakeholders/calls.html", {"calls": sorted(calls, key=lambda call: not call.is_open)})


@public_page()
@login_not_required
@require_safe
def call_detail(request, pk: int):
    calls = SeatCall.objects.select_related("group", "reserved__constituency", "reserved__country")
    call = visible_or_404(calls, request.user, pk=pk)
    context = {"call": call, "secretariat": settings.SECRETARIAT_EMAIL, "page_object": call}
    return render(request, "stakeholders/call.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def interests(request):
    """What those who sit in one's groups have declared; one's own is declared here."""
    own = Membership.objects.current().filter(person__user=request.user).select_related("group")
    form = InterestForm(request.POST if request.method == "POST" else None, memberships=own)
    status = 200
    if request.method == "POST":
        if own and form.is_valid():
            declare_interest(form.interest(), by=request.user)
            messages.success(request, _("Declared. Those who sit in the group with you can read it."))
            return HttpResponseRedirect(request.path)
        status = 400
    seen = Interest.objects.visible_to(request.user).current()
    found = list(seen.select_related("membership__group", "membership__person"))
    if not own and not found and not request.user.has_role(*KEEPING_ROLES):
        raise Http404
    context = {"form": form if own else None, **_own_and_others(found, request.user)}
    return render(request, "stakeholders/interests.html", context, status=status)


def _own_and_others(found: list[Interest], user) -> dict:
    """Others' interests with whether this reader may know the name."""
    people = {one.membership.person_id for one in found}
    named = set(Person.objects.visible_to(user).filter(pk__in=people).values_list("pk", flat=True))
    others = [one for one in found if one.membership.person.user_id != user.pk]
    return {
        "own": [one for one in found if one not in others],
        "others": [(one, one.membership.person_id in named) for one in others],
    }


@require_POST
def end(request, pk: int):
    """An interest of one's own holds no more."""
    own = Interest.objects.filter(membership__person__user=request.user)
    end_interest(visible_or_404(own, request.user, pk=pk), by=request.user)
    messages.success(request, _("Noted: it is one no more."))
    return HttpResponseRedirect(reverse("stakeholders:interests"))


class Sharing(OwnRecord):
    """What the public may read about the person herself."""

    form_class = SharingForm
    template_name = "stakeholders/sharing.html"

    def records(self):
        return Person.objects.filter(user=self.request.user)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return {**context, "person": context["form"].instance}

    def save(self, record):
        save_person(record, by=self.request.user)

    def done(self):
        messages.success(self.request, _("Saved."))
        return HttpResponseRedirect(reverse("stakeholders:sharing"))


class WelcomeSharing(Sharing):
    template_name = "stakeholders/welcome_sharing.html"

    def done(self):
        return pass_step(self.request, "stakeholders:welcome_sharing")
