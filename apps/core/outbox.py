"""The one way out for mails: a row first, sent after the commit, tried again when the mail server is away.

Sending runs in a thread of its own, so that no page waits for a mail server; ``manage.py send_mails`` takes along what
a stopped process left behind.

A calendar file goes twice, as Google Calendar sends its own (multipart/mixed of multipart/alternative and invite.ics):

- beside the text as ``text/calendar; method=…``: Outlook takes it for an invitation only when the method stands there
  and in the file, and the two agree (sebbo2002/ical-generator#534, maevsi/vibetype#2368);
- attached as ``invite.ics`` of type ``application/ics``: Apple's Mail on phones shows the attachment and opens the
  calendar from it (mailcow/mailcow-dockerized#3809), and so does whoever forwards or saves the mail.
"""

import logging
import threading
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from apps.core.models import OutgoingMail

log = logging.getLogger(__name__)
_asked, _sending = threading.Event(), threading.Lock()
_PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440)]


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
) -> OutgoingMail:
    """Puts a mail in the outbox. ``kind`` names its templates: ``<kind>_subject.txt`` and ``<kind>_message.txt``.

    Rendered here and now in ``language``. It leaves when the transaction commits and not when it rolls back.
    ``is_secret``: the text or the calendar file holds a link that is worth a password.
    """
    with translation.override(language):
        context = {**context, "portal_name": settings.PORTAL_NAME[language]}
        subject = " ".join(render_to_string(f"{kind}_subject.txt", context).split())
        text = render_to_string(f"{kind}_message.txt", context).strip() + "\n"
    name = kind.rsplit("/", 1)[-1]
    mail = OutgoingMail.objects.create(
        kind=name,
        to=to,
        language=language,
        subject=subject,
        text=text,
        is_secret=is_secret,
        calendar=calendar.content if calendar else "",
        calendar_method=calendar.method if calendar else "",
    )
    transaction.on_commit(_send_soon)
    return mail


def _send_soon() -> None:
    """One thread for each process: three hundred invitations in one transaction must not open as many connections."""
    if not settings.OUTBOX_IN_BACKGROUND:
        send_waiting()
        return
    _asked.set()
    if _sending.acquire(blocking=False):
        try:
            threading.Thread(target=_send_while_asked, name="outbox").start()
        except RuntimeError:  # the machine has no thread left; the next mail tries anew
            _sending.release()
            raise


def _send_while_asked() -> None:
    try:
        while _asked.is_set():
            _asked.clear()
            send_waiting()
    finally:
        connection.close()
        _sending.release()
    if _asked.is_set():  # somebody asked between the last look and the release
        _send_soon()


def send_waiting() -> int:
    """Sends what is due and returns how many mails left. Several processes may do this at once: each mail goes once."""
    sent = 0
    due = OutgoingMail.objects.filter(status=OutgoingMail.Status.WAITING, next_try_at__lte=timezone.now())
    for mail in due.order_by("pk"):
        if _claim(mail):
            sent += _send(mail)
    return sent


def _claim(mail: OutgoingMail) -> bool:
    """Counts the attempt and puts the next one off before the mail goes: no lock is held while the server answers."""
    pause = _PAUSES[min(mail.attempts, len(_PAUSES) - 1)]
    untouched = OutgoingMail.objects.filter(pk=mail.pk, attempts=mail.attempts, status=OutgoingMail.Status.WAITING)
    mail.attempts, mail.next_try_at = mail.attempts + 1, timezone.now() + pause
    return untouched.update(attempts=mail.attempts, next_try_at=mail.next_try_at) == 1


def _send(mail: OutgoingMail) -> bool:
    try:
        _message(mail).send()
    except Exception as error:  # whatever the mail server or the way to it does
        mail.problem = type(error).__name__
        log.warning("mail %s could not be sent: %s", mail.pk, mail.problem)
        if mail.attempts > len(_PAUSES):
            mail.status = OutgoingMail.Status.FAILED
    else:
        mail.status, mail.sent_at, mail.problem = OutgoingMail.Status.SENT, timezone.now(), ""
    if mail.is_secret and mail.status != OutgoingMail.Status.WAITING:
        mail.text = mail.calendar = ""
    mail.save(update_fields=["status", "sent_at", "problem", "text", "calendar"])
    return mail.status == OutgoingMail.Status.SENT


def _message(mail: OutgoingMail) -> EmailMessage:
    """Marked as sent by a machine; its id stays the same at every try, so that a mailbox can drop a double."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    headers = {
        "Auto-Submitted": "auto-generated",
        "Content-Language": mail.language,
        "Message-ID": f"<outbox-{mail.pk}-{mail.created_at:%Y%m%d%H%M%S}@{domain}>",
    }
    if mail.calendar:
        return _message_with_calendar(mail, headers)
    return EmailMessage(mail.subject, mail.text, to=[mail.to], headers=headers)


def _message_with_calendar(mail: OutgoingMail, headers: dict) -> EmailMessage:
    """Somebody who answers an invitation by mail reaches the secretariat."""
    answers = [settings.SECRETARIAT_EMAIL] if settings.SECRETARIAT_EMAIL else []
    message = EmailMultiAlternatives(mail.subject, mail.text, to=[mail.to], headers=headers, reply_to=answers)
    message.attach_alternative(mail.calendar, f"text/calendar; method={mail.calendar_method}")
    message.attach("invite.ics", mail.calendar.encode(), "application/ics")
    return message
