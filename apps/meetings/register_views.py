"""Decisions and actions: the registers over all meetings, and a page for each."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.core import audit
from apps.core.models import AuditEntry
from apps.core.pagecache import public_page
from apps.core.paging import paged
from apps.core.records import visible_or_404
from apps.core.tables import csv_response
from apps.meetings import actions, decisions, registers
from apps.meetings.forms import NoteForm, ObjectionForm
from apps.meetings.models import Action, ActionNote, Decision, Objection

PER_PAGE = 25
_FILTERS = {Decision: registers.DecisionFilter, Action: registers.ActionFilter}
_RECORDS = {Decision: registers.decisions_of, Action: registers.actions_of}
_TEMPLATES = {Decision: "meetings/decision_list.html", Action: "meetings/action_list.html"}


def _asked_for(request, model) -> tuple:
    """What this reader may see, and the filter that she sets."""
    records = _RECORDS[model](request.user)
    return records, _FILTERS[model](request.GET, records=records, user=request.user)


def _page(request, model, records, form):
    """A page of the register; all of it in one table with ``all=1``, for paper."""
    for_paper = request.GET.get("all") == "1"
    page = paged(form.apply(records), request.GET.get("page"), size=registers.MOST_ROWS if for_paper else PER_PAGE)
    status = page.status if form.is_valid() else 400
    context = {"form": form, "records": page, "for_paper": for_paper}
    return render(request, _TEMPLATES[model], context, status=status)


@public_page("group", "year", "state", "method", "page", "all")
@login_not_required
@require_safe
def decision_list(request):
    return _page(request, Decision, *_asked_for(request, Decision))


@public_page("group", "year", "state", "page", "all")
@login_not_required
@require_safe
def action_list(request):
    return _page(request, Action, *_asked_for(request, Action))


@login_not_required
@require_safe
def decisions_csv(request):
    """The same rows as the page has, or the page with its sentence when the filter is wrong."""
    records, form = _asked_for(request, Decision)
    if not form.is_valid():
        return _page(request, Decision, records, form)
    found = list(form.apply(records)[: registers.MOST_ROWS])
    _note_export(request, "decisions", len(found))
    return csv_response("decisions", registers.decision_columns(), registers.decision_rows(found))


@login_not_required
@require_safe
def actions_csv(request):
    records, form = _asked_for(request, Action)
    if not form.is_valid():
        return _page(request, Action, records, form)
    found = list(form.apply(records)[: registers.MOST_ROWS])
    _note_export(request, "actions", len(found))
    return csv_response("actions", registers.action_columns(), registers.action_rows(found))


def _note_export(request, what: str, count: int) -> None:
    if request.user.is_authenticated:
        audit.record(AuditEntry.Action.EXPORTED, by=request.user, changes={what: ["", str(count)]})


@public_page()
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def decision_detail(request, pk: int):
    """One decision; while it is being decided by silence, who holds a seat objects here or takes it back."""
    decision = visible_or_404(Decision.objects.select_related("meeting__group", "item"), request.user, pk=pk)
    form = ObjectionForm(request.POST if "object" in request.POST else None)
    problem = ""
    if request.method == "POST":
        if not request.user.is_authenticated:
            raise PermissionDenied
        problem = _answer_silence(request, decision, form)
        if not problem and not form.errors:
            return HttpResponseRedirect(request.path)
    objections = list(Objection.objects.visible_to(request.user).filter(decision=decision).select_related("created_by"))
    own = [one for one in objections if one.created_by_id == request.user.pk and one.withdrawn_at is None]
    context = {
        "decision": decision,
        "page_object": decision,
        "form": form,
        "problem": problem,
        "may_object": decisions.may_object(decision, request.user),
        "has_objected": bool(own),
        "objections": objections,
        "actions": registers.actions_of(request.user).filter(decision=decision).order_by("number"),
    }
    status = 409 if problem else 400 if form.errors else 200
    return render(request, "meetings/decision_detail.html", context, status=status)


def _answer_silence(request, decision: Decision, form: ObjectionForm) -> str:
    """Objects, or takes an objection back. Returns why that is not possible; what is wrong in the form, it says."""
    try:
        if "withdraw" in request.POST:
            decisions.withdraw_objection(decision, by=request.user)
            messages.success(request, _("Your objection is withdrawn."))
        elif form.is_valid():
            decisions.object_to(decision, by=request.user, words=form.cleaned_data["words"])
            messages.success(request, _("Your objection is recorded."))
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


@public_page()
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def action_detail(request, pk: int):
    """One action; its owner and the secretariat write here how it goes on."""
    visible_or_404(Action.objects, request.user, pk=pk)
    action = registers.actions_of(request.user).select_related("decision").get(pk=pk)
    may_note = actions.may_note(action, request.user)
    form = NoteForm(request.POST if request.method == "POST" else None, action=action)
    if request.method == "POST":
        if not may_note:
            raise PermissionDenied
        if form.is_valid() and _note(form, action, by=request.user):
            messages.success(request, _("Your note is kept."))
            return HttpResponseRedirect(request.path)
    decision = action.decision
    if decision is not None and not Decision.objects.visible_to(request.user).filter(pk=decision.pk).exists():
        decision = None
    context = {
        "action": action,
        "page_object": action,
        "decision": decision,
        "notes": ActionNote.objects.visible_to(request.user).filter(action=action).select_related("created_by"),
        "form": form if may_note else None,
    }
    return render(request, "meetings/action_detail.html", context, status=400 if form.errors else 200)


def _note(form: NoteForm, action: Action, *, by) -> bool:
    try:
        actions.note_action(action, by=by, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error.messages)
        form.show_saved(Action.objects.get(pk=action.pk))
        return False
    return True
