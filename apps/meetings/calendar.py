"""A meeting as an iCalendar file (RFC 5545)."""

from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from icalendar import Calendar, Event

from apps.core.languages import active_language
from apps.meetings.models import Meeting


def invite(meeting: Meeting, *, with_online_address: bool) -> bytes:
    """The meeting in the page's language, in its own zone with the zone's rules included.

    The online address is in it only for somebody who may join. UID and SEQUENCE let a calendar replace an older copy.
    """
    language = active_language()
    host = urlsplit(settings.SITE_URL).hostname
    address = settings.SITE_URL + meeting.get_absolute_url()
    event = Event()
    event.add("uid", f"meeting-{meeting.pk}@{host}")
    event.add("sequence", meeting.revision)
    event.add("dtstamp", meeting.updated_at)
    event.add("dtstart", meeting.starts_at.astimezone(ZoneInfo(meeting.time_zone)))
    event.add("dtend", meeting.ends_at.astimezone(ZoneInfo(meeting.time_zone)))
    event.add("summary", str(meeting), parameters={"LANGUAGE": language})
    event.add("status", "CANCELLED" if meeting.is_cancelled else "CONFIRMED")
    event.add("url", address)
    lines = [getattr(meeting, f"summary_{language}") or "", address]
    if with_online_address:
        lines.insert(1, meeting.online_address)
    event.add("description", "\n\n".join(line for line in lines if line), parameters={"LANGUAGE": language})
    if place := getattr(meeting, f"place_{language}"):
        event.add("location", place, parameters={"LANGUAGE": language})
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.PORTAL_NAME['en']}//{host}//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar.to_ical()
