"""Mails that come back: reports in a mailbox (RFC 3464, and RFC 5965 for complaints), and a provider's webhooks."""

import imaplib
import logging
import mailbox
import re
from collections.abc import Iterator
from contextlib import suppress
from email import message_from_bytes, policy
from email.message import Message
from urllib.parse import unquote, urlsplit

from anymail.signals import tracking
from django.conf import settings
from django.dispatch import receiver

from apps.core.mail_models import OutgoingMail
from apps.core.outbox import letters
from apps.core.outbox.addresses import returned

log = logging.getLogger(__name__)
_OUR_ID = re.compile(r"<outbox-(\d{1,18})-[0-9a-f]{16}@[^>\s]+>")
# What a provider calls it → whether somebody complained.
_EVENTS = {"bounced": False, "rejected": False, "complained": True}
_FINAL = re.compile(r"5\.\d{1,3}\.\d{1,3}")
_LARGEST = 1024 * 1024


def read_mailbox() -> int:
    """Reads what came back (``BOUNCES_FROM``) and returns how many of our mails that were."""
    address = urlsplit(settings.BOUNCES_FROM)
    messages = {"maildir": _of_maildir, "imaps": _of_imap}[address.scheme](address)
    return sum(_take_in(raw) for raw in messages)


def read_if_set(now) -> int:
    """The same as a due service: nothing where no mailbox is named."""
    return read_mailbox() if settings.BOUNCES_FROM else 0


def _of_maildir(address) -> Iterator[bytes]:
    folder = mailbox.Maildir(address.path, create=False)
    for key in list(folder.keys()):
        with suppress(KeyError):  # another reader was faster
            yield folder.get_bytes(key)
            folder.remove(key)


def _of_imap(address) -> Iterator[bytes]:
    """The unread ones; each is marked as read and deleted when it was taken in, and not by being fetched."""
    with imaplib.IMAP4_SSL(address.hostname, address.port or 993, timeout=settings.EMAIL_TIMEOUT) as server:
        server.login(unquote(address.username or ""), unquote(address.password or ""))
        server.select(address.path.strip("/") or "INBOX")
        _status, (numbers,) = server.search(None, "UNSEEN")
        for number in numbers.split():
            _status, parts = server.fetch(number, "(BODY.PEEK[])")
            yield next((part[1] for part in parts if isinstance(part, tuple)), b"")
            server.store(number, "+FLAGS", "(\\Seen \\Deleted)")
        server.expunge()


def _take_in(raw: bytes) -> int:
    """One message; whatever is no report about a mail of ours is passed over."""
    report = message_from_bytes(raw[:_LARGEST], policy=policy.compat32)
    kind = report.get_param("report-type")
    mail = _mail_of(raw)
    if report.get_content_type() != "multipart/report" or mail is None:
        return 0
    if kind == "feedback-report":
        returned(mail, reason="reported as unwanted", is_complaint=True)
    elif kind == "delivery-status" and (status := _failure(report)):
        returned(mail, reason=f"returned: {status}")
    else:
        return 0
    return 1


def _failure(report: Message) -> str:
    """The status code of a failure that is final, such as 5.1.1; "" for a delay or a success."""
    for part in report.walk():
        if part.get_content_type() == "message/delivery-status":
            for fields in part.get_payload():
                action, status = (str(fields.get(name, "")).strip() for name in ("Action", "Status"))
                if action.lower() == "failed" and _FINAL.match(status):
                    return status.split()[0]
    return ""


def _mail_of(raw: bytes) -> OutgoingMail | None:
    """By the id that only whoever got the mail, or its way back, can know."""
    for found in _OUR_ID.finditer(raw.decode("latin-1")):
        mail = OutgoingMail.objects.filter(pk=int(found[1])).first()
        if mail is not None and letters.message_id(mail) == found[0]:
            return mail
    return None


@receiver(tracking)
def told_by_provider(sender, event, esp_name, **kwargs) -> None:
    """anymail has checked the secret. ``metadata`` is what we gave along with the mail."""
    number = (event.metadata or {}).get("mail", "")
    if event.event_type not in _EVENTS or not str(number).isdecimal():
        return
    mail = OutgoingMail.objects.filter(pk=int(number)).first()
    if mail is not None:
        reason = f"{event.event_type}: {event.reject_reason or esp_name}"
        returned(mail, reason=reason, is_complaint=_EVENTS[event.event_type])
