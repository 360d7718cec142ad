from django.contrib import admin
from django.db.models import Count
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.admin import STAMP_FIELDS, STAMPS, PortalAdmin, PortalInline
from apps.core.languages import columns
from apps.core.list_tables import download_list
from apps.stakeholders import balance, engagements_admin, gaps_admin, people_admin  # noqa: F401 - they register their records
from apps.stakeholders.joining import admin as joining_admin  # noqa: F401 - the same
from apps.stakeholders.models import (
    KEEPING_ROLES,
    AdvisoryGroup,
    Constituency,
    Country,
    Interest,
    Membership,
    Objective,
    Person,
    Principle,
    ReservedSeats,
    SeatCall,
    Term,
)
from apps.stakeholders.services import save_membership


class ReferenceAdmin(PortalAdmin):
    """Lists that come with the portal: corrected here, never added to or shortened by accident."""

    readonly_fields = STAMP_FIELDS
    search_fields = [*columns("name")]
    search_help_text = _("Search by name in either language.")

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Country)
class CountryAdmin(ReferenceAdmin):
    codes = ("iso2", "time_zone")
    list_display = ["iso2", "name_ar", "name_en", "time_zone"]
    fieldsets = [(None, {"fields": ["iso2", "name", "time_zone"]}), STAMPS]


@admin.register(Constituency)
class ConstituencyAdmin(ReferenceAdmin):
    list_display = ["order", "name_ar", "name_en"]
    fieldsets = [(None, {"fields": ["name", "order", "code"]}), STAMPS]


@admin.register(Objective)
class ObjectiveAdmin(ReferenceAdmin):
    list_display = ["number", "title_ar", "title_en", "arabic_verified"]
    list_filter = ["arabic_verified", "round_table"]
    search_fields = [*columns("title", "short_title")]
    fieldsets = [(None, {"fields": ["number", "title", "short_title", "round_table", "arabic_verified"]}), STAMPS]


@admin.register(Principle)
class PrincipleAdmin(ReferenceAdmin):
    list_display = ["code", "name_ar", "name_en", "arabic_verified"]
    list_filter = ["arabic_verified"]
    fieldsets = [(None, {"fields": ["code", "name", "arabic_verified"]}), STAMPS]


@admin.register(Term)
class TermAdmin(PortalAdmin):
    list_display = ["name_ar", "name_en", "saved"]
    search_fields = [*columns("name", "other_forms")]
    search_help_text = _("Search by term or other form in either language.")
    readonly_fields = STAMP_FIELDS
    fieldsets = [(None, {"fields": ["name", "other_forms"]}), STAMPS]


class ReservedSeatsInline(PortalInline):
    model = ReservedSeats
    autocomplete_fields = ["constituency", "country"]
    fieldsets = [(None, {"fields": [("constituency", "country", "seats")]})]


@admin.register(AdvisoryGroup)
class AdvisoryGroupAdmin(PortalAdmin):
    list_display = ["__str__", "acronym", "seats", "saved"]
    search_fields = [*columns("name"), "acronym"]
    search_help_text = _("Search by name in either language, or by acronym.")
    readonly_fields = ("composition", *STAMP_FIELDS)
    inlines = [ReservedSeatsInline]
    fieldsets = [
        (None, {"fields": ["name", "acronym", "seats", "mandate"]}),
        (_("Composition today"), {"fields": ["composition"]}),
        STAMPS,
    ]

    @admin.display(description=_("composition"))
    def composition(self, obj):
        """Of those who keep people; a translator, who opens this page for its texts, reads none of it."""
        pictures = balance.drawn(obj) if obj.pk else []
        return render_to_string("admin/stakeholders/composition.html", {"pictures": pictures}) if pictures else "–"

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if request.user.has_role(*KEEPING_ROLES):
            return fieldsets
        return [part for part in fieldsets if part[1]["fields"] != ["composition"]]

    def has_delete_permission(self, request, obj=None):
        """A group in which somebody sits or sat stays."""
        if obj and obj.memberships.exists():
            return False
        return super().has_delete_permission(request, obj)


