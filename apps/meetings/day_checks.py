"""What the secretariat should know about the day of a meeting: weekends, holidays, Ramadan, clocks that change.

These are hints and refuse nothing. Weekends and holidays are those of the ``holidays`` library, Ramadan is that of the
Umm al-Qura calendar (``hijridate``): dates that depend on the moon are estimates, and the page says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from hijridate import Gregorian

from apps.accounts.models import User
from apps.core.dates import long_date
from apps.core.languages import active_language, isolated
from apps.core.zones import zone_name
from apps.meetings.models import Meeting
from apps.stakeholders.models import Country, Membership, Person

RAMADAN = 9
# People break their fast at sunset; in the hours before, few can sit in a meeting.
_LATE_AFTERNOON = (time(15), time(20))
_LONGEST = 31


@dataclass(frozen=True)
class Hint:
    """``kind`` is one of ``weekend``, ``holiday``, ``ramadan``, ``clock``, ``twice``."""

    kind: str
    text: str


def hints(meeting: Meeting) -> list[Hint]:
    """For a meeting with its days and zone; the same questions for any number of people."""
    days = [meeting.starts_on + timedelta(days=n) for n in range((meeting.ends_on - meeting.starts_on).days + 1)]
    days = days[:_LONGEST]
    people = _invited(meeting)
    countries = list(Country.objects.filter(pk__in=people.values("where")).order_by("iso2"))
    zones = {meeting.time_zone, *User.objects.filter(person__in=people).values_list("time_zone", flat=True)}
    return [
        *_free_days(days, countries),
        *_fasting(meeting, days),
        *_repeated_hours(meeting),
        *_clock_changes(days, sorted(zones)),
    ]


def _invited(meeting: Meeting):
    """Those on the list, and who belongs to the group on the first day; each with ``where``, her country."""
    seated = Membership.objects.current(meeting.starts_on).filter(group=meeting.group_id)
    asked = meeting.participants.asked().filter(person__isnull=False) if meeting.pk else None
    people = Person.objects.filter(pk__in=seated.values("person"))
    if asked is not None:
        people |= Person.objects.filter(pk__in=asked.values("person"))
    return people.annotate(where=Coalesce("country", "organisation__country"))


# Weekends and holidays


@lru_cache(maxsize=500)
def _calendar(iso2: str, year: int, language: str):
    """The library's holidays of a country and year, in the nearest language that it has for it; None for no country of
    the library. Its names in Arabic are called ``ar`` or ``ar_EG``."""
    known = holidays.list_localized_countries().get(iso2, [])
    found = next((code for code in known if code.split("_")[0] == language), None)
    found = found or next((code for code in known if code.startswith("en")), None)
    try:
        return holidays.country_holidays(iso2, years=[year], language=found)
    except NotImplementedError:
        return None


def _free_days(days: list[date], countries: list[Country]) -> Iterator[Hint]:
    for day in days:
        calendars = {country: _calendar(country.iso2, day.year, active_language()) for country in countries}
        known = {country: calendar for country, calendar in calendars.items() if calendar is not None}
        resting = [country for country, calendar in known.items() if day.weekday() in calendar.weekend]
        if resting:
            yield Hint("weekend", _("%(day)s is a weekend in: %(countries)s.") % _texts(day, resting))
        feasts: dict[str, list[Country]] = {}
        for country, calendar in known.items():
            if name := calendar.get(day):
                feasts.setdefault(name, []).append(country)
        for name, celebrating in feasts.items():
            text = _("%(day)s is a holiday (%(name)s) in: %(countries)s.")
            yield Hint("holiday", text % {**_texts(day, celebrating), "name": isolated(name)})


def _texts(day: date, countries: list[Country]) -> dict[str, str]:
    names = pgettext("list", ", ").join(isolated(country) for country in countries)
    return {"day": long_date(day), "countries": names}


# Ramadan


def is_ramadan(day: date) -> bool:
    """By the Umm al-Qura calendar; a day more or less where the moon is watched."""
    try:
        return Gregorian(day.year, day.month, day.day).to_hijri().month == RAMADAN
    except OverflowError:  # years that the calendar's tables do not reach
        return False


def _fasting(meeting: Meeting, days: list[date]) -> Iterator[Hint]:
    start, end = _LATE_AFTERNOON
    if meeting.starts_time >= end or meeting.ends_time <= start:
        return
    for day in filter(is_ramadan, days):
        text = _("%(day)s is in Ramadan (estimated), and the meeting lasts into the late afternoon.")
        yield Hint("ramadan", text % {"day": long_date(day)})


# Clocks


def _repeated_hours(meeting: Meeting) -> Iterator[Hint]:
    """The start or the end lies in an hour that the clock of the place shows twice: the first one counts."""
    zone = ZoneInfo(meeting.time_zone)
    for on, at in ((meeting.starts_on, meeting.starts_time), (meeting.ends_on, meeting.ends_time)):
        wall = datetime.combine(on, at, zone)
        if wall.utcoffset() > wall.replace(fold=1).utcoffset():
            text = _("%(hour)s comes twice on %(day)s, because the clocks go back: the first one is meant.")
            yield Hint("twice", text % {"hour": isolated(f"{at:%H:%M}"), "day": long_date(on)})


def _clock_changes(days: list[date], zones: list[str]) -> Iterator[Hint]:
    for day in days:
        changing = [zone for zone in zones if _changes(day, ZoneInfo(zone))]
        if changing:
            cities = pgettext("list", ", ").join(isolated(zone_name(zone)) for zone in changing)
            text = _("In the night to %(day)s the clocks change in: %(cities)s.")
            yield Hint("clock", text % {"day": long_date(day), "cities": cities})


def _changes(day: date, zone: ZoneInfo) -> bool:
    """Whether the clock is changed between noon of the day before and noon of this day."""
    noon = datetime.combine(day, time(12), zone)
    return noon.utcoffset() != (noon - timedelta(days=1)).utcoffset()
