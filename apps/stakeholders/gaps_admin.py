"""The coverage in the back office: the figures, the places where nobody was heard, and the tasks made of them."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from apps.accounts.roles import Role
from apps.core.admin import STAMP_FIELDS, STAMPS, PortalAdmin
from apps.core.digits import key_in
from apps.core.languages import columns
from apps.core.list_filters import BeginningFilter
from apps.core.list_tables import download_list
from apps.core.steps import Step
from apps.stakeholders import coverage
from apps.stakeholders.coverage import Axis
from apps.stakeholders.coverage_views import asked_for, axis_names, drawn, figure_names
from apps.stakeholders.forms import WhyForm
from apps.stakeholders.models import KEEPING_ROLES, Constituency, Country, Gap, Objective, Segment
from apps.stakeholders.models.gaps import sentence
from apps.stakeholders.segments import organisations


class GapState(BeginningFilter):
    """The list begins with what is open."""

    title = gettext_lazy("state")
    parameter_name = "state"
    beginning = gettext_lazy("Open")

    def lookups(self, request, model_admin):
        return [("mine", gettext_lazy("Mine")), ("closed", gettext_lazy("Closed")), ("all", gettext_lazy("All"))]

    def queryset(self, request, queryset):
        if self.value() == "closed":
            return queryset.exclude(closed_on=None)
        if self.value() == "mine":
            return queryset.open().filter(assigned_to=request.user)
        return queryset if self.value() == "all" else queryset.open()


@admin.register(Gap)
class GapAdmin(PortalAdmin):
    actions = [download_list]
    change_list_template = "admin/stakeholders/gap/change_list.html"
    list_display = ["__str__", "assigned_to", "due_on", "closed_on", "closed_by"]
    list_filter = [GapState, "constituency", "country"]
    list_select_related = ["constituency", "country", "objective", "assigned_to", "closed_by"]
    search_fields = [*columns("constituency__name", "country__name")]
    search_help_text = gettext_lazy("Search by constituency or country in either language.")
    autocomplete_fields = ["assigned_to"]
    readonly_fields = ("what", "closed_on", "closed_by", *STAMP_FIELDS)
    fieldsets = [
        (None, {"fields": ["what", ("assigned_to", "due_on"), "note"]}),
        (gettext_lazy("Closed"), {"fields": [("closed_on", "closed_by")]}),
        STAMPS,
    ]
    steps = (
        Step(
            name="close",
            label=gettext_lazy("Close without an engagement"),
            explanation=gettext_lazy("An engagement that fills the place closes the task by itself."),
            service=coverage.close_without,
            offered=lambda gap: bool(gap and gap.is_open),
            done=gettext_lazy("The task is closed."),
            form=WhyForm,
            is_main=False,
        ),
    )

    def get_queryset(self, request):
        related = ("constituency", "country", "objective")
        return super().get_queryset(request).visible_to(request.user).select_related(*related)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=gettext_lazy("gap"))
    def what(self, obj):
        return str(obj)

    def get_urls(self):
        pages = [
            path("coverage/", self.admin_site.admin_view(self.coverage_view), name="stakeholders_coverage"),
            path("take-up/", self.admin_site.admin_view(require_POST(self.take_up_view)), name="stakeholders_take_up"),
        ]
        return [*pages, *super().get_urls()]

    def coverage_view(self, request):
        if not request.user.has_role(*KEEPING_ROLES):
            raise PermissionDenied
        axis, figure = asked_for(request)
        segments = Segment.objects.visible_to(request.user).filter(of=Segment.Of.ORGANISATIONS)
        segment = segments.filter(pk=key_in(request.GET.get("segment", ""))).first()
        among = organisations(segment, request.user).order_by().values("pk") if segment else None
        found = coverage.matrix(axis, among=among)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Coverage"),
            "axis": axis,
            "figure": figure,
            "axes": axis_names(),
            "figures": figure_names(),
            "drawn": drawn(found, figure),
            "since": found.since,
            "segments": segments,
            "segment": segment,
            "more": f"&segment={segment.pk}" if segment else "",
            # A gap is that nobody at all was heard there: a part of those who are known has none of its own.
            "empty": [] if segment else _empty_places(found, axis, request.user),
            "may_take_up": request.user.has_role(Role.SECRETARIAT),
        }
        return TemplateResponse(request, "admin/stakeholders/gap/coverage.html", context)

    def take_up_view(self, request):
        """Makes a task of a cell: ``cell`` is the constituency and the place; its page asks for whom and until when."""
        if not request.user.has_role(Role.SECRETARIAT):
            raise PermissionDenied
        axis, _figure = asked_for(request)
        places = Country if axis == Axis.COUNTRY else Objective
        one, _space, place = request.POST.get("cell", "").partition(" ")
        constituency, place = _by_key(Constituency, one), _by_key(places, place)
        try:
            gap = coverage.take_up(by=request.user, constituency=constituency, place=place, assigned_to=request.user)
        except ValidationError as error:
            messages.warning(request, " ".join(error.messages))
            return HttpResponseRedirect(f"{reverse('admin:stakeholders_coverage')}?by={axis}")
        return HttpResponseRedirect(reverse("admin:stakeholders_gap_change", args=[gap.pk]))


def _empty_places(found: coverage.Matrix, axis: Axis, user) -> list[dict]:
    """Where nobody was heard, and the task that was made of it; first where somebody is known, since one call helps."""
    taken = {
        (gap.constituency_id, gap.country_id or gap.objective_id): gap
        for gap in Gap.objects.visible_to(user).open().filter(**{f"{axis}__isnull": False})
    }
    rows = [
        {
            "what": sentence(one, place, cell.last_heard_on),
            "key": f"{one.pk} {place.pk}",
            "known": cell.known,
            "gap": taken.get((one.pk, place.pk)),
        }
        for one, place, cell in found.empty()
    ]
    return sorted(rows, key=lambda row: -row["known"])


def _by_key(model, key: str):
    found = model.objects.filter(pk=key_in(key)).first()
    if found is None:
        raise Http404
    return found
