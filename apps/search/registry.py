"""What the apps let people search: each says in a few lines, in ``AppConfig.ready``, how a record becomes a document.

Search knows none of them. What somebody may find is what ``objects.visible_to`` of the record's model gives.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache

from django.db import models
from django.db.models.fields.files import FieldFile

Key = tuple[str, int]


@dataclass(frozen=True)
class Content:
    """What is found of a record in one language. Never more than everybody may read who may read the record.

    ``check_at``: when who may see it changes by itself. ``file``: its text is read in the background and stands for
    ``body``. ``address`` is where it is read when that is not ``record.get_absolute_url()``.
    """

    title: str
    lead: str = ""
    body: str = ""
    names: str = ""
    objectives: Iterable[int] = ()
    countries: Iterable[str] = ()
    constituencies: Iterable[str] = ()
    on: date | None = None
    check_at: datetime | None = None
    file: FieldFile | None = None
    address: str = ""


@dataclass(frozen=True)
class Searchable:
    """``content(record, language)`` gives None for a language that has no version to be read.

    ``prepare`` adds to a queryset what ``content`` reads besides the record.
    """

    kind: str
    label: str
    model: type[models.Model]
    content: Callable[[models.Model, str], Content | None]
    prepare: Callable[[models.QuerySet], models.QuerySet] = field(default=lambda records: records)


kinds: dict[str, Searchable] = {}
# Model → what else changes with such a record: gives keys, or (kind, queryset of records)
_followers: dict[type[models.Model], list[Callable]] = {}
_kinds_of: dict[type[models.Model], list[str]] = {}
# Name of a facet → {code: label} in the page's language
topics: dict[str, Callable[[], dict[str, str]]] = {}
# Each gives groups of names by which the same thing is called
synonyms: list[Callable[[], Iterable[list[str]]]] = []


def register(searchable: Searchable) -> None:
    kinds[searchable.kind] = searchable
    _kinds_of.setdefault(searchable.model, []).append(searchable.kind)


def follow(
    model: type[models.Model], parts: Callable[[models.Model], Iterable[tuple[str, int | models.QuerySet]]]
) -> None:
    """With a record of ``model``, what ``parts`` names changes too: (kind, pk) or (kind, queryset)."""
    _followers.setdefault(model, []).append(parts)


def keys_with(record: models.Model) -> list[Key]:
    """The record itself and whatever changes with it."""
    found = [(kind, record.pk) for kind in _kinds_of.get(type(record), ())]
    for parts in _followers.get(type(record), ()):
        for kind, what in parts(record):
            if isinstance(what, models.QuerySet):
                found += [(kind, pk) for pk in what.values_list("pk", flat=True)]
            elif what:
                found.append((kind, what))
    return found


def concerns(record: models.Model) -> bool:
    return type(record) in _kinds_of or type(record) in _followers


_TOPICS = {"objectives": "number", "countries": "iso2", "constituencies": "code"}


@cache
def _topics_of(model: type[models.Model]) -> dict[str, str]:
    there = {field.name for field in model._meta.many_to_many}
    return {name: code for name, code in _TOPICS.items() if name in there}


def with_topics(records: models.QuerySet) -> models.QuerySet:
    """For ``prepare``: what ``about`` reads, into lists: a prefetched relation costs a queryset for each record."""
    return records.prefetch_related(
        *(models.Prefetch(name, to_attr=f"searched_{name}") for name in _topics_of(records.model))
    )


def about(record: models.Model) -> dict[str, list]:
    """The facets that a record's ``objectives``, ``countries`` and ``constituencies`` give, as far as it has them."""
    return {
        name: [getattr(one, code) for one in getattr(record, f"searched_{name}")]
        for name, code in _topics_of(type(record)).items()
    }


def first_words(text: str, most: int = 160) -> str:
    """The beginning of a text that has no title, whole words."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[:most].rsplit(' ', 1)[0]} …"
