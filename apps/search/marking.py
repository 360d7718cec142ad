"""The found words marked where they stand, in the spelling in which they stand; and the piece of a text around them.

What is fragile between two directions (symbols, ranges, addresses) is isolated, unless it is marked itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.core.richtext import isolate
from apps.search.query import Query, Sequence
from apps.search.words import Word, words_of

# A piece is about so long; of a text so much is looked at for one.
_PIECE, _LOOKED_AT = 260, 20_000
_BEFORE = 80


@dataclass(frozen=True)
class _Mark:
    start: int
    end: int
    stems: frozenset[str]


def marked(text: str, query: Query) -> SafeString:
    """The whole text, escaped."""
    return _with_marks(text, _marks(text, query), 0, len(text))


def piece(texts: Iterable[str], query: Query) -> SafeString:
    """The piece that holds most of the words, of the first text that has any; else the beginning of the first."""
    texts = [" ".join(text[:_LOOKED_AT].split()) for text in texts if text]
    for text in texts:
        if marks := _marks(text, query):
            start, end = _best(text, marks)
            return _with_marks(text, marks, start, end)
    return _with_marks(texts[0], [], 0, _word_end(texts[0], _PIECE)) if texts else SafeString()


def _marks(text: str, query: Query) -> list[_Mark]:
    """Where words of the query stand; the words of a phrase only where it stands as a whole."""
    words = [word for word in words_of(text) if word.stems]
    single = query.stems
    found = {place: shared for place, word in enumerate(words) if (shared := single.intersection(word.stems))}
    for phrase in query.phrases:
        for place in _places(phrase, words):
            for i, stems in enumerate(phrase.words):
                found[place + i] = found.get(place + i, frozenset()) | frozenset(stems)
    return [_Mark(words[place].start, words[place].end, found[place]) for place in sorted(found)]


def _places(phrase: Sequence, words: list[Word]) -> list[int]:
    first = frozenset(phrase.words[0])
    return [
        place
        for place, word in enumerate(words[: len(words) - len(phrase.words) + 1])
        if first.intersection(word.stems)
        and all(set(stems).intersection(words[place + i].stems) for i, stems in enumerate(phrase.words))
    ]


def _best(text: str, marks: list[_Mark]) -> tuple[int, int]:
    def value(mark: _Mark) -> int:
        inside = [other for other in marks if mark.start <= other.start < mark.start + _PIECE - _BEFORE]
        return len(frozenset().union(*(other.stems for other in inside))) * 10 + min(len(inside), 9)

    best = max(marks[:200], key=value)
    start = 0 if best.start <= _BEFORE else _word_start(text, best.start - _BEFORE)
    return start, _word_end(text, start + _PIECE)


def _word_start(text: str, place: int) -> int:
    return text.find(" ", place) + 1


def _word_end(text: str, place: int) -> int:
    if place >= len(text):
        return len(text)
    end = text.rfind(" ", 0, place)
    return end if end > 0 else place


def _with_marks(text: str, marks: list[_Mark], start: int, end: int) -> SafeString:
    pieces, place = [], start
    for mark in marks:
        if mark.start >= place and mark.end <= end:
            pieces.append((isolate(text[place : mark.start]), text[mark.start : mark.end]))
            place = mark.end
    body = format_html_join("", "{}<mark>{}</mark>", pieces)
    return format_html(
        "{}{}{}{}", "… " if start else "", body, isolate(text[place:end]), " …" if end < len(text) else ""
    )
