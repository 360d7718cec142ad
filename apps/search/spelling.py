"""Words of public documents as they are written there, and the nearest of them to a word typed amiss."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, models, transaction
from django.db.models.functions import Length
from django.utils import timezone
from rapidfuzz.distance import OSA

from apps.core.arabic import folded
from apps.search.finding import is_had
from apps.search.models import SearchDocument, Spelling
from apps.search.words import bare, is_stop_word, spellings, stems

# So alike, as pg_trgm measures it, must a word be to be looked at.
_ALIKE = 0.2
_LOOKED_AT = 40
_SHORTEST = 3
# Of so many words that have left a document it is asked whether another one has them; more go unasked.
_ASKED = 300
_REMEMBERED = 200_000


# Keeping them


def _words(documents: Iterable[SearchDocument]) -> dict[str, str]:
    found: dict[str, str] = {}
    for document in documents:
        if document.is_public:
            for text in (document.heading, document.opening, document.names, document.content):
                for key, written in spellings(text):
                    if key not in found:
                        found[key] = written
    return found


def follow(before: Iterable[SearchDocument], after: Iterable[SearchDocument]) -> None:
    """Adds the words of the documents as they are now; takes out those that no public document has any more."""
    new = _words(after)
    _keep(new)
    gone = [key for key in _words(before) if key not in new]
    kept = {key for key in gone[:_ASKED] if _is_had(key)}
    Spelling.objects.filter(folded__in=[key for key in gone if key not in kept]).delete()


def add(documents: Iterable[SearchDocument], known: set[str]) -> None:
    """Adds the words of the documents but for those that are ``known``, which grows with them, within bounds."""
    new = {key: written for key, written in _words(documents).items() if key not in known}
    if len(known) > _REMEMBERED:
        known.clear()
    known.update(new)
    _keep(new)


def _keep(words: dict[str, str]) -> None:
    now, keys = timezone.now(), sorted(words)
    if connection.vendor == "postgresql" and keys:
        with connection.cursor() as cursor:  # by the thousand, without an object for each
            cursor.execute(
                "INSERT INTO search_spelling (folded, written, seen_at) SELECT folded, written, %s"
                " FROM unnest(%s::text[], %s::text[]) AS new (folded, written)"
                " ON CONFLICT (folded) DO UPDATE SET seen_at = EXCLUDED.seen_at",
                [now, keys, [words[key] for key in keys]],
            )
        return
    Spelling.objects.bulk_create(
        [Spelling(folded=key, written=words[key], seen_at=now) for key in keys],
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["folded"],
        update_fields=["seen_at"],
    )


def _is_had(word: str) -> bool:
    return is_had(stems(word), SearchDocument.objects.public())


def forget_unseen(since: datetime) -> None:
    Spelling.objects.filter(seen_at__lt=since).delete()


# Asking them


def nearest(word: str, documents: models.QuerySet) -> str:
    """The word nearest to this one that ``documents``, those which the reader may see, have; "" when none is near."""
    typed = folded(word)
    asked = bare(typed)
    if len(asked) < _SHORTEST or is_stop_word(word) or not asked.isalpha():
        return ""
    furthest = 1 if len(asked) < 5 else 2 if len(asked) < 9 else 3
    measured = []
    for key, written in _candidates(asked, furthest):
        distance = OSA.distance(asked, key, score_cutoff=furthest)
        if 0 < distance <= furthest:
            measured.append((distance, key[0] != asked[0], abs(len(key) - len(asked)), key, written))
    for *_measure, written in sorted(measured)[:5]:
        if is_had(stems(written), documents):
            return f"ال{written}" if typed.startswith("ال") and typed != asked else written
    return ""


def _candidates(asked: str, furthest: int) -> list[tuple[str, str]]:
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(_ALIKE)])
            cursor.execute(
                "SELECT folded, written FROM search_spelling WHERE folded %% %s ORDER BY similarity(folded, %s) DESC"
                " LIMIT %s",
                [asked, asked, _LOOKED_AT],
            )
            return cursor.fetchall()
    letters = (len(asked) - furthest, len(asked) + furthest)
    return list(
        Spelling.objects.annotate(letters=Length("folded"))
        .filter(letters__range=letters)
        .values_list("folded", "written")
    )
