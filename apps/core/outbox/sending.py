"""Mails leave: one at a time, each in the hands of one process, back off when the server is away."""

import logging
import smtplib
from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta

from django.apps import apps
from django.core.mail import get_connection
from django.db import transaction
from django.utils import timezone

from apps.core.mail_models import MailAddress, OutgoingMail
from apps.core.outbox import addresses, letters
from apps.core.outbox.writing import gates, record_of

log = logging.getLogger(__name__)
_PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440)]
# How long a mail stays in one process's hands; longer than the slowest answers of a mail server to one mail together.
LEASE = timedelta(minutes=10)
_MANY = 50
Status = OutgoingMail.Status


def send_waiting(*, worker: str = "", may_go_on: Callable[[], bool] = lambda: True) -> int:
    """Sends what is due and returns how many mails left. Several processes may do this at once: each mail goes once.

    ``worker`` is its name in the table of workers, so that what it leaves when it is killed is found.
    """
    sent = 0
    with _post() as post:
        while may_go_on() and (mail := take(worker)):
            sent += _send(mail, post)
    return sent


@transaction.atomic
def take(worker: str = "") -> OutgoingMail | None:
    """The next mail that is due. Counts the attempt and puts the next one off before the mail goes: no lock is held
    while the server answers."""
    mail = _due().select_for_update(skip_locked=True).order_by("next_try_at", "pk").first()
    if mail is not None:
        mail.attempts, mail.next_try_at, mail.taken_by = mail.attempts + 1, timezone.now() + LEASE, worker
        mail.save(update_fields=["attempts", "next_try_at", "taken_by"])
    return mail


def _due():
    return OutgoingMail.objects.filter(status=Status.WAITING, next_try_at__lte=timezone.now())


def some_wait() -> bool:
    return _due().exists()


def many_wait() -> bool:
    """More than one worker should send alone."""
    return len(_due().values_list("pk")[:_MANY]) == _MANY


def free_what_was_left(living: list[str]) -> int:
    """Gives back what workers had in hand that live no more. Returns how many mails that were."""
    left = OutgoingMail.objects.filter(status=Status.WAITING).exclude(taken_by="").exclude(taken_by__in=living)
    return left.update(taken_by="", next_try_at=timezone.now())


class _Post:
    """One connection for many mails, opened anew after whatever went wrong with one."""

    def __init__(self):
        self.connection = get_connection()

    def close(self) -> None:
        try:
            self.connection.close()
        except Exception:  # it was gone already
            self.connection = get_connection()


@contextmanager
def _post():
    post = _Post()
    try:
        yield post
    finally:
        post.close()


def _send(mail: OutgoingMail, post: _Post) -> bool:
    _lead_to_todays_address(mail)
    refusal = _refusal(mail)
    if refusal:
        mail.status, mail.problem = refusal
    else:
        _hand_over(mail, post)
    if mail.is_secret and mail.status != Status.WAITING:
        mail.text = mail.calendar = mail.unsubscribe = ""
    mail.taken_by = ""
    fields = ["status", "sent_at", "problem", "text", "calendar", "unsubscribe", "next_try_at", "taken_by", "to"]
    mail.save(update_fields=fields)
    return mail.status == Status.SENT


def _refusal(mail: OutgoingMail) -> tuple[str, str] | None:
    """Why this mail may not go (any more), asked at the last moment."""
    if not may_have(mail):
        return Status.DROPPED, ""
    if MailAddress.objects.filter(email=mail.to.lower(), stopped_at__isnull=False).exists():
        return Status.STOPPED, "mailbox stopped"
    return None


def _lead_to_todays_address(mail: OutgoingMail) -> None:
    """A mail to an account goes where the account is read today."""
    if mail.reader is not None and mail.reader.is_active:
        mail.to = mail.reader.email


def may_have(mail: OutgoingMail) -> bool:
    """Whether its reader may have it now."""
    reader = mail.reader
    if reader is not None and not reader.is_active:
        return False
    if not mail.about_model:
        return True
    record = record_of(mail)
    if record is None:
        return False
    if gate := gates.get(mail.about_model):
        return gate(record, mail)
    rows = apps.get_model(mail.about_model)._default_manager
    return reader is None or not hasattr(rows, "visible_to") or rows.visible_to(reader).filter(pk=record.pk).exists()


def _hand_over(mail: OutgoingMail, post: _Post) -> None:
    try:
        message = letters.message(mail)
        message.connection = post.connection
        message.send()
    except Exception as error:  # whatever the mail server or the way to it does
        post.close()
        mail.problem = type(error).__name__
        log.warning("mail %s could not be sent: %s", mail.pk, mail.problem)
        if _is_refused_for_good(error):
            mail.status = Status.BOUNCED
            addresses.came_back(mail.to, reason="refused by the mail server")
            return
        mail.next_try_at = timezone.now() + _PAUSES[min(mail.attempts, len(_PAUSES)) - 1]
        if mail.attempts > len(_PAUSES):
            mail.status = Status.FAILED
    else:
        mail.status, mail.sent_at, mail.problem = Status.SENT, timezone.now(), ""


def _is_refused_for_good(error: Exception) -> bool:
    """The server has answered about this mailbox with a code of 5xx (RFC 5321, 4.2.1)."""
    if not isinstance(error, smtplib.SMTPRecipientsRefused):
        return False
    return all(code >= 500 for code, _text in error.recipients.values())
