"""Reading from a copy of the database: pages that are the same for every stranger, and only those.

Whoever brings a cookie may just have written something and reads where it was written. So does everything else: links
in mails, forms, searches, the back office. A copy that does not answer or is far behind is not asked for a while.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connections

log = logging.getLogger(__name__)
ALIAS = "replica"
# So many seconds an answer to "may it be asked?" is good for, and so far behind it may be.
_ASKED_EVERY = 5
MOST_BEHIND = 30

_is_reading = ContextVar("reading from the copy", default=False)
_state = {"asked_at": float("-inf"), "is_good": False}


class Router:
    """Django's DATABASE_ROUTERS: writing goes to the primary, and so does reading within a transaction there."""

    def db_for_read(self, model, **hints):
        if _is_reading.get() and not connections[DEFAULT_DB_ALIAS].in_atomic_block:
            return ALIAS
        return None

    def allow_relation(self, one, other, **hints):
        return True

    def allow_migrate(self, db, app_label, **hints):
        return False if db == ALIAS else None


class ReplicaMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        token = _is_reading.set(False)
        try:
            return self.get_response(request)
        finally:
            _is_reading.reset(token)

    def process_view(self, request, view, args, kwargs):
        may_read_there = not request.COOKIES and request.method in {"GET", "HEAD"}
        if may_read_there and hasattr(view, "public_parameters"):
            _is_reading.set(is_good())


@contextmanager
def reading() -> Iterator[None]:
    """For what has to see just what public pages are made from."""
    token = _is_reading.set(is_good())
    try:
        yield
    finally:
        _is_reading.reset(token)


def is_good() -> bool:
    """Whether there is a copy, it answers and is not far behind; as of a few seconds ago."""
    if ALIAS not in settings.DATABASES:
        return False
    now = time.monotonic()
    if now - _state["asked_at"] > _ASKED_EVERY:
        _state.update(asked_at=now, is_good=_ask())
    return _state["is_good"]


def _ask() -> bool:
    try:
        return behind() <= MOST_BEHIND
    except (DatabaseError, InterfaceError) as error:
        log.warning("the copy of the database is away (%s): all reads go to the primary", type(error).__name__)
        return False


def behind() -> float:
    """Seconds that the copy is behind; 0 when it has all that it was sent, or is no copy but a primary itself."""
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(
            "SELECT CASE WHEN NOT pg_is_in_recovery() OR pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0"
            " ELSE coalesce(extract(epoch FROM now() - pg_last_xact_replay_timestamp()), 0) END"
        )
        return float(cursor.fetchone()[0])
