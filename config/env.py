"""Settings from the environment: every read names its variable, and a wrong value stops the start.

Each function raises ``ImproperlyConfigured`` with the variable's name and what would be right; the value itself is
never repeated, because it may be a secret.
"""

import json as json_module
import os
from datetime import date
from zoneinfo import available_timezones

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}
_MISSING = object()
# Seconds: a cache that does not answer at once is slower than no cache.
_CACHE_PATIENCE = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}
_DATABASE_PATIENCE = 5


def text(name: str, default: object = _MISSING) -> str:
    """The variable's text without surrounding space; an empty variable counts as not set."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is _MISSING:
        raise ImproperlyConfigured(f"{name} is not set. See .env.example for what it means.")
    return default


def flag(name: str, default: bool) -> bool:
    value = text(name, "").lower()
    if not value:
        return default
    if value not in _TRUE | _FALSE:
        raise ImproperlyConfigured(f"{name} must be one of: true, false.")
    return value in _TRUE


def number(name: str, default: int) -> int:
    value = text(name, "")
    if not value:
        return default
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number.") from None


def json(name: str, default: dict) -> dict:
    value = text(name, "")
    if not value:
        return default
    try:
        return dict(json_module.loads(value))
    except (ValueError, TypeError):
        raise ImproperlyConfigured(f"{name} must be an object of JSON.") from None


def words(name: str, default: object = _MISSING) -> list[str]:
    """A list written with commas: ``a, b`` is ``["a", "b"]``."""
    value = text(name, default if default is _MISSING else ",".join(default))
    return [word.strip() for word in value.split(",") if word.strip()]


def day(name: str, default: str) -> date:
    """A day as ``2024-07-05``."""
    try:
        return date.fromisoformat(text(name, default))
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a day such as 2024-07-05.") from None


def zone(name: str, default: str) -> str:
    """An IANA time zone name such as ``Africa/Cairo``."""
    value = text(name, default)
    if value not in available_timezones():
        raise ImproperlyConfigured(f"{name} must be a time zone name such as Africa/Cairo.")
    return value


def database(name: str, default: str) -> dict:
    """A Django database dictionary from an address such as ``postgres://user:secret@host:5432/name``."""
    try:
        config = dj_database_url.parse(text(name, default), conn_max_age=600, conn_health_checks=True)
    except (dj_database_url.ParseError, dj_database_url.UnknownSchemeError, ValueError, KeyError):
        raise ImproperlyConfigured(
            f"{name} must be a database address: postgres://user:password@host:5432/name or sqlite:///path."
        ) from None
    if "postgresql" in config["ENGINE"]:
        config.setdefault("OPTIONS", {}).setdefault("connect_timeout", _DATABASE_PATIENCE)
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
    return config


def cache(name: str) -> dict:
    """Django's cache setting: Redis or Valkey when the variable holds its address, local memory otherwise."""
    address = text(name, "")
    if not address:
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    if not address.startswith(("redis://", "rediss://", "unix://")):
        raise ImproperlyConfigured(f"{name} must be an address such as redis://127.0.0.1:6379/1.")
    return {"BACKEND": "apps.core.cache.SturdyRedisCache", "LOCATION": address, "OPTIONS": _CACHE_PATIENCE}


def storage(name: str, *, folder: str, kind: str) -> dict:
    """A Django storage from a folder or from ``s3://bucket/prefix``; ``kind`` is the backend for the latter.

    Keys, region and address of the S3 service come from its own variables (AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL_S3 …).
    """
    place = text(name, "") or folder
    if not place.startswith("s3://"):
        if "://" in place:
            raise ImproperlyConfigured(f"{name} must be a folder or an address such as s3://bucket/prefix.")
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": place}}
    bucket, _slash, prefix = place.removeprefix("s3://").partition("/")
    if not bucket:
        raise ImproperlyConfigured(f"{name} must name a bucket: s3://bucket/prefix.")
    options = {"bucket_name": bucket, "location": prefix, "file_overwrite": False, "default_acl": None}
    return {"BACKEND": kind, "OPTIONS": options}


def backup_connector(config: dict) -> str:
    return "SnapshotConnector" if "postgresql" in config["ENGINE"] else "CountingSqliteConnector"
