"""What people type is found among the first ten of more than 2,000 texts, on the database of the run."""

from django.contrib.auth.models import AnonymousUser

from apps.reviews.models import GoodPractice
from apps.search import indexing
from apps.search.answering import answer
from tests.search.made import others, practice
from tests.search.pairs import TARGETS

# Not found, each with why. The table may not have more of them.
MISSED = {"plain word papers"}  # other texts have “plain” and “papers” in their titles, this one in its lead


def test_the_table_of_pairs(db):
    targets = [practice(language, title, text) for language, title, text, _queries in TARGETS]
    GoodPractice.objects.bulk_create([*others(2000), *targets])
    indexing.reindex(kinds=["practice"])
    asked, missed = 0, set()

    for target, (language, title, _text, queries) in zip(targets, TARGETS, strict=True):
        for _what, typed in queries:
            asked += 1
            found = answer(typed, AnonymousUser(), language=language, chosen={})
            if target.pk not in [result.document.object_id for result in found.results]:
                missed.add(typed)

    assert asked >= 150
    assert missed == MISSED
    assert len(missed) <= asked * 0.05
