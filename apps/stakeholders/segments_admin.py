"""Segments in the back office: what makes one, who belongs to it today, and what is done with them."""

from django import forms
from django.contrib import admin
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from apps.core import current
from apps.core.admin import STAMP_FIELDS, STAMPS, PortalAdmin
from apps.core.digits import key_in
from apps.core.languages import columns
from apps.stakeholders import segments
from apps.stakeholders.forms import ReachableForm
from apps.stakeholders.models import KEEPING_ROLES, Segment
from apps.stakeholders.models.reaching import Connection

_SHOWN = 10
_LISTS = {
    Segment.Of.ORGANISATIONS: "admin:stakeholders_organisation_changelist",
    Segment.Of.PEOPLE: "admin:stakeholders_person_changelist",
}
# How a list's own filters name what a segment is made of.
_FROM_LIST = {
    "constituency__id__exact": "constituencies",
    "country__id__exact": "countries",
    "objectives__id__exact": "objectives",
}


class SegmentForm(ReachableForm):
    connections = forms.MultipleChoiceField(
        label=_("Connection"), choices=Connection.choices, required=False, widget=forms.CheckboxSelectMultiple
    )


def address_of(segment: Segment) -> str:
    """The list of those who belong to it, from which they are exported."""
    return f"{reverse(_LISTS[segment.of])}?segment={segment.pk}"


class SegmentFilter(admin.SimpleListFilter):
    """Beside the list's other filters, with which it can be joined."""

    title = _("segment")
    parameter_name = "segment"
    of: Segment.Of

    def lookups(self, request, model_admin):
        if not request.user.has_role(*KEEPING_ROLES):
            return []
        return [(str(one.pk), str(one)) for one in Segment.objects.visible_to(request.user).filter(of=self.of)]

    def has_output(self):
        """The address of a segment that is gone shows nobody, and not everybody."""
        return super().has_output() or self.value() is not None

    def queryset(self, request, queryset):
        value = self.value() or ""
        if not value:
            return queryset
        chosen = Segment.objects.visible_to(request.user).filter(of=self.of)
        segment = chosen.filter(pk=key_in(value)).first()
        if segment is None:
            return queryset.none()
        return queryset.filter(pk__in=segments.records(segment, request.user).order_by().values("pk"))


class OrganisationsOf(SegmentFilter):
    of = Segment.Of.ORGANISATIONS


class PeopleOf(SegmentFilter):
    of = Segment.Of.PEOPLE


def address_to_save(of: Segment.Of, params) -> str:
    """Where the choice that a list shows now becomes a segment; "" when it shows none."""
    wanted = {name: params[key] for key, name in _FROM_LIST.items() if params.get(key, "").isdecimal()}
    if not wanted:
        return ""
    query = "&".join(f"{name}={value}" for name, value in {"of": of.value, **wanted}.items())
    return f"{reverse('admin:stakeholders_segment_add')}?{query}"


@admin.register(Segment)
class SegmentAdmin(PortalAdmin):
    form = SegmentForm
    list_display = ["__str__", "of", "count", "saved"]
    list_filter = ["of"]
    list_per_page = 20  # each row is counted
    search_fields = [*columns("name")]
    search_help_text = _("Search by name in either language.")
    autocomplete_fields = ["constituencies", "countries", "objectives"]
    readonly_fields = ("members", *STAMP_FIELDS)
    fieldsets = [
        (None, {"fields": ["name", "of", "members"]}),
        (_("Who they are"), {"fields": ["constituencies", "countries", "objectives"]}),
        (_("How they are reached"), {"fields": ["languages", "channels", "connections"]}),
        (_("When they were heard"), {"fields": [("silent_months", "heard_months")]}),
        STAMPS,
    ]

    def get_queryset(self, request):
        links = ("constituencies", "countries", "objectives")
        return super().get_queryset(request).visible_to(request.user).prefetch_related(*links)

    @admin.display(description=_("how many today"))
    def count(self, obj):
        count = segments.records(obj, current.reader()).count()
        return format_html('<a href="{}">{}</a>', address_of(obj), count)

    @admin.display(description=_("who belongs to it today"))
    def members(self, obj):
        if not obj.pk:
            return "–"
        found = segments.records(obj, current.reader())
        coverage = f"{reverse('admin:stakeholders_coverage')}?segment={obj.pk}"
        context = {
            "count": found.count(),
            "first": found.order_by("pk")[:_SHOWN],
            "address": address_of(obj),
            "coverage": coverage if obj.of == Segment.Of.ORGANISATIONS else "",
        }
        return render_to_string("admin/stakeholders/segment.html", context)
