"""Import and export in the back office: files out by the list's actions, files in by a page of three steps."""

from collections.abc import Callable, Iterator

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from apps.core.progress import streamed
from apps.core.spreadsheets import TableField
from apps.core.tables import csv_response
from apps.news import content, rights, services
from apps.news.exchange import runs
from apps.news.exchange.rows import columns, label_of, row_of
from apps.news.models import ArticleImport

MOST_EXPORTED = 10_000
_SHOWN_PROBLEMS = 200


class ImportForm(forms.Form):
    file = TableField(help_text="CSV, XLSX, XLIFF, PO", endings=(".csv", ".xlsx", ".xlf", ".xliff", ".po"))


def _download(data: bytes, filename: str, kind: str) -> HttpResponse:
    response = HttpResponse(data, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


class ArticleExchangeMixin:
    change_list_template = "admin/news/article/change_list.html"

    def get_actions(self, request):
        actions = super().get_actions(request)
        exports = {
            "export-csv": (self._export_csv, _("Export as CSV")),
            "export-xlsx": (self._export_xlsx, _("Export as a spreadsheet (XLSX)")),
            "export-xliff": (self._export_xliff, _("For translators (XLIFF)")),
            "export-po": (self._export_po, _("For translators (PO)")),
        }
        return {**actions, **{name: (action, name, label) for name, (action, label) in exports.items()}}

    # Out

    def _chosen(self, queryset):
        found = queryset.select_related("working_version", "picture").order_by("pk")[:MOST_EXPORTED]
        return [services.with_newest(article) for article in found.prefetch_related(*_link_names())]

    def _export_csv(self, _admin, request, queryset):
        rows = map(row_of, self._chosen(queryset))
        return csv_response("articles", columns(), ([row[name] for name in columns()] for row in rows))

    def _export_xlsx(self, _admin, request, queryset):
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return self._told(request, lambda: _download(self._xlsx(queryset), "articles.xlsx", kind))

    def _xlsx(self, queryset) -> bytes:
        from apps.news.exchange import sheets  # large, and rarely wanted: a web process loads it when somebody does

        return sheets.write_xlsx(map(row_of, self._chosen(queryset)))

    def _export_xliff(self, _admin, request, queryset):
        return self._told(request, lambda: self._for_translators(queryset, "xliff", "xlf", "application/xliff+xml"))

    def _export_po(self, _admin, request, queryset):
        return self._told(request, lambda: self._for_translators(queryset, "po", "po", "text/x-gettext-translation"))

    def _for_translators(self, queryset, kind: str, ending: str, media: str) -> HttpResponse:
        from apps.news.exchange import (
            translators,  # large, and rarely wanted: a web process loads it when somebody does
        )

        data, target = translators.write(self._chosen(queryset), kind)
        return _download(data, f"articles-{target}.{ending}", media)

    def _told(self, request, make: Callable[[], HttpResponse]) -> HttpResponse | None:
        try:
            return make()
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return None

    # In

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {**(extra_context or {}), "may_import": rights.may_write(request.user)})

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("import/", view(self.import_view), name="news_article_import"),
            path("import/<int:pk>/", view(self.import_run_view), name="news_article_import_run"),
            *super().get_urls(),
        ]

    def import_view(self, request):
        """Step one: a file is sent, read and checked row by row, while the page says how far it is."""
        if not rights.may_write(request.user):
            raise PermissionDenied
        form = ImportForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            try:
                run = runs.keep_file(file.name, file.read(), by=request.user)
            except ValidationError as error:
                form.add_error("file", error)
            else:
                return self._streamed(request, run, runs.check(run, by=request.user), _("Checking the rows"))
        status = 400 if form.is_bound and form.errors else 200
        context = {"form": form, "columns": columns(), "title": _("Import articles")}
        return TemplateResponse(
            request, "admin/news/article/import.html", {**self._context(request), **context}, status=status
        )

    def import_run_view(self, request, pk: int):
        """Step two shows what the check found; step three saves all rows as drafts or none."""
        if not rights.may_write(request.user):
            raise PermissionDenied
        run = ArticleImport.objects.visible_to(request.user).filter(pk=pk).first()
        if run is None:
            raise Http404
        if request.method == "POST":
            if run.state != ArticleImport.State.CHECKED or run.problems:
                messages.error(request, _("This file is imported already, or it was not checked."))
                return HttpResponseRedirect(request.path)
            return self._streamed(request, run, runs.carry_out(run, by=request.user), _("Saving the drafts"))
        problems = [{**found, "column": label_of(found["column"])} for found in run.problems[:_SHOWN_PROBLEMS]]
        context = {"run": run, "problems": problems, "title": _("Import articles")}
        return TemplateResponse(request, "admin/news/article/import_run.html", {**self._context(request), **context})

    def _context(self, request) -> dict:
        return {**self.admin_site.each_context(request), "opts": self.opts}

    def _streamed(self, request, run: ArticleImport, work: Iterator[int], title: str) -> StreamingHttpResponse:
        context = {**self._context(request), "run": run, "title": title}
        address = reverse("admin:news_article_import_run", args=[run.pk])
        template = "admin/news/article/import_progress.html"
        return streamed(request, template, context, work=work, total=len(run.rows), leads_to=address)


def _link_names() -> list[str]:
    return [field.name for field in content.links()]
