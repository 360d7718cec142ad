"""Days and times as the region's United Nations offices write them, and the traps of local time.

Arabic months stand in the double form (تشرين الثاني/نوفمبر). The names live in the portal's own catalogue, whose
entries for Django's month names win over Django's: every date filter of the portal and of the admin writes them.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.utils import formats, timezone
from django.utils.translation import gettext, gettext_noop, pgettext_lazy

MONTHS = [
    gettext_noop("January"),
    gettext_noop("February"),
    gettext_noop("March"),
    gettext_noop("April"),
    gettext_noop("May"),
    gettext_noop("June"),
    gettext_noop("July"),
    gettext_noop("August"),
    gettext_noop("September"),
    gettext_noop("October"),
    gettext_noop("November"),
    gettext_noop("December"),
]
ALT_MONTHS = [
    pgettext_lazy("alt. month", "January"),
    pgettext_lazy("alt. month", "February"),
    pgettext_lazy("alt. month", "March"),
    pgettext_lazy("alt. month", "April"),
    pgettext_lazy("alt. month", "May"),
    pgettext_lazy("alt. month", "June"),
    pgettext_lazy("alt. month", "July"),
    pgettext_lazy("alt. month", "August"),
    pgettext_lazy("alt. month", "September"),
    pgettext_lazy("alt. month", "October"),
    pgettext_lazy("alt. month", "November"),
    pgettext_lazy("alt. month", "December"),
]


class MissingWallTimeError(ValueError):
    """This time of day does not exist on this day in this zone: the clock jumps over it."""


def portal_today() -> date:
    """The day on the portal's clock, wherever the reader is: what somebody may do does not hang on her own zone."""
    return timezone.localdate(timezone=timezone.get_default_timezone())


def long_date(day: date) -> str:
    """``12 November 2026``, ``12 تشرين الثاني/نوفمبر 2026``."""
    return formats.date_format(day, "DATE_FORMAT")


def month_name(number: int) -> str:
    """``November``, ``تشرين الثاني/نوفمبر``; ``number`` is 1 to 12."""
    return gettext(MONTHS[number - 1])


def instant(wall: datetime, zone: str) -> datetime:
    """The UTC instant of a naive local time; the first of the two when the clock repeats it.

    Raises MissingWallTimeError when the clock jumps over it.
    """
    local = wall.replace(tzinfo=ZoneInfo(zone), fold=0)
    moment = local.astimezone(UTC)
    if moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != wall:
        raise MissingWallTimeError(wall)
    return moment
