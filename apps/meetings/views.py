from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.core import audit
from apps.core.languages import CODES
from apps.core.models import AuditEntry
from apps.core.pagecache import public_page
from apps.core.paging import paged
from apps.core.records import visible_or_404
from apps.core.redirects import moved
from apps.core.storage import is_held, safe_filename, send_file
from apps.core.uploads import extension_of
from apps.meetings import agenda, attendance, decisions, desk, papers, proposals, registers
from apps.meetings.calendar import invite
from apps.meetings.minutes import with_record
from apps.meetings.models import Audience, Document, DocumentVersion, Meeting, Participant
from apps.meetings.participants import refusal

PER_PAGE = 20


@public_page("page")
@login_not_required
@require_safe
def meeting_list(request):
    """The calendar: what the reader may see, coming meetings first, past ones in pages."""
    now = timezone.now()
    meetings = Meeting.objects.visible_to(request.user).select_related("group")
    past = paged(meetings.past(now), request.GET.get("page"), size=PER_PAGE)
    context = {"upcoming": meetings.upcoming(now), "past": past}
    return render(request, "meetings/meeting_list.html", context, status=past.status)


@require_safe
def own_desk(request):
    """What waits for this person, and what is new for her."""
    now = timezone.now()
    since = desk.visit(request.user, now=now) if request.method == "GET" else None
    return render(request, "meetings/desk.html", desk.of(request.user, since=since, now=now))


@public_page()
@login_not_required
@require_safe
def meeting_detail(request, pk: int, slug: str):
    """Everything about one meeting that this reader may see."""
    meetings = Meeting.objects.select_related("group").annotate(version_count=Count("agenda_versions"))
    meeting = visible_or_404(with_record(meetings, request.user), request.user, pk=pk)
    if slug != meeting.slug:
        return moved(meeting.get_absolute_url())
    documents = list(meeting.documents.visible_to(request.user).with_all_shown())
    rows = agenda.for_reader(meeting, request.user, documents=documents)
    placed = {document.pk for row in rows for document in row.papers}
    context = {
        "meeting": meeting,
        "page_object": meeting,
        "rows": rows,
        "has_placed_papers": bool(placed),
        "openings_are_kept": request.user.is_authenticated
        and any(document.shown_to != Audience.PUBLIC for document in documents),
        "documents": [document for document in documents if document.pk not in placed],
        **_outcomes(meeting, request.user),
        "agenda_versions": meeting.version_count,
        "may_propose": proposals.may_propose(meeting, request.user),
        "may_join": meeting.may_join_online(request.user),
        "participant": _own_place(meeting, request.user),
        "ways_to_attend": attendance.possible(meeting),
        "quorum": _quorum(meeting, request.user),
    }
    return render(request, "meetings/meeting_detail.html", context)


def _outcomes(meeting: Meeting, user) -> dict:
    """Its decisions, what is being decided first; its actions, and those that were carried over to it."""
    found = list(registers.decisions_of(user).filter(meeting=meeting).order_by("number", "pk"))
    is_running = any(decision.takes_objections for decision in found)
    both = registers.actions_of(user).filter(Q(meeting=meeting) | Q(pk__in=meeting.carried_actions.values("pk")))
    actions = list(both.order_by("meeting__starts_at", "number", "pk"))
    return {
        "decisions": sorted(found, key=lambda decision: not decision.takes_objections),
        "may_object": is_running and decisions.holds_seat(meeting, user),
        "actions": [action for action in actions if action.meeting_id == meeting.pk],
        "carried": [action for action in actions if action.meeting_id != meeting.pk],
    }


def _quorum(meeting: Meeting, user) -> attendance.Quorum | None:
    """For who sits in the group or prepares its meetings, once anybody's attendance is noted."""
    if attendance.refusal(meeting) or not meeting.is_inside(user):
        return None
    found = attendance.quorum(meeting)
    return found if found.present or meeting.status == Meeting.Status.HELD else None


def _own_place(meeting: Meeting, user) -> Participant | None:
    """The reader on the meeting's list, with what she replied and whether she may reply (still)."""
    if not user.is_authenticated:
        return None
    own = meeting.participants.asked().filter(person__user=user, invited_at__isnull=False)
    participant = own.select_related("person__user", "alternate__person").first()
    if participant is not None:
        participant.meeting = meeting
        participant.may_reply = not refusal(participant)
        participant.may_confirm = attendance.may_confirm(participant)
    return participant


@login_not_required
@require_safe
def meeting_invite(request, pk: int):
    meeting = visible_or_404(Meeting.objects, request.user, pk=pk)
    content = invite(meeting, with_online_address=meeting.may_join_online(request.user))
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="meeting-{meeting.pk}.ics"'
    return response


@login_not_required
@require_safe
def document_file(request, meeting_pk: int, pk: int, language: str):
    """A paper's file in one language, for whoever may read the paper."""
    document = _paper(request, meeting_pk, pk)
    if language not in CODES or not getattr(document, f"file_{language}"):
        raise Http404
    return _send(request, document, language, getattr(document, f"file_{language}"))


@login_not_required
@require_safe
def document_version(request, meeting_pk: int, pk: int, language: str, number: int):
    """What a paper's file was before it was replaced."""
    document = _paper(request, meeting_pk, pk)
    former = DocumentVersion.objects.visible_to(request.user).filter(document=document, language=language)
    former = former.filter(number=number).first()
    if former is None:
        raise Http404
    return _send(request, document, language, former.file)


def _paper(request, meeting_pk: int, pk: int) -> Document:
    documents = Document.objects.select_related("meeting", "item__parent")
    document = visible_or_404(documents, request.user, pk=pk)
    if document.meeting_id != meeting_pk:
        raise Http404
    return document


def _send(request, document: Document, language: str, stored):
    if is_held(stored):
        return render(request, "meetings/document_held.html", {"document": document}, status=503)
    title = getattr(document, f"title_{language}") or str(document)
    try:
        filename = safe_filename(title, extension_of(stored.name))
        response = send_file(stored, filename, restricted=request.user.is_authenticated)
    except FileNotFoundError:
        raise Http404 from None
    if not settings.READ_ONLY and not Document.objects.visible_to(AnonymousUser()).filter(pk=document.pk).exists():
        audit.record(AuditEntry.Action.DOWNLOADED, by=request.user, about=document, changes={"file": ["", language]})
        if request.method == "GET":
            papers.record_opening(document, language, by=request.user)
    return response
