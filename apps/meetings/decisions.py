"""Decisions: their numbers, and the three ways in which they are taken.

A number is given once, when a decision leaves the draft, and never again: ``RSAG/2026/7/D3``.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.roles import Role
from apps.core.dates import portal_today
from apps.core.languages import CODES, field_in, version
from apps.core.records import save_record
from apps.core.textpolicy import clean_text
from apps.meetings.models import Audience, Decision, Meeting, Notice, Objection
from apps.meetings.telling import accounts_of_the_group, tell_account
from apps.stakeholders.models import AdvisoryGroup, Membership
from apps.stakeholders.services import require_secretariat

State, Method = Decision.State, Decision.Method


@transaction.atomic
def ensure_number(meeting: Meeting, *, by) -> Meeting:
    """Gives the meeting the next number of its group when it has none; two at once get two numbers."""
    AdvisoryGroup.objects.select_for_update().get(pk=meeting.group_id)
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if meeting.number is None:
        highest = Meeting.objects.filter(group=meeting.group_id).aggregate(highest=Max("number"))["highest"]
        meeting.number = (highest or 0) + 1
        meeting.save(update_fields=["number"], by=by)
    return meeting


def is_cited(meeting: Meeting) -> bool:
    """Whether a decision or an action has its number from this meeting's."""
    return meeting.actions.exists() or meeting.decisions.exclude(number=None).exists()


@transaction.atomic
def save_decision(decision: Decision, *, by) -> Decision:
    """Saves a draft, or adds the language that a decision lacks.

    Raises ValidationError, by column, for another text of what is not a draft any more.
    """
    if by is not None and not by.has_role(Role.SECRETARIAT, Role.TRANSLATOR):
        raise PermissionDenied
    sent = {f"text_{code}": field_in(decision, "text", code) for code in CODES}
    if problems := rewritten(decision.pk, sent):
        raise ValidationError(problems)
    return save_record(decision, by=by)


def rewritten(pk: int | None, sent: dict[str, str]) -> dict[str, str]:
    """The columns, each with a sentence, in which ``sent`` says something else than what was put to decision.

    Ends of lines, which browsers send in another spelling, and spaces around a text are no difference.
    """
    saved = Decision.objects.exclude(state=State.DRAFT).filter(pk=pk).first()
    if saved is None:
        return {}
    message = _("This was decided in these words. Record another decision to change it.")
    kept = {f"text_{code}": field_in(saved, "text", code).strip() for code in CODES}
    return {name: message for name, text in sent.items() if kept[name] and clean_text(text).strip() != kept[name]}


def _leave_draft(decision: Decision, method: str, by) -> Decision:
    """Read anew, numbered, locked together with its meeting. Raises ValidationError when it is no draft any more."""
    require_secretariat(by)
    meeting = ensure_number(decision.meeting, by=by)
    decision = Decision.objects.select_for_update().get(pk=decision.pk)
    decision.meeting = meeting
    if decision.state != State.DRAFT:
        raise ValidationError(_("This decision is not a draft any more."), code="state")
    highest = Decision.objects.filter(meeting=meeting).aggregate(highest=Max("number"))["highest"]
    decision.number = (highest or 0) + 1
    decision.method = method
    return decision


def _keep(decision: Decision, *, by) -> Decision:
    decision.full_clean()
    return save_record(decision, by=by)


def _refuse_tomorrow(day: date) -> None:
    if day > portal_today():
        raise ValidationError(_("A decision is recorded on the day it is taken, or later."))


@transaction.atomic
def take_by_consensus(decision: Decision, *, by, decided_on: date) -> Decision:
    decision = _leave_draft(decision, Method.CONSENSUS, by)
    _refuse_tomorrow(decided_on)
    decision.state, decision.decided_on = State.TAKEN, decided_on
    return _keep(decision, by=by)


@transaction.atomic
def count_hands(decision: Decision, *, by, decided_on: date, in_favour: int, against: int, abstaining: int) -> Decision:
    """Decided when more are in favour than against; with as many on both sides it is not."""
    decision = _leave_draft(decision, Method.HANDS, by)
    _refuse_tomorrow(decided_on)
    decision.in_favour, decision.against, decision.abstaining = in_favour, against, abstaining
    decision.state = State.TAKEN if in_favour > against else State.NOT_TAKEN
    decision.decided_on = decided_on
    return _keep(decision, by=by)


