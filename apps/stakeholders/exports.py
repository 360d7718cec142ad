"""Lists of people, organisations and the engagement log as tables, as far as the person who asks may see them."""

from collections.abc import Callable, Iterator

from django.db.models import Model, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from apps.core import audit
from apps.core.languages import CODES, listed, name_of
from apps.core.models import AuditEntry
from apps.core.tables import csv_response
from apps.stakeholders.models import CHANNELS, SPOKEN, Engagement, Organisation, Person
from apps.stakeholders.models.reaching import names_of

# Rows of a table are read so many at a time, with what they point to.
_CHUNK = 2000


def _in_both(record: Model, field: str) -> list[str]:
    return [getattr(record, f"{field}_{code}") or "" for code in CODES]


def _organisation(one: Organisation) -> list:
    return [
        one.pk,
        *_in_both(one, "name"),
        one.acronym,
        one.constituency,
        listed(one.other_constituencies.all()),
        one.country,
        listed(one.countries.all()),
        listed(objective.number for objective in one.objectives.all()),
        one.email,
        one.phone,
        one.website,
        names_of(one.languages, SPOKEN),
        names_of(one.channels, CHANNELS),
        one.get_connection_display(),
        one.get_shown_to_display(),
    ]


def _person(one: Person) -> list:
    return [
        one.pk,
        *_in_both(one, "name"),
        *_in_both(one, "function"),
        one.organisation or "",
        one.country or "",
        one.email,
        one.phone,
        names_of(one.languages, SPOKEN),
        names_of(one.channels, CHANNELS),
        one.get_connection_display(),
        one.get_shown_name_display(),
    ]


def _engagement(one: Engagement) -> list:
    return [
        one.pk,
        one.happened_on,
        one.get_kind_display(),
        one.subject,
        listed(one.organisations.all()),
        listed(one.people.all()),
        listed(objective.number for objective in one.objectives.all()),
        listed(one.countries.all()),
        one.said,
        one.follow_up,
        one.on_behalf_of,
    ]


# Model → its columns, what a row is, and what is read with it.
_TABLES: dict[type[Model], tuple[list[str], Callable, list[str], list[str]]] = {
    Organisation: (
        [
            *("id", "name", "acronym", "constituency", "other_constituencies", "country", "countries", "objectives"),
            *("email", "phone", "website", "languages", "channels", "connection", "shown_to"),
        ],
        _organisation,
        ["constituency", "country"],
        ["other_constituencies", "countries", "objectives"],
    ),
    Person: (
        [
            *("id", "name", "function", "organisation", "country", "email", "phone", "languages", "channels"),
            *("connection", "shown_name"),
        ],
        _person,
        ["organisation", "country"],
        [],
    ),
    Engagement: (
        [
            *("id", "happened_on", "kind", "subject", "organisations", "people", "objectives", "countries", "said"),
            *("follow_up", "on_behalf_of"),
        ],
        _engagement,
        [],
        ["organisations", "people", "objectives", "countries"],
    ),
}
_BOTH = {"name", "function"}


def _headings(model: type[Model], columns: list[str]) -> Iterator[str]:
    for column in columns:
        title = _("Number") if column == "id" else capfirst(str(model._meta.get_field(column).verbose_name))
        if column in _BOTH:
            yield from (_("%(field)s (%(language)s)") % {"field": title, "language": name_of(code)} for code in CODES)
        else:
            yield title


def as_table(records: QuerySet, *, by):
    """The records as CSV; the trail keeps how many left the portal, and by whom. Protected people who are part of
    another record stand there as such, also for their guardians."""
    columns, row, pointing, linked = _TABLES[records.model]
    records = records.select_related(*pointing).prefetch_related(*linked)
    left = f"{records.model._meta.label_lower}: {records.count()}"
    audit.record(AuditEntry.Action.EXPORTED, by=by, changes={"rows": ["", left]})
    rows = (row(record) for record in records.iterator(chunk_size=_CHUNK))
    return csv_response(f"{records.model._meta.model_name}s", _headings(records.model, columns), rows)
