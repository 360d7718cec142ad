from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from apps.core.admin import STAMPS, PortalAdmin
from apps.core.languages import columns
from apps.reviews import (  # noqa: F401 - they register their records
    calls_admin,
    catalogue_admin,
    recommendations_admin,
    submissions_admin,
    synthesis_admin,
)
from apps.reviews.models import CycleDocument, KeyDate, Phase, PriorityArea, ReviewCycle
from apps.reviews.office import FactsInline


class PhaseInline(FactsInline):
    model = Phase
    facts = ("kind", "starts_on", "ends_on")
    fieldsets = [(None, {"fields": [("kind", "starts_on", "ends_on"), "remark"]})]


class KeyDateInline(FactsInline):
    model = KeyDate
    facts = ("happens_on", "ends_on", "source")
    fieldsets = [(None, {"fields": [("happens_on", "ends_on"), "title", "remark", "source"]})]


class CycleDocumentInline(FactsInline):
    model = CycleDocument
    facts = ("kind", "country", "dated_on", "address")
    autocomplete_fields = ["country"]
    fieldsets = [(None, {"fields": [("kind", "country", "dated_on"), "title", "address"]})]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("country")


class PriorityAreaInline(FactsInline):
    model = PriorityArea
    facts = ("order", "objectives", "source")
    autocomplete_fields = ["objectives"]
    fieldsets = [(None, {"fields": ["order", "title", "objectives", "source"]})]


@admin.register(ReviewCycle)
class ReviewCycleAdmin(PortalAdmin):
    list_display = ["number", "__str__", "year", "is_published", "saved"]
    list_display_links = ["__str__"]
    list_filter = ["is_published"]
    search_fields = [*columns("title")]
    search_help_text = _("Search by title in either language.")
    readonly_fields = ("who_created", "who_saved")
    inlines = [PhaseInline, KeyDateInline, PriorityAreaInline, CycleDocumentInline]
    fieldsets = [
        (None, {"fields": [("number", "year"), "title", "summary", "is_published"]}),
        (_("Conference"), {"fields": ["host", "place", ("conference_starts_on", "conference_ends_on")]}),
        (_("Global forum"), {"fields": ["forum", ("forum_starts_on", "forum_ends_on"), "forum_address"]}),
        (_("Source"), {"fields": ["source"]}),
        STAMPS,
    ]

    def get_readonly_fields(self, request, obj=None):
        """A translator writes the texts, and neither publishes nor moves a day."""
        if request.user.has_perm("reviews.add_reviewcycle"):
            return self.readonly_fields
        days = [f"{name}_{end}_on" for name in ("conference", "forum") for end in ("starts", "ends")]
        return ("number", "year", "is_published", "source", "forum_address", *days, *self.readonly_fields)

    def view_on_site(self, obj):
        return obj.get_absolute_url()
