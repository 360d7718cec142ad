"""Which documents hold a query, with all that sorting and counting them needs; never more than the reader may see.

PostgreSQL asks its GIN indexes, SQLite looks through all documents, which is good to some 20,000 of them.
"""

import json
import math
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.models import Case, ExpressionWrapper, Q, Value, When
from django.utils import timezone

from apps.core.arabic import folded
from apps.search.fields import quoted
from apps.search.query import LONGEST, MOST_TERMS, Query, Sequence, Term, parsed
from apps.search.words import bare, stems, words_of

# So many hits are counted; of more the best of the newest are shown, as many.
MOST = 1000
# How much a word weighs in the title, and in the lead and the names; a little when it stands in the body only.
_IN_A_HEAD = {"A": 1.0, "B": 0.4}
_IN_A_BODY = 0.1
_SPACES = re.compile(r"\s+")
# So many letters begin a word.
_BEGINNING = 2


class Hit(NamedTuple):
    pk: int
    kind: str
    object_id: int
    language: str
    on: date | None
    objectives: str
    countries: str
    rank: float


@dataclass(frozen=True)
class Found:
    """``is_many``: there are more than ``MOST``, and ``hits`` are some of the best and newest of them."""

    hits: list[Hit]
    is_many: bool = False


_COLUMNS = ("pk", "kind", "object_id", "language", "on", "objectives", "countries")


def find(query: Query, documents: models.QuerySet) -> Found:
    """``documents`` are those that the reader may see."""
    if connections[documents.db].vendor == "postgresql":
        return _ask(query, documents)
    return _scan(query, documents)


def missing(query: Query, documents: models.QuerySet) -> list[Term]:
    """The terms that no document holds."""
    alone = {term: replace(query, wanted=(term,)) for term in query.wanted}
    if connections[documents.db].vendor == "postgresql":
        return [term for term, one in alone.items() if not _is_there(_tsquery(one), documents)]
    return [term for term, one in alone.items() if not find(one, documents).hits]


def is_had(word: tuple[str, ...], documents: models.QuerySet) -> bool:
    """Whether a document holds a word, given by its stems."""
    if connections[documents.db].vendor == "postgresql":
        return _is_there(" | ".join(map(quoted, word)), documents)
    return documents.filter(_any_stem(word)).exists()


def find_each(query: Query, documents: models.QuerySet) -> dict[Term, Found]:
    """What is found for each of the terms alone."""
    return {term: find(replace(query, wanted=(term,)), documents) for term in query.wanted}


def with_any(by_term: dict[Term, Found]) -> Found:
    """Documents that hold some of the terms: those first that hold more of them, and rarer ones."""
    worth = {term: math.log(2 + MOST / len(found.hits)) for term, found in by_term.items() if found.hits}
    ranks: dict[int, float] = {}
    hits_of: dict[int, Hit] = {}
    for term, value in worth.items():
        for hit in by_term[term].hits:
            hits_of[hit.pk] = hit
            ranks[hit.pk] = ranks.get(hit.pk, 0.0) + max(hit.rank, _IN_A_BODY) * value / sum(worth.values())
    hits = [hit._replace(rank=ranks[pk]) for pk, hit in hits_of.items()]
    return Found(hits, is_many=any(found.is_many for found in by_term.values()))


def holding(query: Query, documents: models.QuerySet) -> models.QuerySet:
    """The documents that hold it; on SQLite also those that hold a phrase's words in another order."""
    if connections[documents.db].vendor == "postgresql":
        return documents.filter(words__matches=_tsquery(query))
    wanted = Q()
    for term in query.wanted:
        wanted &= _having(term)
    unwanted = Q(pk__in=[])
    for term in query.unwanted:
        if not any(_is_checked(way) for way in term.ways):
            unwanted |= _having(term)
    return documents.filter(wanted).exclude(unwanted)


# PostgreSQL


def _rank(query: Query):
    """How well the heads of a document fit, from 0 to 1, as ``_rank_in`` counts it too: the mean of all terms."""
    total = Value(0.0)
    for term in query.wanted:
        cases = [When(heads__matches=_of_term(term, weight), then=Value(value)) for weight, value in _IN_A_HEAD.items()]
        total = total + Case(*cases, default=Value(0.0), output_field=models.FloatField())
    return ExpressionWrapper(total / Value(float(len(query.wanted))), output_field=models.FloatField())


