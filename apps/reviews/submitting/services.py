"""Writing contributions by an e-mailed link, or on behalf of somebody, and what the author is told."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.accounts.roles import Role
from apps.core import outbox, privacy
from apps.core.arabic import folded
from apps.core.languages import CODES
from apps.core.records import save_record, set_links
from apps.reviews import practices
from apps.reviews.models import Answer, CallForInput, Question, ReviewCycle, Submission
from apps.stakeholders.engagements import unlog
from apps.stakeholders.models import Engagement

State, Stage = Submission.State, CallForInput.Stage
_LINKS = ("countries", "objectives", "principles")
_WORDS = ("email", "headline", "headline_shown", "person_name", "organisation_name")


def begin(call: CallForInput, email: str, language: str) -> Submission | None:
    """Sends a link to this address: to its draft, or to a new one while the call is open.

    After the closing only a draft that was begun in time is led to; None when there is nothing to lead to.
    """
    email = email.strip().lower()
    draft = Submission.objects.filter(call=call, email=email, state=State.DRAFT).first()
    if draft is None and call.stage == Stage.OPEN:
        draft = _new(call, email, language)
    if draft is None:
        return None
    tell(draft, "link")
    return draft


def _new(call: CallForInput, email: str, language: str) -> Submission:
    fields = {"call": call, "cycle": call.cycle, "email": email, "language": language}
    try:
        with transaction.atomic():
            return save_record(Submission(**fields), by=None)
    except IntegrityError:  # somebody was faster by a moment
        return Submission.objects.get(call=call, email=email, state=State.DRAFT)


@transaction.atomic
def begin_on_behalf(
    call: CallForInput, *, by, consent_how: str, given_on: date, language: str, email: str = ""
) -> Submission:
    """A draft that the secretariat types in for somebody who spoke, wrote on paper or sent a message.

    ``given_on`` is when it came to us, in the days of the call. Raises ValidationError otherwise.
    """
    if by is None or not by.has_role(Role.SECRETARIAT):
        raise PermissionDenied
    if not call.opens_on <= given_on <= min(call.grace_ends_on, timezone.localdate()):
        raise ValidationError(_("It has to have come to us while the call was open, and not after today."))
    email = email.strip().lower()
    if email and Submission.objects.filter(call=call, email=email, state=State.DRAFT).exists():
        raise ValidationError(_("Somebody with this address is writing a contribution to this call."))
    fields = {"call": call, "cycle": call.cycle, "email": email, "language": language}
    fields |= {"entered_by": by, "consent_how": consent_how, "given_on": given_on}
    return save_record(Submission(**fields), by=by)


def may_write(submission: Submission) -> bool:
    """Whether the draft can still be changed and sent: while the call is open, in the days of grace when it was begun
    in time, and whenever the secretariat types it in."""
    if submission.state != State.DRAFT:
        return False
    stage = submission.call.stage
    begun_in_time = submission.created_at < submission.call.closes_at
    return stage == Stage.OPEN or (stage == Stage.GRACE and begun_in_time) or submission.given_on is not None


def _draft(submission: Submission) -> Submission:
    locked = Submission.objects.select_for_update(of=("self",)).select_related("call").get(pk=submission.pk)
    if locked.state != State.DRAFT:
        raise ValidationError(_("This contribution was sent already."))
    if not may_write(locked):
        raise ValidationError(closed_sentence(locked.call))
    return locked


def closed_sentence(call: CallForInput) -> str:
    text = _("This call closed on %(day)s. Nothing can be sent to it any more.")
    return text % {"day": date_format(call.closes_on, "DATE_FORMAT")}


@transaction.atomic
def save_part(submission: Submission, links: dict) -> Submission:
    """Keeps one part of a draft. Raises ValidationError once it was sent, or the time is over."""
    _draft(submission)
    save_record(submission, by=submission.entered_by)
    for name, chosen in links.items():
        set_links(submission, name, chosen, by=submission.entered_by)
    return submission


# Answers


def asked(submission: Submission) -> list[Question]:
    """The questions of the call that this contribution is asked: those whose condition its answers meet."""
    chosen = {
        answer.question_id: {option["number"] for option in answer.kept("options", [])}
        for answer in submission.answers.all()
    }
    found, closed = [], set()
    for question in submission.call.questions.all():
        opener = question.only_if_id
        if opener and (opener in closed or question.only_if_choice not in chosen.get(opener, ())):
            closed.add(question.pk)
        else:
            found.append(question)
    return found


@transaction.atomic
def save_answers(submission: Submission, values: dict[Question, dict], files: dict[Question, object]) -> Submission:
    """Keeps answers with the questions as they are worded now. An empty value takes an answer out.

    ``files`` has a new file for a question, or False to take out the one that is there.
    """
    submission = _draft(submission)
    kept = {answer.question_id: answer for answer in submission.answers.all()}
    for question, value in values.items():
        _save_answer(submission, question, kept.get(question.pk), value=value)
    for question, file in files.items():
        _save_answer(submission, question, kept.get(question.pk), file=file)
    return save_record(submission, by=submission.entered_by)


def _save_answer(submission, question: Question, answer: Answer | None, *, value=None, file=None) -> None:
    if answer is not None and file is not None:
        _drop_file(answer)
    if not value and not file:
        if answer is not None:
            answer.delete(by=submission.entered_by)
        return
    answer = answer or Answer(submission=submission, question=question)
    answer.kind, answer.order = question.kind, question.order
    for code in CODES:
        setattr(answer, f"asked_{code}", getattr(question, f"wording_{code}"))
    if value is not None:
        answer.value = value
    if file:
        answer.file = file
    save_record(answer, by=submission.entered_by)


# Sending


def missing(submission: Submission) -> list[tuple[str, str]]:
    """(part, sentence) of what has to be written before it can be sent."""
    wanted = [
        ("matter", submission.spoken, _("The language in which you write.")),
        ("matter", submission.kind, _("What kind of contribution it is.")),
        ("matter", submission.headline, _("What you say, in one sentence.")),
        ("who", submission.constituency_id, _("The constituency for which you speak.")),
        ("who", submission.attribution, _("How it may be shown.")),
        ("who", submission.has_agreed, _("That you agree to this.")),
    ]
    if submission.attribution == Submission.Attribution.NAMED:
        wanted.append(("who", submission.person_name, _("Your name.")))
    if submission.attribution == Submission.Attribution.ORGANISATION:
        wanted.append(("who", submission.organisation_name, _("The name of your organisation.")))
    filled = {answer.question_id for answer in submission.answers.all() if answer.is_filled}
    needed = [question for question in asked(submission) if question.is_required]
    wanted += [("answers", one.pk in filled, _("An answer: %(question)s") % {"question": one}) for one in needed]
    return [(part, sentence) for part, value, sentence in wanted if not value]


@transaction.atomic
def send(submission: Submission) -> Submission:
    """Hands the contribution in and gives it the next number of its review. Sent twice it is sent once.

    Raises ValidationError while something is missing, when the time is over, or when the organisation has contributed.
    """
    ReviewCycle.objects.select_for_update().get(pk=submission.cycle_id)
    now = Submission.objects.get(pk=submission.pk)
    if now.state != State.DRAFT:
        return now
    submission = _draft(submission)
    if sentences := [sentence for _part, sentence in missing(submission)]:
        raise ValidationError([_("Something is missing before you can send it:"), *sentences])
    if submission.call.once_per_organisation and _has_contributed(submission):
        raise ValidationError(_("Your organisation has contributed to this call already, and it takes one from each."))
    by = submission.entered_by
    for answer in submission.answers.exclude(question__in=[question.pk for question in asked(submission)]):
        _drop_file(answer)
        answer.delete(by=by)
    last = Submission.objects.filter(cycle=submission.cycle_id).aggregate(last=Max("number"))["last"] or 0
    submission.state, submission.number, submission.sent_at = State.RECEIVED, last + 1, timezone.now()
    save_record(submission, by=by)
    tell(submission, "received")
    return submission


def _has_contributed(submission: Submission) -> bool:
    others = Submission.objects.counted().filter(call=submission.call_id)
    if submission.email and others.filter(email=submission.email).exists():
        return True
    name = folded(submission.organisation_name).split()
    return bool(name) and any(
        folded(other).split() == name for other in others.values_list("organisation_name", flat=True)
    )


# Telling, taking back, forgetting


def tell(submission: Submission, kind: str, **context) -> None:
    """By mail, in the author's language; nobody who gave no address. Subjects name no contribution: the list of mails
    would tell whose it is."""
    if not submission.email:
        return
    with override(submission.language):
        context = {"link": submission.link, "call": str(submission.call), "submission": submission, **context}
    outbox.write(
        f"reviews/mails/input_{kind}", to=submission.email, language=submission.language, context=context,
        is_secret=True, about=submission,
    )  # fmt: skip


@transaction.atomic
def withdraw(submission: Submission) -> Submission:
    """At any time. What it said is deleted at once, also where it was published or a good practice was made of it; its
    number stays empty."""
    submission = Submission.objects.select_for_update(of=("self",)).select_related("call").get(pk=submission.pk)
    if submission.state == State.WITHDRAWN:
        return submission
    _empty(submission)
    submission.state = State.WITHDRAWN
    _unlog(submission)
    return save_record(submission, by=None)


def source_of(submission: Submission) -> str:
    """How the engagement log names it."""
    return f"submission:{submission.pk}"


def _unlog(submission: Submission) -> None:
    """The entry goes, and from the trail whose it was."""
    source = source_of(submission)
    privacy.forget(Engagement.objects.filter(source=source))
    unlog(source, by=None)


def _empty(submission: Submission) -> None:
    """Keeps no word of what was said, nor by whom; the address stays for the link."""
    for name in _WORDS[1:]:
        setattr(submission, name, "")
    for code in CODES:
        setattr(submission, f"rendered_{code}", None)
    submission.organisation = submission.country = submission.constituency = None
    submission.attribution = submission.answer = ""
    for name in _LINKS:
        getattr(submission, name).clear()
    privacy.forget(submission.passages.all())
    submission.passages.all().delete()
    practices.delete_made_of(submission)
    _delete_answers(submission.answers.all())


def _delete_answers(answers) -> None:
    privacy.forget(answers)
    for answer in answers:
        _drop_file(answer)
    answers.delete()


def _drop_file(answer: Answer) -> None:
    """What lies in the storage goes with the commit, so that a step that fails loses nothing."""
    if name := answer.file.name:
        transaction.on_commit(lambda: default_storage.delete(name))


def sweep(now) -> int:
    """Drafts that nobody sent, and what was declined or taken back, go when their time is over."""
    drafts = Submission.objects.filter(state=State.DRAFT, updated_at__lt=privacy.before(now, "input_draft"))
    closed = Submission.objects.filter(state__in=[State.DECLINED, State.DUPLICATE, State.WITHDRAWN])
    return _delete(drafts) + _delete(closed.filter(updated_at__lt=privacy.before(now, "input")))


def _delete(rows) -> int:
    _delete_answers(Answer.objects.filter(submission__in=rows))
    privacy.forget(rows)
    return rows.delete()[1].get(Submission._meta.label, 0)


def of_addresses(emails: Iterable[str]) -> list[dict]:
    """What was said by whoever reads these mailboxes."""
    fields = ["headline", "spoken", "kind", "attribution", "person_name", "organisation_name", "sent_at", "state"]
    return [
        {
            **{name: getattr(one, name) for name in fields},
            "contribution": one.symbol,
            "answers": [{"question": str(answer), "answer": answer.value} for answer in one.answers.all()],
        }
        for one in _of(emails).select_related("cycle").prefetch_related("answers")
    ]


@transaction.atomic
def erase_addresses(emails: Iterable[str]) -> None:
    """Parts what was said from whoever reads these mailboxes: drafts go, what was sent stays without any name."""
    rows = _of(emails)
    _delete(rows.filter(state__in=[State.DRAFT, State.DECLINED, State.DUPLICATE, State.WITHDRAWN]))
    privacy.forget(rows)
    for one in rows:
        one.email, one.person_name = "", ""
        if one.attribution == Submission.Attribution.NAMED:
            one.attribution = Submission.Attribution.ANONYMOUS
            one.organisation_name, one.organisation = "", None
            practices.unname_made_of(one)
            _unlog(one)
        save_record(one, by=None)
    privacy.forget(Submission.objects.filter(pk__in=[one.pk for one in rows]))


def _of(emails: Iterable[str]):
    return Submission.objects.filter(email__in=[email.lower() for email in emails if email])
