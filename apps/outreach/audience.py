"""Who gets an announcement: shown before it is sent, and fixed when the sending begins."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.languages import CODES
from apps.core.models import MailAddress
from apps.core.outbox.writing import require_address
from apps.stakeholders import segments
from apps.stakeholders.models import Organisation, Person, Segment


@dataclass
class Reached:
    """One of a segment: ``problem`` says why nothing can be sent there; "" when it can."""

    record: Person | Organisation
    email: str
    language: str
    problem: str = ""


def of(segment: Segment, user) -> list[Reached]:
    """Everybody of the segment whom this user may know of, in the order of the records; each mailbox once."""
    found = list(_people(segment, user) if segment.of == Segment.Of.PEOPLE else _organisations(segment, user))
    stopped = set(
        MailAddress.objects.filter(stopped_at__isnull=False, email__in=[one.email for one in found]).values_list(
            "email", flat=True
        )
    )
    seen = set()
    for one in found:
        one.problem = _problem(one.email, stopped, seen)
        seen.add(one.email)
    return found


def _problem(email: str, stopped: set, seen: set) -> str:
    if not email:
        return _("no e-mail address")
    if email in stopped:
        return _("the mailbox takes no mails")
    if email in seen:
        return _("the same address as somebody before")
    try:
        require_address(email)
    except ValidationError:
        return _("no valid e-mail address")
    return ""


def account_of(record: Person | Organisation) -> User | None:
    """The account through which somebody reads; None without one, and when it is closed."""
    account = record.user if isinstance(record, Person) else None
    return account if account is not None and account.is_active else None


def _people(segment: Segment, user) -> Iterator[Reached]:
    people = segments.records(segment, user).select_related("user").prefetch_related("user__groups")
    for person in people.order_by("pk"):
        account = account_of(person)
        email = account.email if account else person.email
        yield Reached(person, email.lower(), account.language if account else _language(person.languages))


def _organisations(segment: Segment, user) -> Iterator[Reached]:
    for one in segments.records(segment, user).order_by("pk"):
        yield Reached(one, one.email.lower(), _language(one.languages))


def _language(spoken: list[str]) -> str:
    """The first of the portal's languages that they speak; Arabic when nothing is known."""
    return next((code for code in CODES if code in spoken), settings.LANGUAGE_CODE)
