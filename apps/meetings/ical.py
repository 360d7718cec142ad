"""The lines of an iCalendar file (RFC 5545): icalendar escapes the texts and quotes the parameters, we fold.

icalendar's components would do all of it, but a calendar of 500 meetings is 7,000 lines: two thirds of the time went
into looking up equal zones for each date and into folding letter by letter (bench/calendar_feed.py).
"""

import re
from datetime import UTC, datetime

from icalendar import Parameters, vText

_LONGEST = 75  # octets, without the line's end
_CONTROLS = re.compile("[\x00-\x08\x0a-\x1f\x7f]")


def text(name: str, value: str, **parameters: str) -> bytes:
    """A property whose value is text; line ends in it stay line ends of the text and begin no property."""
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return _line(name, vText(value).to_ical(), parameters)


def bare(name: str, value: str | int, **parameters: str) -> bytes:
    """A property whose value is no text: a number, a word of the standard, an address."""
    clean = {key: _CONTROLS.sub(" ", each) for key, each in parameters.items()}
    return _line(name, _CONTROLS.sub("", str(value)).encode(), clean)


def moment(name: str, value: datetime) -> bytes:
    return bare(name, f"{value.astimezone(UTC):%Y%m%dT%H%M%SZ}")


def wall(name: str, value: datetime, zone: str) -> bytes:
    """A time on the clock of a zone, whose rules must be in the file."""
    return bare(name, f"{value:%Y%m%dT%H%M%S}", TZID=zone)


def component(name: str, *lines: bytes) -> bytes:
    """Lines and components in it, each with its line end."""
    return b"\r\n".join([b"BEGIN:" + name.encode(), b"".join(lines) + b"END:" + name.encode(), b""])


def _line(name: str, value: bytes, parameters: dict[str, str]) -> bytes:
    start = name.encode()
    if parameters:
        start += b";" + Parameters(parameters).to_ical()
    return folded(start + b":" + value)


def folded(line: bytes) -> bytes:
    """With its line end. No letter is cut in two, and no backslash is parted from what it escapes."""
    parts, start, room = [], 0, _LONGEST
    while len(line) - start > room:
        end = start + room
        while line[end] & 0xC0 == 0x80:
            end -= 1
        while line[end - 1 : end] == b"\\" and end > start + 1:
            end -= 1
        parts.append(line[start:end])
        start, room = end, _LONGEST - 1
    return b"\r\n ".join([*parts, line[start:]]) + b"\r\n"
