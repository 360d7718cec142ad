"""People and organisations in the back office: kept by the secretariat, read by the auditor."""

import json

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.accounts.roles import Role
from apps.core import audit
from apps.core.admin import STAMP_FIELDS, STAMPS, PortalAdmin, PortalInline
from apps.core.arabic import folded
from apps.core.languages import listed
from apps.core.list_filters import BeginningFilter
from apps.core.models import AuditEntry
from apps.core.steps import Step
from apps.stakeholders import matching, services
from apps.stakeholders.exports import as_table
from apps.stakeholders.forms import InvitePersonForm, ProtectForm, ReachableForm, WhyForm
from apps.stakeholders.importing.admin import ImportingMixin
from apps.stakeholders.merging_admin import MergingMixin
from apps.stakeholders.models import Affiliation, Consent, Organisation, Person, Segment
from apps.stakeholders.privacy import erase_person, held_about
from apps.stakeholders.segments_admin import OrganisationsOf, PeopleOf, address_to_save

_ACTIVE = ("is_active", ("inactive_since", "inactive_why"))


@admin.action(description=_("Download as a table (CSV)"), permissions=["view"])
def download(modeladmin, request, queryset):
    """Of the chosen rows; with "select all", of the whole filtered list."""
    return as_table(queryset.visible_to(request.user), by=request.user)


class ActiveFilter(BeginningFilter):
    """Lists begin with those who are active."""

    title = _("active")
    parameter_name = "active"
    beginning = _("Active")

    def lookups(self, request, model_admin):
        return [("no", _("Not active")), ("all", _("All"))]

    def queryset(self, request, queryset):
        if self.value() == "all":
            return queryset
        return queryset.filter(is_active=self.value() != "no")


class KeepingFilter(admin.SimpleListFilter):
    title = _("data kept")
    parameter_name = "keep"

    def lookups(self, request, model_admin):
        return [("over", _("Time is over"))]

    def queryset(self, request, queryset):
        return queryset.past_keeping() if self.value() == "over" else queryset


def _deactivate(explanation) -> Step:
    return Step(
        name="deactivate",
        label=_("Deactivate"),
        explanation=explanation,
        service=services.deactivate,
        offered=lambda record: bool(record and record.pk and record.is_active),
        done=_("Not active any more. Everything that refers to it stays."),
        form=WhyForm,
        is_main=False,
    )


_REACTIVATE = Step(
    name="reactivate",
    label=_("Make active again"),
    explanation=_("It stands in lists and choosers again."),
    service=services.reactivate,
    offered=lambda record: bool(record and not record.is_active and not getattr(record, "erased_at", None)),
    done=_("Active again."),
    is_main=False,
)


class ReachableAdmin(ImportingMixin, MergingMixin, PortalAdmin):
    """Searched by folded words; only active ones can be chosen; those that may be the same are pointed out."""

    change_form_template = "admin/stakeholders/change_form.html"
    change_list_template = "admin/stakeholders/change_list.html"
    segment_of: Segment.Of

    form = ReachableForm
    actions = [download]
    told_apart_by = ("name_ar", "name_en")
    search_fields = ["folded__contains"]

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def look_alikes(self, request, obj) -> list:
        return [other for other, _why in matching.alike(obj, request.user, most=3)]

    def look_alike_note(self, obj, other) -> str:
        address = reverse(f"admin:stakeholders_{self.opts.model_name}_merge", args=[obj.pk, other.pk])
        note = super().look_alike_note(obj, other)
        return format_html('{} <a href="{}">{}</a>', note, address, gettext("Compare and merge"))

    def changelist_view(self, request, extra_context=None):
        address = ""
        if request.user.has_perm("stakeholders.add_segment"):
            address = address_to_save(self.segment_of, request.GET)
        return super().changelist_view(request, {**(extra_context or {}), "save_as_segment": address})

    def has_delete_permission(self, request, obj=None):
        """Who was heard stays, and is deactivated or erased."""
        if obj is not None and obj.engagements.exists():
            return False
        return super().has_delete_permission(request, obj)

    def get_search_results(self, request, queryset, search_term):
        if request.path.endswith("/autocomplete/"):
            queryset = queryset.filter(is_active=True)
        return super().get_search_results(request, queryset, folded(search_term))


class AffiliationInline(PortalInline):
    """Seen from one of its ends; the other one is chosen."""

    model = Affiliation

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user).select_related("organisation", "person")


class AffiliationsOfPerson(AffiliationInline):
    autocomplete_fields = ["organisation"]
    fieldsets = [(None, {"fields": ["organisation", "function", ("starts_on", "ends_on")]})]


class AffiliationsOfOrganisation(AffiliationInline):
    autocomplete_fields = ["person"]
    fieldsets = [(None, {"fields": ["person", "function", ("starts_on", "ends_on")]})]


@admin.register(Organisation)
class OrganisationAdmin(ReachableAdmin):
    segment_of = Segment.Of.ORGANISATIONS
    list_display = ["__str__", "acronym", "constituency", "country", "shown_to", "saved"]
    list_filter = [ActiveFilter, OrganisationsOf, "constituency", "country", "shown_to", "objectives"]
    list_select_related = ["constituency", "country"]
    search_help_text = _("Search by name, earlier name or acronym in either language.")
    autocomplete_fields = ["constituency", "other_constituencies", "country", "countries", "objectives"]
    readonly_fields = (*STAMP_FIELDS, "is_active", "inactive_since", "inactive_why")
    inlines = [AffiliationsOfOrganisation]
    fieldsets = [
        (None, {"fields": ["name", ("acronym", "other_names"), "constituency", "other_constituencies"]}),
        (_("Work"), {"fields": ["country", "countries", "objectives", "languages", "website"]}),
        (_("How to reach it"), {"fields": [("email", "phone"), "channels", "connection"]}),
        (_("Public directory"), {"fields": ["shown_to", ("consent_given_by", "consent_given_on", "consent_how")]}),
        (_("For the secretariat only"), {"fields": ["notes", "sources", *_ACTIVE]}),
        STAMPS,
    ]
    steps = (
        _deactivate(_("The organisation leaves lists, choosers and the directory. Its history stays.")),
        _REACTIVATE,
    )


