"""What is due without anybody pressing a button: reminders, digests, what a deadline ends, what is kept no longer.

A due service takes ``now`` and returns how many things it did. It is idempotent: running it twice, late, or twice at
the same time does what running it once does. Each app registers its own in ``AppConfig.ready``, and they run in the
order in which they were registered. The worker runs all of them each minute; so does ``manage.py run_due``.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from apps.core.models import DueRun

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Service:
    """``every``: what takes long runs once in that time, and not again in the same time after it failed."""

    run: Callable[[datetime], int]
    every: timedelta | None = None


services: dict[str, Service] = {}


def register(name: str, service: Callable[[datetime], int], *, every: timedelta | None = None) -> None:
    """``service`` opens its own transactions, short ones, and locks one thing at a time: two runs never wait for each
    other in a circle."""
    services[name] = Service(service, every)


def run_due(*, now: datetime | None = None) -> dict[str, int | None]:
    """Runs every service whose time has come, also after one that failed. Returns how many things each did, None for a
    failed one."""
    now = now or timezone.now()
    return {name: _run(name, service, now) for name, service in services.items() if _is_due(name, service, now)}


def _is_due(name: str, service: Service, now: datetime) -> bool:
    """Takes the turn: of two runs at the same time one gets it."""
    if service.every is None:
        return True
    with transaction.atomic():
        last, is_new = DueRun.objects.select_for_update().get_or_create(name=name, defaults={"ran_at": now})
        if not is_new and last.ran_at > now - service.every:
            return False
        last.ran_at = now
        last.save(update_fields=["ran_at"])
        return True


def _run(name: str, service: Service, now: datetime) -> int | None:
    try:
        return service.run(now)
    except Exception as error:  # whatever one of them does
        log.error("due service %s failed: %s", name, type(error).__name__)
        return None
