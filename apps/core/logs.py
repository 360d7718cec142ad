"""The log: one JSON object a line, in UTC, about what the portal did and never about whom.

Addresses of pages hold titles and personal links, messages of errors hold values, so neither is written: a page stands
by its name in our code, an error by its kind and by the lines it came through.
"""

import json
import logging
import traceback
from datetime import UTC, datetime

# Loggers whose messages are ours: sentences and numbers.
_OUR_OWN = "apps."


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": self._event(record),
            **self._request(record),
        }
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["lines"] = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(record.exc_info[2])]
        return json.dumps(line, ensure_ascii=True)

    def _event(self, record: logging.LogRecord) -> str:
        """Others' messages as they stand in the code, without the values; those made up of values are left out."""
        if record.name.startswith(_OUR_OWN):
            return record.getMessage()
        return str(record.msg) if record.args else record.name

    def _request(self, record: logging.LogRecord) -> dict:
        request = getattr(record, "request", None)
        if request is None or not hasattr(request, "method"):
            return {}
        match = getattr(request, "resolver_match", None)
        status = getattr(record, "status_code", None)
        page = match.view_name if match else "(none)"
        return {"method": request.method, "page": page, "status": status, "request": getattr(request, "id", "")}