class CallState(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("open", _("Open")), ("closed", _("Closed"))]

    def queryset(self, request, queryset):
        if self.value() == "open":
            return queryset.open()
        return queryset.filter(closes_on__lt=timezone.localdate()) if self.value() == "closed" else queryset


@admin.register(SeatCall)
class SeatCallAdmin(PortalAdmin):
    actions = [download_list]
    list_display = ["__str__", "group", "seats", "filled", "opens_on", "closes_on", "is_published"]
    list_filter = [CallState, "is_published", "group"]
    list_select_related = ["group"]
    search_fields = [*columns("title")]
    search_help_text = _("Search by title in either language.")
    autocomplete_fields = ["group"]
    readonly_fields = ("filled", *STAMP_FIELDS)
    fieldsets = [
        (None, {"fields": ["group", "reserved", ("seats", "filled"), "title", "text"]}),
        (_("When"), {"fields": [("opens_on", "closes_on"), "is_published"]}),
        STAMPS,
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(taken=Count("memberships"))

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        return _with_groups(field) if db_field.name == "reserved" else field

    def get_readonly_fields(self, request, obj=None):
        """A translator writes the texts, and neither publishes nor moves a day."""
        if request.user.has_perm("stakeholders.add_seatcall"):
            return self.readonly_fields
        return ("group", "reserved", "seats", "opens_on", "closes_on", "is_published", *self.readonly_fields)

    @admin.display(description=_("filled"))
    def filled(self, obj):
        """How many took a seat by this call."""
        return getattr(obj, "taken", 0) if obj.pk else "–"

    def view_on_site(self, obj):
        return obj.get_absolute_url()

    def has_delete_permission(self, request, obj=None):
        """A call by which somebody took a seat stays."""
        if obj and obj.memberships.exists():
            return False
        return super().has_delete_permission(request, obj)


def _with_groups(field):
    """Seats are chosen from a short list, in which each names its group."""
    field.queryset = ReservedSeats.objects.select_related("group", "constituency", "country")
    field.label_from_instance = lambda seats: f"{seats} – {seats.group}"
    return field


class InterestInline(PortalInline):
    model = Interest
    fieldsets = [(None, {"fields": ["says", ("declared_on", "ended_on")]})]

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)


class EndingFilter(admin.SimpleListFilter):
    title = _("end of term")
    parameter_name = "ends"

    def lookups(self, request, model_admin):
        return [("soon", _("Within 90 days"))]

    def queryset(self, request, queryset):
        return queryset.filter(pk__in=balance.ending_soon()) if self.value() == "soon" else queryset


@admin.register(Membership)
class MembershipAdmin(PortalAdmin):
    actions = [download_list]
    list_display = ["person", "position", "constituency", "group", "starts_on", "ends_on"]
    list_filter = [EndingFilter, "position", "constituency"]
    list_select_related = ["person", "constituency", "group"]
    search_fields = [*columns("person__name")]
    search_help_text = _("Search by the person's name in either language.")
    autocomplete_fields = ["group", "person", "constituency", "alternate_of", "call"]
    date_hierarchy = "starts_on"
    readonly_fields = STAMP_FIELDS
    inlines = [InterestInline]
    fieldsets = [
        (None, {"fields": ["group", "person", "position", "alternate_of", "constituency", ("starts_on", "ends_on")]}),
        (_("The seat"), {"fields": ["reserved", "call"]}),
        STAMPS,
    ]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        return _with_groups(field) if db_field.name == "reserved" else field

    def get_search_results(self, request, queryset, search_term):
        """Whoever looks for the name of a protected person finds nothing."""
        if search_term:
            queryset = queryset.exclude(person__in=Person.objects.hidden_from(request.user))
        return super().get_search_results(request, queryset, search_term)

    def save_record(self, obj, *, by):
        save_membership(obj, by=by)
