"""Reviews and what is said in them as they are found, and the pages of objectives and countries."""

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.languages import CODES, field_in, version
from apps.core.richtext import plain
from apps.reviews.models import (
    Answer,
    CallForInput,
    GoodPractice,
    Pledge,
    Recommendation,
    ReviewCycle,
    Submission,
    SynthesisSection,
)
from apps.search import registry
from apps.search.registry import Content, Searchable, first_words
from apps.stakeholders.models import Country, Objective


def _cycle(cycle: ReviewCycle, language: str) -> Content | None:
    if not cycle.is_published:
        return None
    names = (field_in(cycle, name, language) for name in ("host", "place", "forum"))
    return Content(
        title=field_in(cycle, "title", language),
        body=plain(field_in(cycle, "summary", language)),
        names=" ".join(filter(None, names)),
        on=cycle.conference_starts_on,
    )


def _call(call: CallForInput, language: str) -> Content | None:
    if not call.is_published or not call.cycle.is_published:
        return None
    return Content(
        title=field_in(call, "title", language),
        lead=field_in(call.cycle, "title", language),
        body=plain(field_in(call, "introduction", language)),
        on=call.opens_on,
    )


def _submission(submission: Submission, language: str) -> Content | None:
    """As its page shows it: what was written in its own language, and a translation where there is one. What is in none
    of the portal's languages and not translated is found as it is, in the language in which its author used the portal.
    Without a day: whoever wrote anonymously is not told by it."""
    if submission.state != Submission.State.PUBLISHED or not submission.cycle.is_published:
        return None
    title = field_in(submission, "rendered", language)
    is_foreign = submission.spoken not in CODES and submission.language == language
    if submission.spoken == language or (is_foreign and not title):
        title, texts = submission.sentence, [answer.as_text for answer in submission.shown_answers]
    else:
        texts = [field_in(answer, "rendered", language) for answer in submission.shown_answers]
    if not title:
        return None
    about = registry.about(submission)
    return Content(title=title, body="\n".join(texts), names=f"{submission.symbol} {submission.author}", **about)


def _recommendation(recommendation: Recommendation, language: str) -> Content | None:
    text = field_in(recommendation, "text", language)
    if not text or recommendation.number is None or not recommendation.cycle.is_published:
        return None
    return Content(
        title=f"{recommendation.symbol}: {first_words(text)}",
        body=text,
        names=field_in(recommendation, "addressed_to", language),
        on=recommendation.adopted_on,
        **registry.about(recommendation),
    )


def _section(section: SynthesisSection, language: str) -> Content | None:
    if section.state == SynthesisSection.State.DRAFT or not section.cycle.is_published:
        return None
    return Content(
        title=field_in(section, "title", language),
        lead=field_in(section.cycle, "title", language),
        body=plain(field_in(section, "body", language)),
        **registry.about(section),
    )


def _practice(practice: GoodPractice, language: str) -> Content | None:
    title = field_in(practice, "title", language)
    if practice.state == GoodPractice.State.DRAFT or not title:
        return None
    return Content(
        title=title,
        lead=field_in(practice, "summary", language),
        body=field_in(practice, "results", language),
        names=practice.carried_by,
        **registry.about(practice),
    )


def _pledge(pledge: Pledge, language: str) -> Content | None:
    text = field_in(pledge, "text", language)
    if not text or not pledge.is_published:
        return None
    return Content(
        title=first_words(text),
        body=text,
        names=field_in(pledge, "made_by", language),
        countries=[pledge.country.iso2] if pledge.country else [],
        on=pledge.made_on,
        **registry.about(pledge),
    )


def _objective(objective: Objective, language: str) -> Content | None:
    return Content(
        title=f"{objective.number}. {version(objective, 'title', language)}",
        names=field_in(objective, "short_title", language),
        objectives=[objective.number],
        address=reverse("reviews:objective", args=[objective.number]),
    )


def _country(country: Country, language: str) -> Content | None:
    return Content(
        title=field_in(country, "name", language),
        countries=[country.iso2],
        address=reverse("reviews:country", args=[country.iso2.lower()]),
    )


def _of_the_cycle(cycle: ReviewCycle):
    yield "call", CallForInput.objects.filter(cycle=cycle)
    yield "submission", Submission.objects.public().filter(cycle=cycle)
    yield "recommendation", Recommendation.objects.filter(cycle=cycle)
    yield "section", SynthesisSection.objects.filter(cycle=cycle)


def _with_cycle(rows: QuerySet) -> QuerySet:
    return rows.select_related("cycle")


def _in_cycle(rows: QuerySet) -> QuerySet:
    return registry.with_topics(_with_cycle(rows))


def _with_answers(rows: QuerySet) -> QuerySet:
    shown = Prefetch("answers", Answer.objects.shown(), to_attr="shown_answers")
    return _in_cycle(rows.prefetch_related(shown))


def _with_country(rows: QuerySet) -> QuerySet:
    return registry.with_topics(rows.select_related("country"))


def register() -> None:
    for searchable in (
        Searchable("review", _("Regional reviews"), ReviewCycle, _cycle),
        Searchable("call", _("Calls for input"), CallForInput, _call, _with_cycle),
        Searchable("submission", _("Contributions"), Submission, _submission, _with_answers),
        Searchable("recommendation", _("Recommendations"), Recommendation, _recommendation, _in_cycle),
        Searchable("section", _("Synthesis"), SynthesisSection, _section, _in_cycle),
        Searchable("practice", _("Good practices"), GoodPractice, _practice, registry.with_topics),
        Searchable("pledge", _("Pledges"), Pledge, _pledge, _with_country),
        Searchable("objective", _("Objectives"), Objective, _objective),
        Searchable("country", _("Countries"), Country, _country),
    ):
        registry.register(searchable)
    registry.follow(ReviewCycle, _of_the_cycle)
    registry.follow(Answer, lambda answer: [("submission", answer.submission_id)])