@transaction.atomic
def open_silence(decision: Decision, *, by, until: datetime) -> Decision:
    """Tells the group: whoever does not object until then agrees.

    Raises ValidationError for a moment that is over, and for a decision that the group could not read.
    """
    decision = _leave_draft(decision, Method.SILENCE, by)
    _refuse_out_of_sight(decision)
    if until <= timezone.now():
        raise ValidationError(_("The deadline has to be in the future."))
    decision.state, decision.silence_until = State.OPEN, until
    _keep(decision, by=by)
    for user in accounts_of_the_group(decision.meeting):
        tell_account(
            user,
            Notice.Kind.SILENCE,
            meeting=decision.meeting,
            page=("meetings:decision", decision.pk),
            about=f"{decision.pk} {until:%Y-%m-%dT%H:%M}",
            texts=lambda language: {"decision": decision, "text": version(decision, "text", language)},
        )
    return decision


def _is_out_of_sight(decision: Decision) -> bool:
    audiences = (decision.audience, decision.item.audience_inside if decision.item else "")
    return decision.meeting.status == Meeting.Status.DRAFT or Audience.SECRETARIAT in audiences


def _refuse_out_of_sight(decision: Decision) -> None:
    if _is_out_of_sight(decision):
        message = _(
            "The group could not read this decision. "
            "Publish the meeting, and choose an audience and an item for its members."
        )
        raise ValidationError(message, code="audience")


def holds_seat(meeting: Meeting, user) -> bool:
    """Whether this person has one of the group's seats today; alternates and observers have none."""
    if not user.is_authenticated:
        return False
    return Membership.objects.current().seated().filter(group=meeting.group_id, person__user=user).exists()


def may_object(decision: Decision, user) -> bool:
    """Who holds a seat and may read the decision, while the silence lasts."""
    if not decision.takes_objections or not holds_seat(decision.meeting, user):
        return False
    return Decision.objects.visible_to(user).filter(pk=decision.pk).exists()


@transaction.atomic
def object_to(decision: Decision, *, by, words: str) -> Objection:
    """Records that somebody objects, once however often she presses. Raises ValidationError after the deadline."""
    decision = _locked(decision)
    if not decision.takes_objections:
        raise ValidationError(_("The time for objections is over."))
    if not may_object(decision, by):
        raise PermissionDenied
    standing = decision.objections.filter(created_by=by, withdrawn_at=None).first()
    return standing or save_record(Objection(decision=decision, words=words), by=by)


@transaction.atomic
def withdraw_objection(decision: Decision, *, by) -> None:
    """Takes back what this person objected. Raises ValidationError after the deadline."""
    decision = _locked(decision)
    if not decision.takes_objections:
        raise ValidationError(_("The time for objections is over."))
    for objection in decision.objections.filter(created_by=by, withdrawn_at=None):
        objection.withdrawn_at = timezone.now()
        save_record(objection, by=by)


def _locked(decision: Decision) -> Decision:
    return Decision.objects.select_for_update(of=("self",)).select_related("meeting__group").get(pk=decision.pk)


def close_silence(decision: Decision, *, by) -> Decision:
    """After the deadline: decided unless an objection stands, or the group cannot read the decision: nobody agrees by
    silence to what she does not see. Once more changes nothing.

    Raises ValidationError before the deadline.
    """
    require_secretariat(by)
    _close(decision, timezone.now(), by=by)
    return Decision.objects.get(pk=decision.pk)


def close_silences(now: datetime) -> int:
    """Closes every silence procedure whose deadline has passed. Returns how many."""
    over = Decision.objects.filter(state=State.OPEN, silence_until__lte=now).order_by("pk")
    return sum(_close(decision, now, by=None) for decision in over)


@transaction.atomic
def _close(decision: Decision, now: datetime, *, by) -> bool:
    """Returns whether it is closed by this call. The day is that of the deadline where the meeting takes place."""
    decision = _locked(decision)
    if decision.state != State.OPEN:
        return False
    if decision.silence_until > now:
        raise ValidationError(_("The silence procedure is still running."))
    is_broken = _is_out_of_sight(decision) or decision.objections.filter(withdrawn_at=None).exists()
    decision.state = State.NOT_TAKEN if is_broken else State.TAKEN
    decision.decided_on = decision.silence_until.astimezone(ZoneInfo(decision.meeting.time_zone)).date()
    save_record(decision, by=by)
    return True
