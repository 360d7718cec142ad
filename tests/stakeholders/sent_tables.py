"""Tables as they are sent, checked and imported."""

import csv
from io import BytesIO, StringIO

from openpyxl import Workbook

from apps.stakeholders.importing import runs
from apps.stakeholders.models import StakeholderImport

HEADINGS = ["name_en", "name_ar", "constituency", "country"]


def table(rows: list[list[str]], headings: list[str] = HEADINGS) -> bytes:
    out = StringIO()
    csv.writer(out).writerows([headings, *rows])
    return out.getvalue().encode()


def sheet(rows: list[list], headings: list[str] = HEADINGS) -> bytes:
    book = Workbook()
    for row in [headings, *rows]:
        book.active.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def checked(by, rows, headings=HEADINGS, *, of: str = "organisations") -> StakeholderImport:
    run = runs.keep_file(of, "table.csv", table(rows, headings), by=by)
    list(runs.check(runs.choose_columns(run, run.columns, by=by), by=by))
    run.refresh_from_db()
    return run


def carried_out(run, by, for_all: str = runs.SKIP, **choices) -> StakeholderImport:
    list(runs.carry_out(run, by=by, for_all=for_all, choices={int(row[1:]): what for row, what in choices.items()}))
    run.refresh_from_db()
    return run


def counts(run) -> tuple[int, int, int]:
    return run.new, run.filled, run.left_out
