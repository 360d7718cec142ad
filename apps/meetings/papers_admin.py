"""Papers in the back office: the rows in the meeting's page, and who has opened them."""

from django.contrib import admin, messages
from django.db.models import Count
from django.http import Http404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.accounts.roles import Role
from apps.core import audit
from apps.core.languages import CODES, isolated, name_of
from apps.core.models import AuditEntry
from apps.core.steps import Step
from apps.core.tables import csv_response
from apps.meetings import papers
from apps.meetings.agenda_admin import PaperInline
from apps.meetings.models import AgendaItem, Audience, Document, Meeting


class DocumentInline(PaperInline):
    model = Document
    readonly_fields = ["version", "files_shown", "opened_by"]
    fieldsets = [
        (
            None,
            {"fields": [("kind", "item", "audience"), "title", "file", "due", ("version", "is_final"), "files_shown"]},
        )
    ]

    def save_record(self, row, *, by):
        papers.save_paper(row, by=by)

    def delete_record(self, row, *, by):
        papers.delete_paper(row, by=by)

    def get_fieldsets(self, request, obj=None):
        """Who opened a paper is the secretariat's to see."""
        fieldsets = super().get_fieldsets(request, obj)
        if request.user.has_role(Role.SECRETARIAT):
            fieldsets[0][1]["fields"].append("opened_by")
        return fieldsets

    def get_queryset(self, request):
        rows = super().get_queryset(request).with_all_shown()
        return rows.annotate(openers=Count("openings__user", distinct=True))

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "item":
            return self.item_field(db_field, request, may_be=lambda item: item.kind == AgendaItem.Kind.ITEM)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description=gettext_lazy("files"))
    def files_shown(self, obj):
        return render_to_string("admin/meetings/meeting/paper_files.html", {"document": obj}) if obj.pk else "–"

    @admin.display(description=gettext_lazy("opened by"))
    def opened_by(self, obj):
        if not obj.pk or obj.shown_to == Audience.PUBLIC:
            return _("Not kept for papers that are for everybody.") if obj.pk else "–"
        text = ngettext("%(count)d person", "%(count)d people", obj.openers) % {"count": obj.openers}
        address = reverse("admin:meetings_meeting_openings", args=[obj.meeting_id])
        return format_html('{} · <a href="{}#paper-{}">{}</a>', text, address, obj.pk, _("See who"))


class OverdueFilter(admin.SimpleListFilter):
    """Meetings with a paper whose file in a language should be there by now."""

    title = gettext_lazy("papers overdue")
    parameter_name = "overdue"

    def lookups(self, request, model_admin):
        return [(code, name_of(code)) for code in CODES]

    def queryset(self, request, queryset):
        if self.value() not in CODES:
            return queryset
        late = Document.objects.visible_to(request.user).overdue_in(self.value())
        return queryset.filter(pk__in=late.values("meeting"))


PAPER_STEPS = (
    Step(
        name="tell-of-papers",
        label=gettext_lazy("Tell of new papers"),
        explanation=gettext_lazy("Who was invited gets one mail with what is new to her and what she may see."),
        service=papers.tell_of_papers,
        offered=lambda meeting: bool(meeting and papers.has_untold(meeting)),
        done=gettext_lazy("The mails are on their way."),
        is_main=False,
    ),
)


class PapersMixin:
    """Adds what papers need to the admin of meetings: the page of openings, and a word about the final flag."""

    def save_formset(self, request, form, formset, change):
        super().save_formset(request, form, formset, change)
        for row in formset.forms if formset.model is Document else ():
            was_and_stayed_ticked = row.initial.get("is_final") and row.cleaned_data.get("is_final")
            if was_and_stayed_ticked and not row.instance.is_final:
                text = _("%(paper)s was final. Its file has changed: tick “final” again if the new one is.")
                messages.warning(request, text % {"paper": isolated(row.instance)})

    def get_urls(self):
        page = path(
            "<int:pk>/openings/", self.admin_site.admin_view(self.openings_view), name="meetings_meeting_openings"
        )
        return [page, *super().get_urls()]

    def openings_view(self, request, pk: int):
        """Who has opened which paper and who has not; as a table with ``?csv=1``."""
        meeting = Meeting.objects.visible_to(request.user).filter(pk=pk).first()
        if meeting is None:
            raise Http404
        rows = papers.openings_of(meeting, by=request.user)
        if "csv" in request.GET:
            headings = [_("Document"), _("Name"), _("Language"), _("First opened"), _("Last opened"), _("Times")]
            audit.record(AuditEntry.Action.EXPORTED, by=request.user, about=meeting, changes={"openings": ["", ""]})
            return csv_response(f"openings-{pk}", headings, _table(rows))
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": _("Opened by")}
        context |= {"meeting": meeting, "rows": rows}
        return TemplateResponse(request, "admin/meetings/meeting/openings.html", context)


def _table(rows: list[papers.Openings]):
    for row in rows:
        title = str(row.document)
        for opening in row.openings:
            moments = [
                date_format(localtime(moment), "DATETIME_FORMAT") for moment in (opening.first_at, opening.last_at)
            ]
            yield [title, opening.user.get_full_name(), name_of(opening.language), *moments, opening.times]
        for user in row.waiting:
            yield [title, user.get_full_name(), "", "", "", 0]
