"""What belongs to one person, how she gets it, how it is erased, and how long what names people is kept.

Each app registers its own in ``AppConfig.ready``. The periods stand in the settings (``RETENTION_DAYS``), and the
privacy page reads them from there: what it says is what ``manage.py apply_retention`` does.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.db import DEFAULT_DB_ALIAS, models, transaction
from django.db.models import Q
from django.utils import timezone

from apps.core.backups import known_files
from apps.core.models import AuditDetail, AuditEntry, HeldFile, MailAddress, NoticeSettings, OutgoingMail

log = logging.getLogger(__name__)
# name → load(user), which gives a list of plain dictionaries
sources: dict[str, Callable] = {}
# erase(user, by=): takes the person out of the app's own tables
erasers: list[Callable] = []
# name → sweep(now), which gives the number of rows that went
sweeps: dict[str, Callable] = {}


class SweepError(Exception):
    """What should have gone is still there, of the kinds that it names; the others went."""


def personal_data(user) -> dict[str, list[dict]]:
    """Everything that the portal keeps about this person, by kind, in the names of our tables."""
    return {name: load(user) for name, load in sources.items()}


def before(now, kind: str):
    """The moment before which rows of this kind are not kept any more."""
    return now - timedelta(days=settings.RETENTION_DAYS[kind])


@transaction.atomic
def forget(records: models.QuerySet) -> None:
    """Deletes what the trail and the back office's history hold in words about these records; the bare deeds stay.

    Call it before the records themselves go.
    """
    label = records.model._meta.label_lower
    keys = [str(pk) for pk in records.values_list("pk", flat=True)]
    AuditDetail.objects.filter(entry__model=label, entry__object_id__in=keys).delete()
    app_label, model = label.split(".")
    noted = LogEntry.objects.filter(content_type__app_label=app_label, content_type__model=model)
    noted.filter(object_id__in=keys).delete()


def sweep_all() -> dict[str, int]:
    """Applies every period, also after one that failed. Returns how many rows went, by kind. Raises SweepError."""
    now, gone, failed = timezone.now(), {}, []
    for name, sweep in sweeps.items():
        try:
            gone[name] = sweep(now)
        except Exception as error:  # whatever one of them does
            log.error("retention of %s failed: %s", name, type(error).__name__)
            failed.append(name)
    if failed:
        raise SweepError(", ".join(failed))
    return gone


# Core's own


def _mails(user) -> list[dict]:
    mails = OutgoingMail.objects.filter(Q(to=user.email) | Q(reader=user))
    return list(mails.values("kind", "language", "subject", "created_at", "sent_at"))


def _notices(user) -> list[dict]:
    return list(NoticeSettings.objects.filter(user=user).values("choices", "quiet_from", "quiet_until"))


def _mailbox(user) -> list[dict]:
    found = MailAddress.objects.filter(email=user.email)
    return list(found.values("email", "bounces", "last_bounce_at", "reason", "is_complaint", "stopped_at"))


def _deeds(user) -> list[dict]:
    entries = AuditEntry.objects.filter(actor=user).order_by("pk")
    return list(entries.values("at", "action", "model", "object_id", "detail__label", "detail__address"))


def _erase(user, *, by) -> None:
    OutgoingMail.objects.filter(Q(to=user.email) | Q(reader=user)).delete()
    MailAddress.objects.filter(email=user.email).delete()
    NoticeSettings.objects.filter(user=user).delete()
    AuditDetail.objects.filter(entry__actor=user).exclude(address="").update(address="")


def _sweep_addresses(now) -> int:
    old = AuditDetail.objects.filter(entry__at__lt=before(now, "address")).exclude(address="")
    return old.update(address="")


def _sweep_mails(now) -> int:
    old = OutgoingMail.objects.filter(status__in=OutgoingMail.ENDED, created_at__lt=before(now, "mail"))
    return old.delete()[0]


def _sweep_mailboxes(now) -> int:
    """A mailbox that was quiet for so long is not on record for it any more; a stopped one stays stopped."""
    quiet = MailAddress.objects.filter(stopped_at=None, last_bounce_at__lt=before(now, "mail"))
    return quiet.delete()[0]


def _sweep_held_files(now) -> int:
    """Not while a record names the file: without the row nothing would say that it is bad."""
    old = HeldFile.objects.filter(found_bad_at__lt=before(now, "held_file"))
    named = known_files(DEFAULT_DB_ALIAS) if old.exists() else set()
    return old.filter(pk__in=[held.pk for held in old if held.path not in named]).delete()[0]


def register() -> None:
    sources.update({"mails": _mails, "mailbox": _mailbox, "notices": _notices, "deeds": _deeds})
    erasers.append(_erase)
    sweeps.update({"mailboxes": _sweep_mailboxes})
    sweeps.update({"addresses": _sweep_addresses, "mails": _sweep_mails, "held_files": _sweep_held_files})
