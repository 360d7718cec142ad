"""The audit trail and the outbox in the back office: read, filtered, never written."""

import json

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import BadRequest, FieldDoesNotExist, PermissionDenied
from django.http import HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core import audit
from apps.core.models import AuditEntry, MailAddress, OutgoingMail
from apps.core.outbox import addresses, letters
from apps.core.own_filters import OwnFiltersOnly
from apps.core.tables import csv_response


class ReadOnlyAdmin(OwnFiltersOnly, admin.ModelAdmin):
    list_per_page = 50
    show_full_result_count = False
    actions = None

    class Media:
        css = {"all": ["admin.css"]}

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


def model_name(label: str) -> str:
    """What a kind of record is called, from its stored label such as ``meetings.meeting``."""
    try:
        return str(apps.get_model(label)._meta.verbose_name)
    except (LookupError, ValueError):
        return label


def field_name(model_label: str, name: str) -> str:
    try:
        return str(apps.get_model(model_label)._meta.get_field(name).verbose_name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return {"page": _("page"), "file": _("file"), "rows": _("rows"), "method": _("way")}.get(name, name)


class KindFilter(admin.SimpleListFilter):
    title = gettext_lazy("kind of record")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        labels = AuditEntry.objects.exclude(model="").order_by("model").values_list("model", flat=True).distinct()
        return sorted(((label, model_name(label)) for label in labels), key=lambda pair: pair[1])

    def queryset(self, request, queryset):
        return queryset.filter(model=self.value()) if self.value() else queryset


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ["at", "who", "action", "about", "origin"]
    list_filter = ["action", KindFilter, ("actor", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["actor", "detail"]
    date_hierarchy = "at"
    search_fields = ["detail__label", "actor__email", "=object_id"]
    search_help_text = gettext_lazy("Search by the record's name or number, or by the person's e-mail address.")
    fields = ["at", "who", "action", "about", "origin", "reason", "changes"]
    change_list_template = "admin/core/auditentry/change_list.html"

    def get_urls(self):
        export = path("export/", self.admin_site.admin_view(self.export_view), name="core_auditentry_export")
        return [export, *super().get_urls()]

    def export_view(self, request):
        """The entries that the list's filters choose, as CSV. By POST, because the export stands in the trail."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            entries = self.get_changelist_instance(request).get_queryset(request).order_by("pk")
        except IncorrectLookupParameters as error:
            raise BadRequest from error
        audit.record(AuditEntry.Action.EXPORTED, by=request.user, changes={"rows": ["", str(entries.count())]})
        headings = [_("time"), _("who"), _("action"), _("kind of record"), _("number"), _("record"), _("from where")]
        headings += [_("reason"), _("before and after")]
        return csv_response("audit-trail", headings, (self._row(entry) for entry in entries.iterator(chunk_size=500)))

    def _row(self, entry) -> list:
        detail = getattr(entry, "detail", None)
        kept = (
            [detail.label, detail.address, detail.reason, json.dumps(detail.changes, ensure_ascii=False)]
            if detail
            else []
        )
        label, address, reason, changes = kept or [_("(erased)"), "", "", ""]
        who = entry.actor.email if entry.actor else ""
        at = entry.at.isoformat(timespec="seconds")
        return [at, who, entry.get_action_display(), entry.model, entry.object_id, label, address, reason, changes]

    @admin.display(description=gettext_lazy("who"), ordering="actor")
    def who(self, entry):
        return entry.actor.get_full_name() if entry.actor else "–"

    @admin.display(description=gettext_lazy("record"))
    def about(self, entry):
        if not entry.model:
            return "–"
        detail = getattr(entry, "detail", None)
        label = detail.label if detail else _("(erased)")
        return format_html("{} {} <bdi>{}</bdi>", model_name(entry.model), entry.object_id, label)

    @admin.display(description=gettext_lazy("from where"))
    def origin(self, entry):
        detail = getattr(entry, "detail", None)
        return format_html('<bdi dir="ltr">{}</bdi>', detail.address) if detail and detail.address else "–"

    @admin.display(description=gettext_lazy("reason"))
    def reason(self, entry):
        detail = getattr(entry, "detail", None)
        return detail.reason if detail and detail.reason else "–"

    @admin.display(description=gettext_lazy("before and after"))
    def changes(self, entry):
        detail = getattr(entry, "detail", None)
        if detail is None:
            return _("Erased: the values are not kept any more.")
        rows = [(field_name(entry.model, name), *pair) for name, pair in detail.changes.items()]
        return render_to_string("admin/includes/audit_changes.html", {"rows": rows}) if rows else "–"


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "subject", "to", "language", "status", "attempts"]
    list_filter = ["status", "kind", "language"]
    date_hierarchy = "created_at"
    search_fields = ["to", "subject"]
    search_help_text = gettext_lazy("Search by e-mail address or subject.")
    fields = ["subject", "to", "language", "status", "attempts", "problem", "created_at", "sent_at", "content", "file"]

    @admin.display(description=gettext_lazy("text"))
    def content(self, mail):
        if mail.is_secret:
            return _("Not shown: it holds a personal link.")
        blocks = letters.blocks(mail.text, mail.language)
        return render_to_string("emails/shown.html", {"language": mail.language, "blocks": blocks})

    @admin.display(description=gettext_lazy("calendar file"))
    def file(self, mail):
        """That there is one and what it does; what stands in it may hold the joining link."""
        names = {"REQUEST": _("Invitation"), "CANCEL": _("Cancellation")}
        return names.get(mail.calendar_method, mail.calendar_method or "–")


@admin.register(MailAddress)
class MailAddressAdmin(ReadOnlyAdmin):
    list_display = ["email", "bounces", "last_bounce_at", "reason", "stopped_at"]
    list_filter = [("stopped_at", admin.EmptyFieldListFilter), "is_complaint"]
    search_fields = ["email"]
    search_help_text = gettext_lazy("Search by e-mail address.")
    fields = ["email", "bounces", "last_bounce_at", "reason", "is_complaint", "stopped_at"]
    actions = ["open_again"]

    def has_open_permission(self, request):
        return request.user.has_perm("core.change_mailaddress")

    @admin.action(description=gettext_lazy("Send mails there again"), permissions=["open"])
    def open_again(self, request, queryset):
        rows = list(queryset)
        for row in rows:
            addresses.open_again(row, by=request.user)
        self.message_user(
            request,
            ngettext("Mails go to %(count)s address again.", "Mails go to %(count)s addresses again.", len(rows))
            % {"count": len(rows)},
        )
