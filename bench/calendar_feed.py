"""A member's own calendar with 500 meetings in six zones, beside icalendar's components making the same file.

    .venv/bin/python bench/calendar_feed.py [meetings]

SQLite in a folder of its own, production settings, requests through Django's test client; medians of 20 rounds in
turns. The peer is handed the meetings already loaded, and adds the same properties of the same events to an
icalendar.Calendar; both files are read back and compared.
"""

import os
import secrets
import statistics
import sys
import tempfile
import time
from datetime import date, timedelta
from zoneinfo import ZoneInfo

MEETINGS = int(sys.argv[1]) if len(sys.argv) > 1 else 500
ROUNDS = 20
ZONES = ["Africa/Cairo", "Asia/Beirut", "Asia/Riyadh", "Africa/Casablanca", "Africa/Nouakchott", "Asia/Baghdad"]


def took(action) -> float:
    """Milliseconds."""
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000


def make_meetings():
    from tests.factories import make_group, make_meeting, make_member

    group = make_group()
    for number in range(MEETINGS):
        make_meeting(
            group,
            day=date.today() + timedelta(days=number - MEETINGS // 2),  # noqa: DTZ011
            audience="members",
            time_zone=ZONES[number % len(ZONES)],
            online_address="https://meet.example.org/room",
            summary_ar="ملخص الاجتماع وما يُنتظر منه. " * 5,
            summary_en="What the meeting is about. " * 5,
        )
    return make_member(group)


def by_components(meetings) -> bytes:
    from django.conf import settings
    from icalendar import Calendar, Event

    calendar = Calendar()
    for name, value in (("prodid", "-//Multaqa//testserver//EN"), ("version", "2.0"), ("method", "PUBLISH")):
        calendar.add(name, value)
    for meeting in meetings:
        zone, event = ZoneInfo(meeting.time_zone), Event()
        address = settings.SITE_URL + meeting.get_absolute_url()
        event.add("uid", f"meeting-{meeting.pk}@testserver")
        event.add("sequence", meeting.revision)
        event.add("dtstamp", meeting.updated_at)
        event.add("last-modified", meeting.updated_at)
        event.add("dtstart", meeting.starts_at.astimezone(zone))
        event.add("dtend", meeting.ends_at.astimezone(zone))
        event.add("summary", meeting.title_ar, parameters={"LANGUAGE": "ar"})
        event.add("status", "CONFIRMED")
        event.add("transp", "OPAQUE")
        event.add("url", address)
        event.add("location", meeting.place_ar, parameters={"LANGUAGE": "ar"})
        described = "\n\n".join([meeting.summary_ar, meeting.online_address, address])
        event.add("description", described, parameters={"LANGUAGE": "ar"})
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar.to_ical()


def events_of(content: bytes) -> dict:
    from icalendar import Calendar

    return {
        str(event["uid"]): (event["dtstart"].dt, event["dtend"].dt, str(event["summary"]), str(event["description"]))
        for event in Calendar.from_ical(content).walk("VEVENT")
    }


def main() -> None:
    import django

    django.setup()

    from django.core.management import call_command
    from django.test import Client
    from django.utils import translation

    from apps.meetings import calendar
    from apps.meetings.models import Meeting

    call_command("compile_translations")
    call_command("migrate", verbosity=0)
    member, client = make_meetings(), Client()
    translation.activate("ar")
    path = calendar.secret_address(member).removeprefix("https://testserver")
    meetings = list(Meeting.objects.filter(ends_at__gte=calendar.timezone.now() - calendar.KEPT_FOR))

    answer = client.get(path)
    assert answer.status_code == 200
    translation.activate("ar")  # the request ended with the default
    assert events_of(answer.content) == events_of(by_components(meetings))
    actions = {"own calendar": lambda: client.get(path), "icalendar": lambda: by_components(meetings)}
    times = {name: [] for name in actions}
    for number in range(ROUNDS + 1):
        for name, action in actions.items():
            translation.activate("ar")
            spent = took(action)
            if number:
                times[name].append(spent)
    medians = {name: statistics.median(spent) for name, spent in times.items()}

    print(f"{len(meetings)} meetings, {len(answer.content):,} bytes, {ROUNDS} rounds\n")
    print("| | median ms | slowest ms |\n|---|---:|---:|")
    for name, spent in times.items():
        print(f"| {name} | {medians[name]:.0f} | {max(spent):.0f} |")
    print(f"\nto the peer: {medians['own calendar'] / medians['icalendar']:.2f}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ.pop("DATABASE_URL", None)
        os.environ.update(
            DJANGO_SETTINGS_MODULE="config.settings.base",
            SECRET_KEY=secrets.token_urlsafe(48),
            ALLOWED_HOSTS="testserver",
            SECURE_SSL_REDIRECT="false",
            DATA_DIR=folder,
        )
        sys.path.insert(0, ".")
        main()
