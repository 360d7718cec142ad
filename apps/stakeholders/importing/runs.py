"""Importing in steps: keep the file's rows, say what its columns are, check every row, then save them."""

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from apps.core import audit, spreadsheets
from apps.core.languages import listed
from apps.core.models import AuditEntry
from apps.core.records import save_record, save_with_links
from apps.core.tables import bare_cell
from apps.stakeholders import matching
from apps.stakeholders.importing.columns import FIELDS, LINKS, MODELS, Read, Reader, guess, label_of, remember
from apps.stakeholders.models import Person, StakeholderImport
from apps.stakeholders.services import require_secretariat, save_person

State = StakeholderImport.State
# What becomes of a row that looks like a record which is there.
SKIP, FILL, NEW = "skip", "fill", "new"
_BATCH = 100
_MOST = 1000  # problems and duplicates that are kept to be shown


def keep_file(of: str, name: str, data: bytes, *, by) -> StakeholderImport:
    """Reads the file's rows. Raises ValidationError with a sentence for what cannot be read."""
    require_secretariat(by)
    found = spreadsheets.lines(name, data)
    headings = [heading.strip()[:200] for heading in next(found, [])]
    rows = []
    for cells in found:
        if len(rows) >= spreadsheets.LONGEST:
            raise spreadsheets.too_long()
        rows.append([bare_cell(cell) for cell in cells[: len(headings)]])
    while rows and not any(rows[-1]):
        rows.pop()
    if not any(headings) or not rows:
        raise ValidationError(_("The table needs a row of headings and rows below it."), code="empty")
    return StakeholderImport.objects.create(
        of=of, name=name[-200:], headings=headings, rows=rows, columns=guess(of, headings), sent_by=by
    )


@transaction.atomic
def choose_columns(run: StakeholderImport, columns: list[str], *, by) -> StakeholderImport:
    """Says which column is what, and remembers it for the next table with such headings. Returns the run as it is."""
    require_secretariat(by)
    named = [name for name in columns if name]
    if len(columns) != len(run.headings) or not set(named) <= set(FIELDS[run.of]):
        raise ValidationError(_("Choose for each column what it is."))
    if twice := {name for name in named if named.count(name) > 1}:
        names = listed(label_of(run.of, name) for name in sorted(twice))
        raise ValidationError(_("Two columns cannot be the same: %(names)s.") % {"names": names})
    if not any(name.startswith("name_") for name in named):
        raise ValidationError(_("One of the columns has to be the name."))
    run = _locked(run)
    if run.state == State.DONE:
        raise already_done()
    run.columns, run.state = columns, State.SENT
    run.problems, run.duplicates = [], []
    run.save(update_fields=["columns", "state", "problems", "duplicates"])
    remember(run.of, run.headings, columns)
    return run


def _locked(run: StakeholderImport) -> StakeholderImport:
    return StakeholderImport.objects.select_for_update().get(pk=run.pk)


def already_done() -> ValidationError:
    return ValidationError(_("This file is imported already, or it was not checked."))


def check(run: StakeholderImport, *, by) -> Iterator[int]:
    """Reads every row as it would be saved, and keeps what it found. Yields how many are done.

    Raises ValidationError when the table was imported, or its columns were chosen anew, meanwhile.
    """
    require_secretariat(by)
    reader, seen = Reader(run.of, run.columns), {}
    problems, duplicates, good = [], [], 0
    for batch in _batches(run.rows):
        reads = reader.batch(batch)
        there = _there([read for read in reads if not read.problems], by)
        for read in reads:
            problems += [{"row": read.number, "field": name, "message": str(text)} for name, text in read.problems]
            if not read.problems:
                good += 1
                if found := there.get(read.number) or _earlier(read, seen):
                    duplicates.append(found)
        yield batch[-1][0] - 1
    _keep_found(run, problems, duplicates, good)


@transaction.atomic
def _keep_found(run: StakeholderImport, problems: list[dict], duplicates: list[dict], good: int) -> None:
    columns, run = run.columns, _locked(run)
    if run.state == State.DONE or run.columns != columns:
        raise already_done()
    run.problems, run.duplicates = problems[:_MOST], duplicates
    run.new, run.left_out = good - len(duplicates), len({problem["row"] for problem in problems})
    run.state = State.CHECKED
    run.save(update_fields=["problems", "duplicates", "new", "left_out", "state"])


