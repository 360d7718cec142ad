"""What the secretariat should know about the day of a meeting: weekends, holidays, Ramadan, clocks that change.

These are hints and refuse nothing. Holidays are those of the ``holidays`` library, and so are weekends but for a few;
Ramadan is that of the Umm al-Qura calendar (``hijridate``). Dates that depend on the moon are estimates, and the page
says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from hijridate import Gregorian

from apps.accounts.models import User
from apps.core.dates import MissingWallTimeError, instant, long_date
from apps.core.languages import Version, active_language, isolated
from apps.core.zones import zone_name
from apps.meetings.models import Meeting
from apps.stakeholders.models import Country, Membership, Person

RAMADAN = 9
# People break their fast at sunset, from about 17:30 on in winter; in the hours before, few can sit in a meeting.
LATE_AFTERNOON = (time(15), time(19))
_LONGEST = 31

_FRI, _SAT, _SUN = 4, 5, 6
# Where the library takes Saturday and Sunday because it knows no better (Libya: CLDR 48; Palestine: the rest days of
# the State's offices; Somalia: one day), or has what was before 1 October 2014 (Mauritania).
_WEEKENDS = {"LY": {_FRI, _SAT}, "MR": {_SAT, _SUN}, "PS": {_FRI, _SAT}, "SO": {_FRI}}


@dataclass(frozen=True)
class Hint:
    """``kind`` is one of ``rules``, ``skipped``, ``weekend``, ``holiday``, ``ramadan``, ``twice``, ``clock``.

    ``text`` goes into a page as it is: what is HTML in it is safe, and the rest is escaped there.
    """

    kind: str
    text: str


def hints(meeting: Meeting) -> list[Hint]:
    """For a meeting that was saved; the same questions for any number of people."""
    days = [meeting.starts_on + timedelta(days=n) for n in range((meeting.ends_on - meeting.starts_on).days + 1)]
    days = days[:_LONGEST]
    people = _invited(meeting)
    countries = list(Country.objects.filter(pk__in=people.values("where")).order_by("iso2"))
    accounts = User.objects.filter(person__in=people, is_active=True)
    zones = {meeting.time_zone, *accounts.values_list("time_zone", flat=True)}
    return [
        *_new_rules(meeting),
        *_skipped_hours(meeting),
        *_weekends(days, countries),
        *_holidays(days, countries),
        *_fasting(meeting, days),
        *_repeated_hours(meeting),
        *_clock_changes(meeting, sorted(zones)),
    ]


def _invited(meeting: Meeting):
    """Those on the list, and who belongs to the group on the first day; each with ``where``, her country."""
    seated = Membership.objects.current(meeting.starts_on).filter(group=meeting.group_id)
    asked = meeting.participants.asked().filter(person__isnull=False)
    people = Person.objects.filter(Q(pk__in=seated.values("person")) | Q(pk__in=asked.values("person")))
    return people.annotate(where=Coalesce("country", "organisation__country"))


# Weekends and holidays


@lru_cache(maxsize=500)
def _calendar(iso2: str, year: int, language: str):
    """The library's days of a country and year, named in this language or else in English; None for a country that the
    library does not know. Its Arabic is called ``ar`` or, for one country, ``ar_EG``."""
    import holidays  # a quarter of a second, which no process should wait for at its start

    try:
        known = holidays.country_holidays(iso2).supported_languages
    except NotImplementedError:
        return None
    found = [code for wanted in (language, "en") for code in known if code.split("_")[0] == wanted]
    return holidays.country_holidays(iso2, years=year, language=found[0] if found else None)


def _language_of(calendar) -> str:
    """The language of the names: a calendar that has no language has English ones."""
    return (calendar.language or "en").split("_")[0]


def _calendars(day: date, countries: list[Country]) -> Iterator[tuple]:
    for country in countries:
        calendar = _calendar(country.iso2, day.year, active_language())
        if calendar is not None:
            yield country, calendar


def _weekends(days: list[date], countries: list[Country]) -> Iterator[Hint]:
    for day in days:
        resting = [
            country
            for country, calendar in _calendars(day, countries)
            if day.weekday() in _WEEKENDS.get(country.iso2, calendar.weekend)
        ]
        if resting:
            text = _("%(day)s is a weekend in: %(countries)s.")
            yield Hint("weekend", text % {"day": long_date(day), "countries": _listed(resting)})


def _holidays(days: list[date], countries: list[Country]) -> Iterator[Hint]:
    """One for each day; countries that call a holiday by the same name stand together."""
    for day in days:
        feasts: dict[Version, list[Country]] = {}
        for country, calendar in _calendars(day, countries):
            if name := calendar.get(day):
                language = _language_of(calendar)
                feasts.setdefault(Version(name, language, language != active_language()), []).append(country)
        if feasts:
            text = _("{day} is a public holiday. {holidays}")
            yield Hint("holiday", format_html(text, day=long_date(day), holidays=_feasts(feasts)))


def _feasts(feasts: dict[Version, list[Country]]) -> SafeString:
    sentence = _("{holiday}: {countries}.")
    sentences = [format_html(sentence, holiday=name, countries=_listed(where)) for name, where in feasts.items()]
    return format_html_join(" ", "{}", ((one,) for one in sentences))


def _listed(names) -> str:
    return pgettext("list", ", ").join(isolated(name) for name in names)


# Ramadan


def is_ramadan(day: date) -> bool:
    """By the Umm al-Qura calendar; a day more or less where the moon is watched."""
    try:
        return Gregorian(day.year, day.month, day.day).to_hijri().month == RAMADAN
    except OverflowError:  # years that the calendar's tables do not reach
        return False


def _fasting(meeting: Meeting, days: list[date]) -> Iterator[Hint]:
    for day in days:
        if is_ramadan(day) and _is_late(meeting, day):
            text = _("%(day)s is in Ramadan (estimated), and the meeting lasts into the late afternoon.")
            yield Hint("ramadan", text % {"day": long_date(day)})


def _is_late(meeting: Meeting, day: date) -> bool:
    """Whether the meeting touches the late afternoon of this day, on the clock of the place.

    Of several days "9:00 to 14:00" are the hours of each; "14:00 to 12:00" can only be from the first to the last.
    """
    is_daily = meeting.starts_time < meeting.ends_time
    start = meeting.starts_time if is_daily or day == meeting.starts_on else time.min
    end = meeting.ends_time if is_daily or day == meeting.ends_on else time.max
    return start < LATE_AFTERNOON[1] and end > LATE_AFTERNOON[0]


# Clocks


def _new_rules(meeting: Meeting) -> Iterator[Hint]:
    """The rules of the zone were changed after the day was set, and nobody has said that the hour is still right."""
    if meeting.rules_changed_at is None:
        return
    text = _(
        "The clocks in %(city)s follow a new rule since the day was set: the hour there stays as it was, and elsewhere "
        "the meeting begins at another hour. Is it still right?"
    )
    yield Hint("rules", text % {"city": isolated(zone_name(meeting.time_zone))})


def _edges(meeting: Meeting) -> Iterator[datetime]:
    yield datetime.combine(meeting.starts_on, meeting.starts_time)
    yield datetime.combine(meeting.ends_on, meeting.ends_time)


def _skipped_hours(meeting: Meeting) -> Iterator[Hint]:
    """An hour that was there when the meeting was saved; one that is not there is refused before."""
    for wall in _edges(meeting):
        try:
            instant(wall, meeting.time_zone)
        except MissingWallTimeError:
            text = _("%(hour)s does not exist any more on %(day)s, because the clocks go forward: choose another hour.")
            yield Hint("skipped", text % _moment(wall))


def _repeated_hours(meeting: Meeting) -> Iterator[Hint]:
    """The start or the end lies in an hour that the clock of the place shows twice: the first one counts."""
    zone = ZoneInfo(meeting.time_zone)
    for wall in _edges(meeting):
        if wall.replace(tzinfo=zone).utcoffset() > wall.replace(tzinfo=zone, fold=1).utcoffset():
            text = _("%(hour)s comes twice on %(day)s, because the clocks go back: the first one is meant.")
            yield Hint("twice", text % _moment(wall))


def _moment(wall: datetime) -> dict[str, str]:
    return {"hour": isolated(f"{wall:%H:%M}"), "day": long_date(wall.date())}


def _clock_changes(meeting: Meeting, zones: list[str]) -> Iterator[Hint]:
    nights: dict[date, list[str]] = {}
    for zone in zones:
        for night in _changes(meeting, ZoneInfo(zone)):
            nights.setdefault(night, []).append(zone_name(zone))
    for night, cities in sorted(nights.items()):
        text = _("In the night to %(day)s the clocks change in: %(cities)s.")
        yield Hint("clock", text % {"day": long_date(night), "cities": _listed(cities)})


def _changes(meeting: Meeting, zone: ZoneInfo) -> Iterator[date]:
    """The days that begin with another offset than the day before had at noon, from the night before the meeting to its
    end: the days are those of this zone, where the meeting may begin or end on another day than in its own."""
    day, end = meeting.starts_at.astimezone(zone).date(), meeting.ends_at.astimezone(zone)
    last = min(end.date(), day + timedelta(days=_LONGEST))
    while day <= last:
        if _noon(day, zone).utcoffset() != _noon(day - timedelta(days=1), zone).utcoffset():
            yield day
        day += timedelta(days=1)
    if end > _noon(end.date(), zone) and end.utcoffset() != _noon(end.date(), zone).utcoffset():
        yield end.date() + timedelta(days=1)


def _noon(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(12), zone)
