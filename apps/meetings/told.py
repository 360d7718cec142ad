"""When and where a meeting is, as people were last told, and what has changed since.

Each mail that carries a calendar file keeps what it said (``Notice.told``). A meeting that moves and moves back is news
twice, because the last mail counts and not whether the same was said at some time.
"""

from datetime import date, datetime, time
from hashlib import sha256

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.core.dates import long_date
from apps.core.languages import CODES, field_in
from apps.core.zones import zone_name, zone_or_none
from apps.meetings.models import Meeting, Notice, Participant

_WALL = ("starts_on", "starts_time", "ends_on", "ends_time", "time_zone")
# A zone's rules may change while the clock's time stays.
_WHEN = (*_WALL, "starts_at", "ends_at")


def facts(meeting: Meeting) -> dict[str, str]:
    """When and where it is, in plain texts; of the online address only a digest, which opens nothing."""
    return {
        **{name: getattr(meeting, name).isoformat() for name in _WHEN if name != "time_zone"},
        "time_zone": meeting.time_zone,
        "format": meeting.format,
        **{f"place_{code}": field_in(meeting, "place", code) for code in CODES},
        "link": sha256(meeting.online_address.encode()).hexdigest()[:16] if meeting.online_address else "",
    }


def news(participant: Participant, before: dict[str, str]) -> set[str]:
    """What is new for this person: any of ``when``, ``place``, ``format``, ``link``.

    A place that was corrected in the other language is none, and neither is a link that she does not come by.
    """
    now = facts(participant.meeting)
    place = f"place_{participant.mail_language}"
    found = {
        "when": any(before[name] != now[name] for name in _WHEN),
        "place": before.get(place, now[place]) != now[place],
        "format": before["format"] != now["format"],
        "link": participant.takes_part and bool(before["link"]) and before["link"] != now["link"],
    }
    return {name for name, is_new in found.items() if is_new}


def last_told(participants: list[Participant]) -> dict[int, dict[str, str]]:
    """By participant; who was never sent a calendar file is not in it."""
    notices = Notice.objects.filter(participant__in=participants, told__isnull=False).order_by("pk")
    return dict(notices.values_list("participant", "told"))


def behind(participants: list[Participant]) -> list[tuple[Participant, dict[str, str]]]:
    """Those for whom there is news, each with what she was told. The participants have their meeting with them."""
    known = last_told(participants)
    told = [(participant, known[participant.pk]) for participant in participants if participant.pk in known]
    return [(participant, before) for participant, before in told if news(participant, before)]


# In words


def when(told: dict[str, str], language: str) -> str:
    """The days and hours as a sentence in this language, on the clock of the place."""
    start, end = (
        datetime.combine(date.fromisoformat(told[f"{edge}_on"]), time.fromisoformat(told[f"{edge}_time"]))
        for edge in ("starts", "ends")
    )
    with override(language):
        texts = {
            "day": _day(start.date()),
            "from": f"{start:%H:%M}",
            "last": _day(end.date()),
            "to": f"{end:%H:%M}",
            "city": zone_name(told["time_zone"]),
        }
        if start.date() == end.date():
            return _("%(day)s, from %(from)s to %(to)s (%(city)s time)") % texts
        return _("%(day)s, %(from)s, to %(last)s, %(to)s (%(city)s time)") % texts


def when_elsewhere(meeting: Meeting, zone: str, language: str) -> str:
    """The same on the clock of another zone; "" when that shows the same time, or is there no more."""
    if (elsewhere := zone_or_none(zone)) is None:
        return ""
    start, end = (moment.astimezone(elsewhere) for moment in (meeting.starts_at, meeting.ends_at))
    walls = {"starts_on": start.date(), "starts_time": start.time(), "ends_on": end.date(), "ends_time": end.time()}
    if all(getattr(meeting, name) == value for name, value in walls.items()):
        return ""
    return when({**{name: value.isoformat() for name, value in walls.items()}, "time_zone": zone}, language)


def _day(day: date) -> str:
    return f"{date_format(day, 'l')} {long_date(day)}"


def changes(participant: Participant, before: dict[str, str], language: str) -> list[dict[str, str]]:
    """Each as ``{"now": …, "before": …}``, in whole sentences; the link is left out, and so is what reads the same."""
    now, new = facts(participant.meeting), news(participant, before)
    pairs = []
    if "when" in new:
        pairs.append((when(now, language), when(before, language)))
    if "place" in new:
        pairs.append((now[f"place_{language}"], before[f"place_{language}"]))
    if "format" in new:
        with override(language):
            pairs.append(tuple(str(Meeting.Format(told["format"]).label) for told in (now, before)))
    return [{"now": after or "–", "before": earlier or "–"} for after, earlier in pairs if after != earlier]


def has_new_rule(participant: Participant, before: dict[str, str]) -> bool:
    """The clock's time stayed, and it is another moment: the zone's rules were changed."""
    now = facts(participant.meeting)
    return all(before[name] == now[name] for name in _WALL) and "when" in news(participant, before)
