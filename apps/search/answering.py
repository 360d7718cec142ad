"""An answer to what somebody typed: the page of results, how many there are of what, and what else could be meant."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from operator import attrgetter

from django.core.paginator import Page
from django.utils import timezone
from django.utils.safestring import SafeString

from apps.core.paging import paged
from apps.search import registry, spelling
from apps.search.finding import Found, Hit, asking, begun, find, find_each, has_begun, missing, with_any
from apps.search.marking import marked, piece
from apps.search.models import SearchDocument
from apps.search.query import Query, parsed

PER_PAGE = 10
# What a day of age takes away from a rank: something in a lead never comes before the same in a title.
_RECENT, _HALF_LIFE = 0.1, 730
# Facet → the column that holds its codes, and the codes that a value of the column holds.
FACETS: dict[str, tuple[str, Callable[[str | date | None], list[str]]]] = {
    "kind": ("kind", lambda kind: [kind]),
    "language": ("language", lambda language: [language]),
    "objective": ("objectives", str.split),
    "country": ("countries", str.split),
    "year": ("on", lambda on: [str(on.year)] if on else []),
}


@dataclass(frozen=True)
class Result:
    document: SearchDocument
    title: SafeString
    text: SafeString
    is_foreign: bool

    @property
    def label(self) -> str:
        return registry.kinds[self.document.kind].label


@dataclass(frozen=True)
class Answer:
    """``corrected``: nothing was found for what was typed, and this was looked for instead. ``is_any``: nor was there a
    text with all words; these have some of them. ``counts``: facet → code → how many, with the other choices applied;
    empty when there are too many to count."""

    query: Query
    page: Page | None = None
    results: list[Result] = field(default_factory=list)
    total: int = 0
    is_many: bool = False
    corrected: str = ""
    is_any: bool = False
    counts: dict[str, Counter] = field(default_factory=dict)
    status: int = 200


def answer(text: str, user, *, language: str, chosen: dict[str, str], number: str | None = None) -> Answer:
    """``chosen`` is {facet: code}, codes that exist; ``language`` is the reader's."""
    query = parsed(text)
    if not query:
        return Answer(query)
    with asking():
        return _answer(text, query, user, language, chosen, number)


def _answer(text: str, query: Query, user, language: str, chosen: dict[str, str], number: str | None) -> Answer:
    documents = SearchDocument.objects.visible_to(user)
    found, corrected, is_any = find(query, documents), "", False
    if not found.hits:
        corrected, query, found = _corrected(text, query, documents)
        if not found.hits and len(query.wanted) > 1:
            found, is_any = with_any(find_each(query, documents)), True
    if found.is_many and chosen and not is_any:
        found = find(query, _chosen_in(documents, chosen))
    hits = _fitting(_once(found.hits, language, chosen), chosen)
    hits.sort(key=_order(language), reverse=True)
    page = paged(hits, number, size=PER_PAGE)
    return Answer(
        query=query,
        page=page.page,
        results=_results(page.page, query, user, language),
        total=len(hits),
        is_many=found.is_many,
        corrected=corrected,
        is_any=is_any and bool(hits),
        counts={} if found.is_many else _counts(found.hits, language, chosen),
        status=page.status,
    )


def _corrected(text: str, query: Query, documents) -> tuple[str, Query, Found]:
    """The same with the nearest words that there are, in place of those that no document has."""
    better = text
    for term in missing(query, documents) if len(query.wanted) > 1 else query.wanted:
        if len(term.ways) == 1 and (near := spelling.nearest(term.typed, documents)):
            better = better.replace(term.typed, near, 1)
    if better != text:
        again = parsed(better)
        found = find(again, documents)
        if not found.hits and len(again.wanted) > 1:
            found = with_any(find_each(again, documents))
        if found.hits:
            return better, again, found
    return "", query, Found([])


def _chosen_in(documents, chosen: dict[str, str]):
    if "kind" in chosen:
        documents = documents.filter(kind=chosen["kind"])
    if "language" in chosen:
        documents = documents.filter(language=chosen["language"])
    if "objective" in chosen:
        documents = documents.filter(objectives__contains=f" {chosen['objective']} ")
    if "country" in chosen:
        documents = documents.filter(countries__contains=f" {chosen['country']} ")
    if "year" in chosen:
        documents = documents.filter(on__year=chosen["year"])
    return documents