def _ask(query: Query, documents: models.QuerySet) -> Found:
    """PostgreSQL's own statistics, which know of what the reader may not see as well, choose the way and never the
    answer: on each way there are either all hits or more than can be counted."""
    hits = _few("words", query, documents)
    if hits is not None:
        return Found(hits)
    in_heads = _few("heads", query, documents)
    if in_heads is None:
        in_heads = _newest("heads", query, documents)
    found = {hit.pk: hit for hit in in_heads}
    if len(found) <= MOST:
        found |= {hit.pk: hit for hit in _newest("words", query, documents)}
    return Found(list(found.values()), is_many=len(found) > MOST)


@contextmanager
def asking(using: str = DEFAULT_DB_ALIAS):
    """Around everything that asks the index: PostgreSQL does not know how long it takes to unpack a text, and would
    rather read all of them."""
    if connections[using].vendor != "postgresql":
        yield
        return
    with transaction.atomic(using=using):
        with connections[using].cursor() as cursor:
            cursor.execute(
                "SELECT set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true),"
                " set_config('work_mem', '32MB', true)"
            )
        yield


def _estimate(documents: models.QuerySet) -> int:
    """How many rows PostgreSQL expects; it may be wrong."""
    (plan,) = json.loads(documents.values("pk").explain(format="json"))
    return plan["Plan"]["Plan Rows"]


def _few(column: str, query: Query, documents: models.QuerySet) -> list[Hit] | None:
    """All hits at once, where PostgreSQL expects few of them and there are no more than ``MOST``."""
    holding_it = documents.filter(**{f"{column}__matches": _tsquery(query)}).order_by()
    if _estimate(holding_it) > 4 * MOST:
        return None
    hits = _hits(holding_it, query, MOST + 1)
    return hits if len(hits) <= MOST else None


def _newest(column: str, query: Query, documents: models.QuerySet) -> list[Hit]:
    """All hits, or more than ``MOST`` of which the newest are some: by lexemes of quarters that are asked in the index
    itself, then whatever there is."""
    asked = _tsquery(query)
    hits: list[Hit] = []
    for quarters in _spans(timezone.localdate()):
        within = f"({asked}) & ({' | '.join(map(quoted, quarters))})" if quarters else asked
        hits += _hits(documents.filter(**{f"{column}__matches": within}), query, MOST + 1)
        if len(hits) > MOST:
            break
    return hits


def _is_there(asked: str, documents: models.QuerySet) -> bool:
    """What stands in many documents stands in a recent one: PostgreSQL would gather all of them before it shows one."""
    holding_it = documents.filter(words__matches=asked).order_by()
    if _estimate(holding_it) > 4 * MOST:
        recent = " | ".join(map(quoted, next(_spans(timezone.localdate()))))
        if documents.filter(words__matches=f"({asked}) & ({recent})").order_by().exists():
            return True
    return holding_it.exists()


def _spans(today: date) -> Iterator[list[str]]:
    """This quarter with the ones beside it, a year more; empty for everything. Few at a time: each costs."""
    now = today.year * 4 + (today.month - 1) // 3
    yield [_quarter(now + 1), _quarter(now), _quarter(now - 1)]
    yield [_quarter(now - back) for back in range(2, 6)]
    yield []


def _quarter(number: int) -> str:
    """Words never hold this sign."""
    return f"~{number // 4}q{number % 4 + 1}"


