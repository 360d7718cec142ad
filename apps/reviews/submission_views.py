"""What was said in a review, as everybody reads it, and the way from there to the outcome."""

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_safe

from apps.core.arabic import folded
from apps.core.pagecache import public_page
from apps.core.paging import paged
from apps.core.records import visible_or_404
from apps.core.tables import csv_response
from apps.reviews import contributions, flow, trace
from apps.reviews.filters import RegisterFilter
from apps.reviews.models import Answer, Question, ReviewCycle, Submission

PER_PAGE = 25
_TOLD = ("all", "quoted", "recommended", "reflected", "left_out")


class SubmissionFilter(RegisterFilter):
    """By what a contribution says. Who said it is no filter: a choice that leaves one row would name somebody."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), required=False, choices=[("", gettext_lazy("All")), *Submission.Kind.choices]
    )

    def apply(self, rows: QuerySet) -> QuerySet:
        """The newest number first. Words are looked for in what is shown."""
        rows = rows.order_by("-number")
        if not self.is_valid():
            return rows
        rows = self.about(rows)
        if self.cleaned_data["kind"]:
            rows = rows.filter(kind=self.cleaned_data["kind"])
        for word in folded(self.cleaned_data["words"]).split():
            rows = rows.filter(folded__contains=word)
        return rows


def _asked_for(request, number: int):
    cycle = visible_or_404(ReviewCycle.objects.all(), request.user, number=number)
    form = SubmissionFilter(request.GET)
    rows = cycle.submissions.public().visible_to(request.user)
    return cycle, form, form.apply(rows)


@public_page("objective", "country", "kind", "page")
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
    questions = Question.objects.visible_to(request.user).filter(call__cycle=cycle)
    questions = list(questions.order_by("call", "order", "pk"))
    # Into lists: a prefetched relation costs a queryset for each of the thousands of rows.
    found = found.select_related("cycle").prefetch_related(
        Prefetch("objectives", to_attr="its_objectives"),
        Prefetch("countries", to_attr="its_countries"),
        Prefetch("answers", Answer.objects.shown(), to_attr="shown_answers"),
    )
    headings = [
        *(_("Number"), _("Author"), _("Kind"), _("Language"), _("In one sentence")),
        *(_("Objectives"), _("Countries"), *map(str, questions)),
    ]
    rows = (_row(one, questions) for one in found.iterator(chunk_size=100))
    return csv_response(f"contributions-{cycle.number}", headings, rows)


def _row(one: Submission, questions: list[Question]) -> list:
    comma = pgettext("list", ", ")
    shown = {answer.question_id: answer for answer in one.shown_answers}
    return [
        one.symbol,
        one.author or _("Without a name"),
        one.get_kind_display(),
        one.get_spoken_display(),
        one.sentence,
        comma.join(str(objective.number) for objective in one.its_objectives),
        comma.join(str(country) for country in one.its_countries),
        *(shown[question.pk].as_text if question.pk in shown else "" for question in questions),
    ]


@public_page()
@login_not_required
@require_safe
def submission_detail(request, number: int, submission: int):
    """What was said, its translation marked as one, by whom as far as the author allows it, and what became of it."""
    rows = Submission.objects.select_related("cycle", "call", "part_of__cycle")
    rows = rows.prefetch_related("objectives", "countries", "principles")
    found = visible_or_404(rows.public(), request.user, cycle__number=number, number=submission)
    led_to = trace.forward(found, request.user)
    context = {
        "found": found,
        "page_object": found,
        "answers": found.answers.shown(),
        "trace": led_to,
        "drawn": _drawn(flow.of_submission(found, led_to)),
    }
    return render(request, "reviews/submission.html", context)


def _drawn(drawing) -> str:
    return render_to_string("reviews/flow.svg", {"drawing": drawing, "title": _("From contributions to the outcome")})


# The whole way


@public_page()
@login_not_required
@require_safe
def trace_page(request, number: int):
    """From what was said to the outcome: the figures, drawn and as a table, and back from each paragraph. No small
    count is told, nor by the form of a word beside it."""
    cycle = visible_or_404(ReviewCycle.objects.all(), request.user, number=number)
    found = trace.figures(cycle)
    context = {
        "cycle": cycle,
        "figures": found,
        "told": {name: contributions.told(getattr(found, name)) for name in _TOLD},
        "tells_reflected": not any(map(contributions.is_small, (found.all, found.reflected))),
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


@public_page()
@login_not_required
@require_safe
def trace_svg(request, number: int):
    cycle = visible_or_404(ReviewCycle.objects.all(), request.user, number=number)
    drawn = _drawn(flow.of_cycle(trace.figures(cycle)))
    response = HttpResponse(drawn, content_type="image/svg+xml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="trace-{cycle.number}.svg"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
