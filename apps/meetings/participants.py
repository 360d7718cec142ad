"""Asking people to a meeting, their replies, and telling them once.

Replies are kept while the meeting's row is locked: fifty of them for the last place in the room seat one person.
"""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.roles import Role
from apps.core.records import save_record
from apps.meetings import calendar
from apps.meetings.models import Meeting, Need, Notice, Participant, Reply
from apps.meetings.models.participants import named_in
from apps.meetings.telling import not_told, still_there, tell_participant
from apps.stakeholders.models import Membership
from apps.stakeholders.services import require_secretariat

Capacity = Participant.Capacity
_CAPACITIES = {
    Membership.Position.ALTERNATE: Capacity.ALTERNATE,
    Membership.Position.OBSERVER: Capacity.OBSERVER,
}


# Asking


@transaction.atomic
def invite(meeting: Meeting, *, by) -> int:
    """Puts everybody of the group on the list and asks those who were not asked yet. Returns how many mails went.

    Doing it again asks only those who came since. Who has no address stays on the list as not asked.
    Raises ValidationError for a meeting that is not to come.
    """
    require_secretariat(by)
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if meeting.status != Meeting.Status.PUBLISHED or meeting.starts_at <= timezone.now():
        raise ValidationError(_("Only to a published meeting that is still to come are people invited."), code="status")
    take_in_the_group(meeting, by=by)
    waiting = still_there(meeting).filter(invited_at=None)
    return sum(_invite(participant, by=by) for participant in waiting if participant.address)


def take_in_the_group(meeting: Meeting, *, by) -> None:
    """Those who belong to the group today and on the meeting's first day: who sits there later is asked then."""
    there = set(meeting.participants.exclude(person=None).values_list("person", flat=True))
    seats = Membership.objects.current().current(meeting.starts_on).filter(group=meeting.group_id)
    for seat in seats.select_related("person"):
        if seat.person_id not in there:
            capacity = _CAPACITIES.get(seat.position, Capacity.MEMBER)
            save_record(Participant(meeting=meeting, person=seat.person, capacity=capacity), by=by)


def _invite(participant: Participant, *, by) -> int:
    participant.invited_at = timezone.now()
    participant.save(update_fields=["invited_at"], by=by)
    return _tell(participant, Notice.Kind.INVITATION)


@transaction.atomic
def take_out(participant: Participant, *, by, reason: str = "") -> Participant:
    """Off the list: the links sent work no more, the reply and the needs go. Who was never asked is deleted instead."""
    require_secretariat(by)
    participant = _locked(participant)
    participant.taken_out_at = timezone.now()
    participant.link_number += 1
    for other in participant.goes_for.all():
        _forget_reply(other)
        save_record(other, by=by, reason=reason)
    _forget_reply(participant)
    return save_record(participant, by=by, reason=reason)


def _forget_reply(participant: Participant) -> None:
    participant.reply, participant.replied_at, participant.alternate = Reply.NONE, None, None
    participant.needs.all().delete()


# Replying


def refusal(participant: Participant) -> str:
    """Why this person cannot reply (any more), as a sentence; "" when she can."""
    if participant.taken_out_at is not None or (
        participant.capacity != Capacity.GUEST and not participant.membership()
    ):
        return _("You are not on the list of this meeting any more. The secretariat helps you.")
    return closed(participant.meeting)


def closed(meeting: Meeting, now: datetime | None = None) -> str:
    """Why nobody can reply (any more), as a sentence; "" while replies are taken."""
    if meeting.status == Meeting.Status.CANCELLED:
        return _("This meeting is cancelled: no reply is needed.")
    if meeting.status != Meeting.Status.PUBLISHED:
        return _("Replies to this meeting are closed.")
    if meeting.replies_close_at <= (now or timezone.now()):
        return _("The time for replies is over. Write to the secretariat if something has changed.")
    return ""


def answers_for(participant: Participant) -> list[Reply]:
    """The replies that this person may give at all."""
    formats = {
        Meeting.Format.IN_PERSON: [Reply.IN_PERSON],
        Meeting.Format.ONLINE: [Reply.ONLINE],
        Meeting.Format.HYBRID: [Reply.IN_PERSON, Reply.ONLINE],
    }
    instead = [Reply.ALTERNATE] if participant.capacity == Capacity.MEMBER else []
    return [*formats[participant.meeting.format], Reply.CANNOT, *instead]


def alternates_for(participant: Participant):
    """Who on the list may go instead: her own alternates, and those who are nobody's in particular."""
    if participant.capacity != Capacity.MEMBER:
        return Participant.objects.none()
    seats = Membership.objects.current().filter(
        group=participant.meeting.group_id, position=Membership.Position.ALTERNATE
    )
    own = participant.membership()
    free = seats.filter(alternate_of=None) | seats.filter(alternate_of=own) if own else seats.none()
    found = Participant.objects.asked().filter(meeting=participant.meeting_id, capacity=Capacity.ALTERNATE)
    taken = Participant.objects.filter(meeting=participant.meeting_id, alternate__isnull=False)
    taken = taken.exclude(pk=participant.pk).values("alternate")
    return (
        found.filter(person__in=free.values("person")).exclude(pk__in=taken).select_related("person__user", "meeting")
    )


