"""What is due without anybody pressing a button: reminders, and what a deadline ends.

A due service takes ``now`` and returns how many things it did. It is idempotent: running it twice, late, or twice at
the same time does what running it once does. Each is registered by its name in ``MeetingsConfig.ready``, and they run
in that order.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

log = logging.getLogger(__name__)
services: dict[str, Callable[[datetime], int]] = {}


def register(name: str, service: Callable[[datetime], int]) -> None:
    """``service`` opens its own transactions, short ones, and locks one meeting at a time: two runs never wait for each
    other in a circle."""
    services[name] = service


def run_due(*, now: datetime | None = None) -> dict[str, int | None]:
    """Runs every service, also after one that failed. Returns how many things each did, None for a failed one."""
    now = now or timezone.now()
    return {name: _run(name, service, now) for name, service in services.items()}


def _run(name: str, service: Callable[[datetime], int], now: datetime) -> int | None:
    try:
        return service(now)
    except Exception as error:  # whatever one of them does
        log.error("due service %s failed: %s", name, type(error).__name__)
        return None