def _once(hits: list[Hit], language: str, chosen: dict[str, str]) -> list[Hit]:
    """A record that was found in both languages stands once: in the chosen language, or else in the reader's."""
    wanted = chosen.get("language", language)
    if "language" in chosen:
        return [hit for hit in hits if hit.language == wanted]
    there = {(hit.kind, hit.object_id) for hit in hits if hit.language == wanted}
    return [hit for hit in hits if hit.language == wanted or (hit.kind, hit.object_id) not in there]


def _fitting(hits: list[Hit], chosen: dict[str, str]) -> list[Hit]:
    for name, code in chosen.items():
        column, codes = FACETS[name]
        hits = [hit for hit in hits if code in codes(getattr(hit, column))]
    return hits


def _order(language: str):
    today = timezone.localdate()

    @cache
    def recent(day: date | None) -> float:
        age = max((today - day).days, 0) if day else 10 * _HALF_LIFE
        return _RECENT * 0.5 ** (age / _HALF_LIFE)

    def key(hit: Hit):
        return hit.language == language, hit.rank + recent(hit.on), hit.on or date.min, hit.object_id

    return key


def _counts(hits: list[Hit], language: str, chosen: dict[str, str]) -> dict[str, Counter]:
    counts, once = {}, _once(hits, language, chosen)
    for name, (column, codes) in FACETS.items():
        others = {facet: code for facet, code in chosen.items() if facet != name}
        pool = _fitting(hits if name == "language" else once, others)
        counts[name] = found = Counter()
        # Few values stand in many hits.
        for value, count in Counter(map(attrgetter(column), pool)).items():
            for code in codes(value):
                found[code] += count
    return counts


def _results(page: Page, query: Query, user, language: str) -> list[Result]:
    """The documents of a page, asked once more of the records themselves who may see them."""
    pks = [hit.pk for hit in page]
    documents = SearchDocument.objects.defer("heads", "words").in_bulk(pks)
    seen = _seen(documents.values(), user)
    return [
        Result(
            document=document,
            title=marked(document.heading, query),
            text=piece([document.opening, document.content, document.names], query),
            is_foreign=document.language != language,
        )
        for pk in pks
        if (document := documents.get(pk)) and (document.kind, document.object_id) in seen
    ]


def _seen(documents, user) -> set[tuple[str, int]]:
    by_kind: dict[str, list[int]] = {}
    for document in documents:
        by_kind.setdefault(document.kind, []).append(document.object_id)
    return {
        (kind, pk)
        for kind, pks in by_kind.items()
        for pk in registry.kinds[kind].model.objects.visible_to(user).filter(pk__in=pks).values_list("pk", flat=True)
    }


# While typing


@asking()
def suggestions(text: str, user, *, language: str, most: int = 6) -> list[SearchDocument]:
    """Documents whose title, lead or names have these words, the last one as far as it is typed."""
    documents = begun(text, SearchDocument.objects.visible_to(user).filter(language=language))
    found = list(documents.defer("heads", "words", "content").order_by("-on", "-object_id")[: most * 5])
    seen = _seen(found, user)
    found = [document for document in found if (document.kind, document.object_id) in seen]
    return sorted(found, key=lambda document: not has_begun(text, document.heading))[:most]


# For a feed


@asking()
def newest(text: str, user, *, chosen: dict[str, str], most: int) -> list[SearchDocument]:
    """The newest documents that hold exactly what was asked, each with its day."""
    query = parsed(text)
    if not query:
        return []
    documents = SearchDocument.objects.visible_to(user).exclude(on=None)
    hits = _fitting(find(query, _chosen_in(documents, chosen)).hits, chosen)
    pks = [hit.pk for hit in sorted(hits, key=lambda hit: (hit.on, hit.pk), reverse=True)[:most]]
    found = SearchDocument.objects.defer("heads", "words", "content").in_bulk(pks)
    seen = _seen(found.values(), user)
    there = [found[pk] for pk in pks if pk in found]  # the record may be deleted meanwhile
    return [document for document in there if (document.kind, document.object_id) in seen]
