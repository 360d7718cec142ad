"""Tables that leave the portal as CSV, for spreadsheets: UTF-8 with its mark, and no cell that acts."""

import csv
import re
from collections.abc import Iterable

from django.http import StreamingHttpResponse
from django.utils import timezone, translation

_ACTS = re.compile("[\\s\ufeff\u200b-\u200f]*[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20|%]")
_NUMBER = re.compile(r"[+\-]?[\d(.][\d\s().,/:–-]*\Z")


def safe_cell(value) -> str:
    """The value as text; what a spreadsheet would take for a formula begins with an apostrophe. Numbers stay."""
    text = "" if value is None else str(value)
    return f"'{text}" if _ACTS.match(text) and not _NUMBER.match(text) else text


def bare_cell(text: str) -> str:
    """What ``safe_cell`` was given: without the apostrophe that it put in front."""
    rest = text[1:]
    return rest if text.startswith("'") and safe_cell(rest) == text else text


class _Line:
    def write(self, line: str) -> str:
        return line


def csv_response(filename: str, headings: Iterable, rows: Iterable[Iterable]) -> StreamingHttpResponse:
    """A download, row by row. ``filename`` is plain ASCII, without an extension.

    Rows are made while they leave: in the language and the zone of the page, and for no reader (who is protected stands
    there as such).
    """
    writer = csv.writer(_Line())
    language, zone = translation.get_language(), timezone.get_current_timezone()

    def lines():
        with translation.override(language), timezone.override(zone):
            yield "\ufeff" + writer.writerow([safe_cell(cell) for cell in headings])
            for row in rows:
                yield writer.writerow([safe_cell(cell) for cell in row])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}.csv"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
