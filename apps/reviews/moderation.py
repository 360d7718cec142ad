"""What the secretariat does with a contribution: look at it, publish, merge, note or decline it. Its author is told."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.core.records import save_record
from apps.reviews.models import Submission
from apps.reviews.submitting.services import source_of, tell
from apps.stakeholders.engagements import log_from
from apps.stakeholders.models import Engagement
from apps.stakeholders.services import require_secretariat

State, Attribution = Submission.State, Submission.Attribution


def _locked(submission: Submission, by, *states: str) -> Submission:
    require_secretariat(by)
    rows = Submission.objects.select_for_update(of=("self",)).select_related("call", "cycle")
    submission = rows.get(pk=submission.pk)
    if submission.state not in states:
        raise ValidationError(_("This step was taken already, or its author has taken the contribution back."))
    return submission


def _decide(submission: Submission, state: str, *, by, answer: str = "") -> Submission:
    submission.state, submission.decided_at, submission.answer = state, timezone.now(), answer
    return save_record(submission, by=by)


def say(submission: Submission, sentence, **context) -> None:
    """Tells its author one sentence, written by ``sentence()`` in the author's language."""
    with override(submission.language):
        news = sentence()
    tell(submission, "step", news=news, **context)


@transaction.atomic
def look_at(submission: Submission, *, by) -> Submission:
    submission = _locked(submission, by, State.RECEIVED)
    submission.state = State.MODERATION
    save_record(submission, by=by)
    say(submission, lambda: _("The secretariat is reading your contribution."))
    return submission


@transaction.atomic
def publish(submission: Submission, *, by) -> Submission:
    """Shows it as its author allows, with what the secretariat has taken out. A confidential one cannot be shown."""
    submission = _locked(submission, by, *Submission.OPEN)
    if submission.attribution == Attribution.CONFIDENTIAL:
        raise ValidationError(_("Its author does not want it to be shown. Take it in as confidential."))
    _decide(submission, State.PUBLISHED, by=by)
    log(submission, by=by)
    say(submission, lambda: _("Your contribution is published, as you wished it to be shown."), is_published=True)
    return submission


@transaction.atomic
def note(submission: Submission, *, by) -> Submission:
    """Takes in a confidential one: it counts, and nobody but the secretariat reads it."""
    submission = _locked(submission, by, *Submission.OPEN)
    if submission.attribution != Attribution.CONFIDENTIAL:
        raise ValidationError(_("Its author wants it to be shown. Publish it, or decline it with a reason."))
    _decide(submission, State.NOTED, by=by)
    say(submission, lambda: _("Your contribution is taken in. Only the secretariat reads it."))
    return submission


@transaction.atomic
def merge(submission: Submission, *, by, into: Submission) -> Submission:
    """It says what another says: it counts, and what becomes of the other becomes of it."""
    submission, into = _pair(submission, into, by)
    _hand_on(submission, into, by=by)
    _decide(submission, State.MERGED, by=by)
    log(submission, by=by)
    text = lambda: _("Your contribution was joined with another that says the same.")  # noqa: E731
    say(submission, text, shown_in=into if into.state == State.PUBLISHED else None)
    return submission


@transaction.atomic
def set_aside(submission: Submission, *, by, into: Submission) -> Submission:
    """It was sent twice: the other one counts."""
    submission, into = _pair(submission, into, by)
    _hand_on(submission, into, by=by)
    _decide(submission, State.DUPLICATE, by=by)
    say(submission, lambda: _("This contribution reached us twice. The other one counts."))
    return submission


def _pair(submission: Submission, into: Submission, by) -> tuple[Submission, Submission]:
    submission = _locked(submission, by, *Submission.OPEN)
    into = Submission.objects.select_for_update(of=("self",)).get(pk=into.pk)
    is_standing = into.state in (*Submission.OPEN, State.PUBLISHED, State.NOTED)
    if into.pk == submission.pk or into.cycle_id != submission.cycle_id or not is_standing:
        raise ValidationError(_("Choose another contribution to the same review that stands."))
    if into.attribution != Attribution.CONFIDENTIAL and submission.attribution == Attribution.CONFIDENTIAL:
        raise ValidationError(_("A confidential contribution is not joined with one that is shown."))
    return submission, into


def _hand_on(submission: Submission, into: Submission, *, by) -> None:
    """What stood in it stands in the other now, so that there is no chain of them."""
    for part in submission.parts.all():
        part.part_of = into
        save_record(part, by=by)
    submission.part_of = into


@transaction.atomic
def decline(submission: Submission, *, by, reason: str) -> Submission:
    """Its author reads the reason, in the language of her mails."""
    submission = _locked(submission, by, *Submission.OPEN)
    _decide(submission, State.DECLINED, by=by, answer=reason)
    say(submission, lambda: _("The secretariat has not published your contribution. Its reason:"), reason=reason)
    return submission


@transaction.atomic
def keep(submission: Submission, *, by) -> Submission:
    """Saves what the secretariat adds to what was written; the log follows the organisation."""
    require_secretariat(by)
    save_record(submission, by=by)
    if submission.state in (State.PUBLISHED, State.MERGED):
        log(submission, by=by)
    return submission


def log(submission: Submission, *, by) -> Engagement | None:
    """The entry of the engagement log, so that the coverage counts it: of those only who let themselves be named."""
    with override("en"):
        subject = _("Contribution to a review: %(symbol)s") % {"symbol": submission.symbol}
    is_told = not submission.is_nameless and submission.organisation_id is not None
    return log_from(
        source_of(submission),
        by=by,
        kind=Engagement.Kind.SUBMISSION,
        happened_on=submission.given_on or timezone.localdate(submission.sent_at),
        subject=subject,
        people=[],
        organisations=[submission.organisation] if is_told else [],
        objectives=submission.objectives.all(),
    )
