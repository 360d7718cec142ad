"""Actions: numbered in the meeting where they arise, owned, noted, carried over until they are done."""

from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.roles import Role
from apps.core.dates import portal_today
from apps.core.languages import version
from apps.core.records import save_record, set_links
from apps.meetings.decisions import ensure_number
from apps.meetings.models import Action, ActionNote, Meeting, Notice
from apps.meetings.telling import tell_account
from apps.stakeholders.services import require_secretariat

# So long before it is due an owner is reminded; and so often afterwards.
_AHEAD = timedelta(days=7)
_AGAIN = timedelta(days=30)

State = Action.State


@transaction.atomic
def save_action(action: Action, *, by) -> Action:
    """Saves it, numbers a new one, and tells a new owner. Translators save what is there, and add nothing."""
    if by is not None and not by.has_role(*([Role.TRANSLATOR] if action.pk else []), Role.SECRETARIAT):
        raise PermissionDenied
    former = Action.objects.filter(pk=action.pk).values_list("owner", flat=True).first() if action.pk else None
    if action.number is None:
        action.meeting = ensure_number(action.meeting, by=by)
        highest = Action.objects.filter(meeting=action.meeting).aggregate(highest=Max("number"))["highest"]
        action.number = (highest or 0) + 1
    save_record(action, by=by)
    if action.owner_id and action.owner_id != former and action.is_unfinished:
        _tell(action, Notice.Kind.ACTION, about=f"{action.pk} {action.owner_id}")
    return action


def gets_no_mails(action: Action) -> bool:
    """Whether its owner is somebody whom no mail about it reaches: without an account, or kept from the meeting."""
    if action.owner is None:
        return False
    user = action.owner.user
    return user is None or not user.is_active or not Action.objects.of(user).filter(pk=action.pk).exists()


def may_note(action: Action, user) -> bool:
    """The secretariat, and the owner as long as she may read the action."""
    if not user.is_authenticated:
        return False
    return user.has_role(Role.SECRETARIAT) or Action.objects.of(user).filter(pk=action.pk).exists()


@transaction.atomic
def note_action(action: Action, *, by, state: str, words: str = "", revision: int | None = None) -> ActionNote:
    """Adds how it went on. The same note twice changes nothing.

    Raises ValidationError when somebody noted something since ``revision``, or nothing is said.
    """
    action = Action.objects.select_for_update(of=("self",)).select_related("meeting").get(pk=action.pk)
    if by is not None and not may_note(action, by):
        raise PermissionDenied
    last = action.notes.order_by("pk").last()
    if last is not None and (last.words, last.state, last.created_by) == (words, state, by) and action.state == state:
        return last
    if revision is not None and revision != action.revision:
        raise ValidationError(_("Somebody noted something meanwhile. Read it, then send yours again."), code="conflict")
    if not words and state == action.state:
        raise ValidationError(_("Write a note, or choose another state."), code="empty")
    if not words and state == State.DROPPED:
        raise ValidationError(_("Say why it is dropped."), code="why")
    action.state = state
    action.done_on = (action.done_on or portal_today()) if state == State.DONE else None
    save_record(action, by=by)
    return save_record(ActionNote(action=action, words=words, state=state), by=by)


@transaction.atomic
def carry_over(meeting: Meeting, *, by) -> int:
    """Puts what is unfinished of the group's earlier meetings onto this one. Returns how many are new on it."""
    require_secretariat(by)
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    there = list(meeting.carried_actions.select_related("meeting__group"))
    new = list(_unfinished_before(meeting).exclude(carried_to=meeting).select_related("meeting__group"))
    set_links(meeting, "carried_actions", [*there, *new], by=by)
    return len(new)


def to_carry(meeting: Meeting) -> bool:
    """Whether something unfinished of earlier meetings is not on this one yet."""
    return _unfinished_before(meeting).exclude(carried_to=meeting).exists()


def _unfinished_before(meeting: Meeting) -> QuerySet[Action]:
    earlier = Meeting.objects.filter(group=meeting.group_id, starts_at__lt=meeting.starts_at)
    return Action.objects.unfinished().filter(meeting__in=earlier)


def remind(now: datetime) -> int:
    """Tells owners of what is due within a week, once, and of what is overdue, each month anew.

    Returns how many mails went.
    """
    today = timezone.localdate(now)
    waiting = Action.objects.unfinished().filter(owner__user__is_active=True, due_on__lte=today + _AHEAD)
    kinds = [Notice.Kind.ACTION_DUE, Notice.Kind.ACTION_OVERDUE]
    told = Notice.objects.filter(kind__in=kinds, user__in=waiting.values("owner__user"))
    known = set(told.values_list("user", "kind", "about"))
    sent = 0
    for action in waiting.select_related("meeting__group", "owner__user").order_by("due_on", "pk"):
        kind, about = _reminder(action, today)
        if (action.owner.user_id, kind, about) not in known:
            sent += _tell(action, kind, about=about)
    return sent


def _reminder(action: Action, today: date) -> tuple[str, str]:
    """The kind of notice, and what it is about: the date, and the month since then."""
    if action.due_on >= today:
        return Notice.Kind.ACTION_DUE, f"{action.pk} {action.due_on}"
    month = (today - action.due_on) // _AGAIN
    return Notice.Kind.ACTION_OVERDUE, f"{action.pk} {action.due_on} {month}"


@transaction.atomic
def _tell(action: Action, kind: str, *, about: str) -> int:
    if gets_no_mails(action):
        return 0
    return tell_account(
        action.owner.user,
        kind,
        meeting=action.meeting,
        page=("meetings:action", action.pk),
        about=about,
        texts=lambda language: {"action": action, "text": version(action, "text", language)},
    )
