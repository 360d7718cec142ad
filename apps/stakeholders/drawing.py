"""Figures drawn on the server as SVG: attributes only, since the pages allow no style in them. On a ground of its own,
so that they read the same in the dark and in a file. Mirrored where the reading is from the right."""

from dataclasses import dataclass

from django.utils.html import format_html_join

from apps.core.languages import active_language, direction

CELL, LETTER, GAP, LINE = 34, 7.6, 2, 26
# From nobody to many: the fill, and the ink that is read on it (contrast above 4.5 in each).
_SHADES = [
    ("#fbe9e5", "#8a2a1a"),
    ("#e3f1f6", "#16242f"),
    ("#b7dbe8", "#16242f"),
    ("#5fa3bd", "#0b1a22"),
    ("#0a4f6b", "#ffffff"),
]
_STEPS = (1, 2, 4, 8)


@dataclass(frozen=True)
class Text:
    x: float
    y: float
    words: str
    turn: int = 0


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    fill: str
    ink: str
    words: str
    title: str
    beyond: float = 0  # where the words stand that do not fit in

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def baseline(self) -> float:
        return self.y + self.height / 2 + 5


@dataclass(frozen=True)
class Drawing:
    width: float
    height: float
    heads: list[Text]
    labels: list[Text]
    boxes: list[Box]
    direction: str

    @property
    def cells(self) -> str:
        """Each box with its words in the middle. Hundreds of them: a template would take most of a page's time."""
        return format_html_join("", _CELL, (_numbers(box) for box in self.boxes))


_CELL = (
    '<g><title>{}</title><rect x="{}" y="{}" width="{}" height="{}" rx="3" fill="{}"/>'
    '<text x="{}" y="{}" text-anchor="middle" fill="{}">{}</text></g>'
)


def _numbers(box: Box) -> tuple:
    edges = (f"{number:g}" for number in (box.x, box.y, box.width, box.height))
    return box.title, *edges, box.fill, f"{box.middle:g}", f"{box.baseline:g}", box.ink, box.words


def _in_lines(name: str) -> list[str]:
    """A long name in two lines of about the same length, so that cells are seen beside it on a phone."""
    words = name.split()
    if len(name) <= 24 or len(words) < 2:
        return [name]
    cut = min(range(1, len(words)), key=lambda at: abs(len(" ".join(words[:at])) - len(" ".join(words[at:]))))
    return [" ".join(words[:cut]), " ".join(words[cut:])]


def shade(count: int) -> tuple[str, str]:
    """The fill and the ink of a cell with this figure."""
    return _SHADES[sum(count >= step for step in _STEPS)]


def table(
    rows: list[str],
    columns: list[str],
    figures: list[list[int]],
    titles: list[list[str]],
    *,
    words: list[list[str]] | None = None,
) -> Drawing:
    """A cell for each figure, with the figure in it or what ``words`` say instead. ``columns`` of more than three
    letters stand aslant above."""
    is_rtl = direction(active_language()) == "rtl"
    longest = max((len(name) for name in columns), default=0)
    top = 30 if longest <= 3 else min(200, 40 + longest * 6)
    room = 0 if longest <= 3 else 90
    names = [_in_lines(name) for name in rows]
    label = 24 + max((len(line) for name in names for line in name), default=0) * LETTER
    width = label + len(columns) * CELL + room

    def place(x: float) -> float:
        return width - x if is_rtl else x

    heads = [
        Text(place(label + (index + 0.6) * CELL), top - 8, name, 0 if longest <= 3 else 55 if is_rtl else -55)
        for index, name in enumerate(columns)
    ]
    labels = [
        Text(place(8), top + (index + 0.5) * CELL + 5 + (at - (len(name) - 1) / 2) * 15, line)
        for index, name in enumerate(names)
        for at, line in enumerate(name)
    ]
    boxes = []
    words = words or [[f"{count}" for count in counts] for counts in figures]
    for down, (counts, said, names) in enumerate(zip(figures, words, titles, strict=True)):
        for across, (count, word, title) in enumerate(zip(counts, said, names, strict=True)):
            edge = place(label + across * CELL) - (CELL if is_rtl else 0)
            fill, ink = shade(count)
            boxes.append(
                Box(edge + GAP / 2, top + down * CELL + GAP / 2, CELL - GAP, CELL - GAP, fill, ink, word, title)
            )
    return Drawing(width, top + len(rows) * CELL + 10, heads, labels, boxes, "rtl" if is_rtl else "ltr")


def bars(counts: list[tuple[str, int]], titles: list[str], *, words: list[str] | None = None) -> Drawing:
    """A bar for each figure, one under the other; the figure stands at its end, or what ``words`` say instead."""
    words = words or [f"{count}" for _name, count in counts]
    is_rtl = direction(active_language()) == "rtl"
    names = [_in_lines(name) for name, _count in counts]
    room = 24 + max((len(line) for lines in names for line in lines), default=0) * LETTER
    high = CELL if any(len(lines) > 1 for lines in names) else LINE
    # The words at the end of the longest bar have room, whatever they are.
    width = room + 170 + 16 + max((len(word) for word in words), default=0) * LETTER
    most = max((count for _name, count in counts), default=0) or 1
    labels, boxes = [], []
    for index, (lines, (_name, count), title, word) in enumerate(zip(names, counts, titles, words, strict=True)):
        length, middle = max(2, 170 * count / most), index * high + high / 2 + 6
        edge = width - room - length if is_rtl else room
        labels += [
            Text(width - 8 if is_rtl else 8, middle + 4 + (at - (len(lines) - 1) / 2) * 15, line)
            for at, line in enumerate(lines)
        ]
        beyond = edge - 8 if is_rtl else edge + length + 8
        boxes.append(Box(edge, middle - 9, length, 18, "#0a4f6b", "#16242f", word, title, beyond))
    return Drawing(width, len(counts) * high + 12, [], labels, boxes, "rtl" if is_rtl else "ltr")
