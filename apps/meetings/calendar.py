"""Meetings as iCalendar files (RFC 5545, RFC 5546): one for each meeting, whole calendars that others subscribe to, and
the files that go with mails to one participant.

UID and SEQUENCE let a calendar replace an older copy, whichever way it came; a cancelled meeting says so in STATUS and
is taken out by the calendar that has it. SEQUENCE is the record's revision: it rises with every save, so whatever
changes of time, place or state comes with a higher one. No address of anybody but the reader is in any of them.

A secret address holds nothing but whose it is and which number it has: nothing is kept that somebody could steal, and
the next number makes the one before worthless.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.core import audit
from apps.core.languages import active_language, field_in
from apps.core.models import AuditEntry
from apps.core.outbox import CalendarFile
from apps.meetings import ical, timezones
from apps.meetings.models import CalendarAddress, Meeting, Participant, Reply, groups_of
from apps.meetings.models.meetings import PREPARING_ROLES
from apps.meetings.models.participants import named_in

# What is over for longer is in nobody's calendar program any more.
KEPT_FOR = timedelta(days=365)
_SALT = "meetings.calendar"
_REFRESH = timedelta(hours=1)
_PARTSTAT = {
    Reply.NONE: "NEEDS-ACTION",
    Reply.IN_PERSON: "ACCEPTED",
    Reply.ONLINE: "ACCEPTED",
    Reply.CANNOT: "DECLINED",
    Reply.ALTERNATE: "DECLINED",
}


@dataclass(frozen=True)
class _Own:
    """What one person answered, for a calendar that she alone reads."""

    reply: str
    replied_at: datetime | None


def invite(meeting: Meeting, *, with_online_address: bool) -> bytes:
    """The meeting in the page's language, in its own zone with the zone's rules included.

    The online address is in it only for somebody who may join.
    """
    return _calendar([meeting], [_event(meeting, with_online_address=with_online_address)])


def feed(user) -> bytes:
    """All meetings that this user may see, from a year ago on; a stranger gets the public ones.

    Meetings in preparation are in no feed. The online address is in the feed of those who may join. Who was invited
    finds what she answered; what she does not come to leaves her time free.
    """
    shown = Meeting.objects.visible_to(user).exclude(status=Meeting.Status.DRAFT)
    meetings = list(shown.filter(ends_at__gte=timezone.now() - KEPT_FOR).order_by("starts_at", "pk"))
    prepares = user.is_authenticated and user.has_role(*PREPARING_ROLES)
    groups = set(groups_of(user))
    own = _replies_of(user)
    events = [
        _event(
            meeting,
            with_online_address=not meeting.is_cancelled and (prepares or meeting.group_id in groups),
            own=own.get(meeting.pk),
        )
        for meeting in meetings
    ]
    name = _("%(portal)s: meetings") % {"portal": settings.PORTAL_NAME[active_language()]}
    refresh = f"PT{_REFRESH // timedelta(hours=1)}H"
    return _calendar(
        meetings,
        events,
        ical.text("X-WR-CALNAME", name),
        ical.bare("REFRESH-INTERVAL", refresh, VALUE="DURATION"),
        ical.bare("X-PUBLISHED-TTL", refresh),
    )


def _replies_of(user) -> dict[int, _Own]:
    if not user.is_authenticated:
        return {}
    asked = Participant.objects.asked().filter(person__user=user, invited_at__isnull=False)
    return {meeting: _Own(*answer) for meeting, *answer in asked.values_list("meeting", "reply", "replied_at")}


# With mails to one participant


def request(participant: Participant) -> CalendarFile:
    """The meeting for this participant's calendar, in the language of her mails; sent anew it replaces what she has.

    She is the only ATTENDEE. RSVP is FALSE, because replies are given by the link in the mail, which asks for needs,
    too; what she replied stands in PARTSTAT. That link is not in the file: people share their calendars, and whoever
    has the link answers for her. The joining link is in it once she said that she comes: for who comes online, and
    for the group's own people who come in person, who read it on the page, too. No alarm: calendar programs have
    their own, and the portal writes before the day.
    """
    return _for(participant, "REQUEST", with_online_address=_may_have_the_link(participant))


def cancellation(participant: Participant) -> CalendarFile:
    """Takes the meeting out of this participant's calendar. Only CANCEL does: a REQUEST with STATUS:CANCELLED leaves it
    there (calcom/cal.diy#29706)."""
    return _for(participant, "CANCEL", with_online_address=False)


def _may_have_the_link(participant: Participant) -> bool:
    if participant.meeting.is_cancelled:
        return False
    is_inside = participant.capacity != Participant.Capacity.GUEST
    return participant.reply == Reply.ONLINE or (participant.reply == Reply.IN_PERSON and is_inside)


def _for(participant: Participant, method: str, *, with_online_address: bool) -> CalendarFile:
    """Of two files with one SEQUENCE the later DTSTAMP counts (RFC 5546, 2.1.5): the same meeting after a reply."""
    meeting, language = participant.meeting, participant.mail_language
    portal = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    with override(language):
        event = _event(
            meeting,
            ical.bare("ORGANIZER", _mailto(portal), CN=settings.PORTAL_NAME[language]),
            ical.bare(
                "ATTENDEE",
                _mailto(participant.address),
                CN=named_in(participant, language),
                CUTYPE="INDIVIDUAL",
                ROLE="REQ-PARTICIPANT",
                PARTSTAT=_PARTSTAT[Reply(participant.reply)],
                RSVP="FALSE",
            ),
            with_online_address=with_online_address,
            stamp=timezone.now(),
        )
        return CalendarFile(_calendar([meeting], [event], method=method).decode(), method)


def _mailto(address: str) -> str:
    return "mailto:" + quote(address, safe="@+!#$&'*/=?^_`{|}~")


# Their parts


def _event(
    meeting: Meeting,
    *lines: bytes,
    with_online_address: bool,
    own: _Own | None = None,
    stamp: datetime | None = None,
) -> bytes:
    """``lines`` are for one reader. ``stamp`` is the moment of writing; without it the moment of the last change."""
    language = active_language()
    address = settings.SITE_URL + meeting.get_absolute_url()
    changed = max(meeting.updated_at, own.replied_at) if own and own.replied_at else meeting.updated_at
    online = meeting.online_address if with_online_address else ""
    answer = _("Your reply: %(reply)s") % {"reply": Reply(own.reply).label} if own else ""
    described = "\n\n".join(filter(None, [field_in(meeting, "summary", language), online, answer, address]))
    place = field_in(meeting, "place", language)
    stays_away = own is not None and own.reply in (Reply.CANNOT, Reply.ALTERNATE)
    return ical.component(
        "VEVENT",
        ical.bare("UID", f"meeting-{meeting.pk}@{_host()}"),
        ical.bare("SEQUENCE", meeting.revision),
        ical.moment("DTSTAMP", stamp or changed),
        ical.moment("LAST-MODIFIED", changed),
        ical.wall("DTSTART", meeting.starts_wall, meeting.time_zone),
        ical.wall("DTEND", meeting.ends_wall, meeting.time_zone),
        ical.text("SUMMARY", str(meeting), LANGUAGE=language),
        ical.bare("STATUS", "CANCELLED" if meeting.is_cancelled else "CONFIRMED"),
        ical.bare("TRANSP", "TRANSPARENT" if stays_away else "OPAQUE"),
        ical.bare("URL", address),
        ical.text("DESCRIPTION", described, LANGUAGE=language),
        ical.text("LOCATION", place, LANGUAGE=language) if place else b"",
        *lines,
    )


def _calendar(meetings: list[Meeting], events: Iterable[bytes], *lines: bytes, method: str = "PUBLISH") -> bytes:
    years = {moment.year for meeting in meetings for moment in (meeting.starts_wall, meeting.ends_wall)}
    zones = sorted({meeting.time_zone for meeting in meetings})
    return ical.component(
        "VCALENDAR",
        ical.text("PRODID", f"-//{settings.PORTAL_NAME['en']}//{_host()}//EN"),
        ical.bare("VERSION", "2.0"),
        ical.bare("METHOD", method),
        *lines,
        *(timezones.written(zone, min(years) - 1, max(years) + 1) for zone in zones),
        *events,
    )


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
