"""The rules of a zone as an iCalendar file carries them (VTIMEZONE), for the years that the file is about.

Read from the same rules by which the portal computes instants. icalendar's own generator leaves out changes that do not
repeat by the year: those of Morocco around Ramadan of 2027.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

_DAY = timedelta(days=1)


@lru_cache(maxsize=200)
def vtimezone(zone: str, first_year: int, last_year: int) -> Timezone:
    """One part for the start and one for each change of the clock, both years included."""
    rules = ZoneInfo(zone)
    start, end = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year + 1, 1, 1, tzinfo=UTC)
    found = Timezone()
    found.add("tzid", zone)
    found.add_component(_part(rules, start, start))
    for moment in _changes(rules, start, end):
        found.add_component(_part(rules, moment, moment - timedelta(seconds=1)))
    return found


@lru_cache(maxsize=200)
def written(zone: str, first_year: int, last_year: int) -> bytes:
    """The same as it stands in a file."""
    return vtimezone(zone, first_year, last_year).to_ical()


def _part(rules: ZoneInfo, moment: datetime, before: datetime) -> TimezoneStandard | TimezoneDaylight:
    """The rule from a moment on; its start is written on the clock that ran until then (RFC 5545, 3.6.5)."""
    old, new = before.astimezone(rules).utcoffset(), moment.astimezone(rules).utcoffset()
    part = TimezoneDaylight() if new > old else TimezoneStandard()
    part.add("dtstart", (moment + old).replace(tzinfo=None))
    part.add("tzoffsetfrom", old)
    part.add("tzoffsetto", new)
    part.add("tzname", moment.astimezone(rules).tzname())
    return part


def _changes(rules: ZoneInfo, start: datetime, end: datetime) -> Iterator[datetime]:
    """The first second of each new offset. No zone changes its clock twice within a day."""
    day = start
    while day < end:
        following = day + _DAY
        if following.astimezone(rules).utcoffset() != day.astimezone(rules).utcoffset():
            yield _between(rules, day, following)
        day = following


def _between(rules: ZoneInfo, low: datetime, high: datetime) -> datetime:
    old = low.astimezone(rules).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        if middle.astimezone(rules).utcoffset() == old:
            low = middle
        else:
            high = middle
    return high
