"""What waited comes in one mail: short, in the reader's language, and only what she may still see."""

import re
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import translation

from apps.core.languages import field_in
from apps.core.mail_models import OutgoingMail
from apps.core.outbox.sending import may_have
from apps.core.outbox.writing import write

_LINK = re.compile(r"^https?://\S+$", re.MULTILINE)
_ENOUGH = 60
Status = OutgoingMail.Status


def send_digests(now: datetime) -> int:
    """Writes the digests whose hour has come. Returns how many."""
    readers = OutgoingMail.objects.filter(status=Status.HELD, next_try_at__lte=now).values("reader")
    users = get_user_model().objects.filter(pk__in=readers).order_by("pk")
    return sum(_digest(user, now) for user in users.iterator(chunk_size=200))


@transaction.atomic
def _digest(user, now: datetime) -> int:
    """Locks what it takes along, so that of two runs one writes it."""
    held = OutgoingMail.objects.filter(reader=user, status=Status.HELD, next_try_at__lte=now)
    rows = list(held.select_for_update(skip_locked=True).order_by("pk"))
    for row in rows:
        row.reader = user
    there = [row for row in rows if may_have(row)]
    gone = [row.pk for row in rows if row not in there]
    OutgoingMail.objects.filter(pk__in=gone).update(status=Status.DROPPED, text="", calendar="")
    if not there:
        return 0
    items = [{"subject": row.subject, "link": _first_link(row.text)} for row in there[:_ENOUGH]]
    with translation.override(user.language):
        name = field_in(user, "display_name", user.language) or user.get_full_name()
    mail = write(
        "emails/digest",
        to=user.email,
        language=user.language,
        context={"name": name, "items": items, "count": len(there), "more": len(there) - len(items)},
        is_secret=any(row.is_secret for row in there),
        key=f"digest {user.pk} {there[0].pk}-{there[-1].pk}",
        reader=user,
    )
    keys = [row.pk for row in there]
    OutgoingMail.objects.filter(pk__in=keys).update(status=Status.DIGESTED, sent_at=now)
    OutgoingMail.objects.filter(pk__in=keys, is_secret=True).update(text="", calendar="")
    return int(mail.status == Status.WAITING)


def _first_link(text: str) -> str:
    found = _LINK.search(text)
    return found.group() if found else ""
