"""Tables: CSV and XLSX, written and read."""

from collections.abc import Iterable
from io import BytesIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from apps.core import spreadsheets
from apps.core.languages import isolated
from apps.core.tables import bare_cell, safe_cell
from apps.news.exchange.rows import Row, columns, unknown_columns

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
    lines = spreadsheets.lines(name, content)
    headings = [heading.strip() for heading in next(lines, [])]
    unknown = unknown_columns(headings)
    if unknown or not any(headings):
        texts = {"unknown": isolated(", ".join(unknown) or "–"), "columns": isolated(", ".join(columns()))}
        message = _("The first row must name the columns. Unknown: %(unknown)s. Possible: %(columns)s.")
        raise ValidationError(message % texts, code="columns")
    rows = []
    for cells in lines:
        if len(rows) >= spreadsheets.LONGEST:
            raise spreadsheets.too_long()
        row = {name: bare_cell(cell) for name, cell in zip(headings, cells, strict=False) if name}
        rows.append(row if any(row.values()) else {})
    while rows and not rows[-1]:
        rows.pop()
    if not rows:
        raise ValidationError(_("The table has no row."), code="empty")
    return rows
