"""Everything that is public, as data. Each set gives what ``visible_to`` gives a stranger, and no more."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.languages import CODES
from apps.meetings import registers
from apps.meetings.models import Action, Decision, Document, Meeting
from apps.meetings.models.papers import DocumentFile
from apps.news.models import Article
from apps.opendata.columns import Column, Texts, address, both, codes, countries, objectives, own
from apps.opendata.dataset import STRANGER, Dataset
from apps.reviews.models import (
    CallForInput,
    GoodPractice,
    Pledge,
    Recommendation,
    ReviewCycle,
    Submission,
    SynthesisSection,
)
from apps.stakeholders.models import AdvisoryGroup, Constituency, Country, Objective, Organisation, SeatCall

_TOPICS = ("objectives", "countries")
_WHAT_AND_WHERE = (objectives(), countries(), address())
_COMPARED = _("whether a person has compared the Arabic with the official text")


def _orientations() -> Column:
    about = _("consists in")
    return Column("orientations", about, lambda pledge: pledge.orientations, list[str], Pledge.ORIENTATIONS)


def _constituencies(article: Article) -> list[str]:
    return sorted(one.code for one in article.constituencies.all())


def _places(organisation: Organisation) -> list[str]:
    return sorted({organisation.country.iso2, *(one.iso2 for one in organisation.countries.all())})


def _kinds(organisation: Organisation) -> list[str]:
    others = [one.code for one in organisation.other_constituencies.all()]
    return [organisation.constituency.code, *sorted(others)]


def _code_of_cycle() -> Column:
    return Column("review", _("code of the review, as in the set of reviews"), lambda record: record.cycle.code)


def _meeting() -> Column:
    return Column("meeting", _("id in the set of meetings"), lambda part: part.meeting_id, int)


def _file_in(document: Document, code: str) -> str | None:
    has_file = getattr(document, f"file_{code}")
    return settings.SITE_URL + DocumentFile(document, code).get_absolute_url() if has_file else None


def _files() -> Column:
    about = _("address of the file in each language")
    return Column("file", about, lambda paper: {code: _file_in(paper, code) for code in CODES}, Texts)


def _symbol() -> Column:
    return Column("symbol", _("how it is cited; it stays what it is"), lambda record: record.symbol)


DATASETS = (
    Dataset(
        "news",
        _("News"),
        _("Articles that readers have, each language version as soon as it is published."),
        lambda: Article.objects.visible_to(STRANGER),
        (
            *(both(Article, name, shown=Article.is_ready) for name in ("title", "lead", "body")),
            own(Article, "category"),
            own(Article, "scope"),
            own(Article, "dated_on"),
            own(Article, "published_at"),
            own(Article, "original_language"),
            objectives(),
            countries(),
            codes("constituencies", _("codes of the set of constituencies"), _constituencies),
            address(),
        ),
        related=(*_TOPICS, "constituencies"),
        changed=("changed_at", "published_at"),
    ),
    Dataset(
        "meetings",
        _("Meetings"),
        _("Meetings that are announced to everybody."),
        lambda: Meeting.objects.visible_to(STRANGER),
        (
            Column("group", _("name of the group, by its acronym"), lambda meeting: meeting.group.acronym or None),
            own(Meeting, "number"),
            both(Meeting, "title"),
            both(Meeting, "summary"),
            own(Meeting, "starts_at", about=_("begins")),
            own(Meeting, "ends_at", about=_("ends")),
            own(Meeting, "time_zone"),
            own(Meeting, "format"),
            both(Meeting, "place"),
            codes("interpretation", _("languages into which is interpreted"), lambda meeting: meeting.interpretation),
            own(Meeting, "status"),
            address(),
        ),
        joined=("group",),
    ),
    Dataset(
        "decisions",
        _("Decisions"),
        _("What meetings decided, as far as it is for everybody."),
        lambda: registers.decisions_of(STRANGER),
        (
            _symbol(),
            _meeting(),
            both(Decision, "text"),
            own(Decision, "method"),
            own(Decision, "state"),
            own(Decision, "decided_on"),
            *(own(Decision, name) for name in ("in_favour", "against", "abstaining")),
            address(),
        ),
        joined=("meeting__group",),
    ),
    Dataset(
        "actions",
        _("Actions"),
        _("What has to be done after meetings, as far as it is for everybody; not by whom."),
        lambda: registers.actions_of(STRANGER),
        (
            _symbol(),
            _meeting(),
            both(Action, "text"),
            own(Action, "state"),
            own(Action, "due_on"),
            own(Action, "done_on"),
            address(),
        ),
        joined=("meeting__group",),
    ),
    Dataset(
        "papers",
        _("Papers"),
        _("Papers of meetings that are for everybody, with the address of the file in each language."),
        lambda: Document.objects.visible_to(STRANGER),
        (
            _meeting(),
            both(Document, "title"),
            own(Document, "kind"),
            own(Document, "version"),
            own(Document, "is_final"),
            _files(),
        ),
    ),
    Dataset(
        "groups",
        _("Advisory groups"),
        _("The groups, their mandate and the number of their seats. Who sits in them is on their pages."),
        lambda: AdvisoryGroup.objects.visible_to(STRANGER),
        (
            both(AdvisoryGroup, "name"),
            own(AdvisoryGroup, "acronym"),
            both(AdvisoryGroup, "mandate"),
            own(AdvisoryGroup, "seats"),
            address(lambda group: reverse("stakeholders:other_group", args=[group.pk])),
        ),
    ),
    Dataset(
        "seats",
        _("Calls for seats"),
        _("Calls for vacant seats, open and closed ones."),
        lambda: SeatCall.objects.visible_to(STRANGER),
        (
            Column("group", _("id in the set of groups"), lambda call: call.group_id, int),
            both(SeatCall, "title"),
            both(SeatCall, "text"),
            own(SeatCall, "opens_on"),
            own(SeatCall, "closes_on"),
            address(),
        ),
    ),
    Dataset(
        "organisations",
        _("Organisations"),
        _("Organisations that have agreed to be listed for everybody. There is no data of persons."),
        lambda: Organisation.objects.visible_to(STRANGER).listed(),
        (
            both(Organisation, "name"),
            own(Organisation, "acronym"),
            codes("constituencies", _("codes of the set of constituencies, the main one first"), _kinds),
            codes("countries", _("countries in which it works, by ISO 3166-1 code"), _places),
            objectives(),
            own(Organisation, "website"),
        ),
        related=(*_TOPICS, "other_constituencies"),
        joined=("constituency", "country"),
    ),
    Dataset(
        "reviews",
        _("Regional reviews"),
        _("Cycles of the regional review with their conferences and the forum that follows."),
        lambda: ReviewCycle.objects.visible_to(STRANGER),
        (
            Column("code", _("code of the review"), lambda cycle: cycle.code),
            own(ReviewCycle, "number"),
            own(ReviewCycle, "year"),
            both(ReviewCycle, "title"),
            both(ReviewCycle, "summary"),
            own(ReviewCycle, "conference_starts_on"),
            own(ReviewCycle, "conference_ends_on"),
            own(ReviewCycle, "forum_starts_on"),
            own(ReviewCycle, "forum_ends_on"),
            own(ReviewCycle, "source"),
            address(),
        ),
    ),
    Dataset(
        "calls",
        _("Calls for input"),
        _("Calls to which everybody may answer, open and closed ones."),
        lambda: CallForInput.objects.visible_to(STRANGER),
        (
            _code_of_cycle(),
            both(CallForInput, "title"),
            both(CallForInput, "introduction"),
            own(CallForInput, "opens_on"),
            own(CallForInput, "closes_on"),
            own(CallForInput, "time_zone"),
            address(),
        ),
        joined=("cycle",),
    ),
    Dataset(
        "contributions",
        _("Contributions"),
        _("What was sent to calls for input and is published, with the name that its author allows."),
        lambda: Submission.objects.visible_to(STRANGER).public(),
        (
            _symbol(),
            _code_of_cycle(),
            Column("author", _("name that the author allows; empty without one"), lambda one: one.author or None),
            own(Submission, "kind"),
            own(Submission, "spoken", called="language"),
            Column("sentence", _("in one sentence, as it was written"), lambda one: one.sentence),
            both(Submission, "rendered"),
            *_WHAT_AND_WHERE,
        ),
        related=_TOPICS,
        joined=("cycle",),
    ),
    Dataset(
        "synthesis",
        _("Synthesis"),
        _("The published sections of the synthesis of what was said."),
        lambda: SynthesisSection.objects.visible_to(STRANGER),
        (
            _code_of_cycle(),
            own(SynthesisSection, "order"),
            both(SynthesisSection, "title"),
            both(SynthesisSection, "body"),
            objectives(),
            address(),
        ),
        related=("objectives",),
        joined=("cycle",),
    ),
    Dataset(
        "recommendations",
        _("Recommendations"),
        _("Recommendations to the regional review from their adoption on, and what became of them."),
        lambda: Recommendation.objects.visible_to(STRANGER),
        (
            _symbol(),
            _code_of_cycle(),
            both(Recommendation, "text"),
            both(Recommendation, "addressed_to"),
            own(Recommendation, "state"),
            own(Recommendation, "adopted_on"),
            own(Recommendation, "transmitted_on"),
            own(Recommendation, "paragraph"),
            both(Recommendation, "because"),
            *_WHAT_AND_WHERE,
        ),
        related=_TOPICS,
        joined=("cycle",),
    ),
    Dataset(
        "practices",
        _("Good practices"),
        _("Good practices that are published."),
        lambda: GoodPractice.objects.visible_to(STRANGER),
        (
            both(GoodPractice, "title"),
            both(GoodPractice, "summary"),
            both(GoodPractice, "results"),
            own(GoodPractice, "carried_by"),
            own(GoodPractice, "began_in"),
            own(GoodPractice, "completion"),
            own(GoodPractice, "is_innovative"),
            own(GoodPractice, "is_replicable"),
            own(GoodPractice, "source"),
            objectives(),
            codes(
                "principles",
                _("letters of the guiding principles of the Global Compact"),
                lambda practice: sorted(one.code for one in practice.principles.all()),
            ),
            countries(),
            address(),
        ),
        related=(*_TOPICS, "principles"),
    ),
    Dataset(
        "pledges",
        _("Pledges"),
        _("Pledges that are published, and whether they were kept."),
        lambda: Pledge.objects.visible_to(STRANGER),
        (
            both(Pledge, "made_by"),
            Column("country", _("ISO 3166-1 code"), lambda pledge: pledge.country.iso2 if pledge.country else None),
            both(Pledge, "text"),
            own(Pledge, "form"),
            _orientations(),
            own(Pledge, "made_on"),
            own(Pledge, "due_on"),
            own(Pledge, "state"),
            own(Pledge, "source"),
            objectives(),
            address(),
        ),
        related=("objectives",),
        joined=("country",),
    ),
    Dataset(
        "objectives",
        _("Objectives"),
        _("The 23 objectives of the Global Compact, by which everything else is ordered."),
        lambda: Objective.objects.visible_to(STRANGER),
        (
            own(Objective, "number"),
            both(Objective, "title"),
            both(Objective, "short_title"),
            own(Objective, "round_table"),
            own(Objective, "arabic_verified", about=_COMPARED),
            address(lambda objective: reverse("reviews:objective", args=[objective.number])),
        ),
    ),
    Dataset(
        "countries",
        _("Countries"),
        _("The countries of the region."),
        lambda: Country.objects.visible_to(STRANGER),
        (
            own(Country, "iso2", called="code"),
            both(Country, "name"),
            address(lambda country: reverse("reviews:country", args=[country.iso2.lower()])),
        ),
    ),
    Dataset(
        "constituencies",
        pgettext_lazy("open data", "Constituencies"),
        _("The groups of stakeholders that have seats."),
        lambda: Constituency.objects.visible_to(STRANGER),
        (own(Constituency, "code"), both(Constituency, "name")),
    ),
)
