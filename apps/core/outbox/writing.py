"""Mails become rows, in their reader's language."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, models, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from apps.core import notices
from apps.core.mail_models import OutgoingMail

_ENCODED_TITLE = re.compile(r"(https?://[^\s%]*/\d+)-[^/\s]*%[0-9A-F]{2}[^/\s]*/")
# Controls, invisible letters (those that turn the direction are among them) and whatever is a space or ends a line.
_NEVER_IN_AN_ADDRESS = {"Cc", "Cf", "Zs", "Zl", "Zp"}

# Kind of record → whether the mail about it may still go: ``gate(record, mail)``. Each app names its own in
# ``AppConfig.ready``. Without one, a mail to an account goes when the account may see the record.
gates: dict[str, Callable] = {}


@dataclass(frozen=True)
class CalendarFile:
    """An iCalendar file that goes with a mail. ``method`` is the METHOD that stands in the file."""

    content: str
    method: str


def write(
    kind: str,
    *,
    to: str,
    language: str,
    context: dict,
    is_secret: bool = False,
    calendar: CalendarFile | None = None,
    about: models.Model | None = None,
    reader=None,
    key: str | None = None,
    unsubscribe: str = "",
) -> OutgoingMail:
    """Puts a mail in the outbox. ``kind`` names its templates: ``<kind>_subject.txt`` and ``<kind>_message.txt``.

    Rendered here and now in ``language``. It leaves when the transaction commits and not when it rolls back.
    ``is_secret``: the text or the calendar file holds a link that is worth a password.
    ``reader`` is the account of whoever reads it: her choice of notices and her quiet hours count, and so does, when
    the mail leaves, whether she may see what it is ``about`` then.
    A second mail with the same ``key`` is not written: the first one is returned.
    ``unsubscribe`` is an address that ends this kind of mail when it is posted to.
    Raises ValidationError for what is not one plain address.
    """
    require_address(to)
    if key and (there := OutgoingMail.objects.filter(key=key).first()):
        return there
    subject, text = _rendered(kind, context, language)
    name = kind.rsplit("/", 1)[-1]
    status, next_try_at = notices.when(name, reader, timezone.now())
    mail = OutgoingMail(
        kind=name,
        to=to,
        language=language,
        subject=subject[:300],
        text="" if is_secret and status == OutgoingMail.Status.UNWANTED else text,
        is_secret=is_secret,
        calendar=calendar.content if calendar else "",
        calendar_method=calendar.method if calendar else "",
        about_model=about._meta.label_lower if about else "",
        about_id=str(about.pk) if about else "",
        reader=reader,
        key=key,
        unsubscribe=unsubscribe,
        status=status,
        next_try_at=next_try_at,
    )
    return _saved_once(mail)


def _rendered(kind: str, context: dict, language: str) -> tuple[str, str]:
    """The subject and the text."""
    with translation.override(language):
        context = {**context, "portal_name": settings.PORTAL_NAME[language]}
        subject = " ".join(render_to_string(f"{kind}_subject.txt", context).split())
        text = _readable(render_to_string(f"{kind}_message.txt", context), language).strip() + "\n"
    return subject, text


def _saved_once(mail: OutgoingMail) -> OutgoingMail:
    """The mail, or the one with the same key that somebody wrote at the same time."""
    try:
        with transaction.atomic():
            mail.save(force_insert=True)
        mail.is_new = True
    except IntegrityError:
        if not mail.key:
            raise
        return OutgoingMail.objects.get(key=mail.key)
    if mail.status == OutgoingMail.Status.WAITING:
        transaction.on_commit(_wake)
    return mail


def _readable(text: str, language: str) -> str:
    """An Arabic title in an address of ours would be three hundred signs of %D8: the page is found by its number."""
    return _ENCODED_TITLE.sub(
        lambda found: f"{found[1]}-{language}/" if found[1].startswith(settings.SITE_URL) else found[0], text
    )


def require_address(to: str) -> None:
    """Raises ValidationError for anything but one bare address that a mail server takes for one (RFC 5321: 254)."""
    deceives = any(unicodedata.category(letter) in _NEVER_IN_AN_ADDRESS or letter in ",;<>" for letter in to)
    if len(to) > 254 or deceives:
        raise ValidationError("Not one plain e-mail address.", code="address")
    validate_email(to)


def record_of(mail: OutgoingMail) -> models.Model | None:
    """What the mail is about, if it is still there."""
    if not mail.about_model:
        return None
    return apps.get_model(mail.about_model)._base_manager.filter(pk=mail.about_id).first()


def _wake() -> None:
    from apps.core import tasks

    tasks.wake(tasks.send_mails)
