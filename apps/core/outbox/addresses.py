"""Mailboxes that do not take mails: after the third one that came back, or at once when somebody complains, nothing
goes there."""

from django.db import transaction
from django.utils import timezone

from apps.core import audit
from apps.core.audit_models import AuditEntry
from apps.core.mail_models import MailAddress, OutgoingMail

# Counted over the time for which mails are kept (RETENTION_DAYS).
TOO_OFTEN = 3


@transaction.atomic
def came_back(email: str, *, reason: str, is_complaint: bool = False) -> MailAddress:
    """A mail to this address was returned, or reported as unwanted. Stops the address when that was once too often."""
    found, _is_new = MailAddress.objects.select_for_update().get_or_create(email=email.lower())
    found.bounces, found.last_bounce_at, found.reason = found.bounces + 1, timezone.now(), reason[:100]
    found.is_complaint |= is_complaint
    if found.stopped_at is None and (is_complaint or found.bounces >= TOO_OFTEN):
        found.stopped_at = timezone.now()
    found.save()
    return found


@transaction.atomic
def open_again(address: MailAddress, *, by) -> None:
    """The secretariat has asked its owner: the mailbox takes mails again."""
    audit.record(AuditEntry.Action.CHANGED, by=by, about=address, changes={"stopped_at": audit.WORDLESS})
    address.delete()


@transaction.atomic
def returned(mail: OutgoingMail, *, reason: str, is_complaint: bool = False) -> None:
    """A provider or a returned mail says that this one did not arrive, or was not wanted. Saying it twice is once."""
    row = OutgoingMail.objects.select_for_update().get(pk=mail.pk)
    if row.status == OutgoingMail.Status.BOUNCED:
        return
    row.status, row.problem = OutgoingMail.Status.BOUNCED, reason[:100]
    row.save(update_fields=["status", "problem"])
    came_back(row.to, reason=reason, is_complaint=is_complaint)