def day_lexeme(day: date) -> str:
    """What tells in the index about when a document is of: ``~2026q4``."""
    return _quarter(day.year * 4 + (day.month - 1) // 3)


def _hits(documents: models.QuerySet, query: Query, most: int) -> list[Hit]:
    rows = documents.order_by().annotate(rank=_rank(query)).values_list(*_COLUMNS, "rank")
    return list(map(Hit._make, rows[:most]))


def _tsquery(query: Query) -> str:
    parts = [_of_term(term) for term in query.wanted]
    parts += [f"!({_of_term(term)})" for term in query.unwanted]
    return " & ".join(parts)


def _of_term(term: Term, weight: str = "") -> str:
    """``weight``: only where it stands in the title (A), the lead and the names (B)."""
    label = f":{weight}" if weight else ""
    return "(" + " | ".join(dict.fromkeys(f"({_of_way(way, label)})" for way in term.ways)) + ")"


def _of_way(way: Sequence, label: str = "") -> str:
    if way.concept:
        return quoted(way.concept) + label
    words = ["(" + " | ".join(quoted(stem) + label for stem in word) + ")" for word in way.words]
    return (" <-> " if way.is_phrase else " & ").join(words)


# SQLite


def _scan(query: Query, documents: models.QuerySet) -> Found:
    has_phrases = any(_is_checked(way) for term in (*query.wanted, *query.unwanted) for way in term.ways)
    columns = [*_COLUMNS, "heads", *(["words"] if has_phrases else [])]
    rows = holding(query, documents).order_by().values_list(*columns)
    hits = []
    for row in rows.iterator(chunk_size=2000):
        row, heads, text = row[: len(_COLUMNS)], row[len(_COLUMNS)], row[-1]
        if not has_phrases or _holds(query, text):
            hits.append(Hit(*row, _rank_in(heads, query)))
    if len(hits) <= MOST:
        return Found(hits)
    hits.sort(key=lambda hit: (hit.rank, hit.on or date.min), reverse=True)
    return Found(hits[:MOST], is_many=True)


def _having(term: Term) -> Q:
    found = Q(pk__in=[])
    for way in term.ways:
        together = Q()
        for word in [[way.concept]] if way.concept else way.words:
            together &= _any_stem(word)
        found |= together
    return found


def _is_checked(way: Sequence) -> bool:
    """Whether the order of its words is looked at in the text."""
    return way.is_phrase and not way.concept


def _any_stem(word: Iterable[str]) -> Q:
    found = Q(pk__in=[])
    for stem in word:
        found |= Q(words__has=stem)
    return found


def _holds(query: Query, text: str) -> bool:
    return all(_is_in(term, text) for term in query.wanted) and not any(_is_in(term, text) for term in query.unwanted)


def _is_in(term: Term, text: str) -> bool:
    return any(_way_is_in(way, text) for way in term.ways)


def _way_is_in(way: Sequence, text: str) -> bool:
    if way.concept:
        return f"|{way.concept}|" in text
    if not way.is_phrase:
        return all(any(f"|{stem}|" in text for stem in word) for word in way.words)
    return _phrase(way).search(text) is not None


def _phrase(way: Sequence) -> re.Pattern:
    """Words in a row, as ``fields.as_text`` writes them; stems hold no sign that means something in a pattern."""
    words = [rf"\|(?:[^ \n]*\|)?(?:{'|'.join(map(re.escape, word))})\|(?:[^ \n]*)?" for word in way.words]
    return re.compile(" ".join(words))


def _rank_in(heads: str, query: Query) -> float:
    """Like PostgreSQL's rank: what stands in the title counts more than what stands in the lead."""
    parts = [(line[0], line) for line in heads.split("\n") if line]
    total = 0.0
    for term in query.wanted:
        total += max((_IN_A_HEAD.get(weight, 0) for weight, line in parts if _is_in(term, line)), default=0)
    return total / len(query.wanted)


# Words that are still being typed


def begun(text: str, documents: models.QuerySet) -> models.QuerySet:
    """Documents with these words in their heads, the last one as a beginning; none for a beginning of one letter."""
    *whole, last = [*_SPACES.split(text[:LONGEST].strip())][-MOST_TERMS:] or [""]
    beginning = bare(folded(last))
    if len(beginning) < _BEGINNING or not beginning.isalnum():
        return documents.none()
    query = parsed(" ".join(whole))
    is_postgresql = connections[documents.db].vendor == "postgresql"
    if is_postgresql:
        start = f"({quoted(beginning)}:*" + "".join(f" | {quoted(stem)}" for stem in stems(last)) + ")"
        asked = " & ".join([*(_of_term(term) for term in query.wanted), start])
        return documents.filter(heads__matches=asked)
    found = Q(heads__begins=beginning) | _in_heads((stems(last),))
    for term in query.wanted:
        found &= _in_heads([word for way in term.ways for word in way.words])
    return documents.filter(found)


def has_begun(text: str, heading: str) -> bool:
    """Whether the last word that is being typed stands in this heading, as far as it is typed."""
    last = (_SPACES.split(text.strip()) or [""])[-1]
    beginning, found = bare(folded(last)), stems(last)
    return any(
        bare(folded(heading[word.start : word.end])).startswith(beginning) or set(word.stems).intersection(found)
        for word in words_of(heading)
    )


def _in_heads(words: Iterable[Iterable[str]]) -> Q:
    found = Q(pk__in=[])
    for stem in {stem for word in words for stem in word}:
        found |= Q(heads__has=stem)
    return found
