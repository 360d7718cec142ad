"""Slow queries in the log: how long, on which page and the query as it stands in the code, never with its values."""

import logging
import time

from django.conf import settings
from django.db.backends.signals import connection_created

from apps.core import current, metrics

log = logging.getLogger(__name__)
_LONGEST = 1000


def watch() -> None:
    """Watches every connection from its beginning; SLOW_QUERY_MS=0 watches none."""
    if settings.SLOW_QUERY_MS:
        connection_created.connect(_begin, dispatch_uid="slow_queries")


def _begin(connection, **kwargs) -> None:
    if _measured not in connection.execute_wrappers:
        connection.execute_wrappers.append(_measured)


def _measured(execute, sql, params, many, context):
    began = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        spent = (time.perf_counter() - began) * 1000
        if spent > settings.SLOW_QUERY_MS:
            metrics.SLOW_QUERIES.inc()
            # Placeholders stand for values. Where there is none a value may stand in the query itself: it is cut there.
            shown = sql if params else sql.split(" WHERE ")[0]
            log.warning("slow query: %d ms on %s: %s", spent, current.page() or "(no page)", shown[:_LONGEST])
