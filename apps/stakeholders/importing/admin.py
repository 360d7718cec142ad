"""Importing in the back office: a page for each step, without a script."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from apps.accounts.roles import Role
from apps.core.progress import streamed
from apps.core.spreadsheets import TableField
from apps.core.tables import csv_response
from apps.stakeholders.importing import runs
from apps.stakeholders.importing.columns import choices, label_of
from apps.stakeholders.models import StakeholderImport

_SHOWN = 200
_FIRST = 3  # values of a column that are shown beside it


class ImportForm(forms.Form):
    file = TableField(help_text="CSV, XLSX")


class ImportingMixin:
    """Adds importing to the admin of organisations and of people; ``segment_of`` says which."""

    def get_urls(self):
        def page(route: str, view, name: str):
            address = f"{self.opts.app_label}_{self.opts.model_name}_{name}"
            return path(route, self.admin_site.admin_view(view), name=address)

        pages = [
            page("import/", self.import_view, "import"),
            page("import/<int:pk>/columns/", self.import_columns_view, "import_columns"),
            page("import/<int:pk>/", self.import_run_view, "import_run"),
            page("import/<int:pk>/problems.csv", self.import_problems_view, "import_problems"),
        ]
        return [*pages, *super().get_urls()]

    def _import_address(self, name: str, *args) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}", args=args)

    def changelist_view(self, request, extra_context=None):
        address = self._import_address("import") if request.user.has_role(Role.SECRETARIAT) else ""
        return super().changelist_view(request, {**(extra_context or {}), "import_address": address})

    def import_view(self, request):
        """Step one: a file is sent."""
        if not request.user.has_role(Role.SECRETARIAT):
            raise PermissionDenied
        form = ImportForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            try:
                run = runs.keep_file(self.segment_of, file.name, file.read(), by=request.user)
            except ValidationError as error:
                form.add_error("file", error)
            else:
                return HttpResponseRedirect(self._import_address("import_columns", run.pk))
        labels = [label for _name, label in choices(self.segment_of)[1:]]
        status = 400 if form.is_bound and form.errors else 200
        return self._import_page(request, "start", {"form": form, "labels": labels}, status=status)

    def import_columns_view(self, request, pk: int):
        """Step two: which column is what; then the check, while the page says how far it is."""
        run = self._import_run(request, pk)
        columns, problems = run.columns, []
        if request.method == "POST":
            columns = [request.POST.get(f"column-{number}", "") for number in range(len(run.headings))]
            try:
                run = runs.choose_columns(run, columns, by=request.user)
            except ValidationError as error:
                problems = error.messages
            else:
                return self._streamed(request, run, runs.check(run, by=request.user), _("Checking the rows"))
        rows = [
            {
                "number": number,
                "heading": heading,
                "chosen": chosen,
                "examples": [row[number] for row in run.rows[:50] if len(row) > number and row[number]][:_FIRST],
            }
            for number, (heading, chosen) in enumerate(zip(run.headings, columns, strict=True))
        ]
        context = {"run": run, "rows": rows, "choices": choices(run.of), "problems": problems}
        return self._import_page(request, "columns", context, status=409 if problems else 200)

    def import_run_view(self, request, pk: int):
        """Step three: what the check found, and what becomes of the duplicates; then the import."""
        run = self._import_run(request, pk)
        if request.method == "POST":
            return self._carry_out(request, run)
        problems = [
            {**found, "field": label_of(run.of, found["field"]) if found["field"] in run.columns else ""}
            for found in run.problems[:_SHOWN]
        ]
        context = {
            "run": run,
            "problems": problems,
            "duplicates": [self._duplicate(found) for found in run.duplicates[:_SHOWN]],
            "more": len(run.duplicates) - _SHOWN,
            "columns_address": self._import_address("import_columns", run.pk),
            "problems_address": self._import_address("import_problems", run.pk),
            "what": [
                (runs.SKIP, _("Leave it out")),
                (runs.FILL, _("Complete what is empty")),
                (runs.NEW, _("A new record")),
            ],
        }
        return self._import_page(request, "run", context)

    def _carry_out(self, request, run: StakeholderImport):
        if run.state != StakeholderImport.State.CHECKED:
            messages.error(request, " ".join(runs.already_done().messages))
            return HttpResponseRedirect(request.path)
        wanted = {runs.SKIP, runs.FILL, runs.NEW}
        for_all = request.POST.get("for_all")
        sent = {found["row"]: request.POST.get(f"row-{found['row']}", "") for found in run.duplicates}
        work = runs.carry_out(
            run,
            by=request.user,
            for_all=for_all if for_all in wanted else runs.SKIP,
            choices={row: what for row, what in sent.items() if what in wanted},
        )
        return self._streamed(request, run, work, _("Saving the rows"))

    def _duplicate(self, found: dict) -> dict:
        key, name = found["other"]
        address = reverse(f"admin:stakeholders_{self.opts.model_name}_change", args=[key]) if key else ""
        return {**found, "name": name, "address": address, "earlier": "" if key else name}

    def import_problems_view(self, request, pk: int):
        """The rows with what is wrong in them, to be corrected and sent again."""
        run = self._import_run(request, pk)
        wrong: dict[int, list[str]] = {}
        for found in run.problems:
            wrong.setdefault(found["row"], []).append(found["message"])
        width = len(run.headings)
        rows = ([*_padded(run.rows[row - 2], width), " ".join(texts)] for row, texts in sorted(wrong.items()))
        return csv_response(f"{self.opts.model_name}s-problems", [*run.headings, _("What is wrong")], rows)

    def _import_run(self, request, pk: int) -> StakeholderImport:
        if not request.user.has_role(Role.SECRETARIAT):
            raise PermissionDenied
        run = StakeholderImport.objects.visible_to(request.user).filter(pk=pk, of=self.segment_of).first()
        if run is None:
            raise Http404
        return run

    def _import_page(self, request, name: str, context: dict, *, status: int = 200) -> TemplateResponse:
        return TemplateResponse(
            request,
            f"admin/stakeholders/import/{name}.html",
            {**self._import_context(request), **context},
            status=status,
        )

    def _import_context(self, request) -> dict:
        back = reverse(f"admin:stakeholders_{self.opts.model_name}_changelist")
        title = _("Import a table: %(records)s") % {"records": self.opts.verbose_name_plural}
        begin = self._import_address("import")
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "back": back,
            "begin": begin,
            "title": title,
        }

    def _streamed(self, request, run: StakeholderImport, work, title: str):
        context = {**self._import_context(request), "title": title}
        address = self._import_address("import_run", run.pk)
        template = "admin/stakeholders/import/progress.html"
        return streamed(request, template, context, work=work, total=len(run.rows), leads_to=address)


def _padded(cells: list[str], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))]
