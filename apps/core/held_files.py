"""Files that came while the virus scanner was away: kept, shown to nobody, released once it has seen them.

``manage.py scan_held_files`` does that.
"""

import logging

from django.core.files.storage import default_storage
from django.db import models
from django.utils import timezone

from apps.core import scanner

log = logging.getLogger(__name__)


class HeldFile(models.Model):
    """``path`` is the file's name in the storage. A bad one stays held; its content is deleted."""

    path = models.CharField(max_length=150, unique=True)
    since = models.DateTimeField(auto_now_add=True)
    found_bad_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "core"
        default_permissions = ()

    def __str__(self):
        return self.path


def scan_held() -> tuple[int, int]:
    """Scans what waits. Returns how many were released and how many were bad. Raises ScannerAwayError.

    That a file is bad is written down first: whatever happens then, nobody gets it. Two runs at once agree.
    """
    released = bad = 0
    for held in HeldFile.objects.filter(found_bad_at=None).order_by("pk"):
        this = HeldFile.objects.filter(pk=held.pk, found_bad_at=None)
        is_clean = _is_clean(held.path)
        if is_clean is False:
            bad += this.update(found_bad_at=timezone.now())
        else:
            gone, _rows = this.delete()
            released += gone if is_clean else 0
    for held in HeldFile.objects.exclude(found_bad_at=None):
        if default_storage.exists(held.path):
            default_storage.delete(held.path)
            log.warning("the virus scanner has found something in a held file; its content was deleted")
    return released, bad


def _is_clean(path: str) -> bool | None:
    """None for a file that was replaced or deleted meanwhile."""
    try:
        with default_storage.open(path) as file:
            return scanner.is_clean(file)
    except FileNotFoundError:
        return None


def scan_if_on(now) -> int:
    """The same as a due service: nothing without a scanner, or while it is away. Returns how many were looked at."""
    if not scanner.is_on():
        return 0
    try:
        return sum(scan_held())
    except scanner.ScannerAwayError:
        return 0
