"""Tables: CSV and XLSX, written and read."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from io import BytesIO, StringIO
from zipfile import BadZipFile

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils.exceptions import InvalidFileException

from apps.core.languages import isolated
from apps.core.tables import bare_cell, safe_cell
from apps.core.uploads import check_document
from apps.news.exchange.rows import Row, columns, unknown_columns

LONGEST = 10_000
_LARGEST = 20 * 1024 * 1024  # bytes
_LONGEST_CELL = 32_767  # what a cell of a spreadsheet holds


def write_xlsx(rows: Iterable[Row]) -> bytes:
    """Cells are text and never formulas."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("articles")
    sheet.freeze_panes = "C2"
    sheet.append(columns())
    for row in rows:
        sheet.append([_text_cell(sheet, row.get(name, "")) for name in columns()])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _text_cell(sheet, text: str) -> WriteOnlyCell:
    if len(text) > _LONGEST_CELL:
        raise ValidationError(_("One of the texts is longer than a cell can be. Export these articles as CSV."))
    cell = WriteOnlyCell(sheet, value=safe_cell(text))
    cell.data_type = "s"
    return cell


def read(name: str, content: bytes) -> list[Row]:
    """The rows of a table by column. Raises ValidationError with a sentence for what is no such table."""
    if len(content) > _LARGEST:
        raise ValidationError(_("This file is too large. Divide the table."), code="large")
    lines = _xlsx_lines(name, content) if name.lower().endswith(".xlsx") else _csv_lines(content)
    headings = [heading.strip() for heading in next(lines, [])]
    unknown = unknown_columns(headings)
    if unknown or not any(headings):
        texts = {"unknown": isolated(", ".join(unknown) or "–"), "columns": isolated(", ".join(columns()))}
        message = _("The first row must name the columns. Unknown: %(unknown)s. Possible: %(columns)s.")
        raise ValidationError(message % texts, code="columns")
    rows = []
    for cells in lines:
        if len(rows) >= LONGEST:
            raise ValidationError(_("At most %(count)s rows at once: divide the table.") % {"count": LONGEST})
        row = {name: bare_cell(cell) for name, cell in zip(headings, cells, strict=False) if name}
        rows.append(row if any(row.values()) else {})
    while rows and not rows[-1]:
        rows.pop()
    if not rows:
        raise ValidationError(_("The table has no row."), code="empty")
    return rows


def _csv_lines(content: bytes) -> Iterator[list[str]]:
    if b"\0" in content:
        raise ValidationError(_("This is not a CSV file."), code="csv")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValidationError(_("This CSV file is not in UTF-8. Save it as “CSV UTF-8”."), code="csv") from None
    first = text.split("\n", 1)[0]
    csv.field_size_limit(_LARGEST)
    try:
        yield from csv.reader(StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    except csv.Error:
        raise ValidationError(_("This is not a CSV file."), code="csv") from None


def _xlsx_lines(name: str, content: bytes) -> Iterator[list[str]]:
    file = BytesIO(content)
    file.name, file.size = name, len(content)
    check_document(file)
    try:
        sheet = load_workbook(BytesIO(content), read_only=True, data_only=True).worksheets[0]
        for cells in sheet.iter_rows(values_only=True):
            yield [_as_text(cell) for cell in cells]
    except (BadZipFile, InvalidFileException, KeyError, IndexError, ValueError, OSError):
        raise ValidationError(_("This is not a spreadsheet that can be read."), code="xlsx") from None


def _as_text(value) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
