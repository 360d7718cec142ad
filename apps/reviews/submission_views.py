"""What was said in a review, as everybody reads it, and the way from there to the outcome."""

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_safe

from apps.core.arabic import folded
from apps.core.languages import CODES, field_in
from apps.core.paging import paged
from apps.core.records import visible_or_404
from apps.core.tables import csv_response
from apps.reviews import flow, trace
from apps.reviews.models import Question, ReviewCycle, Submission
from apps.stakeholders.models import Country, Objective

PER_PAGE = 25


class SubmissionFilter(forms.Form):
    """By what a contribution says. Who said it is no filter: a choice that leaves one row would name somebody."""

    words = forms.CharField(
        label=gettext_lazy("Words"), max_length=100, required=False, widget=forms.TextInput({"dir": "auto"})
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), required=False, choices=[("", gettext_lazy("All")), *Submission.Kind.choices]
    )
    objective = forms.ModelChoiceField(
        label=gettext_lazy("Objective"),
        queryset=Objective.objects.all(),
        required=False,
        empty_label=gettext_lazy("All"),
    )
    country = forms.ModelChoiceField(
        label=gettext_lazy("Country"), queryset=Country.objects.all(), required=False, empty_label=gettext_lazy("All")
    )

    @property
    def is_used(self) -> bool:
        return any(self.data.get(name) for name in self.fields)

    def apply(self, rows: QuerySet) -> QuerySet:
        """In the order of their numbers. Words are looked for as Arabic is compared, in what is shown."""
        rows = rows.order_by("-number")
        if not self.is_valid():
            return rows
        chosen = self.cleaned_data
        if chosen["kind"]:
            rows = rows.filter(kind=chosen["kind"])
        if chosen["objective"]:
            rows = rows.filter(objectives=chosen["objective"])
        if chosen["country"]:
            rows = rows.filter(countries=chosen["country"])
        if words := folded(chosen["words"]).split():
            keys = [one.pk for one in rows if all(word in _searched(one) for word in words)]
            rows = rows.filter(pk__in=keys)
        return rows


def _searched(one: Submission) -> str:
    return folded(" ".join([one.sentence, *(field_in(one, "rendered", code) for code in CODES)]))


def _asked_for(request, number: int):
    cycle = visible_or_404(ReviewCycle.objects.all(), request.user, number=number)
    form = SubmissionFilter(request.GET)
    rows = cycle.submissions.public().visible_to(request.user)
    return cycle, form, form.apply(rows)


@login_not_required
@require_safe
def submission_list(request, number: int):
    cycle, form, found = _asked_for(request, number)
    found = found.select_related("cycle").prefetch_related("objectives", "countries")
    page = paged(found, request.GET.get("page"), size=PER_PAGE)
    context = {"cycle": cycle, "form": form, "records": page}
    return render(request, "reviews/submissions.html", context, status=page.status if form.is_valid() else 400)


@login_not_required
@require_safe
def submissions_csv(request, number: int):
    """The same rows as the page has, with their answers as they are shown."""
    cycle, _form, found = _asked_for(request, number)
    questions = list(Question.objects.filter(call__cycle=cycle).order_by("call", "order", "pk"))
    found = found.select_related("cycle").prefetch_related("objectives", "countries", "answers")
    headings = [
        *(_("Number"), _("Author"), _("Kind"), _("Language"), _("In one sentence")),
        *(_("Objectives"), _("Countries"), *map(str, questions)),
    ]
    rows = (_row(one, questions) for one in found.iterator(chunk_size=500))
    return csv_response(f"contributions-{cycle.number}", headings, rows)


def _row(one: Submission, questions: list[Question]) -> list:
    comma = pgettext("list", ", ")
    shown = {answer.question_id: answer for answer in one.answers.all() if not answer.is_withheld}
    return [
        one.symbol,
        one.author or _("Without a name"),
        one.get_kind_display(),
        one.get_spoken_display(),
        one.sentence,
        comma.join(str(objective.number) for objective in one.objectives.all()),
        comma.join(str(country) for country in one.countries.all()),
        *(shown[question.pk].as_text if question.pk in shown else "" for question in questions),
    ]


@login_not_required
@require_safe
def submission_detail(request, number: int, submission: int):
    """What was said, its translation marked as one, by whom as far as the author allows it, and what became of it."""
    rows = Submission.objects.select_related("cycle", "call", "part_of__cycle")
    rows = rows.prefetch_related("objectives", "countries", "principles")
    found = visible_or_404(rows.public(), request.user, cycle__number=number, number=submission)
    answers = [answer for answer in found.answers.all() if not answer.is_withheld and answer.kind != "file"]
    led_to = trace.forward(found, request.user)
    context = {
        "found": found,
        "page_object": found,
        "answers": answers,
        "trace": led_to,
        "drawn": _drawn(flow.of_submission(found, led_to)),
    }
    return render(request, "reviews/submission.html", context)


def _drawn(drawing) -> str:
    return render_to_string("reviews/flow.svg", {"drawing": drawing, "title": _("From contributions to the outcome")})


# The whole way


@login_not_required
@require_safe
def trace_page(request, number: int):
    """From what was said to the outcome: the figures, drawn and as a table, and back from each paragraph."""
    cycle = visible_or_404(ReviewCycle.objects.all(), request.user, number=number)
    found = trace.figures(cycle)
    context = {
        "cycle": cycle,
        "figures": found,
        "drawn": _drawn(flow.of_cycle(found)),
        "paragraphs": trace.paragraphs(cycle, request.user),
    }
    return render(request, "reviews/trace.html", context)


@login_not_required
@require_safe
def trace_csv(request, number: int):
    cycle = visible_or_404(ReviewCycle.objects.all(), request.user, number=number)
    headings = [
        *(_("Contribution"), _("Author"), _("Language"), _("In one sentence"), _("Section of the synthesis")),
        *(_("Recommendation"), _("Text"), _("State"), _("Outcome document"), _("Paragraph")),
    ]
    rows = (list(link.values()) for link in trace.links(cycle, request.user))
    return csv_response(f"trace-{cycle.number}", headings, rows)


@login_not_required
@require_safe
def trace_json(request, number: int):
    """The same as JSON: ``{"review": "RR2028", "links": [{…}]}`` with the keys of ``apps.reviews.trace.links``."""
    cycle = visible_or_404(ReviewCycle.objects.all(), request.user, number=number)
    data = {"review": cycle.code, "links": list(trace.links(cycle, request.user))}
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="trace-{cycle.number}.json"'
    response["Cache-Control"] = "private, no-store"
    return response


@login_not_required
@require_safe
def trace_svg(request, number: int):
    cycle = visible_or_404(ReviewCycle.objects.all(), request.user, number=number)
    drawn = _drawn(flow.of_cycle(trace.figures(cycle)))
    response = HttpResponse(drawn, content_type="image/svg+xml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="trace-{cycle.number}.svg"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
