"""Papers in the back office: the rows in the meeting's page, and who has opened them."""

from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.steps import Step
from apps.core.tables import csv_response
from apps.meetings import papers
from apps.meetings.agenda_admin import PaperInline
from apps.meetings.models import AgendaItem, Document, Meeting


class DocumentInline(PaperInline):
    model = Document
    readonly_fields = ["version"]
    fieldsets = [(None, {"fields": [("kind", "item", "audience"), "title", "file", "due", ("version", "is_final")]})]

    def save_record(self, row, *, by):
        papers.save_paper(row, by=by)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("item")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "item":
            items = AgendaItem.objects.visible_to(request.user).filter(meeting=self.of_the_meeting(request))
            kwargs["queryset"] = items.filter(kind=AgendaItem.Kind.ITEM).in_order()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


PAPER_STEPS = (
    Step(
        name="tell-of-papers",
        label=gettext_lazy("Tell of new papers"),
        explanation=gettext_lazy("Who was invited gets one mail with what is new to her and what she may see."),
        service=papers.tell_of_papers,
        offered=lambda meeting: bool(
            meeting and meeting.status == Meeting.Status.PUBLISHED and papers.has_untold(meeting)
        ),
        done=gettext_lazy("The mails are on their way."),
        is_main=False,
    ),
)


class OpeningsMixin:
    """Adds the page of openings to the admin of meetings."""

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
            return csv_response(f"openings-{pk}", headings, _table(rows))
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": _("Opened by")}
        context |= {"meeting": meeting, "rows": rows}
        return TemplateResponse(request, "admin/meetings/meeting/openings.html", context)


def _table(rows: list[dict]):
    for row in rows:
        for opening in row["openings"]:
            moments = [
                date_format(localtime(moment), "DATETIME_FORMAT") for moment in (opening.first_at, opening.last_at)
            ]
            yield [str(row["document"]), opening.user.get_full_name(), opening.language, *moments, opening.times]
        for one in row["waiting"]:
            yield [str(row["document"]), str(one), "", "", "", 0]
