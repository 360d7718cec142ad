"""The demonstration's call for input: its questions, what invented stakeholders answered, and what became of it."""

from datetime import date, timedelta

from apps.accounts.models import User
from apps.core.records import save_record, save_with_links
from apps.demo import source
from apps.demo.source import by_language
from apps.reviews import moderation, synthesis
from apps.reviews.models import (
    Answer,
    CallForInput,
    Passage,
    Question,
    Recommendation,
    ReviewCycle,
    Submission,
    SynthesisSection,
)
from apps.reviews.submitting import services
from apps.stakeholders.models import Constituency, Country, Objective, Organisation

_ANSWERS = {"text": 1, "helped": 2, "barriers": 3, "people": 4, "figures": 5, "advice": 6}


def load_input(*, by: User, today: date) -> None:
    """What is there already stays as it is."""
    texts = source.reviews()
    if CallForInput.objects.filter(title_en=texts["call"]["title_en"]).exists():
        return
    call = _call(texts["call"], by, today)
    questions = _questions(call, texts["question"], by)
    sections = [_section(call.cycle, row, by) for row in texts["section"]]
    for row in texts["submission"]:
        _submission(call, questions, sections, row, by)
    for section, row in zip(sections, texts["section"], strict=True):
        synthesis.share(section, by=by)
        if row["is_published"]:
            synthesis.publish(section, by=by)


def _call(row: dict, by: User, today: date) -> CallForInput:
    call = CallForInput(
        cycle=ReviewCycle.objects.get(number=row["cycle"]),
        opens_on=today - timedelta(days=row["opens_days_ago"]),
        closes_on=today + timedelta(days=row["closes_in_days"]),
        is_published=True,
        **by_language(row, "title", "introduction"),
    )
    return save_record(call, by=by)


def _questions(call: CallForInput, rows: list[dict], by: User) -> list[Question]:
    found = []
    for order, row in enumerate(rows, start=1):
        texts = {name: text for name, text in row.items() if name.endswith(("_ar", "_en"))}
        opener = found[row["only_if"] - 1] if "only_if" in row else None
        question = Question(
            call=call,
            order=order,
            kind=row["kind"],
            is_required=row.get("is_required", False),
            only_if=opener,
            only_if_choice=row.get("only_if_choice"),
            **texts,
        )
        found.append(save_record(question, by=by))
    return found


def _section(cycle: ReviewCycle, row: dict, by: User) -> SynthesisSection:
    section = SynthesisSection(cycle=cycle, order=row["order"], **by_language(row, "title", "body"))
    links = {"objectives": Objective.objects.filter(number__in=row["objectives"])}
    return save_with_links(section, links, by=by)


def _value(question: Question, said) -> dict:
    labels = question.labels()
    match question.kind:
        case Question.Kind.TABLE:
            return {"columns": labels, "rows": said}
        case Question.Kind.NUMBER:
            return {"number": said}
        case Question.Kind.TEXT:
            return {"text": said}
    numbers = said if isinstance(said, list) else [said]
    return {"options": [{"number": number, **labels[number - 1]} for number in numbers]}


def _submission(call: CallForInput, questions, sections, row: dict, by: User) -> None:
    one = Submission(
        call=call,
        cycle=call.cycle,
        language="ar" if row["spoken"] == "ar" else "en",
        spoken=row["spoken"],
        kind=row["kind"],
        headline=row["headline"],
        rendered_ar=row.get("rendered_ar"),
        rendered_en=row.get("rendered_en"),
        attribution=row["attribution"],
        has_agreed=True,
        constituency=Constituency.objects.get(code=row["constituency"]),
        country=Country.objects.get(iso2=row["country"]),
        person_name=row.get("person", ""),
        organisation_name=row.get("organisation", ""),
        organisation=Organisation.objects.filter(name_ar=row.get("organisation", "-")).first(),
    )
    links = {
        "countries": Country.objects.filter(iso2__in=row["countries"]),
        "objectives": Objective.objects.filter(number__in=row["objectives"]),
    }
    save_with_links(one, links, by=None)
    values = {questions[n - 1]: _value(questions[n - 1], row[name]) for name, n in _ANSWERS.items() if name in row}
    one = services.send(services.save_answers(one, values, {}))
    _translate(one, row, by)
    if row.get("is_waiting"):
        return
    if one.attribution == Submission.Attribution.CONFIDENTIAL:
        moderation.note(one, by=by)
        return
    _quote(moderation.publish(one, by=by), sections, row, by)


def _translate(one: Submission, row: dict, by: User) -> None:
    for name in ("text", "advice"):
        answer = one.answers.filter(order=_ANSWERS[name]).first()
        if answer and (row.get(f"{name}_ar") or row.get(f"{name}_en")):
            answer.rendered_ar, answer.rendered_en = row.get(f"{name}_ar"), row.get(f"{name}_en")
            save_record(answer, by=by)


def _quote(one: Submission, sections, row: dict, by: User) -> None:
    recommendation = Recommendation.objects.filter(cycle=one.cycle, number=row.get("recommendation")).first()
    if "passage" in row:
        passage = Passage(
            submission=one,
            answer=next(answer for answer in Answer.objects.filter(submission=one) if row["passage"] in answer.said),
            quote=row["passage"],
            rendered_ar=row.get("passage_ar"),
            rendered_en=row.get("passage_en"),
            section=sections[row["section"] - 1],
        )
        synthesis.save_passage(passage, by=by)
        if recommendation:
            recommendation.passages.add(passage)
    elif recommendation:
        recommendation.submissions.add(one)
