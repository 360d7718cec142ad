"""What a set of open data is: the records that are public now, and their columns."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from apps.opendata.columns import Column

STRANGER = AnonymousUser()


@dataclass(frozen=True)
class Dataset:
    """``records`` gives those that are public now; ``changed`` names the columns that say when one was changed last."""

    name: str
    title: str
    about: str
    records: Callable[[], QuerySet]
    columns: tuple[Column, ...]
    related: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()
    changed: tuple[str, ...] = ("updated_at",)

    def rows(self, *, since: date | None = None) -> QuerySet:
        """In the order of their numbers, which stay what they are; ``since`` a day that has begun in UTC."""
        found = self.records().order_by("pk")
        if since:
            begins = datetime.combine(since, time.min, tzinfo=UTC)
            changed = Q()
            for column in self.changed:
                changed |= Q(**{f"{column}__gte": begins})
            found = found.filter(changed)
        return found.select_related(*self.joined).prefetch_related(*self.related)

    def item(self, record) -> dict:
        return {"id": record.pk, **{column.name: column.of(record) for column in self.columns}}

    def cells(self, record) -> list:
        item = self.item(record)
        return [record.pk, *(cell for column in self.columns for cell in column.row(item[column.name]))]

    @property
    def headings(self) -> list[str]:
        return ["id", *(heading for column in self.columns for heading in column.cells)]

    def lines(self, *, since: date | None = None) -> Iterable[list]:
        for record in self.rows(since=since).iterator(chunk_size=200):
            yield self.cells(record)
