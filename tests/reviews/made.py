"""Records of reviews, ready for tests."""

from datetime import timedelta

from django.utils import timezone

from apps.core.records import save_record
from apps.reviews import moderation, practices, recommendations, synthesis
from apps.reviews.models import (
    CallForInput,
    CycleDocument,
    GoodPractice,
    Passage,
    Pledge,
    Question,
    Recommendation,
    ReviewCycle,
    Submission,
    SynthesisSection,
)
from apps.reviews.recommendations import propose
from apps.reviews.submitting import services as submitting
from apps.stakeholders.models import (
    Constituency,
    Country,
    Objective,
)
from tests.factories import counter, make_decision, make_meeting


def make_recommendation(**fields) -> Recommendation:
    """Proposed to the first review, in both languages."""
    number = next(counter)
    texts = {"text_ar": f"توصية {number}", "text_en": f"Recommendation {number}"}
    if "cycle" not in fields:
        fields["cycle"] = ReviewCycle.objects.get(number=1)
    return propose(save_record(Recommendation(**{**texts, **fields}), by=None), by=None)


def make_call(*questions: dict, cycle: int = 3, **fields) -> CallForInput:
    """Open today, in both languages; ``questions`` are fields of a Question each, in their order."""
    today = timezone.localdate()
    texts = {"title_ar": "دعوة", "title_en": "A call"}
    days = {"opens_on": today - timedelta(days=9), "closes_on": today + timedelta(days=9)}
    whole = {"cycle": ReviewCycle.objects.get(number=cycle), "is_published": True, **texts, **days, **fields}
    call = save_record(CallForInput(**whole), by=None)
    for order, question in enumerate(questions, start=1):
        texts = {"wording_ar": f"سؤال {order}", "wording_en": f"Question {order}"}
        save_record(Question(**{"call": call, "order": order, **texts, **question}), by=None)
    return call


def make_submission(call: CallForInput | None = None, *, state: str = "draft", text: str = "", **fields) -> Submission:
    """As far along as ``state`` ("draft", "received", "published" or "noted"), by the services; anonymous, in Arabic.

    ``text`` answers the call's first question.
    """
    call = call or make_call()
    whole = {
        "spoken": "ar", "kind": "challenge", "headline": "لم أجد من يساعدني", "attribution": "anonymous",
        "has_agreed": True, "language": "en", "constituency": Constituency.objects.get(code="migrants"), **fields,
    }  # fmt: skip
    one = save_record(Submission(call=call, cycle=call.cycle, **whole), by=None)
    if text:
        one = submitting.save_answers(one, {call.questions.first(): {"text": text}}, {})
    if state != "draft":
        one = submitting.send(one)
    if state in ("published", "noted"):
        step = moderation.publish if state == "published" else moderation.note
        one = step(one, by=None)
    return one


def make_section(*, state: str = "draft", cycle: int = 3, **fields) -> SynthesisSection:
    texts = {"title_ar": "قسم", "title_en": "Section", "body_ar": "<p>نص</p>", "body_en": "<p>Text</p>"}
    section = SynthesisSection(**{"cycle": ReviewCycle.objects.get(number=cycle), **texts, **fields})
    section = save_record(section, by=None)
    if state == "draft":
        return section
    return synthesis.share(section, by=None) if state == "shared" else synthesis.publish(section, by=None)


def make_practice(*, state: str = "draft", countries=(), objectives=(6,), **fields) -> GoodPractice:
    """In both languages; ``countries`` by their codes, ``objectives`` by their numbers."""
    number = next(counter)
    texts = {
        "title_ar": f"ممارسة {number}", "title_en": f"Practice {number}",
        "summary_ar": "ملخص", "summary_en": "Summary", "carried_by": "Union",
    }  # fmt: skip
    one = save_record(GoodPractice(**{**texts, **fields}), by=None)
    one.countries.set(Country.objects.filter(iso2__in=countries))
    one.objectives.set(Objective.objects.filter(number__in=objectives))
    if state == "proposed":
        one = practices.show_members(one, by=None)
    return practices.publish(one, by=None) if state == "published" else one


def make_pledge(*, country: str = "MA", objectives=(), **fields) -> Pledge:
    """Published, in both languages."""
    texts = {"made_by_ar": "بلدية", "made_by_en": "Palm Valley", "text_ar": "تعهد", "text_en": "A pledge"}
    whole = {"is_published": True, "source": "https://a.example/pledge", **texts, **fields}
    one = save_record(Pledge(country=Country.objects.get(iso2=country), **whole), by=None)
    one.objectives.set(Objective.objects.filter(number__in=objectives))
    return one


# The way of a contribution to the third review


def quote(one, words: str = "لم أجد", section=None, **fields) -> Passage:
    return synthesis.save_passage(Passage(submission=one, quote=words, section=section, **fields), by=None)


def adopted(*passages, **fields):
    one = make_recommendation(cycle=ReviewCycle.objects.get(number=3), **fields)
    recommendations.build_on(one, "passages", passages, by=None)
    meeting = make_meeting(status="held", audience="public")
    return recommendations.adopt(one, by=None, decision=make_decision(meeting, audience="public"))


def reflected(one, paragraph: str = "31"):
    one = recommendations.transmit(one, by=None, on=one.adopted_on)
    paper = save_record(
        CycleDocument(cycle=ReviewCycle.objects.get(number=3), title_en="Outcome", address="https://a.example/o"),
        by=None,
    )
    return recommendations.reflect(one, by=None, outcome=paper, paragraph=paragraph)
