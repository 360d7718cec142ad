"""What people type is found among the first ten of more than 2,000 texts, on the database of the run."""

from django.contrib.auth.models import AnonymousUser

from apps.reviews.models import GoodPractice
from apps.search import indexing
from apps.search.answering import answer
from tests.search.made import others, practice, targets

# Other texts have “plain” and “papers” in their titles, this one has both in its lead.
MISSED = {"plain word papers"}


def test_the_table_of_pairs(db):
    wanted = targets()
    records = [practice(target.language, target.title, target.text) for target in wanted]
    GoodPractice.objects.bulk_create([*others(2000), *records])
    indexing.reindex(kinds=["practice"])

    missed = {
        typed
        for target, record in zip(wanted, records, strict=True)
        for _what, typed in target.queries
        if record.pk not in found_for(typed, target.language)
    }

    asked = sum(len(target.queries) for target in wanted)
    assert asked == 177
    assert missed == MISSED
    assert len(missed) <= asked * 0.05


def found_for(typed: str, language: str) -> list[int]:
    """The first ten of the page on which somebody reads in this language."""
    found = answer(typed, AnonymousUser(), language=language, chosen={})
    return [result.document.object_id for result in found.results]
