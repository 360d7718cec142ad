"""The catalogue of good practices, the register of pledges, and what there is on an objective or a country."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.forms import CrispyFormMixin
from apps.core.formfields import IntegerField
from apps.core.languages import CODES, active_language, field_in, name_of
from apps.core.pagecache import public_page
from apps.core.paging import paged
from apps.core.records import visible_or_404
from apps.core.tables import csv_response
from apps.core.textpolicy import clean_name, clean_text
from apps.reviews import practices
from apps.reviews.commenting import commenting
from apps.reviews.filters import RegisterFilter, in_both
from apps.reviews.models import GoodPractice, Pledge, PracticeComment, Recommendation, Submission
from apps.stakeholders.models import Country, Objective

PER_PAGE = 25
_SHOWN = 10


# Good practices


class PracticeFilter(RegisterFilter):
    def apply(self, rows: QuerySet) -> QuerySet:
        rows = rows.prefetch_related("objectives", "countries", "principles")
        if not self.is_valid():
            return rows
        return self.with_words(self.about(rows), lambda one: f"{in_both(one, 'title', 'summary')} {one.carried_by}")


def _practices(request) -> tuple[PracticeFilter, QuerySet]:
    form = PracticeFilter(request.GET)
    return form, form.apply(GoodPractice.objects.visible_to(request.user).exclude(state=GoodPractice.State.DRAFT))


@public_page("objective", "country", "page")
@login_not_required
@require_safe
def practice_list(request):
    form, found = _practices(request)
    page = paged(found, request.GET.get("page"), size=PER_PAGE)
    context = {"form": form, "records": page, "may_propose": practices.may_propose(request.user)}
    return render(request, "reviews/practices.html", context, status=page.status if form.is_valid() else 400)


@login_not_required
@require_safe
def practices_csv(request):
    """In the columns that the global repository of practices asks for."""
    _form, found = _practices(request)
    texts = [(_("Title"), "title"), (_("Summary"), "summary"), (_("Results"), "results")]
    headings = [
        _("%(field)s (%(language)s)") % {"field": label, "language": name_of(code)}
        for label, _field in texts
        for code in CODES
    ]
    headings += [_("Carried out by"), _("Countries"), _("Objectives"), _("Guiding principles"), _("Began in")]
    headings += [_("How far it is"), _("Innovative"), _("Can be repeated"), _("Source")]
    return csv_response("good-practices", headings, (_row(one, [field for _label, field in texts]) for one in found))


def _row(one: GoodPractice, fields: list[str]) -> list:
    comma = pgettext("list", ", ")
    return [
        *(field_in(one, field, code) for field in fields for code in CODES),
        one.carried_by,
        comma.join(str(country) for country in one.countries.all()),
        comma.join(str(objective.number) for objective in one.objectives.all()),
        comma.join(str(principle) for principle in one.principles.all()),
        one.began_in or "",
        one.get_completion_display(),
        *(_("Yes") if value else _("No") for value in (one.is_innovative, one.is_replicable)),
        one.source,
    ]


@public_page()
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def practice_detail(request, pk: int):
    """What is done and what has come of it, how it meets the criteria, and what members say of it."""
    rows = GoodPractice.objects.prefetch_related("objectives", "countries", "principles")
    found = visible_or_404(rows.select_related("submission__cycle"), request.user, pk=pk)
    said = commenting(request, found, PracticeComment, may=practices.may_comment, service=practices.comment)
    if said.done:
        return said.done
    source = found.submission
    context = {
        "practice": found,
        "page_object": found,
        "criteria": found.criteria(),
        "submission": source if source and source.state == Submission.State.PUBLISHED else None,
        **said.context,
    }
    return render(request, "reviews/practice.html", context, status=said.status)


class PracticeForm(CrispyFormMixin, forms.ModelForm):
    """The short form, in the language of the page; the secretariat translates."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    summary = forms.CharField(
        label=gettext_lazy("What is done, for whom and how?"), max_length=3000, widget=forms.Textarea({"rows": 6})
    )
    results = forms.CharField(
        label=gettext_lazy("What has come of it?"), max_length=3000, required=False, widget=forms.Textarea({"rows": 4})
    )
    began_in = IntegerField(label=gettext_lazy("In which year did it begin?"), required=False, min_value=1950)
    source = forms.URLField(
        label=gettext_lazy("Source"), required=False, assume_scheme="https", widget=forms.TextInput({"dir": "ltr"})
    )

    class Meta:
        model = GoodPractice
        fields = [
            *("carried_by", "began_in", "completion", "is_innovative", "is_replicable", "source"),
            *("objectives", "principles", "countries"),
        ]
        widgets = dict.fromkeys(("objectives", "principles", "countries"), forms.CheckboxSelectMultiple)

    field_order = ["title", "summary", "results"]

    def clean(self):
        cleaned = super().clean()
        code = active_language()
        for name, clean in (("title", clean_name), ("summary", clean_text), ("results", clean_text)):
            setattr(self.instance, f"{name}_{code}", clean(cleaned.get(name) or "") or None)
        return cleaned

    def _get_validation_exclusions(self):
        return {*super()._get_validation_exclusions(), "title", "summary", "results"}


