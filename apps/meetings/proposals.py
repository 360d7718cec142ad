"""Items that members propose for an agenda, and what becomes of them."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.records import save_record
from apps.meetings.agenda import arrange
from apps.meetings.models import AgendaItem, AgendaProposal, AgendaState, Audience, Meeting, Notice
from apps.meetings.telling import tell_account
from apps.stakeholders.models import Membership
from apps.stakeholders.services import require_secretariat

# A meeting's agenda is no place for a flood of proposals by one person.
_MOST_AT_ONCE = 10

State = AgendaProposal.State


def belongs(meeting: Meeting, user) -> bool:
    """Whether this person may propose at all: who holds a seat of the group today, or stands in for one."""
    seat = meeting.seat_of(user)
    return seat is not None and seat.position != Membership.Position.OBSERVER


def refusal(meeting: Meeting) -> str:
    """Why nobody can propose an item (any more), as a sentence; "" while proposals are taken."""
    until = meeting.proposals_close_at
    if until is None or meeting.status != Meeting.Status.PUBLISHED:
        return _("No items are proposed for this meeting.")
    if meeting.agenda_state == AgendaState.ADOPTED:
        return _("The agenda is adopted: no items are proposed any more.")
    if until <= timezone.now():
        return _("The time for proposals is over. Write to the secretariat if something is missing.")
    return ""


def may_propose(meeting: Meeting, user) -> bool:
    return not refusal(meeting) and belongs(meeting, user)


@transaction.atomic
def propose(meeting: Meeting, *, by, subject: str, language: str, minutes: int, reason: str = "") -> AgendaProposal:
    """Keeps a proposal; the same one once more changes nothing. Raises ValidationError with a sentence."""
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if not belongs(meeting, by):
        raise PermissionDenied
    if problem := refusal(meeting):
        raise ValidationError(problem, code="closed")
    own = AgendaProposal.objects.waiting().filter(meeting=meeting, created_by=by)
    if same := own.filter(subject=subject, language=language).first():
        return same
    if own.count() >= _MOST_AT_ONCE:
        raise ValidationError(_("You have many proposals waiting. The secretariat answers them first."), code="many")
    proposal = AgendaProposal(meeting=meeting, subject=subject, language=language, minutes=minutes, reason=reason)
    proposal.full_clean()
    return save_record(proposal, by=by)


@transaction.atomic
def take(proposal: AgendaProposal, *, by, audience: str = Audience.MEMBERS) -> AgendaProposal:
    """Puts it at the end of the agenda, in the language in which it was written, and tells who proposed it.

    Raises ValidationError when it is answered already or the agenda is adopted.
    """
    proposal = _locked(proposal, by)
    if proposal.meeting.agenda_state == AgendaState.ADOPTED:
        raise ValidationError(_("The agenda is adopted. Take it back to provisional before you change it."))
    last = proposal.meeting.items.in_order().last()
    item = AgendaItem(
        meeting=proposal.meeting,
        order=last.order + 1 if last else 1,
        minutes=proposal.minutes,
        audience=audience,
        purpose=AgendaItem.Purpose.DISCUSSION,
        **{f"title_{proposal.language}": proposal.subject},
    )
    proposal.item = save_record(item, by=by)
    arrange(proposal.meeting, by=by)
    return _answer(proposal, State.TAKEN, "", by)


@transaction.atomic
def decline(proposal: AgendaProposal, *, by, reason: str) -> AgendaProposal:
    """Tells who proposed it why it is not taken. Raises ValidationError when it is answered already."""
    return _answer(_locked(proposal, by), State.DECLINED, reason, by)


def _locked(proposal: AgendaProposal, by) -> AgendaProposal:
    require_secretariat(by)
    Meeting.objects.select_for_update().get(pk=proposal.meeting_id)
    found = AgendaProposal.objects.select_related("meeting").prefetch_related("created_by__groups")
    proposal = found.get(pk=proposal.pk)
    if proposal.state != State.PROPOSED:
        raise ValidationError(_("This proposal is answered already."))
    return proposal


def _answer(proposal: AgendaProposal, state: str, answer: str, by) -> AgendaProposal:
    proposal.state, proposal.answer = state, answer
    proposal.full_clean()
    save_record(proposal, by=by)
    if proposal.created_by is not None:
        page = ("meetings:propose", proposal.meeting_id)
        about, texts = f"{proposal.pk}", {"proposal": proposal}
        tell_account(
            proposal.created_by,
            Notice.Kind.PROPOSAL,
            meeting=proposal.meeting,
            page=page,
            about=about,
            texts=lambda language: texts,
        )
    return proposal
