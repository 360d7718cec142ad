"""The rapporteur's bench: what came in, clustered; sections written from passages, shared, commented, published."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from apps.core.languages import CODES, field_in
from apps.core.records import save_record
from apps.reviews import leading, telling, timeline
from apps.reviews.leading import holds_a_seat, locked
from apps.reviews.models import Passage, ReviewCycle, SectionComment, Submission, SynthesisSection
from apps.stakeholders.models import Constituency, Country, Objective

State = SynthesisSection.State


@transaction.atomic
def share(section: SynthesisSection, *, by) -> SynthesisSection:
    """Those who sit in a group read it and comment."""
    section = locked(section, by, State.DRAFT)
    section.state = State.SHARED
    return save_record(section, by=by)


@transaction.atomic
def publish(section: SynthesisSection, *, by) -> SynthesisSection:
    """In both languages; whoever is quoted is told."""
    section = locked(section, by, State.DRAFT, State.SHARED)
    timeline.refuse_too_early(section.cycle, "publish")
    if not all(field_in(section, name, code) for code in CODES for name in ("title", "body")):
        raise ValidationError(_("The synthesis is published in both languages. One of them is missing."))
    section.state = State.PUBLISHED
    save_record(section, by=by)
    telling.of_section(section)
    return section


@transaction.atomic
def take_back(section: SynthesisSection, *, by) -> SynthesisSection:
    section = locked(section, by, State.SHARED, State.PUBLISHED)
    section.state = State.DRAFT
    return save_record(section, by=by)


def may_comment(section: SynthesisSection, user) -> bool:
    """Who holds a seat of a group today, while it is shared."""
    return section.state == State.SHARED and holds_a_seat(user)


def comment(section: SynthesisSection, *, by, says: str) -> SectionComment:
    return leading.comment(SectionComment, section, may=may_comment, by=by, says=says)


def save_passage(passage: Passage, *, by) -> Passage:
    """Raises ValidationError unless the words stand in the contribution as it is shown."""
    passage.clean()
    return save_record(passage, by=by)


# Clusters


@dataclass(frozen=True)
class Cluster:
    """How many contributions stand on something, and how many of them are quoted in a section."""

    about: object
    count: int
    quoted: int

    @property
    def is_gap(self) -> bool:
        return self.count == 0


def clusters(cycle: ReviewCycle, axis: str) -> list[Cluster]:
    """By ``objective``, ``country`` (that they are about) or ``constituency``; those on which nothing came, too."""
    column, model = {
        "objective": ("objectives", Objective),
        "country": ("countries", Country),
        "constituency": ("constituency", Constituency),
    }[axis]
    counted = Submission.objects.counted().filter(cycle=cycle).order_by()
    figures = {
        "count": Count("pk", distinct=True),
        "quoted": Count("pk", distinct=True, filter=Q(passages__section__isnull=False)),
    }
    found = {key: (count, quoted) for key, count, quoted in counted.values_list(column).annotate(**figures)}
    return [Cluster(one, *found.get(one.pk, (0, 0))) for one in model.objects.all()]
