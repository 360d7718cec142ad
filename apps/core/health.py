"""Is everything well? What /readyz tells a monitor with one word and the secretariat in sentences.

A check is a function of the present moment; what it raises counts as not well. The word is remembered for some seconds,
so that who asks often costs nothing.
"""

import logging
import shutil
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connections
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tasks_db.models import DBTaskResult

from apps.core import backups, metrics, tasks
from apps.core.dates import long_date
from apps.core.models import OutgoingMail, WorkerBeat

log = logging.getLogger(__name__)

_REMEMBERED = 5  # seconds
WORKER_SILENT = timedelta(minutes=2)
TASK_WAITS = timedelta(minutes=10)
MAIL_WAITS = timedelta(hours=1)
ZONES_OLD = timedelta(days=180)
# A disk with less free space than this is as good as full.
DISK_LEFT = 500 * 1024 * 1024


@dataclass(frozen=True)
class Finding:
    """``sentence`` says what is the matter and what to do, in the active language."""

    name: str
    title: str
    is_good: bool
    sentence: str


@dataclass(frozen=True)
class Check:
    """``find`` gets the present moment and returns whether it is well, and the sentence."""

    title: str
    find: Callable[[datetime], tuple[bool, str]]


def _database(now: datetime) -> tuple[bool, str]:
    for alias in connections:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT 1")
    return True, _("It answers.")


def _cache(now: datetime) -> tuple[bool, str]:
    if hasattr(cache, "answers") and not cache.answers():
        return False, _("It does not answer. The portal works on, but limits on wrong log-ins count less strictly.")
    return True, _("It answers.")


def _storage(now: datetime) -> tuple[bool, str]:
    mark = uuid.uuid4().hex.encode()
    name = default_storage.save("health/mark", ContentFile(mark))
    try:
        with default_storage.open(name) as file:
            is_whole = file.read() == mark
    finally:
        default_storage.delete(name)
    if not is_whole:
        return False, _("A file came back different from what was stored.")
    if isinstance(default_storage._wrapped, FileSystemStorage):
        left = shutil.disk_usage(default_storage.location).free
        if left < DISK_LEFT:
            return False, _("The disk is almost full: %(left)s MB are left. Make room on it.") % {"left": left // 2**20}
    return True, _("Files are stored and read.")


def _queue(now: datetime) -> tuple[bool, str]:
    if not tasks.is_queued():
        return True, _("The portal does everything at once and needs no worker.")
    if not WorkerBeat.objects.filter(seen_at__gt=now - WORKER_SILENT).exists():
        return False, _("No worker runs: no mail leaves and no reminder is sent. Start the worker.")
    waiting = DBTaskResult.objects.ready().filter(run_after__lt=now - TASK_WAITS)
    if waiting.exists():
        return False, _("Work has waited for more than ten minutes. Start a second worker, or look at the log.")
    return True, _("A worker runs and nothing waits for long.")


def _mail(now: datetime) -> tuple[bool, str]:
    waiting = OutgoingMail.objects.filter(status=OutgoingMail.Status.WAITING, created_at__lt=now - MAIL_WAITS)
    if waiting.exists():
        return False, _(
            "Mails have waited for more than an hour. The mail server does not take them; ask its operator."
        )
    return True, _("Mails leave.")


def _backup(now: datetime) -> tuple[bool, str]:
    if not settings.BACKUP_TO and settings.MAY_BE_UNSAFE:
        return True, _("None are made: this portal is for trying out.")
    if not settings.BACKUP_TO:
        return False, _("None are made. Set BACKUP_TO and BACKUP_KEY.")
    newest = backups.newest_at()
    if newest is None:
        return False, _("There is none yet.")
    words = {"day": long_date(timezone.localdate(newest)), "hour": f"{timezone.localtime(newest):%H:%M}"}
    if now - newest > timedelta(hours=settings.BACKUP_OLDEST_HOURS):
        return False, _(
            "The last one is of %(day)s, %(hour)s. Look whether the worker runs and the disk has room."
        ) % words
    return True, _("The last one is of %(day)s, %(hour)s.") % words


def _zones(now: datetime) -> tuple[bool, str]:
    words = {"day": long_date(settings.LOCKED_ON)}
    if timezone.localdate(now) - settings.LOCKED_ON > ZONES_OLD:
        return False, _(
            "It is as it was on %(day)s. Countries change their clocks at short notice: update the portal."
        ) % words
    return True, _("It is as it was on %(day)s.") % words


checks: dict[str, Check] = {
    "database": Check(gettext_lazy("Database"), _database),
    "cache": Check(gettext_lazy("Shared memory of the processes"), _cache),
    "storage": Check(gettext_lazy("Files"), _storage),
    "queue": Check(gettext_lazy("Work in the background"), _queue),
    "mail": Check(gettext_lazy("Outgoing mail"), _mail),
    "backup": Check(gettext_lazy("Backups"), _backup),
    "zones": Check(gettext_lazy("Time zones"), _zones),
}


def findings() -> list[Finding]:
    """Each check now, the bad ones first."""
    now = timezone.now()
    found = [_find(name, check, now) for name, check in checks.items()]
    return sorted(found, key=lambda finding: finding.is_good)


def _find(name: str, check: Check, now: datetime) -> Finding:
    try:
        is_good, sentence = check.find(now)
    except Exception as error:  # whatever is wrong, it is not well
        log.warning("check %s failed: %s", name, type(error).__name__)
        is_good, sentence = False, _("It does not answer.")
    metrics.CHECKS.labels(name).set(is_good)
    return Finding(name, str(check.title), is_good, sentence)


_last: tuple[float, bool] = (float("-inf"), False)


def is_well() -> bool:
    """Whether all checks are good, as they were a few seconds ago at most."""
    global _last
    if time.monotonic() - _last[0] > _REMEMBERED:
        _last = (time.monotonic(), all(finding.is_good for finding in findings()))
    return _last[1]
