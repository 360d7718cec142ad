"""From what was said to what became of it, and back: contributions → synthesis → recommendations → outcome.

What somebody may not read she does not find at either end; how many there are she is told, as far as the number names
nobody.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import CharField, Count, IntegerField, Q, QuerySet, Value

from apps.core.languages import version
from apps.reviews import contributions
from apps.reviews.models import Passage, Recommendation, ReviewCycle, Submission, SynthesisSection

_REFLECTED = Q(outcome__isnull=False)


# The keys of a section and of a recommendation through which a contribution has come; None where it passes none.
Way = tuple[int | None, int | None]


@dataclass
class Forward:
    """What a contribution led to, as far as this reader may see it; ``ways`` in the order of what they pass."""

    sections: list[SynthesisSection]
    recommendations: list[Recommendation]
    ways: list[Way] = field(default_factory=list)
    stands_in: Submission | None = None

    @property
    def is_reflected(self) -> bool:
        return any(one.outcome_id for one in self.recommendations)


def _recommendations(user) -> QuerySet:
    return Recommendation.objects.visible_to(user).select_related("cycle", "outcome").order_by("number", "pk")


def forward(submission: Submission, user) -> Forward:
    """Of one that was merged, what became of the other."""
    source = submission.part_of if submission.state == Submission.State.MERGED else submission
    if source is None:
        return Forward([], [])
    sections = SynthesisSection.objects.visible_to(user).filter(passages__submission=source)
    built = Q(submissions=source) | Q(passages__submission=source)
    found = Forward(list(sections.distinct()), list(_recommendations(user).filter(built).distinct()))
    if found.sections or found.recommendations:
        found.ways = _in_order(found, source)
    if source != submission and source.state == Submission.State.PUBLISHED:
        found.stands_in = source
    return found


def _in_order(found: Forward, source: Submission) -> list[Way]:
    sections = [one.pk for one in found.sections]
    recommendations = [one.pk for one in found.recommendations]
    order = [*sections, None], [*recommendations, None]
    ways = _ways_by_submission(sections, recommendations, source)[source.pk]
    return sorted(ways, key=lambda way: tuple(keys.index(key) for keys, key in zip(order, way, strict=True)))


@dataclass
class Backward:
    """What a recommendation is built on: passages that this reader may read, with those from whom they come, the other
    contributions that she may read, and how many there are in all."""

    passages: list[Passage]
    submissions: list[Submission]
    count: int

    @property
    def is_small(self) -> bool:
        """Whether the count would tell of somebody whom the page does not show."""
        shown = {one.submission_id for one in self.passages} | {one.pk for one in self.submissions}
        return contributions.is_small(self.count) and len(shown) < self.count


def backward(recommendation: Recommendation, user) -> Backward:
    passages = Passage.objects.visible_to(user).filter(recommendations=recommendation)
    passages = list(passages.select_related("submission__cycle", "section"))
    quoted = {one.submission_id for one in passages}
    others = Submission.objects.visible_to(user).counted().filter(recommendations=recommendation)
    others = others.exclude(pk__in=quoted).select_related("cycle").order_by("number")
    sources = Submission.objects.counted().filter(
        Q(recommendations=recommendation) | Q(passages__recommendations=recommendation)
    )
    joined = Submission.objects.filter(state=Submission.State.MERGED, part_of__in=sources)
    count = sources.distinct().count() + joined.count()
    return Backward(passages, list(others), count)


# A whole review


@dataclass
class Figures:
    """How many contributions of a review stand, and how far they have come; each counts where it came furthest."""

    all: int = 0
    quoted: int = 0
    recommended: int = 0
    reflected: int = 0
    left_out: int = 0
    by_recommendation: dict[int, int] = field(default_factory=dict)

    @property
    def waiting(self) -> int:
        return self.all - self.recommended

    @property
    def on_the_way(self) -> int:
        return self.recommended - self.reflected - self.left_out


def counted(cycle: ReviewCycle) -> list[tuple]:
    """(constituency, country, language, how many) of the contributions that count."""
    # A plain queryset: that of translated models takes each row apart.
    rows = QuerySet(Submission).filter(cycle=cycle, state__in=Submission.COUNTED).order_by()
    return list(rows.values_list("constituency", "country", "spoken").annotate(Count("pk")))


def figures(cycle: ReviewCycle, groups: list[tuple] | None = None) -> Figures:
    """Counted over what the public may know of: recommendations that were adopted. ``groups`` are those of ``counted``,
    for who has them already."""
    groups = counted(cycle) if groups is None else groups
    found = Figures(all=sum(count for *_group, count in groups))
    if not found.all:
        return found
    ways, by_recommendation = _ways(cycle), defaultdict(int)
    for way in ways.values():
        found.quoted += way.count * way.is_quoted
        found.recommended += way.count * bool(way.reached)
        found.reflected += way.count * any(outcome for _state, outcome in way.reached.values())
        found.left_out += way.count * (bool(way.reached) and all(_is_left_out(*end) for end in way.reached.values()))
        for one in way.reached:
            by_recommendation[one] += way.count
    found.by_recommendation = {one: count for one, count in by_recommendation.items() if count}
    return found


@dataclass
class _Way:
    """Where a contribution has come: it and those that were merged into it, as far as they count; whether a published
    section quotes it; the public recommendations that are built on it, with their state and outcome."""

    stands: bool = False
    parts: int = 0
    is_quoted: bool = False
    reached: dict[int, tuple] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return self.stands + self.parts


def _ways(cycle: ReviewCycle) -> dict[int, _Way]:
    """By contribution, of those that have come anywhere."""
    ways = defaultdict(_Way)
    for submission, stands, recommendation, state, outcome, section in _links_of(cycle):
        way = ways[submission]
        if stands == "part":
            way.parts += 1
            continue
        way.stands = stands in Submission.COUNTED
        way.is_quoted |= section == SynthesisSection.State.PUBLISHED
        if state in Recommendation.PUBLIC:
            way.reached[recommendation] = (state, outcome)
    return ways


def _links_of(cycle: ReviewCycle) -> QuerySet:
    """(contribution, its state, recommendation, its state, its outcome, state of the section) of each way into a
    recommendation; and (contribution, "part", …) of what was merged into it. One question to the database for all."""
    nothing, nowhere = Value("", output_field=CharField()), Value(None, output_field=IntegerField())
    # Plain querysets: those of translated models put the columns into an order of their own, which would not match.
    passages = QuerySet(Passage).filter(submission__cycle=cycle).order_by()
    direct = Recommendation.submissions.through.objects.filter(submission__cycle=cycle)
    merged = QuerySet(Submission).filter(cycle=cycle, state=Submission.State.MERGED, part_of__isnull=False).order_by()
    by_passage = [f"recommendations{end}" for end in ("", "__state", "__outcome")]
    by_itself = [f"recommendation{end}" for end in ("", "__state", "__outcome")]
    return passages.values_list("submission", "submission__state", *by_passage, "section__state").union(
        direct.values_list("submission", "submission__state", *by_itself, nothing),
        merged.annotate(as_part=Value("part", output_field=CharField())).values_list(
            "part_of", "as_part", nowhere, nothing, nowhere, nothing
        ),
        all=True,
    )


def _is_left_out(state: str, outcome) -> bool:
    return outcome is None and state in (Recommendation.State.NOT_REFLECTED, Recommendation.State.FOLLOWED_UP)


def links(cycle: ReviewCycle, user) -> Iterator[dict]:
    """Each way from a contribution that this reader may read to what became of it, a row for each; one that has led
    nowhere yet has a row, too."""
    sections = {one.pk: one for one in SynthesisSection.objects.visible_to(user).filter(cycle=cycle)}
    recommendations = {one.pk: one for one in _recommendations(user).filter(cycle=cycle)}
    ways = _ways_by_submission(sections, recommendations)
    readable = Submission.objects.visible_to(user).counted().filter(cycle=cycle).select_related("cycle")
    for one in readable.order_by("number").iterator(chunk_size=1000):
        found = sorted(ways.get(one.part_of_id or one.pk) or {(None, None)}, key=str)
        for section, recommendation in found:
            yield _link(one, sections.get(section), recommendations.get(recommendation))


def _ways_by_submission(sections, recommendations, source: Submission | None = None) -> dict[int, set[Way]]:
    """The ways through these sections and recommendations, by contribution; of one alone where it is given."""
    quoted = Passage.objects.filter(section__in=sections).order_by()
    through = Recommendation.passages.through.objects.filter(recommendation__in=recommendations)
    direct = Recommendation.submissions.through.objects.filter(recommendation__in=recommendations)
    if source is not None:
        quoted, direct = quoted.filter(submission=source), direct.filter(submission=source)
        through = through.filter(passage__submission=source)
    ways = defaultdict(set)
    for submission, section in quoted.values_list("submission", "section"):
        ways[submission].add((section, None))
    for recommendation, submission, section in through.values_list(
        "recommendation", "passage__submission", "passage__section"
    ):
        section = section if section in sections else None
        ways[submission].discard((section, None))
        ways[submission].add((section, recommendation))
    for recommendation, submission in direct.values_list("recommendation", "submission"):
        if not any(one == recommendation for _section, one in ways[submission]):
            ways[submission].add((None, recommendation))
    return ways


def _link(one: Submission, section, recommendation) -> dict:
    outcome = recommendation.outcome if recommendation else None
    return {
        "contribution": one.symbol,
        "author": one.author,
        "language": one.spoken,
        "says": one.sentence,
        "section": str(section) if section else "",
        "recommendation": recommendation.symbol if recommendation else "",
        "text": version(recommendation, "text").text if recommendation else "",
        "state": recommendation.state if recommendation else "",
        "outcome": str(outcome) if outcome else "",
        "paragraph": recommendation.paragraph if recommendation else "",
    }


def paragraphs(cycle: ReviewCycle, user) -> list[tuple]:
    """Back from the outcome: (document, paragraph, its recommendations), in the order of the numbers."""
    found = defaultdict(list)
    for one in _recommendations(user).filter(_REFLECTED, cycle=cycle):
        found[one.outcome, one.paragraph].append(one)
    return [(outcome, paragraph, rows) for (outcome, paragraph), rows in found.items()]
