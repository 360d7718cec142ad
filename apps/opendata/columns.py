"""What a column of open data is: its name for machines, what it says in the reader's language, and its value."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from pydantic import create_model

from apps.core.languages import CODES, field_in
from apps.core.richtext import RichTextField, plain

# A text in each of the portal's languages; None where there is none.
Texts = create_model("Texts", **dict.fromkeys(CODES, (str | None, ...)))

_TYPES = {
    models.DateTimeField: datetime,
    models.DateField: date,
    models.TimeField: str,
    models.BooleanField: bool,
    models.IntegerField: int,
}


@dataclass(frozen=True)
class Column:
    """``of`` takes a record and gives what JSON can hold; ``codes`` says what the values stand for."""

    name: str
    about: str
    of: Callable[[models.Model], Any]
    type: Any = str
    codes: list[tuple[str, str]] = field(default_factory=list)

    @property
    def cells(self) -> list[str]:
        """The headings of its cells in a table."""
        return [f"{self.name}_{code}" for code in CODES] if self.type is Texts else [self.name]

    def row(self, value) -> list:
        """Its cells: lists in one cell with a space between the codes, which hold none."""
        if self.type is Texts:
            return [value[code] or "" for code in CODES]
        if isinstance(value, list):
            return [" ".join(map(str, value))]
        return ["" if value is None else value]

    @property
    def type_name(self) -> str:
        return str(_TYPE_NAMES[self.type])


_TYPE_NAMES = {
    str: _("text"),
    Texts: _("text in each language"),
    int: _("number"),
    bool: _("yes or no"),
    date: _("day, as 2026-12-07"),
    datetime: _("moment in UTC, as 2026-12-07T09:00:00Z"),
    list[int]: _("list of numbers"),
    list[str]: _("list of codes"),
}


def own(model, name: str, *, called: str = "", about: str = "") -> Column:
    """A field of the model as it is, under the name of the field."""
    found = model._meta.get_field(name)
    kind = next((_TYPES[base] for base in _TYPES if isinstance(found, base)), str)
    return Column(
        called or name,
        about or found.verbose_name,
        lambda record: _or_none(getattr(record, name)),
        kind,
        list(found.choices or ()),
    )


def both(model, name: str, *, shown: Callable[[models.Model, str], bool] = lambda record, code: True) -> Column:
    """A translated field in each language, without its markup; None in one in which it is not ``shown``."""
    found = model._meta.get_field(name)
    bare = plain if isinstance(found, RichTextField) else str

    def texts(record) -> dict[str, str | None]:
        return {code: bare(field_in(record, name, code)) or None if shown(record, code) else None for code in CODES}

    return Column(name, found.verbose_name, texts, Texts)


def address(of: Callable[[models.Model], str] = lambda record: record.get_absolute_url()) -> Column:
    """Where people read it, in each language."""

    def addresses(record) -> dict[str, str]:
        found = {}
        for code in CODES:
            with override(code):
                found[code] = settings.SITE_URL + of(record)
        return found

    return Column("address", _("where it is read on the portal"), addresses, Texts)


def objectives() -> Column:
    about = _("numbers of the objectives of the Global Compact, 1 to 23, as the global hub counts them")
    return Column("objectives", about, lambda record: sorted(one.number for one in record.objectives.all()), list[int])


def countries(name: str = "countries") -> Column:
    about = _("countries, by ISO 3166-1 code")
    return Column(name, about, lambda record: sorted(one.iso2 for one in getattr(record, name).all()), list[str])


def codes(name: str, about: str, of: Callable[[models.Model], list[str]]) -> Column:
    return Column(name, about, of, list[str])


def _or_none(value):
    return None if value == "" else value
