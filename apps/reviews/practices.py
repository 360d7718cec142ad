"""Good practices: proposed by a member or taken from a contribution, commented by peers, published when they fit."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.roles import Role
from apps.core import audit, privacy
from apps.core.languages import CODES, field_in
from apps.core.models import AuditEntry
from apps.core.records import save_record, save_with_links
from apps.reviews import leading
from apps.reviews.leading import holds_a_seat, locked
from apps.reviews.models import GoodPractice, PracticeComment, Question, Submission
from apps.stakeholders.services import require_secretariat

State = GoodPractice.State


def may_propose(user) -> bool:
    """Who holds a seat of a group today, and the secretariat."""
    return user.is_authenticated and (user.has_role(Role.SECRETARIAT) or holds_a_seat(user))


def propose(practice: GoodPractice, links: dict, *, by) -> GoodPractice:
    """Members and the secretariat read it from now on."""
    if not may_propose(by):
        raise PermissionDenied
    practice.state = State.PROPOSED
    return save_with_links(practice, links, by=by)


@transaction.atomic
def take_from(submission: Submission, *, by) -> GoodPractice:
    """A draft with what a published contribution says. Who wrote it is named only as she allowed it. Raises
    ValidationError where there is one already."""
    require_secretariat(by)
    submission = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
    if submission.practices.exists():
        raise ValidationError(_("This step was taken already, or is not the next one."))
    if submission.state != Submission.State.PUBLISHED or submission.kind != Submission.Kind.PRACTICE:
        raise ValidationError(_("Only a good practice that is published can be taken over."))
    practice = GoodPractice(submission=submission, carried_by=submission.author or _("Not named"))
    answers = submission.answers.shown().filter(kind=Question.Kind.TEXT)
    for code in CODES:
        is_original = submission.spoken == code
        texts = [one.public_text if is_original else field_in(one, "rendered", code) for one in answers]
        title = submission.sentence if is_original else field_in(submission, "rendered", code)
        setattr(practice, f"title_{code}", title[:200] or None)
        setattr(practice, f"summary_{code}", "\n\n".join(filter(None, texts))[:3000] or None)
    if not any(field_in(practice, "title", code) for code in CODES):
        raise ValidationError(_("Translate its sentence into Arabic or English first."))
    links = {name: getattr(submission, name).all() for name in ("countries", "objectives", "principles")}
    return save_with_links(practice, links, by=by)


def delete_made_of(submission: Submission) -> None:
    """Its author takes back what it says: those made of it go with their words in the trail; that they went stays."""
    made = submission.practices.all()
    for practice in made:
        audit.record(AuditEntry.Action.DELETED, by=None, about=practice)
    privacy.forget(made)
    made.delete()


def unname_made_of(submission: Submission) -> None:
    """Those made of it stay without their author's name."""
    for practice in submission.practices.all():
        practice.carried_by = _("Not named")
        save_record(practice, by=None)
    privacy.forget(submission.practices.all())


@transaction.atomic
def show_members(practice: GoodPractice, *, by) -> GoodPractice:
    practice = locked(practice, by, State.DRAFT)
    practice.state = State.PROPOSED
    return save_record(practice, by=by)


@transaction.atomic
def publish(practice: GoodPractice, *, by) -> GoodPractice:
    """What the repository cannot do without has to be met: an objective, and that it is not only begun."""
    practice = locked(practice, by, State.DRAFT, State.PROPOSED)
    if not practice.objectives.exists():
        raise ValidationError(_("Say which objectives it serves."))
    if practice.completion == GoodPractice.Completion.BEGUN:
        raise ValidationError(_("It has only begun. Publish it once it is carried out for the most part."))
    if not any(field_in(practice, "summary", code) for code in CODES):
        raise ValidationError(_("Say what is done, in Arabic, in English or in both."))
    practice.state = State.PUBLISHED
    return save_record(practice, by=by)


@transaction.atomic
def take_back(practice: GoodPractice, *, by) -> GoodPractice:
    practice = locked(practice, by, State.PROPOSED, State.PUBLISHED)
    practice.state = State.DRAFT
    return save_record(practice, by=by)


def may_comment(practice: GoodPractice, user) -> bool:
    return practice.state != State.DRAFT and holds_a_seat(user)


def comment(practice: GoodPractice, *, by, says: str) -> PracticeComment:
    return leading.comment(PracticeComment, practice, may=may_comment, by=by, says=says)
