"""Meetings as iCalendar files (RFC 5545): one for each meeting, and whole calendars that others subscribe to.

UID and SEQUENCE let a calendar replace an older copy; a cancelled meeting says so in STATUS and is taken out by the
calendar that has it. A secret address holds nothing but whose it is and which number it has: nothing is kept that
somebody could steal, and the next number makes the one before worthless.
"""

from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vDuration

from apps.core import audit
from apps.core.languages import active_language
from apps.core.models import AuditEntry
from apps.meetings.models import CalendarAddress, Meeting, groups_of
from apps.meetings.models.meetings import PREPARING_ROLES
from apps.meetings.timezones import vtimezone

# What is over for longer is in nobody's calendar program any more.
KEPT_FOR = timedelta(days=365)
_SALT = "meetings.calendar"
_REFRESH = timedelta(hours=1)


def invite(meeting: Meeting, *, with_online_address: bool) -> bytes:
    """The meeting in the page's language, in its own zone with the zone's rules included.

    The online address is in it only for somebody who may join.
    """
    return _calendar([_event(meeting, with_online_address=with_online_address)]).to_ical()


def feed(user) -> bytes:
    """All meetings that this user may see, from a year ago on; a stranger gets the public ones.

    Meetings in preparation are in no feed. The online address is in the feed of those who may join.
    """
    meetings = Meeting.objects.visible_to(user).exclude(status=Meeting.Status.DRAFT)
    meetings = meetings.filter(ends_at__gte=timezone.now() - KEPT_FOR).order_by("starts_at", "pk")
    prepares = user.is_authenticated and user.has_role(*PREPARING_ROLES)
    groups = set(groups_of(user).values_list("pk", flat=True)) if user.is_authenticated else set()
    calendar = _calendar(
        _event(meeting, with_online_address=not meeting.is_cancelled and (prepares or meeting.group_id in groups))
        for meeting in meetings
    )
    calendar.add("x-wr-calname", _("%(portal)s: meetings") % {"portal": settings.PORTAL_NAME[active_language()]})
    calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(_REFRESH))
    return calendar.to_ical()


def _event(meeting: Meeting, *, with_online_address: bool) -> Event:
    language = active_language()
    address = settings.SITE_URL + meeting.get_absolute_url()
    zone = ZoneInfo(meeting.time_zone)
    event = Event()
    event.add("uid", f"meeting-{meeting.pk}@{_host()}")
    event.add("sequence", meeting.revision)
    event.add("dtstamp", meeting.updated_at)
    event.add("dtstart", meeting.starts_at.astimezone(zone))
    event.add("dtend", meeting.ends_at.astimezone(zone))
    event.add("summary", str(meeting), parameters={"LANGUAGE": language})
    event.add("status", "CANCELLED" if meeting.is_cancelled else "CONFIRMED")
    event.add("url", address)
    lines = [getattr(meeting, f"summary_{language}") or "", address]
    if with_online_address:
        lines.insert(1, meeting.online_address)
    event.add("description", "\n\n".join(line for line in lines if line), parameters={"LANGUAGE": language})
    if place := getattr(meeting, f"place_{language}"):
        event.add("location", place, parameters={"LANGUAGE": language})
    return event


def _calendar(events: Iterable[Event]) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.PORTAL_NAME['en']}//{_host()}//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    years = set()
    for event in events:
        calendar.add_component(event)
        years |= {event["dtstart"].dt.year, event["dtend"].dt.year}
    for zone in sorted(calendar.get_missing_tzids()):
        calendar.subcomponents.insert(0, vtimezone(zone, min(years) - 1, max(years) + 1))
    return calendar


def _host() -> str:
    return urlsplit(settings.SITE_URL).hostname


# A calendar of one's own


def secret_address(user) -> str:
    """Where calendar programs fetch what this user may see, without logging in; made when it is first asked for."""
    own, _is_new = CalendarAddress.objects.get_or_create(user=user)
    token = signing.dumps([user.pk, own.number], salt=_SALT)
    return settings.SITE_URL + reverse("meetings:own_feed", args=[token])


@transaction.atomic
def replace_address(user) -> None:
    """From now on the address that was given away works no more."""
    own, _is_new = CalendarAddress.objects.select_for_update().get_or_create(user=user)
    own.number += 1
    own.save(update_fields=["number"])
    changes = {"calendar_address": [str(own.number - 1), str(own.number)]}
    audit.record(AuditEntry.Action.CHANGED, by=user, about=user, changes=changes)


def of_address(token: str):
    """Whose calendar this is; None when it is nobody's any more."""
    try:
        pk, number = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    own = CalendarAddress.objects.filter(user=pk, number=number, user__is_active=True).select_related("user").first()
    return own.user if own else None