@admin.register(Person)
class PersonAdmin(ReachableAdmin):
    segment_of = Segment.Of.PEOPLE
    list_display = ["__str__", "organisation", "country", "shown_name", "saved"]
    list_filter = [ActiveFilter, PeopleOf, "shown_name", "is_at_risk", KeepingFilter, "country", "objectives"]
    list_select_related = ["organisation", "country"]
    search_help_text = _("Search by name in either language.")
    autocomplete_fields = ["organisation", "country", "objectives", "user"]
    readonly_fields = (
        *("invitation", "consent_log", "is_at_risk", "who_guards", "held", "is_active"),
        *("inactive_since", "inactive_why", *STAMP_FIELDS),
    )
    inlines = [AffiliationsOfPerson]
    fieldsets = [
        (None, {"fields": ["name", "function", "organisation", "country", "objectives", "gender"]}),
        (_("How to reach the person"), {"fields": [("email", "phone"), "languages", "channels", "connection"]}),
        (_("Account"), {"fields": ["user", "invitation"]}),
        (
            _("What is shown, and the consent to it"),
            {
                "fields": [
                    ("shown_name", "shown_function", "shown_organisation"),
                    ("shown_country", "shown_email", "shown_phone"),
                    ("consent_given_by", "consent_given_on", "consent_how"),
                    "consent_log",
                ]
            },
        ),
        (_("Safety and data"), {"fields": ["is_at_risk", "who_guards", "keep_until", "held"]}),
        (_("For the secretariat only"), {"fields": ["notes", "sources", *_ACTIVE]}),
        STAMPS,
    ]
    steps = (
        Step(
            name="invite",
            label=_("Invite to the portal"),
            explanation=_("A link to open an account goes to this address. The account is tied to this person."),
            service=services.invite_person,
            offered=lambda person: person is not None and person.user_id is None and not person.erased_at,
            done=_("The invitation is on its way."),
            form=InvitePersonForm,
            is_main=False,
        ),
        Step(
            name="protect",
            label=_("Mark as at risk"),
            explanation=_(
                "For somebody who would be in danger if it were known that she or he is in touch with the group. The "
                "name disappears from every page and list, also for other officers and for the auditor; seats and "
                "meetings count on without it. What the audit trail says about the person in words is forgotten."
            ),
            service=services.protect,
            offered=lambda person: bool(person and person.pk and not person.is_at_risk and not person.erased_at),
            done=_("The person is protected."),
            form=ProtectForm,
            is_main=False,
        ),
        Step(
            name="end-protection",
            label=_("End the protection"),
            explanation=_("The person is shown again as her or his consents say."),
            service=services.end_protection,
            offered=lambda person: bool(person and person.is_at_risk),
            done=_("The person is not protected any more."),
            form=WhyForm,
            is_main=False,
        ),
        _deactivate(_("The person leaves lists and choosers. Seats, meetings and everything said stay.")),
        _REACTIVATE,
        Step(
            name="erase",
            label=_("Erase the personal data"),
            explanation=_(
                "For somebody without an account who asks for it, or whose data are kept no longer. Name, contacts, "
                "notes, consents and affiliations are deleted, also from the audit trail and from mails that wait. "
                "Seats and meetings stay, without a name. It cannot be undone."
            ),
            service=erase_person,
            offered=lambda person: bool(person and person.pk and person.user_id is None and not person.erased_at),
            done=_("The personal data are erased."),
            form=WhyForm,
            is_main=False,
        ),
    )

    def save_record(self, obj, *, by):
        services.save_person(obj, by=by)

    @admin.display(description=_("who may see this person"))
    def who_guards(self, obj):
        if not obj.is_at_risk:
            return "–"
        return listed(user.get_full_name() for user in obj.guardians.all())

    @admin.display(description=_("consents"))
    def consent_log(self, obj):
        rows = Consent.objects.filter(person=obj.pk) if obj.pk else []
        return render_to_string("admin/stakeholders/consents.html", {"rows": rows}) if rows else "–"

    @admin.display(description=_("all that is held"))
    def held(self, obj):
        if not obj.pk:
            return "–"
        address = reverse("admin:stakeholders_person_data", args=[obj.pk])
        return format_html('<a href="{}">{}</a>', address, _("Download (JSON)"))

    def get_urls(self):
        page = path("<int:pk>/data/", self.admin_site.admin_view(self.data_view), name="stakeholders_person_data")
        return [page, *super().get_urls()]

    def data_view(self, request, pk: int):
        """Everything that is held about a person, for her: a file, and an entry in the trail that it was taken."""
        if not request.user.has_role(Role.SECRETARIAT):
            raise PermissionDenied
        person = self.get_queryset(request).filter(pk=pk).select_related("user").first()
        if person is None:
            raise Http404
        audit.record(AuditEntry.Action.EXPORTED, by=request.user, about=person)
        text = json.dumps(held_about(person), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        response = HttpResponse(text, content_type="application/json; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="person-{pk}.json"'
        response["Cache-Control"] = "private, no-store"
        return response
