"""What became of a text: which words stayed, which went and which came."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from re import findall

# Above this many words in one changed stretch the words are not compared one by one: it would take too long.
_MOST_WORDS = 1500
SAME, REMOVED, ADDED = "same", "removed", "added"


@dataclass(frozen=True)
class Piece:
    kind: str
    text: str


def compare(before: str, after: str) -> list[Piece]:
    """The pieces of both texts in reading order; what went stands before what came in its place."""
    pieces = _pieces(before.splitlines(keepends=True), after.splitlines(keepends=True), _changed_lines)
    return _joined(pieces)


def _pieces(before: list[str], after: list[str], changed) -> Iterator[Piece]:
    for kind, b1, b2, a1, a2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Piece(SAME, "".join(before[b1:b2]))
        else:
            yield from changed(before[b1:b2], after[a1:a2])


def _changed_lines(before: list[str], after: list[str]) -> Iterator[Piece]:
    words = [findall(r"\s+|\S+", "".join(lines)) for lines in (before, after)]
    if max(map(len, words)) > _MOST_WORDS:
        yield from _changed_words(before, after)
    else:
        yield from _pieces(*words, _changed_words)


def _changed_words(before: list[str], after: list[str]) -> Iterator[Piece]:
    yield from (Piece(kind, "".join(words)) for kind, words in ((REMOVED, before), (ADDED, after)) if words)


def _joined(pieces: Iterator[Piece]) -> list[Piece]:
    groups = groupby((piece for piece in pieces if piece.text), key=lambda piece: piece.kind)
    return [Piece(kind, "".join(piece.text for piece in group)) for kind, group in groups]
