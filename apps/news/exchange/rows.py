"""One article as one row of text: how each column is written, and how it is read again."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from apps.core.digits import ascii_digits, key_in
from apps.core.formfields import DateField
from apps.core.languages import CODES, field_in, isolated, name_of, translated_fields
from apps.news import content
from apps.news.models import Article

# The article's number and the version that was exported: an import notices what was saved since.
KEYS = ("id", "revision")
# How records that an article points to are named in a table; everything else by its number.
_NAMED_BY = {"objectives": "number", "countries": "iso2", "constituencies": "code"}

Row = dict[str, str]


@dataclass(frozen=True)
class Problem:
    """Why a row cannot be taken. ``row`` counts as a spreadsheet does: the headings are row 1."""

    row: int
    column: str
    message: str


def columns() -> list[str]:
    return [*KEYS, *(field.name for field in (*content.columns(), *content.links()))]


def label_of(column: str) -> str:
    """The column as people know it, in their language."""
    field = _fields().get(column)
    if field is None:
        return column
    language = getattr(field, "language", "")
    verbose = field.translated_field.verbose_name if language else field.verbose_name
    return f"{capfirst(str(verbose))} ({name_of(language)})" if language else capfirst(str(verbose))


@cache
def _fields() -> dict[str, models.Field]:
    return {field.name: field for field in (*content.columns(), *content.links())}


# Writing


def row_of(article: Article) -> Row:
    """The article in memory as it stands, with its newest version laid over it (services.with_newest)."""
    row = {"id": str(article.pk), "revision": str(article.revision)}
    for name, field in _fields().items():
        if field.many_to_many:
            row[name] = ", ".join(sorted((_name_of(name, record) for record in getattr(article, name).all()), key=_key))
        elif isinstance(field, models.JSONField):
            value = getattr(article, name)
            row[name] = json.dumps(value, ensure_ascii=False, sort_keys=True) if value else ""
        else:
            value = field.value_from_object(article)
            row[name] = "" if value is None else field.value_to_string(article)
    return row


def _name_of(column: str, record) -> str:
    return str(getattr(record, _NAMED_BY.get(column, "pk")))


def _key(name: str):
    return (0, int(name), "") if name.isdecimal() else (1, 0, name)


# Reading


class Reader:
    """Reads rows into articles in memory; the records that they name are looked up once for all of them."""

    def __init__(self, rows: Iterable[Row]):
        pointing = [field for field in _fields().values() if field.many_to_many or isinstance(field, models.ForeignKey)]
        named: dict[str, set[str]] = {field.name: set() for field in pointing}
        for row in rows:
            for name, found in named.items():
                found.update(_parts(row.get(name, "")))
        self._known = {field.name: _records_called(field, named[field.name]) for field in pointing}

    def read(self, row: Row, article: Article) -> tuple[dict[str, list], list[tuple[str, str]]]:
        """Gives the article what the row says; columns that it has not stay. Answers links, and what was wrong."""
        links, problems = {}, []
        for name, field in _fields().items():
            if name not in row:
                continue
            try:
                if field.many_to_many:
                    links[name] = self._records(name, row[name])
                else:
                    setattr(article, field.attname, self._value(name, field, row[name].strip(), article))
            except ValidationError as error:
                problems += [(name, message) for message in error.messages]
        if not problems:
            problems = _faults(article)
        return links, problems

    def _value(self, name: str, field: models.Field, text: str, article: Article):
        if isinstance(field, models.ForeignKey):
            return self._records(name, text)[0].pk if text else None
        if not text and not field.value_from_object(article):
            return field.value_from_object(article)  # an empty column stays empty as it was: NULL or ""
        if not text and (field.null or field.blank):
            return None if field.null and not isinstance(field, models.CharField | models.TextField) else _empty(field)
        if not text and field.has_default():
            return field.get_default()
        if isinstance(field, models.JSONField):
            return _json(text, field, article)
        if isinstance(field, models.DateField):
            return DateField().clean(ascii_digits(text))
        if field.choices:
            return _choice(field, text)
        return text

    def _records(self, name: str, text: str) -> list[models.Model]:
        found = []
        for part in _parts(text):
            record = self._known[name].get(part.casefold())
            if record is None:
                raise ValidationError(_("There is no “%(name)s”.") % {"name": isolated(part)})
            found.append(record)
        return found


def _parts(text: str) -> list[str]:
    return [part for part in map(str.strip, ascii_digits(text).replace("،", ",").split(",")) if part]


def _records_called(field: models.Field, names: set[str]) -> dict[str, models.Model]:
    """The records that a table calls so, by that name in small letters."""
    key = _NAMED_BY.get(field.name, "id")
    if isinstance(field.related_model._meta.get_field(key), models.CharField):
        names = {form for name in names for form in (name, name.lower(), name.upper())}
    else:
        names = {name for name in names if key_in(name) is not None}
    records = field.related_model._base_manager.filter(**{f"{key}__in": names}) if names else ()
    return {_name_of(field.name, record).casefold(): record for record in records}


def _empty(field: models.Field):
    return [] if isinstance(field, models.JSONField) else ""


def _json(text: str, field: models.Field, article: Article):
    try:
        return field.clean(json.loads(text), article)
    except (ValueError, RecursionError):
        raise ValidationError(_("This is not a list of quotations.")) from None


def _choice(field: models.Field, text: str) -> str:
    """The stored value, or its name in either language."""
    for value, label in field.flatchoices:
        names = {value}
        for code in CODES:
            with translation.override(code):
                names.add(str(label))
        if text.casefold() in {name.casefold() for name in names}:
            return value
    raise ValidationError(
        _("“%(text)s” is not one of these: %(choices)s.")
        % {"text": isolated(text), "choices": isolated(", ".join(value for value, _label in field.flatchoices))}
    )


def _faults(article: Article) -> list[tuple[str, str]]:
    """What the article's own rules say, without asking the database again for each row."""
    problems = []
    for check in (lambda: article.clean_fields(exclude=["picture", *translated_fields(Article)]), article.clean):
        try:
            check()
        except ValidationError as error:
            problems += [(name, message) for name, messages in error.message_dict.items() for message in messages]
    if not article.corrected_on and any(field_in(article, "correction", code) for code in CODES):
        problems.append(("corrected_on", _("A correction has its date.")))
    return problems


def unknown_columns(names: Iterable[str]) -> list[str]:
    known = {*columns(), ""}
    return [name for name in names if name not in known]
