"""The engagement log in the back office."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.loader import render_to_string
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core import audit
from apps.core.admin import STAMP_FIELDS, STAMPS, PortalAdmin, PortalInline
from apps.core.languages import listed
from apps.core.models import AuditEntry
from apps.core.storage import is_held, safe_filename, send_file
from apps.stakeholders import engagements
from apps.stakeholders.coverage import close_gaps
from apps.stakeholders.models import KEEPING_ROLES, Commitment, Engagement, EngagementFile
from apps.stakeholders.people_admin import download


class CommitmentInline(PortalInline):
    model = Commitment
    autocomplete_fields = ["owner"]
    fieldsets = [(None, {"fields": ["text", ("owner", "due_on", "state")]})]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("owner")


class EngagementFileInline(PortalInline):
    model = EngagementFile
    fieldsets = [(None, {"fields": [("title", "file")]})]


class OpenCommitments(admin.SimpleListFilter):
    title = _("commitments")
    parameter_name = "commitments"

    def lookups(self, request, model_admin):
        return [("open", _("Open")), ("overdue", _("Overdue")), ("mine", _("Mine"))]

    def queryset(self, request, queryset):
        found = {
            "open": Commitment.objects.open(),
            "overdue": Commitment.objects.overdue(),
            "mine": Commitment.objects.open().filter(owner=request.user),
        }.get(self.value())
        return queryset if found is None else queryset.filter(pk__in=found.values("engagement"))


@admin.register(Engagement)
class EngagementAdmin(PortalAdmin):
    actions = [download]
    list_display = ["happened_on", "kind", "subject", "with_whom", "created_by"]
    list_display_links = ["subject"]
    list_filter = ["kind", OpenCommitments, "objectives", "countries"]
    list_select_related = ["created_by"]
    search_fields = ["subject", "said", "organisations__folded"]
    search_help_text = _("Search in the subject, in what was said and by organisation.")
    date_hierarchy = "happened_on"
    autocomplete_fields = ["organisations", "people", "objectives", "countries"]
    readonly_fields = ("who_was_there", *STAMP_FIELDS)
    inlines = [CommitmentInline, EngagementFileInline]
    fieldsets = [
        (None, {"fields": [("happened_on", "kind"), "subject", "organisations", "people"]}),
        (_("What it was about"), {"fields": ["objectives", "countries", "said", "follow_up", "on_behalf_of"]}),
        STAMPS,
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        changelist.result_list = changelist.result_list.prefetch_related("organisations")
        return changelist

    def get_fieldsets(self, request, obj=None):
        """What came by itself keeps its date and its people: they are corrected where it came from."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is not None and obj.source:
            fieldsets[0][1]["fields"] = ["who_was_there"]
        return fieldsets

    def save_record(self, obj, *, by):
        engagements.save_engagement(obj, by=by)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        for gap in close_gaps(form.instance, by=request.user):
            messages.success(request, gettext("This closes the task: %(gap)s.") % {"gap": gap})

    @admin.display(description=_("with"))
    def with_whom(self, obj):
        names = list(obj.organisations.all())
        return listed(names[:3]) + (" …" if len(names) > 3 else "") or "–"

    @admin.display(description=_("what came by itself"))
    def who_was_there(self, obj):
        return render_to_string("admin/stakeholders/engagement_source.html", {"engagement": obj})

    def get_urls(self):
        page = path(
            "<int:pk>/files/<int:file>/",
            self.admin_site.admin_view(self.file_view),
            name="stakeholders_engagement_file",
        )
        return [page, *super().get_urls()]

    def file_view(self, request, pk: int, file: int):
        if not request.user.has_role(*KEEPING_ROLES):
            raise PermissionDenied
        found = EngagementFile.objects.visible_to(request.user).filter(engagement=pk, pk=file).first()
        if found is None:
            raise Http404
        if is_held(found.file):
            raise PermissionDenied
        try:
            response = send_file(found.file, safe_filename(found.title, found.extension), restricted=True)
        except FileNotFoundError:
            raise Http404 from None
        audit.record(AuditEntry.Action.DOWNLOADED, by=request.user, about=found)
        return response
