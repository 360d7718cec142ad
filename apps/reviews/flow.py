"""The way from contributions to the outcome, drawn: columns of boxes, with bands between them as wide as their counts.
A small count is drawn and told as such.

Attributes only, no style; mirrored where the reading is from the right, as ``apps.stakeholders.drawing``.
"""

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _

from apps.core.languages import active_language, direction, version
from apps.reviews import contributions
from apps.reviews.models import Recommendation, Submission
from apps.reviews.trace import Figures, Forward, Way

_COLUMN, _BOX, _HEIGHT, _LEAST, _APART, _TOP, _EDGE = 260, 14, 220, 18, 26, 36, 10
_ONE = 24  # how high one contribution is where it is drawn alone
_MOST = 8  # in a column
_FILLS = {"": "#0a4f6b", "soft": "#9db4c0", "good": "#1d6b45", "bad": "#a2321f"}


@dataclass(frozen=True)
class Node:
    """``key`` names it among the links, ``number`` is what is told of its count; ``tone`` is "", "soft", "good" or
    "bad"."""

    key: str
    words: str
    count: int
    tone: str = ""
    number: str = ""


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


@dataclass(frozen=True)
class _Sheet:
    width: float
    is_rtl: bool

    def place(self, x: float, wide: float = 0) -> float:
        return self.width - x - wide if self.is_rtl else x


def _drawing(columns: list[tuple[str, list[Node]]], links: list[tuple[str, str, int]], *, scale: float) -> Flow:
    """``scale`` is the height of one contribution."""
    sheet = _Sheet(_COLUMN * len(columns), direction(active_language()) == "rtl")
    shapes, where, heads = [], {}, []
    for number, (head, nodes) in enumerate(columns):
        edge = number * _COLUMN + _EDGE
        boxes = _stacked(sheet, edge, nodes, scale)
        where |= {node.key: _Ends(box.x, box.y, box.y) for node, box in zip(nodes, boxes, strict=True)}
        heads.append((sheet.place(edge), head))
        shapes += boxes
    bands = [
        _band(where[start], where[end], max(2.0, count * scale), is_rtl=sheet.is_rtl)
        for start, end, count in links
        if count
    ]
    lowest = max(shape.y + shape.height for shape in shapes) + _APART
    return Flow(sheet.width, lowest, heads, shapes, bands, "rtl" if sheet.is_rtl else "ltr")


def _stacked(sheet: _Sheet, edge: float, nodes: list[Node], scale: float) -> list[Shape]:
    """The boxes of a column, one under the other."""
    shapes, y = [], float(_TOP)
    for node in nodes:
        height = max(_LEAST if node.count else 2, node.count * scale)
        x, anchor = sheet.place(edge, _BOX), sheet.place(edge + _BOX + 8)
        shapes.append(Shape(x, y, _BOX, height, _FILLS[node.tone], node.words, node.number, anchor))
        y += height + _APART
    return shapes


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
    sent = _told("all", _("sent"), figures.all)
    built = _told("built", _("built into one"), figures.recommended)
    waiting = _told("waiting", _("in none yet"), figures.waiting, "soft")
    ends = [
        _told("reflected", _("reflected"), figures.reflected, "good"),
        _told("way", _("on the way"), figures.on_the_way, "soft"),
        _told("out", _("not reflected"), figures.left_out, "bad"),
    ]
    columns = [(_("Contributions"), [sent]), (_("Recommendations"), [built, waiting]), (_("Outcome"), ends)]
    links = [("all", node.key, node.count) for node in (built, waiting)]
    links += [("built", node.key, node.count) for node in ends]
    return _drawing(columns, links, scale=_HEIGHT / (sent.count or 1))


def _told(key: str, words: str, count: int, tone: str = "") -> Node:
    return Node(key, words, contributions.as_drawn(count), tone, contributions.told(count))


def of_submission(submission: Submission, led_to: Forward) -> Flow:
    """Where one contribution has come, a box for each thing that it led to; at most eight in a column."""
    sections, recommendations = led_to.sections[:_MOST], led_to.recommendations[:_MOST]
    passed, links = _passed(led_to.ways, sections, recommendations)

    def node(key: str, words: str, tone: str = "") -> Node:
        return Node(key, words, passed[key], tone)

    columns = [
        (_("Contribution"), [Node("all", submission.symbol, passed["all"] or 1)]),
        (_("Synthesis"), [node(f"s{one.pk}", _short(version(one, "title").text)) for one in sections]),
        (_("Recommendations"), [node(f"r{one.pk}", one.symbol, _tone(one)) for one in recommendations]),
        (_("Outcome"), [node(f"p{one.pk}", f"§ {one.paragraph}", "good") for one in recommendations if one.outcome_id]),
    ]
    links = [(*ends, count) for ends, count in links.items()]
    return _drawing([column for column in columns if column[1]], links, scale=_ONE)


def _passed(ways: list[Way], sections: list, recommendations: list) -> tuple[Counter, Counter]:
    """How many ways pass each box, and how many lead from each to the next."""
    section_keys = {one.pk: f"s{one.pk}" for one in sections}
    ends = {one.pk: [f"r{one.pk}", *([f"p{one.pk}"] if one.outcome_id else [])] for one in recommendations}
    passed, links = Counter(), Counter()
    for section, recommendation in ways:
        boxes = ["all", *filter(None, [section_keys.get(section)]), *ends.get(recommendation, [])]
        passed.update(boxes)
        links.update(pairwise(boxes))
    return passed, links


def _short(text: str) -> str:
    return text if len(text) <= 28 else f"{text[:27]}…"


def _tone(one: Recommendation) -> str:
    if one.outcome_id:
        return "good"
    return "bad" if one.state == Recommendation.State.NOT_REFLECTED else ""
