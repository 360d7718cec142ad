"""The way from contributions to the outcome, drawn: columns of boxes, with bands between them as wide as their counts.

Attributes only, no style; mirrored where the reading is from the right, as ``apps.stakeholders.drawing``.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.core.languages import active_language, direction, version
from apps.reviews.models import Recommendation, Submission
from apps.reviews.trace import Figures, Forward

_COLUMN, _BOX, _HEIGHT, _LEAST, _APART, _TOP, _EDGE = 260, 14, 220, 18, 26, 36, 10
_ONE = 24  # how high one contribution is where it is drawn alone
_FILLS = {"": "#0a4f6b", "soft": "#9db4c0", "good": "#1d6b45", "bad": "#a2321f"}


@dataclass(frozen=True)
class Node:
    """``key`` names it among the links; ``tone`` is "", "soft", "good" or "bad"."""

    key: str
    words: str
    count: int
    tone: str = ""


@dataclass(frozen=True)
class Shape:
    x: float
    y: float
    width: float
    height: float
    fill: str
    words: str
    number: str
    anchor: float

    @property
    def baseline(self) -> float:
        return self.y + 14


@dataclass(frozen=True)
class Flow:
    width: float
    height: float
    heads: list[tuple[float, str]]
    shapes: list[Shape]
    bands: list[str]
    direction: str


def _drawing(
    columns: list[tuple[str, list[Node]]], links: list[tuple[str, str, int]], *, scale: float, with_counts: bool
) -> Flow:
    """``scale`` is the height of one contribution."""
    is_rtl = direction(active_language()) == "rtl"
    width = _COLUMN * len(columns)

    def place(x: float, wide: float = 0) -> float:
        return width - x - wide if is_rtl else x

    shapes, where, lowest = [], {}, 0.0
    for number, (_head, nodes) in enumerate(columns):
        edge, y = number * _COLUMN + _EDGE, float(_TOP)
        for node in nodes:
            height = max(_LEAST if node.count else 2, node.count * scale)
            where[node.key] = _Ends(place(edge, _BOX), y, y)
            count = f"{node.count}" if with_counts else ""
            shapes.append(
                Shape(place(edge, _BOX), y, _BOX, height, _FILLS[node.tone], node.words, count, place(edge + _BOX + 8))
            )
            y += height + _APART
        lowest = max(lowest, y)
    bands = [
        _band(where[start], where[end], max(2.0, count * scale), is_rtl=is_rtl) for start, end, count in links if count
    ]
    heads = [(place(number * _COLUMN + _EDGE), head) for number, (head, _nodes) in enumerate(columns)]
    return Flow(width, lowest, heads, shapes, bands, "rtl" if is_rtl else "ltr")


@dataclass
class _Ends:
    """Where the next band leaves a box and where the next one comes in: one under the other."""

    x: float
    leaves: float
    enters: float


def _band(start: _Ends, end: _Ends, thick: float, *, is_rtl: bool) -> str:
    x1, x2 = (start.x, end.x + _BOX) if is_rtl else (start.x + _BOX, end.x)
    y1, y2, half = start.leaves, end.enters, (x2 - x1) / 2
    start.leaves, end.enters = y1 + thick, y2 + thick
    there = f"M{x1:.0f} {y1:.1f}C{x1 + half:.0f} {y1:.1f} {x2 - half:.0f} {y2:.1f} {x2:.0f} {y2:.1f}V{end.enters:.1f}"
    back = f"C{x2 - half:.0f} {end.enters:.1f} {x1 + half:.0f} {start.leaves:.1f} {x1:.0f} {start.leaves:.1f}Z"
    return there + back


def of_cycle(figures: Figures) -> Flow:
    """How many contributions have come how far."""
    waiting = figures.all - figures.recommended
    columns = [
        (_("Contributions"), [Node("all", _("sent"), figures.all)]),
        (
            _("Recommendations"),
            [
                Node("built", _("built into one"), figures.recommended),
                Node("waiting", _("in none yet"), waiting, "soft"),
            ],
        ),
        (
            _("Outcome"),
            [
                Node("reflected", _("reflected"), figures.reflected, "good"),
                Node("way", _("on the way"), figures.on_the_way, "soft"),
                Node("out", _("not reflected"), figures.left_out, "bad"),
            ],
        ),
    ]
    links = [
        *(("all", "built", figures.recommended), ("all", "waiting", waiting)),
        *(("built", "reflected", figures.reflected), ("built", "way", figures.on_the_way)),
        ("built", "out", figures.left_out),
    ]
    return _drawing(columns, links, scale=_HEIGHT / (figures.all or 1), with_counts=True)


def of_submission(submission: Submission, led_to: Forward) -> Flow:
    """Where one contribution has come, a box for each thing that it led to; at most eight in a column."""
    sections = [Node(f"s{one.pk}", _short(version(one, "title").text), 1) for one in led_to.sections[:8]]
    recommendations = [Node(f"r{one.pk}", one.symbol, 1, _tone(one)) for one in led_to.recommendations[:8]]
    reflected = [one for one in led_to.recommendations[:8] if one.outcome_id]
    paragraphs = [Node(f"p{one.pk}", f"§ {one.paragraph}", 1, "good") for one in reflected]
    columns = [
        (_("Contribution"), [Node("all", submission.symbol, 1)]),
        (_("Synthesis"), sections),
        (_("Recommendations"), recommendations),
        (_("Outcome"), paragraphs),
    ]
    before = [node.key for node in sections] or ["all"]
    links = [("all", node.key, 1) for node in sections]
    links += [(key, node.key, 1) for key in before for node in recommendations]
    links += [(f"r{one.pk}", f"p{one.pk}", 1) for one in reflected]
    return _drawing([column for column in columns if column[1]], links, scale=_ONE, with_counts=False)


def _short(text: str) -> str:
    return text if len(text) <= 28 else f"{text[:27]}…"


def _tone(one: Recommendation) -> str:
    if one.outcome_id:
        return "good"
    return "bad" if one.state == Recommendation.State.NOT_REFLECTED else ""
