"""Sessions that know whose they are, so that people and the secretariat can see and end them.

A row tells who, since when, last seen when and with what kind of browser; no address is kept.
"""

import re
from datetime import UTC, datetime

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

_BROWSERS = [("Edge", "Edg"), ("Opera", "OPR/"), ("Samsung Internet", "SamsungBrowser"), ("Firefox", "Firefox|FxiOS")]
_BROWSERS += [("Chrome", "Chrome|CriOS"), ("Safari", "Safari")]
_SYSTEMS = [("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows")]
_SYSTEMS += [("macOS", "Mac OS X|Macintosh"), ("Linux", "Linux")]


def device_of(user_agent: str) -> str:
    """A device as its owner would call it: ``Firefox · Android``; empty when nothing is known."""
    kinds = [
        next((name for name, pattern in known if re.search(pattern, user_agent)), "") for known in (_BROWSERS, _SYSTEMS)
    ]
    return " · ".join(filter(None, kinds))


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls):
        from apps.accounts.models import LoginSession

        return LoginSession

    def save(self, must_create=False):
        """While nothing is taken, sessions are as they were; nor does one that is over go."""
        if not settings.READ_ONLY:
            super().save(must_create)

    def delete(self, session_key=None):
        if settings.READ_ONLY:
            return
        self.model.objects.filter(session_key=session_key or self.session_key).delete()

    def create_model_instance(self, data):
        row = super().create_model_instance(data)
        row.user_id = data.get("_auth_user_id")
        row.device = data.get("device", "")
        for column in ("started_at", "seen_at"):
            if column in data:
                setattr(row, column, datetime.fromtimestamp(data[column], UTC))
        return row