def _there(reads: list[Read], by) -> dict[int, dict]:
    """By row: the record that looks most like it, of those that this user sees, with why."""
    found = matching.alike_many([read.record for read in reads], by)
    return {
        read.number: {"row": read.number, "other": [other.pk, str(other)], "why": [str(reason) for reason in why]}
        for read, (other, why) in zip(reads, found, strict=True)
        if other is not None
    }


def _earlier(read: Read, seen: dict) -> dict | None:
    """The row above that this one repeats."""
    keys = matching.keys_of(read.record)
    same = sorted((seen[key], str(key[0].label)) for key in keys if key in seen)
    for key in keys:
        seen.setdefault(key, read.number)
    if not same:
        return None
    return {"row": read.number, "other": [0, same[0][0]], "why": sorted({why for _row, why in same})}


class RowError(ValidationError):
    """Something that was right when the rows were checked is so no more."""

    def __init__(self, number: int, text: str):
        super().__init__(_("Row %(row)s: %(message)s") % {"row": number, "message": text})


def carry_out(run: StakeholderImport, *, by, for_all: str, choices: dict[int, str]) -> Iterator[int]:
    """Saves every row that is right, in one transaction. Yields how many are done.

    ``choices`` says by row what becomes of a duplicate, ``for_all`` of the others: SKIP, FILL (its record is completed
    where it is empty) or NEW. Who stops listening before the end has imported nothing.
    """
    require_secretariat(by)
    with transaction.atomic():
        run = _locked(run)
        if run.state != State.CHECKED:
            raise already_done()
        work = _Work(run, by, for_all, choices)
        for batch in _batches(run.rows):
            for read in work.reader.batch(batch):
                work.take(read)
            yield batch[-1][0] - 1
        run.new, run.filled, run.left_out = work.counts[NEW], work.counts[FILL], work.counts[SKIP]
        run.state, run.rows, run.problems, run.duplicates = State.DONE, [], [], []
        run.save()
        counts = f"{run.new} new, {run.filled} completed, {run.left_out} left out"
        reason = _("Imported from a file: %(name)s") % {"name": run.name}
        audit.record(AuditEntry.Action.CHANGED, by=by, changes={run.of: ["", counts]}, reason=reason)


class _Work:
    def __init__(self, run: StakeholderImport, by, for_all: str, choices: dict[int, str]):
        self.reader, self.by, self.model = Reader(run.of, run.columns), by, MODELS[run.of]
        self.save = save_person if self.model is Person else save_record
        self.duplicates = {found["row"]: found["other"] for found in run.duplicates}
        self.choices, self.for_all = choices, for_all
        self.made: dict[int, int] = {}
        self.counts = {NEW: 0, FILL: 0, SKIP: 0}

    def take(self, read: Read) -> None:
        what = SKIP if read.problems else NEW
        if what == NEW and read.number in self.duplicates:
            what = self.choices.get(read.number) or self.for_all
        self.counts[what] += 1
        if what == SKIP:
            return
        try:
            with transaction.atomic():
                record = self._fill(read) if what == FILL else self._new(read)
        except (ValidationError, IntegrityError) as error:
            text = " ".join(error.messages) if isinstance(error, ValidationError) else _("The database refuses it.")
            raise RowError(read.number, text) from None
        self.made[read.number] = record.pk

    def _new(self, read: Read) -> Model:
        return save_with_links(read.record, read.links, by=self.by, save=self.save)

    def _fill(self, read: Read) -> Model:
        """Completes the record that is there where it is empty; what stands in it stays."""
        key, row = self.duplicates[read.number]
        key = key or self.made.get(row)
        found = self.model.objects.visible_to(self.by).select_for_update(of=("self",)).filter(pk=key).first()
        if found is None:
            raise ValidationError(_("The record that is to be completed is not there any more."))
        for name in self.reader.columns:
            if name and name not in LINKS and not getattr(found, name):
                setattr(found, name, getattr(read.record, name))
        save_with_links(found, read.links, by=self.by, save=self.save)
        return found


def _batches(rows: list[list[str]]) -> Iterator[list[tuple[int, list[str]]]]:
    """With each row's number as a spreadsheet counts: the headings are row 1."""
    numbered = list(enumerate(rows, start=2))
    for start in range(0, len(numbered), _BATCH):
        yield numbered[start : start + _BATCH]
