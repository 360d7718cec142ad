"""What the steps of recommendations, sections and good practices share: each is the secretariat's and is taken once,
and who holds a seat comments."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.models import Record
from apps.core.records import save_record
from apps.reviews.models.comments import MemberComment
from apps.stakeholders.models import Membership
from apps.stakeholders.services import require_secretariat


def locked(record: Record, by, *states: str) -> Record:
    """The record locked, in one of these states. Raises ValidationError when somebody was faster."""
    require_secretariat(by)
    record = type(record).objects.select_for_update(of=("self",)).get(pk=record.pk)
    if record.state not in states:
        raise ValidationError(_("This step was taken already, or is not the next one."))
    return record


def holds_a_seat(user) -> bool:
    """Alternates and observers sit in the group and hold none."""
    return user.is_authenticated and Membership.objects.current().seated().filter(person__user=user).exists()


@transaction.atomic
def comment(kind: type[MemberComment], record: Record, *, may: Callable, by, **words: str) -> MemberComment:
    """``may(record, user)`` tells whether it is still open to comments and to this person's."""
    record = type(record).objects.select_for_update(of=("self",)).get(pk=record.pk)
    if not may(record, by):
        raise PermissionDenied
    return save_record(kind(**{kind.about: record}, author=by, **words), by=by)