@transaction.atomic
def reply(
    participant: Participant,
    *,
    by,
    answer: str,
    alternate: Participant | None = None,
    needs: dict[str, str] | None = None,
) -> Participant:
    """Keeps what somebody answered, instead of what she had answered. The same reply twice changes nothing.

    ``needs`` gives a note by kind, and is all that she needs; None leaves her needs as they are. ``by`` is her user,
    the secretariat (who may enter a reply after the deadline), or None for who came by her own link. Raises
    ValidationError with a sentence for whatever does not fit.
    """
    participant = _locked(participant)
    is_secretariat = by is not None and by.has_role(Role.SECRETARIAT)
    if by is not None and not is_secretariat and participant.user != by:
        raise PermissionDenied
    problem = refusal(participant)
    if problem and not (is_secretariat and participant.meeting.status == Meeting.Status.PUBLISHED):
        raise ValidationError(problem, code="closed")
    alternate = alternate if answer == Reply.ALTERNATE else None
    _check_answer(participant, answer, alternate)
    is_new = (participant.reply, participant.alternate) != (answer, alternate)
    participant.reply, participant.alternate = answer, alternate
    if is_new:
        participant.replied_at = timezone.now()
        save_record(participant, by=by)
        if alternate is not None:
            _tell(alternate, Notice.Kind.ALTERNATE, about=str(participant.pk))
    if needs is not None:
        _keep_needs(participant, needs if participant.takes_part else {}, by=by)
    return participant


def _check_answer(participant: Participant, answer: str, alternate: Participant | None) -> None:
    if answer not in answers_for(participant):
        message = _("This reply is not possible for this meeting.")
        raise ValidationError({"answer": ValidationError(message, code="answer")})
    if answer == Reply.ALTERNATE and (alternate is None or alternate not in alternates_for(participant)):
        message = _("Choose somebody who may go for you and does not go for somebody else.")
        raise ValidationError({"alternate": ValidationError(message, code="alternate")})
    if answer == Reply.IN_PERSON:
        _refuse_full_room(participant)


def _locked(participant: Participant) -> Participant:
    """Read anew while nobody else changes replies to the same meeting."""
    Meeting.objects.select_for_update().get(pk=participant.meeting_id)
    return Participant.objects.select_related("meeting", "person__user", "alternate__person__user").get(
        pk=participant.pk
    )


def free_places(meeting: Meeting) -> int | None:
    """How many may still come in person; None when the room has no limit."""
    if meeting.room_seats is None:
        return None
    return max(0, meeting.room_seats - meeting.participants.asked().filter(reply=Reply.IN_PERSON).count())


def _refuse_full_room(participant: Participant) -> None:
    if participant.reply != Reply.IN_PERSON and free_places(participant.meeting) == 0:
        message = _("All places in the room are taken.")
        if participant.meeting.format == Meeting.Format.HYBRID:
            message = _("All places in the room are taken. You can take part online.")
        raise ValidationError({"answer": ValidationError(message, code="full")})


def _keep_needs(participant: Participant, needs: dict[str, str], *, by) -> None:
    """A need that is asked again keeps what became of it; one that is asked no more goes."""
    kept = {need.kind: need for need in participant.needs.all()}
    for kind, note in needs.items():
        need = kept.pop(kind, None) or Need(participant=participant, kind=kind)
        if need.pk is None or need.note != note:
            need.note = note
            save_record(need, by=by)
    for need in kept.values():
        need.delete(by=by)


# Needs


@transaction.atomic
def move_need(need: Need, *, by, state: str, reason: str = "") -> Need:
    require_secretariat(by)
    need.state, need.reason = state, reason
    need.full_clean()
    return save_record(need, by=by)


# Telling, once

# Mails that bring the meeting into the calendar, or up to date there.
_WITH_CALENDAR = {Notice.Kind.INVITATION, Notice.Kind.TOMORROW}


@transaction.atomic
def remind_unanswered(
    meeting: Meeting, *, by, now: datetime | None = None, invited_before: datetime | None = None
) -> int:
    """Tells those who were asked and have not answered, once for each deadline. Returns how many mails went.

    ``invited_before`` leaves out who was asked only since.
    """
    require_secretariat(by)
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if closed(meeting, now):
        return 0
    waiting = still_there(meeting).filter(reply=Reply.NONE, invited_at__isnull=False)
    if invited_before is not None:
        waiting = waiting.filter(invited_at__lte=invited_before)
    kind, about = Notice.Kind.UNANSWERED, meeting.replies_close_at.date().isoformat()
    return sum(_tell(participant, kind, about=about) for participant in not_told(waiting, kind, about))


@transaction.atomic
def remind_of_tomorrow(meeting: Meeting, *, now: datetime | None = None) -> int:
    """Tells those who take part, once for the day on which it begins. Returns how many mails went."""
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if meeting.status != Meeting.Status.PUBLISHED or meeting.starts_at <= (now or timezone.now()):
        return 0
    coming = still_there(meeting).filter(reply__in=[Reply.IN_PERSON, Reply.ONLINE])
    kind, about = Notice.Kind.TOMORROW, meeting.starts_on.isoformat()
    return sum(_tell(participant, kind, about=about) for participant in not_told(coming, kind, about))


def _tell(participant: Participant, kind: str, *, about: str = "") -> int:
    """Returns how many mails went: none when it was told before, or there is no address."""

    def texts(language: str) -> dict:
        return {
            "instead_of": _sent_by(participant, language) if kind == Notice.Kind.ALTERNATE else [],
            "online_address": participant.meeting.online_address if participant.reply == Reply.ONLINE else "",
        }

    with_calendar = calendar.request if kind in _WITH_CALENDAR else None
    return tell_participant(participant, kind, about=about, texts=texts, calendar=with_calendar)


def _sent_by(alternate: Participant, language: str) -> list[str]:
    return [named_in(one, language) for one in alternate.goes_for.select_related("person")]
