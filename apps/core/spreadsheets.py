"""Tables that people send: the cells of a CSV or XLSX file, as text."""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO, StringIO
from zipfile import BadZipFile

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.uploads import check_document, check_name

LONGEST = 10_000  # rows
_LARGEST = 20 * 1024 * 1024  # bytes


class TableField(forms.FileField):
    """A file whose name ends as one of ``endings``."""

    def __init__(self, *, endings: tuple[str, ...] = (".csv", ".xlsx"), **kwargs):
        super().__init__(**{"label": gettext_lazy("File"), "allow_empty_file": True, **kwargs})
        self.endings = endings

    def clean(self, data, initial=None):
        file = super().clean(data, initial)
        check_name(file.name)
        if not file.name.lower().endswith(self.endings):
            raise ValidationError(
                _("Files of this kind are not taken. Send one of these: %(kinds)s.")
                % {"kinds": ", ".join(self.endings)}
            )
        return file


def lines(name: str, content: bytes) -> Iterator[list[str]]:
    """The file's rows, the headings among them. Raises ValidationError with a sentence for what is no such table."""
    if len(content) > _LARGEST:
        raise ValidationError(_("This file is too large. Divide the table."), code="large")
    return _xlsx_lines(name, content) if name.lower().endswith(".xlsx") else csv_lines(content)


def too_long() -> ValidationError:
    return ValidationError(_("At most %(count)s rows at once: divide the table.") % {"count": LONGEST})


def csv_lines(content: bytes, *, or_else: str = "") -> Iterator[list[str]]:
    """The same of a CSV file. ``or_else`` names the code page in which it may be when it is not in UTF-8: for lists
    as spreadsheets in Arabic write by themselves."""
    if b"\0" in content:
        raise ValidationError(_("This is not a CSV file."), code="csv")
    text = _decoded(content, or_else)
    first = text.split("\n", 1)[0]
    csv.field_size_limit(_LARGEST)
    try:
        yield from csv.reader(StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    except csv.Error:
        raise ValidationError(_("This is not a CSV file."), code="csv") from None


def _decoded(content: bytes, or_else: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        if or_else:
            return content.decode(or_else)
        raise ValidationError(_("This CSV file is not in UTF-8. Save it as “CSV UTF-8”."), code="csv") from None


def _xlsx_lines(name: str, content: bytes) -> Iterator[list[str]]:
    file = BytesIO(content)
    file.name, file.size = name, len(content)
    check_document(file)
    from openpyxl import load_workbook  # large, and rarely wanted: a web process loads it when somebody does
    from openpyxl.utils.exceptions import InvalidFileException

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
