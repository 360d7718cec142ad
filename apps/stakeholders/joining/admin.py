"""Requests to be listed in the back office: read, compared, accepted or refused; never written by others."""

from django.contrib import admin
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core import current
from apps.core.admin import PortalAdmin
from apps.core.languages import columns
from apps.core.list_filters import BeginningFilter
from apps.core.list_tables import download_list
from apps.core.steps import Step
from apps.stakeholders.joining import services
from apps.stakeholders.joining.forms import AcceptForm, RefuseForm
from apps.stakeholders.models import JoinRequest


def _beside(request: JoinRequest) -> str:
    """What was written, and the organisations that may be the same."""
    found = [
        (one, reverse("admin:stakeholders_organisation_change", args=[one.pk]), why)
        for one, why in services.alike(request, current.reader())
    ]
    return render_to_string("admin/stakeholders/join_request.html", {"found": request, "alike": found})


def _waits(request) -> bool:
    return bool(request and request.state == JoinRequest.State.SENT)


class StateFilter(BeginningFilter):
    """The list begins with what waits for an answer."""

    title = _("state")
    parameter_name = "state"
    beginning = JoinRequest.State.SENT.label

    def lookups(self, request, model_admin):
        shown = [choice for choice in JoinRequest.State.choices if choice[0] not in ("draft", "sent")]
        return [*shown, ("all", _("All"))]

    def queryset(self, request, queryset):
        if self.value() == "all":
            return queryset
        return queryset.filter(state=self.value() or JoinRequest.State.SENT)


@admin.register(JoinRequest)
class JoinRequestAdmin(PortalAdmin):
    actions = [download_list]
    list_display = ["__str__", "constituency", "country", "language", "state", "sent_at"]
    list_filter = [StateFilter, "constituency", "country"]
    list_select_related = ["constituency", "country"]
    search_fields = [*columns("name"), "acronym"]
    search_help_text = _("Search by name in either language, or by acronym.")
    readonly_fields = ["request", "state", "sent_at", "decided_at", "answer", "organisation"]
    fieldsets = [
        (None, {"fields": ["request"]}),
        (_("What became of it"), {"fields": ["state", "sent_at", "decided_at", "answer", "organisation"]}),
    ]
    steps = (
        Step(
            name="accept",
            label=_("Accept"),
            explanation=_(
                "The organisation gets a record, or its record is filled where it is empty. It is shown to those to "
                "whom it agreed, and told so by mail. The contact person becomes a person of it whom nobody else sees."
            ),
            service=services.accept,
            offered=_waits,
            done=_("Accepted, and told so."),
            form=AcceptForm,
            about=_beside,
        ),
        Step(
            name="refuse",
            label=_("Refuse"),
            explanation=_("The organisation is told why, by mail. It can ask anew."),
            service=services.refuse,
            offered=_waits,
            done=_("Refused, and told why."),
            form=RefuseForm,
            is_main=False,
        ),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("request"))
    def request(self, obj):
        return _beside(obj)