@require_http_methods(["GET", "HEAD", "POST"])
def propose_practice(request):
    if not practices.may_propose(request.user):
        raise PermissionDenied
    form = PracticeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        links = {name: form.cleaned_data[name] for name in ("objectives", "principles", "countries")}
        practice = practices.propose(form.save(commit=False), links, by=request.user)
        messages.success(request, _("Proposed. The members read it, and the secretariat publishes it."))
        return HttpResponseRedirect(practice.get_absolute_url())
    return render(request, "reviews/propose_practice.html", {"form": form}, status=400 if form.is_bound else 200)


# Pledges


class PledgeFilter(RegisterFilter):
    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("", gettext_lazy("All")), *Pledge.State.choices]
    )

    def apply(self, rows: QuerySet) -> QuerySet:
        rows = rows.select_related("country").prefetch_related("objectives")
        if not self.is_valid():
            return rows
        chosen = self.cleaned_data
        if chosen["objective"]:
            rows = rows.filter(objectives=chosen["objective"])
        if chosen["country"]:
            rows = rows.filter(country=chosen["country"])
        if chosen["state"]:
            rows = rows.filter(state=chosen["state"])
        return self.with_words(rows, lambda one: in_both(one, "made_by", "text"))


def _pledges(request) -> tuple[PledgeFilter, QuerySet]:
    form = PledgeFilter(request.GET)
    return form, form.apply(Pledge.objects.visible_to(request.user))


@public_page("objective", "country", "state", "page")
@login_not_required
@require_safe
def pledge_list(request):
    form, found = _pledges(request)
    page = paged(found, request.GET.get("page"), size=PER_PAGE)
    context = {"form": form, "records": page}
    return render(request, "reviews/pledges.html", context, status=page.status if form.is_valid() else 400)


@login_not_required
@require_safe
def pledges_csv(request):
    _form, found = _pledges(request)
    texts = [(_("Made by"), "made_by"), (_("Pledge"), "text")]
    headings = [
        _("%(field)s (%(language)s)") % {"field": label, "language": name_of(code)}
        for label, _field in texts
        for code in CODES
    ]
    headings += [_("Country"), _("Form"), _("Consists in"), _("Objectives"), _("Made on"), _("To be kept by")]
    headings += [_("State"), _("Source")]
    fields = [field for _label, field in texts]
    return csv_response("pledges", headings, (_pledge_row(one, fields) for one in found))


def _pledge_row(one: Pledge, fields: list[str]) -> list:
    return [
        *(field_in(one, field, code) for field in fields for code in CODES),
        one.country or "",
        one.get_form_display(),
        one.orientation_names,
        pgettext("list", ", ").join(str(objective.number) for objective in one.objectives.all()),
        one.made_on or "",
        one.due_on or "",
        one.get_state_display(),
        one.source,
    ]


@public_page()
@login_not_required
@require_safe
def pledge_detail(request, pk: int):
    """What was promised, how it is counted, and what has been done since."""
    rows = Pledge.objects.select_related("country").prefetch_related("objectives", "updates")
    found = visible_or_404(rows, request.user, pk=pk)
    paired = Pledge.objects.visible_to(request.user).filter(pk=found.paired_with_id).first()
    context = {"pledge": found, "page_object": found, "paired": paired}
    return render(request, "reviews/pledge.html", context)


# By topic


@public_page()
@login_not_required
@require_safe
def topics(request):
    """The way to each objective and country."""
    context = {"objectives": Objective.objects.all(), "countries": sorted(Country.objects.all(), key=str)}
    return render(request, "reviews/topics.html", context)


@public_page()
@login_not_required
@require_safe
def objective_detail(request, number: int):
    found = get_object_or_404(Objective, number=number)
    recommended = Recommendation.objects.filter(objectives=found)
    return _topic(request, found, Q(objectives=found), recommended, Q(objectives=found))


@public_page()
@login_not_required
@require_safe
def country_detail(request, code: str):
    found = get_object_or_404(Country, iso2=code.upper())
    return _topic(request, found, Q(countries=found), Recommendation.objects.on_country(found), Q(country=found))


def _topic(request, found, about: Q, recommended: QuerySet, pledged: Q):
    """What was said, recommended, done and pledged on it, over all reviews; the newest of each, with the way to all."""
    user = request.user
    submissions = Submission.objects.public().visible_to(user).filter(about).select_related("cycle")
    recommendations = recommended.visible_to(user).select_related("cycle")
    good = GoodPractice.objects.visible_to(user).filter(about, state=GoodPractice.State.PUBLISHED)
    pledges = Pledge.objects.visible_to(user).filter(pledged)
    context = {
        "topic": found,
        "is_objective": isinstance(found, Objective),
        "recommendations": recommendations.filter(number__isnull=False).order_by("-cycle__number", "number")[:_SHOWN],
        "submissions": submissions.order_by("-cycle__number", "-number")[:_SHOWN],
        "practices": good[:_SHOWN],
        "pledges": pledges[:_SHOWN],
    }
    return render(request, "reviews/topic.html", context)
