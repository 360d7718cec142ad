"""Comments of members on circulated minutes, and the secretariat's answers."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.records import delete_record, save_record
from apps.core.textpolicy import clean_text
from apps.meetings.models import Minutes, MinutesComment, MinutesEntry, Notice
from apps.meetings.models.record import refuse_frozen
from apps.meetings.telling import tell_account
from apps.stakeholders.models import Membership
from apps.stakeholders.services import require_secretariat

State = MinutesComment.State


def may_comment(minutes: Minutes, user) -> bool:
    """Whoever has a seat in the meeting's group today, and alternates; observers and the back office read only."""
    seats = Membership.objects.current().filter(group=minutes.meeting.group_id, person__user=user)
    return seats.exclude(position=Membership.Position.OBSERVER).exists()


def closed(minutes: Minutes) -> str:
    """Why nobody can comment (any more), as a sentence; "" while comments are taken."""
    if minutes.takes_comments:
        return ""
    if minutes.is_frozen:
        return _("These minutes are adopted: no comments are taken any more.")
    if minutes.state == Minutes.State.CIRCULATED:
        return _("The time for comments is over. Write to the secretariat if something is wrong.")
    return _("These minutes are being written: no comments are taken now.")


def _locked(entry: MinutesEntry) -> Minutes:
    """Nobody adopts the minutes while a comment comes in."""
    return Minutes.objects.select_for_update().get(pk=entry.minutes_id)


def _said(text: str) -> str:
    text = clean_text(text).strip()
    if not text:
        raise ValidationError(_("Write your comment."), code="empty")
    return text


@transaction.atomic
def comment(entry: MinutesEntry, *, by, text: str) -> MinutesComment:
    """What a member says to an entry. The same text twice is one comment.

    Raises PermissionDenied for who may not comment on this entry, ValidationError with a sentence when no comments
    are taken (any more).
    """
    minutes = _locked(entry)
    if not may_comment(minutes, by) or not MinutesEntry.objects.visible_to(by).filter(pk=entry.pk).exists():
        raise PermissionDenied
    if problem := closed(minutes):
        raise ValidationError(problem, code="closed")
    text = _said(text)
    same = entry.comments.filter(created_by=by, words=text).first()
    return same or save_record(MinutesComment(entry=entry, words=text), by=by)


def why_kept(comment: MinutesComment, minutes: Minutes) -> str:
    """Why its author cannot change or withdraw a comment (any more), as a sentence; "" when she can."""
    if comment.state != State.OPEN:
        return _("The secretariat has answered this comment: it stays as it is. You can write another one.")
    return closed(minutes)


def _own(comment: MinutesComment, by) -> MinutesComment:
    """Read anew. Raises as ``comment`` does, and when the secretariat has answered."""
    minutes = _locked(comment.entry)
    comment = MinutesComment.objects.select_related("entry").get(pk=comment.pk)
    if comment.created_by_id != by.pk or not may_comment(minutes, by):
        raise PermissionDenied
    if problem := why_kept(comment, minutes):
        raise ValidationError(problem, code="closed")
    return comment


@transaction.atomic
def change_comment(comment: MinutesComment, *, by, text: str) -> MinutesComment:
    """Its author says it otherwise, until it is answered or the time for comments is over."""
    comment = _own(comment, by)
    comment.words = _said(text)
    return save_record(comment, by=by)


@transaction.atomic
def withdraw_comment(comment: MinutesComment, *, by) -> None:
    """Its author takes it back, until it is answered or the time for comments is over."""
    delete_record(_own(comment, by), by=by)


@transaction.atomic
def answer_comment(comment: MinutesComment, *, by, state: str, answer: str = "") -> MinutesComment:
    """Taken up, or not taken and why. Its author is told, once, if she may (still) read the entry.

    Raises ValidationError when the reason is missing, and once the minutes are adopted.
    """
    require_secretariat(by)
    _locked(comment.entry)
    refuse_frozen(comment.entry.minutes_id)
    if state == State.OPEN:
        raise ValidationError(_("Choose whether the comment is taken up."), code="state")
    comments = MinutesComment.objects.select_related("entry__minutes__meeting").prefetch_related("created_by__groups")
    comment = comments.get(pk=comment.pk)
    comment.state, comment.answer = state, clean_text(answer).strip()
    comment.full_clean()
    save_record(comment, by=by)
    _tell_author(comment)
    return comment


def _tell_author(comment: MinutesComment) -> None:
    author = comment.created_by
    if author is None or not MinutesComment.objects.visible_to(author).filter(pk=comment.pk).exists():
        return
    meeting = comment.entry.minutes.meeting
    page = ("meetings:minutes", meeting.pk)
    facts = {"comment": comment}
    tell_account(
        author,
        Notice.Kind.MINUTES,
        meeting=meeting,
        page=page,
        about=f"answer-{comment.pk}",
        texts=lambda _language: facts,
    )
