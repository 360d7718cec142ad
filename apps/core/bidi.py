"""Lines of text in both directions, as they are drawn from left to right (Unicode's bidirectional algorithm, UAX 9).

fpdf2 finds the levels. Its own lines turn round a whole line at a time, which misplaces what stands three levels deep:
a number in an Arabic title in an English line.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

from fpdf.bidi import BidiParagraph
from fpdf.enums import TextDirection

_SPACES = re.compile(r"[ \t\r\n]+")
# They say where a run starts and have no shape.
_MARKS = dict.fromkeys([0x061C, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF])


@dataclass(frozen=True)
class Run:
    """Letters of one direction; ``text`` is in the order of reading."""

    text: str
    is_rtl: bool


@dataclass(frozen=True)
class Line:
    """``runs`` in the order of reading; ``from_left`` are their places in it, from the left edge of the line on."""

    runs: list[Run]
    from_left: list[int]


def lines(text: str, direction: str, width: float, measure: Callable[[str], float]) -> list[Line]:
    """Breaks a paragraph of this direction (``rtl``, ``ltr``) into lines of at most ``width``, as ``measure`` tells."""
    text = _SPACES.sub(" ", text).strip(" ")
    levels = _levels(text, direction)
    return [_line(text[start:end], levels[start:end]) for start, end in _breaks(text, width, measure)]


def _levels(text: str, direction: str) -> list[int]:
    base = TextDirection.RTL if direction == "rtl" else TextDirection.LTR
    return [found.embedding_level for found in BidiParagraph(text, base, preserve_bn_chars=True).characters]


def _line(text: str, levels: list[int]) -> Line:
    runs, depths, start = [], [], 0
    for level, group in groupby(levels):
        end = start + len(list(group))
        if shown := text[start:end].translate(_MARKS):
            runs.append(Run(shown, level % 2 == 1))
            depths.append(level)
        start = end
    return Line(runs, _reordered(depths))


def _reordered(levels: list[int]) -> list[int]:
    """Rule L2: from the deepest level to the first odd one, whatever is at least as deep is turned round."""
    order = list(range(len(levels)))
    for depth in range(max(levels, default=0), 0, -1):
        order = _turned(order, [levels[place] >= depth for place in order])
    return order


def _turned(order: list[int], is_deep: list[bool]) -> list[int]:
    turned = []
    for deep, group in groupby(zip(order, is_deep, strict=True), key=lambda pair: pair[1]):
        places = [place for place, _deep in group]
        turned += reversed(places) if deep else places
    return turned


def _breaks(text: str, width: float, measure: Callable[[str], float]) -> list[tuple[int, int]]:
    """Where each line starts and ends: between words, and inside a word only when it is longer than a line."""
    found, start, end = [], 0, 0
    for word_start, word_end in _words(text):
        if end > start and measure(text[start:word_end].translate(_MARKS)) > width:
            found.append((start, end))
            start = word_start
        while (cut := _fitting(text, start, word_end, width, measure)) < word_end:
            found.append((start, cut))
            start = cut
        end = word_end
    return [*found, (start, end)] if end > start else found


def _words(text: str):
    start = 0
    for word in text.split(" "):
        if word:
            yield start, start + len(word)
        start += len(word) + 1


def _fitting(text: str, start: int, end: int, width: float, measure) -> int:
    """Up to where one word fits; one letter at least."""
    while end > start + 1 and measure(text[start:end].translate(_MARKS)) > width:
        end -= 1
    return end
