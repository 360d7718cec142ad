"""What people are told, and when: at once, once a day, once a week, or not by mail.

Each app registers its kinds in ``AppConfig.ready``. A kind that is not registered always goes at once: the mails of
somebody's own account and of her own request.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.mail_models import OutgoingMail
from apps.core.zones import zone_or_none

# When digests leave, by the reader's clock; the week begins on Sunday.
DIGEST_HOUR = time(7)
_SUNDAY = 6


class When(models.TextChoices):
    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("Once a day")
    WEEKLY = "weekly", _("Once a week")
    NEVER = "never", _("Not by mail")


@dataclass(frozen=True)
class Kind:
    """``is_for`` gets the user. Whatever carries a file for the calendar, or is about tomorrow, cannot wait for a
    digest: ``can_wait`` is False."""

    name: str
    label: str
    is_for: Callable
    can_wait: bool = True

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [pair for pair in When.choices if self.can_wait or pair[0] not in (When.DAILY, When.WEEKLY)]


kinds: dict[str, Kind] = {}


def register(name: str, label: str, *, is_for: Callable = lambda user: True, can_wait: bool = True) -> None:
    kinds[name] = Kind(name, label, is_for, can_wait)


def kinds_of(user) -> list[Kind]:
    return [kind for kind in kinds.values() if kind.is_for(user)]


def chosen(kind: Kind, choices: dict) -> str:
    """What somebody has chosen for a kind; at once when that is nothing, or none of its choices."""
    value = choices.get(kind.name)
    return value if value in dict(kind.choices) else When.AT_ONCE


def when(name: str, reader, now: datetime) -> tuple[str, datetime]:
    """The state of a new mail, and when it may leave."""
    if reader is None:
        return OutgoingMail.Status.WAITING, now
    settings = _settings_of(reader)
    kind = kinds.get(name)
    choice = chosen(kind, settings.choices if settings else {}) if kind else When.AT_ONCE
    if choice == When.NEVER:
        return OutgoingMail.Status.UNWANTED, now
    zone = zone_or_none(reader.time_zone) or timezone.get_default_timezone()
    if choice in (When.DAILY, When.WEEKLY):
        return OutgoingMail.Status.HELD, next_digest(now, zone, is_weekly=choice == When.WEEKLY)
    if settings and settings.quiet_from is not None and kind:
        now = after_quiet_hours(now, zone, settings.quiet_from, settings.quiet_until)
    return OutgoingMail.Status.WAITING, now


def _settings_of(reader):
    """Selected along by whoever writes to many; asked for otherwise."""
    if "notice_settings" in reader._state.fields_cache:
        return reader._state.fields_cache["notice_settings"]
    field = reader._meta.get_field("notice_settings")
    return field.related_model._default_manager.filter(user=reader).first()


def next_digest(now: datetime, zone: ZoneInfo, *, is_weekly: bool) -> datetime:
    """The next seven o'clock by the reader's clock; of a weekly digest, on a Sunday."""
    here = now.astimezone(zone)
    day = here.date()
    if here.time() >= DIGEST_HOUR:
        day += timedelta(days=1)
    if is_weekly:
        day += timedelta(days=(_SUNDAY - day.weekday()) % 7)
    return datetime.combine(day, DIGEST_HOUR, tzinfo=zone)


def after_quiet_hours(now: datetime, zone: ZoneInfo, begin: time, end: time) -> datetime:
    """``now``, or the end of the quiet hours in which it falls; they may go over midnight."""
    here = now.astimezone(zone)
    clock = here.time()
    is_quiet = begin <= clock < end if begin < end else clock >= begin or clock < end
    if not is_quiet:
        return now
    day = here.date() + timedelta(days=clock >= end)
    return datetime.combine(day, end, tzinfo=zone)
