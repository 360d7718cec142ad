"""Which columns a table may have, how their headings are recognised, and how a cell is read."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.core.arabic import folded
from apps.core.digits import ascii_digits
from apps.core.formfields import DateField
from apps.core.languages import CODES, isolated, name_of, translated_fields
from apps.core.textpolicy import skeleton
from apps.stakeholders.models import (
    CHANNELS,
    SPOKEN,
    Constituency,
    Country,
    MatchKey,
    Objective,
    Organisation,
    Person,
    RememberedColumn,
    Segment,
)

MODELS: dict[str, type[Model]] = {Segment.Of.ORGANISATIONS: Organisation, Segment.Of.PEOPLE: Person}
_REACHED = ["languages", "channels", "connection", "email", "phone", "notes", "sources"]
FIELDS = {
    Segment.Of.ORGANISATIONS: [
        *(f"name_{code}" for code in CODES),
        *("acronym", "other_names", "constituency", "other_constituencies", "country", "countries", "objectives"),
        *_REACHED,
        "website",
    ],
    Segment.Of.PEOPLE: [
        *(f"{name}_{code}" for name in ("name", "function") for code in CODES),
        *("organisation", "country", "objectives", "gender"),
        *_REACHED,
        "keep_until",
    ],
}
LINKS = ("other_constituencies", "countries", "objectives")
_LISTS = {"languages": SPOKEN, "channels": CHANNELS}
# Where the same value may be written as a code or by name.
_POINTING = {"constituency": Constituency, "country": Country, "objectives": Objective}
_POINTING |= {"other_constituencies": Constituency, "countries": Country}
_SEPARATORS = str.maketrans("،;؛\n/", ",,,,,")


def label_of(of: str, name: str) -> str:
    """The column as people know it, in their language."""
    column = MODELS[of]._meta.get_field(name)
    language = getattr(column, "language", "")
    label = column.translated_field.verbose_name if language else column.verbose_name
    if not language:
        return capfirst(str(label))
    return capfirst(_("%(field)s (%(language)s)") % {"field": label, "language": name_of(language)})


def choices(of: str) -> list[tuple[str, str]]:
    return [("", "–"), *((name, label_of(of, name)) for name in FIELDS[of])]


def _heading(text: str) -> str:
    return " ".join(folded(text).replace("_", " ").split())[:200]


def guess(of: str, headings: list[str]) -> list[str]:
    """The field of each heading: as it was the last time, or by its name in either language; each field once."""
    known = {}
    for code in CODES:
        with override(code):
            known |= {_heading(label_of(of, name)): name for name in FIELDS[of]}
    known |= {_heading(name): name for name in FIELDS[of]}
    known |= dict(RememberedColumn.objects.filter(of=of).values_list("words", "field"))
    found = []
    for heading in headings:
        name = known.get(_heading(heading), "")
        found.append(name if name in FIELDS[of] and name not in found else "")
    return found


def remember(of: str, headings: list[str], columns: list[str]) -> None:
    meant = {_heading(heading): name for heading, name in zip(headings, columns, strict=True)}
    RememberedColumn.objects.bulk_create(
        (RememberedColumn(of=of, words=heading, field=name) for heading, name in meant.items() if heading),
        update_conflicts=True,
        unique_fields=["of", "words"],
        update_fields=["field"],
    )


@dataclass
class Read:
    """A row as it was read: the record in memory, what it points to, and what is wrong: (field, sentence)."""

    number: int
    record: Model
    links: dict[str, list] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)


class Reader:
    """Reads rows of one table. What they may point to is loaded once, organisations for each batch of rows."""

    def __init__(self, of: str, columns: list[str]):
        self.of, self.columns, self.model = of, columns, MODELS[of]
        self._known = {name: _by_name(model) for name, model in _POINTING.items() if name in columns}
        self._codes = {name: _codes(_LISTS[name]) for name in _LISTS if name in columns}
        for name in filter(None, columns):
            if found := self.model._meta.get_field(name).choices:
                self._codes[name] = _codes(found)
        self._organisations: dict[str, list[Organisation]] = {}

    def batch(self, rows: list[tuple[int, list[str]]]) -> list[Read]:
        """Empty rows are left out."""
        if "organisation" in self.columns:
            at = self.columns.index("organisation")
            self._organisations = _organisations_called({cells[at] for _number, cells in rows if len(cells) > at})
        return [self._read(number, cells) for number, cells in rows if any(cells)]

    def _read(self, number: int, cells: list[str]) -> Read:
        read = Read(number, self.model())
        if self.model is Person:
            for name in Person.SHARED:
                setattr(read.record, f"shown_{name}", "nobody")
        for name, cell in zip(self.columns, cells, strict=False):
            if name and cell.strip():
                try:
                    self._take(read, name, cell.strip())
                except ValidationError as error:
                    read.problems += [(name, message) for message in error.messages]
        if not read.problems:
            read.problems = _faults(read.record)
        return read

    def _take(self, read: Read, name: str, cell: str) -> None:
        record = read.record
        if name in LINKS:
            read.links[name] = [self._pointed(name, part) for part in _parts(cell)]
        elif name == "organisation":
            record.organisation = self._organisation(cell)
        elif name in _POINTING:
            setattr(record, name, self._pointed(name, cell))
        elif name in _LISTS:
            setattr(record, name, [_one_of(self._codes[name], part) for part in _parts(cell)])
        elif name == "keep_until":
            record.keep_until = DateField().clean(ascii_digits(cell))
        elif name in self._codes:
            setattr(record, name, _one_of(self._codes[name], cell))
        elif name == "website" and "://" not in cell:
            record.website = f"https://{cell}"
        else:
            setattr(record, name, cell)

    def _pointed(self, name: str, text: str) -> Model:
        return _one_of(self._known[name], text)

    def _organisation(self, text: str) -> Organisation:
        found = self._organisations.get(skeleton(text), [])
        if len(found) > 1:
            raise ValidationError(_("There are several organisations called “%(name)s”.") % {"name": isolated(text)})
        if not found:
            raise ValidationError(_("There is no “%(name)s”.") % {"name": isolated(text)})
        return found[0]


def _parts(cell: str) -> list[str]:
    return list(dict.fromkeys(part for part in map(str.strip, cell.translate(_SEPARATORS).split(",")) if part))


def _by_name(model: type[Model]) -> dict[str, Model]:
    """By number, code and name in each language, folded."""
    found = {}
    for one in model.objects.all():
        codes = [getattr(one, name, None) for name in ("number", "code", "iso2")]
        title = "title" if model is Objective else "name"
        names = [getattr(one, f"{title}_{code}") for code in CODES]
        found |= {_heading(str(name)): one for name in (*codes, *names) if name}
    return found


def _codes(choices: Iterable[tuple[str, str]]) -> dict[str, str]:
    found = {}
    for value, label in choices:
        found[_heading(value)] = value
        for code in CODES:
            with override(code):
                found[_heading(str(label))] = value
    return found


def _one_of(known: dict, text: str):
    found = known.get(_heading(ascii_digits(text)))
    if found is None:
        raise ValidationError(_("There is no “%(name)s”.") % {"name": isolated(text)})
    return found


def _organisations_called(names: set[str]) -> dict[str, list[Organisation]]:
    """By the skeleton of a name or an acronym; the inactive are left out."""
    keys = {skeleton(name) for name in names} - {""}
    kinds = (MatchKey.Kind.NAME, MatchKey.Kind.ACRONYM)
    rows = MatchKey.objects.filter(kind__in=kinds, key__in=keys, organisation__is_active=True)
    found: dict[str, list[Organisation]] = {}
    for row in rows.select_related("organisation"):
        same = found.setdefault(row.key, [])
        if row.organisation not in same:
            same.append(row.organisation)
    return found


def _faults(record: Model) -> list[tuple[str, str]]:
    """What the record's own rules say, without asking the database for each row."""
    problems = []
    pointing = [one.name for one in record._meta.concrete_fields if one.many_to_one and not one.null]
    for name in pointing:
        if getattr(record, f"{name}_id") is None:
            problems.append((name, _("This is needed.")))
    for check in (lambda: record.clean_fields(exclude=[*pointing, *translated_fields(type(record))]), record.clean):
        try:
            check()
        except ValidationError as error:
            problems += [(name, message) for name, messages in error.message_dict.items() for message in messages]
    return problems
