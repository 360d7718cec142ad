"""The life of a recommendation: proposed → discussed → adopted → transmitted → reflected or not → followed up."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from apps.core.languages import CODES, field_in, name_of, version
from apps.core.records import save_record, set_links
from apps.meetings.models import Decision
from apps.reviews import leading, telling, timeline
from apps.reviews.filters import RegisterFilter, in_both
from apps.reviews.leading import holds_a_seat, locked
from apps.reviews.models import CycleDocument, Recommendation, RecommendationComment, ReviewCycle
from apps.stakeholders.services import require_secretariat

State = Recommendation.State


def _taken_on(recommendation: Recommendation, by, *states: str, deed: str = "") -> Recommendation:
    """The record locked, in one of these states. Raises ValidationError when somebody was faster, and before the
    phase of the review to which the deed belongs."""
    if deed:
        timeline.refuse_too_early(recommendation.cycle, deed)
    return locked(recommendation, by, *states)


def _stepped(recommendation: Recommendation, by) -> Recommendation:
    """Saves the new state, and tells those on whose contributions it is built."""
    save_record(recommendation, by=by)
    telling.of_recommendation(recommendation)
    return recommendation


@transaction.atomic
def build_on(recommendation: Recommendation, name: str, chosen, *, by) -> None:
    """Sets the ``passages`` or ``submissions`` on which it is built. Once it is proposed, those that are new are told
    where it stands."""
    require_secretariat(by)
    before = set(getattr(recommendation, name).values_list("pk", flat=True))
    set_links(recommendation, name, chosen, by=by)
    new = [one for one in chosen if one.pk not in before]
    if new and recommendation.state != State.DRAFT:
        telling.of_sources(recommendation, [one.pk if name == "submissions" else one.submission_id for one in new])


@transaction.atomic
def propose(recommendation: Recommendation, *, by) -> Recommendation:
    """Gives it the next number of its cycle; members read it and comment."""
    ReviewCycle.objects.select_for_update().get(pk=recommendation.cycle_id)
    recommendation = _taken_on(recommendation, by, State.DRAFT, deed="propose")
    last = Recommendation.objects.filter(cycle=recommendation.cycle_id).aggregate(last=Max("number"))["last"] or 0
    recommendation.state, recommendation.number = State.PROPOSED, last + 1
    return _stepped(recommendation, by)


@transaction.atomic
def discuss(recommendation: Recommendation, *, by) -> Recommendation:
    recommendation = _taken_on(recommendation, by, State.PROPOSED)
    recommendation.state = State.DISCUSSED
    return _stepped(recommendation, by)


@transaction.atomic
def adopt(recommendation: Recommendation, *, by, decision: Decision) -> Recommendation:
    """By a decision that a meeting has taken. From now on everybody reads it, and its words stay."""
    recommendation = _taken_on(recommendation, by, *Recommendation.INSIDE, deed="adopt")
    if decision.state != Decision.State.TAKEN:
        raise ValidationError(_("This decision was not taken."))
    if not all(field_in(recommendation, "text", code) for code in CODES):
        raise ValidationError(_("A recommendation is adopted in both languages. One of them is missing."))
    recommendation.state, recommendation.decision = State.ADOPTED, decision
    recommendation.adopted_on = decision.decided_on or timezone.localdate()
    return _stepped(recommendation, by)


@transaction.atomic
def transmit(recommendation: Recommendation, *, by, on: date) -> Recommendation:
    recommendation = _taken_on(recommendation, by, State.ADOPTED, deed="transmit")
    if on < recommendation.adopted_on:
        raise ValidationError(_("It cannot have been transmitted before it was adopted."))
    recommendation.state, recommendation.transmitted_on = State.TRANSMITTED, on
    return _stepped(recommendation, by)


@transaction.atomic
def reflect(recommendation: Recommendation, *, by, outcome: CycleDocument, paragraph: str) -> Recommendation:
    """``paragraph`` is where the outcome document says it: "31", "31–33", "annex, 4"."""
    recommendation = _taken_on(recommendation, by, State.TRANSMITTED, deed="conclude")
    if outcome.cycle_id != recommendation.cycle_id:
        raise ValidationError(_("This document is another review’s."))
    recommendation.state, recommendation.outcome, recommendation.paragraph = State.REFLECTED, outcome, paragraph
    return _stepped(recommendation, by)


@transaction.atomic
def leave_out(recommendation: Recommendation, *, by, **because: str) -> Recommendation:
    """The outcome does not say it; ``because_ar`` and ``because_en`` tell readers why, in one language or both."""
    recommendation = _taken_on(recommendation, by, State.TRANSMITTED, deed="conclude")
    for code in CODES:
        setattr(recommendation, f"because_{code}", because.get(f"because_{code}") or None)
    if not any(field_in(recommendation, "because", code) for code in CODES):
        raise ValidationError(_("Say why, in Arabic, in English or in both."))
    recommendation.state = State.NOT_REFLECTED
    return _stepped(recommendation, by)


@transaction.atomic
def follow_up(recommendation: Recommendation, *, by) -> Recommendation:
    """What is done about it is reported from now on. Raises ValidationError without a progress update."""
    recommendation = _taken_on(recommendation, by, State.REFLECTED, State.NOT_REFLECTED)
    if not recommendation.updates.exists():
        raise ValidationError(_("Write the first progress update, then follow up."))
    recommendation.state = State.FOLLOWED_UP
    return _stepped(recommendation, by)


def may_comment(recommendation: Recommendation, user) -> bool:
    """Who holds a seat of a group today, until the recommendation is adopted."""
    return recommendation.state in Recommendation.INSIDE and holds_a_seat(user)


def comment(recommendation: Recommendation, *, by, says: str, wording: str = "") -> RecommendationComment:
    words = {"says": says, "wording": wording}
    return leading.comment(RecommendationComment, recommendation, may=may_comment, by=by, **words)


# The register


class RecommendationFilter(RegisterFilter):
    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("", gettext_lazy("All")), *State.choices[1:]]
    )

    def apply(self, records: QuerySet) -> QuerySet:
        """In the order of their numbers."""
        if self.is_valid():
            chosen = self.cleaned_data
            if chosen["objective"]:
                records = records.filter(objectives=chosen["objective"])
            if chosen["country"]:
                records = records.on_country(chosen["country"])
            if chosen["state"]:
                records = records.filter(state=chosen["state"])
        records = records.select_related("cycle").prefetch_related("objectives", "countries")
        return self.with_words(records.order_by("number", "pk"), lambda one: in_both(one, "text"))


def columns() -> list[str]:
    texts = [
        _("%(field)s (%(language)s)") % {"field": _("Recommendation"), "language": name_of(code)} for code in CODES
    ]
    more = [_("Addressed to"), _("Objectives"), _("Countries"), _("State"), _("Adopted on"), _("Paragraph")]
    return [_("Number"), *texts, *more]


def row(one: Recommendation) -> list:
    comma = pgettext("list", ", ")
    return [
        one.symbol,
        *(field_in(one, "text", code) for code in CODES),
        version(one, "addressed_to").text,
        comma.join(str(objective.number) for objective in one.objectives.all()),
        comma.join(str(country) for country in one.countries.all()),
        one.get_state_display(),
        one.adopted_on or "",
        one.paragraph,
    ]
