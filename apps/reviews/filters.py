"""What the registers of a review are filtered by."""

from collections.abc import Callable

from django.db.models import QuerySet

from apps.core.arabic import folded
from apps.core.languages import CODES, field_in
from apps.stakeholders.filters import TopicFilter


class RegisterFilter(TopicFilter):
    def about(self, rows: QuerySet) -> QuerySet:
        """Those on the chosen objective that name the chosen country."""
        chosen = self.cleaned_data
        if chosen["objective"]:
            rows = rows.filter(objectives=chosen["objective"])
        if chosen["country"]:
            rows = rows.filter(countries=chosen["country"])
        return rows

    def with_words(self, rows: QuerySet, text_of: Callable[[object], str]) -> QuerySet:
        """Those in whose text all the words stand, as Arabic is compared. For some hundred rows: each is looked at."""
        words = folded(self.cleaned_data["words"]).split() if self.is_valid() else []
        if not words:
            return rows
        keys = [one.pk for one in rows.prefetch_related(None) if _has_all(words, folded(text_of(one)))]
        return rows.filter(pk__in=keys)


def _has_all(words: list[str], text: str) -> bool:
    return all(word in text for word in words)


def in_both(record, *fields: str) -> str:
    """The texts of these fields in both languages."""
    return " ".join(field_in(record, field, code) for field in fields for code in CODES)
