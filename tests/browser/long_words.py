"""One record of each kind, with words longer than the line of a phone in every text."""

from datetime import date, datetime

from django.utils import timezone

from apps.core.records import save_record
from apps.news.exchange.runs import check, keep_file
from apps.news.models import Article, ArticleImport
from apps.reviews import practices, synthesis
from apps.reviews.models import (
    CycleDocument,
    KeyDate,
    Passage,
    Phase,
    PriorityArea,
    RecommendationUpdate,
    ReviewCycle,
)
from apps.reviews.recommendations import adopt, comment
from apps.stakeholders.importing import runs
from apps.stakeholders.models import (
    Constituency,
    Country,
    Gap,
    Objective,
    Segment,
    StakeholderImport,
)
from tests.factories import (
    make_action,
    make_contact,
    make_decision,
    make_document,
    make_engagement,
    make_item,
    make_join_request,
    make_meeting,
    make_minutes,
    make_organisation,
    make_participant,
    make_person,
    make_picture,
    make_published,
    make_seat_call,
    picture,
)
from tests.reviews.made import make_call, make_pledge, make_practice, make_recommendation, make_section, make_submission

# Titles of 110 letters with words longer than a phone's line.
LONG_TITLES = {
    "ar": f"{'والاستراتيجيات' * 4} {'المشتركة' * 6} 2026",
    "en": f"{'Interministerial' * 4} {'Recommendation' * 3} 26",
}
LONG_ADDRESS = "https://portal.example.org/documents/consultations/2026/regional-review/stakeholders/summary-of-proceedings.pdf?lang=ar"
LONG_MAIL = "regional.stakeholder.advisory.group.secretariat@migration-network.arab-region.example.org"
LONG_BODY = (
    f'<p>{LONG_MAIL} <a href="{LONG_ADDRESS}">{LONG_ADDRESS}</a></p>'
    f"<h2>{LONG_MAIL}</h2><blockquote><p>{LONG_ADDRESS}</p></blockquote><ul><li><p>{LONG_MAIL}</p></li></ul>"
    "<table><tbody><tr><th>Country</th><td>Round</td><td>12–14 November 2026</td></tr></tbody></table>"
)


def import_with_problems(by) -> ArticleImport:
    run = keep_file("a.csv", f"title_ar,dated_on\n{LONG_TITLES['ar']},when?\n".encode(), by=by)
    list(check(run, by=by))
    return run


def review_with_everything(member) -> ReviewCycle:
    """A cycle with everything, in long words."""
    titles = {f"title_{code}": title for code, title in LONG_TITLES.items()}
    today = timezone.localdate()
    cycle = save_record(
        ReviewCycle(number=9, is_published=True, source=LONG_ADDRESS, summary_ar=LONG_BODY, **titles), by=None
    )
    parts = [
        Phase(cycle=cycle, kind="call", starts_on=today, ends_on=today, remark_en=LONG_MAIL),
        Phase(cycle=cycle, kind="synthesis"),
        KeyDate(cycle=cycle, happens_on=today, remark_ar=LONG_MAIL, source=LONG_ADDRESS, **titles),
        CycleDocument(cycle=cycle, address=LONG_ADDRESS, **titles),
        CycleDocument(
            cycle=cycle, kind="national_report", country=Country.objects.get(iso2="AE"), address=LONG_ADDRESS, **titles
        ),
        PriorityArea(cycle=cycle, **titles),
    ]
    for part in parts:
        save_record(part, by=None)
    texts = {f"text_{code}": f"{title} {LONG_ADDRESS}" for code, title in LONG_TITLES.items()}
    adopted, proposed = (make_recommendation(cycle=cycle, **texts) for _time in range(2))
    adopt(adopted, by=None, decision=make_decision(make_meeting(), decided_on=today))
    save_record(RecommendationUpdate(recommendation=adopted, source=LONG_ADDRESS, **texts), by=None)
    comment(proposed, by=member, says=LONG_ADDRESS, wording=LONG_MAIL)
    return cycle


def input_with_everything(cycle: ReviewCycle, member) -> dict:
    """A call with every kind of question, contributions, a section, a practice and a pledge, in long words."""
    lines = {f"options_{code}": f"{LONG_MAIL}\n{title}" for code, title in LONG_TITLES.items()}
    asked = {f"wording_{code}": title for code, title in LONG_TITLES.items()} | {"hint_en": LONG_ADDRESS}
    kinds = ("text", "number", "choice", "choices", "table", "file")
    titles = {f"title_{code}": title for code, title in LONG_TITLES.items()}
    call = make_call(
        *({"kind": kind, **asked, **(lines if kind in ("choice", "choices", "table") else {})} for kind in kinds),
        cycle=cycle.number, introduction_ar=LONG_BODY, introduction_en=LONG_BODY, **titles,
    )  # fmt: skip
    who = {"attribution": "named", "person_name": LONG_TITLES["en"], "organisation_name": LONG_MAIL}
    spoken = {"headline": LONG_TITLES["ar"], "rendered_ar": LONG_ADDRESS, "rendered_en": LONG_ADDRESS}
    country = Country.objects.get(iso2="AE")
    published = make_submission(call, state="published", text=LONG_ADDRESS, country=country, **who, **spoken)
    waiting = make_submission(call, state="received", text=LONG_ADDRESS, **who, **spoken)
    for one in (published, waiting):
        one.objectives.set(Objective.objects.all())
        one.countries.set(Country.objects.all())
    section = make_section(state="shared", cycle=cycle.number, body_ar=LONG_BODY, body_en=LONG_BODY, **titles)
    quoted = Passage(submission=published, quote=LONG_TITLES["ar"], section=section, rendered_en=LONG_ADDRESS)
    cycle.recommendations.get(number=1).passages.add(save_record(quoted, by=None))
    synthesis.comment(section, by=member, says=LONG_ADDRESS)
    shared = {"objectives": range(1, 24), "carried_by": LONG_MAIL, "source": LONG_ADDRESS, **titles}
    practice = make_practice(state="published", countries=["AE"], summary_ar=LONG_ADDRESS, **shared)
    practices.comment(practice, by=member, says=LONG_ADDRESS)
    pledge = make_pledge(
        country="AE", objectives=range(1, 24), made_by_ar=LONG_TITLES["ar"], made_by_en=LONG_TITLES["en"],
        text_en=LONG_ADDRESS, source=LONG_ADDRESS, made_on=timezone.localdate(), orientations=["financial", "people"],
    )  # fmt: skip
    draft = make_submission(call, text=LONG_ADDRESS, **who, **spoken)
    return {
        "call": call, "published": published, "waiting": waiting, "draft": draft, "section": section,
        "practice": practice, "pledge": pledge,
    }  # fmt: skip


def table_with_problems(by) -> StakeholderImport:
    """A row that is wrong, one that looks like a record, and one that looks like another row."""
    rows = "".join(f"{LONG_TITLES['en']},{group},LB\n" for group in ("media", "media", LONG_MAIL))
    run = runs.keep_file("organisations", f"{LONG_MAIL}.csv", f"name_en,constituency,country\n{rows}".encode(), by=by)
    list(runs.check(runs.choose_columns(run, run.columns, by=by), by=by))
    return run


def stakeholders_with_everything(group) -> dict:
    """Two organisations of the same, one heard and one not; a person with everything; a gap that is a task."""
    names = {f"name_{code}": title for code, title in LONG_TITLES.items()}
    listed = {"shown_to": "public", "consent_given_on": date(2026, 1, 1), "consent_how": "email"}
    names |= {"website": LONG_ADDRESS}
    kept, gone = (make_organisation(**names, **listed, other_names=LONG_MAIL) for _time in range(2))
    names.pop("website")
    person = make_person(**names, organisation=kept, email=LONG_MAIL, notes=LONG_ADDRESS)
    gap = Gap(constituency=Constituency.objects.get(code="media"), country=Country.objects.get(iso2="YE"))
    return {
        "kept": kept,
        "gone": gone,
        "person": person,
        "engagement": make_engagement(organisations=[kept], people=[person], said=LONG_ADDRESS, with_file=True),
        "gap": save_record(gap, by=None),
        "asked": make_join_request(sent=True, name_en=LONG_TITLES["en"], about=LONG_ADDRESS, website=LONG_ADDRESS),
        "segment": save_record(Segment(**{f"name_{code}": title for code, title in LONG_TITLES.items()}), by=None),
        "call": make_seat_call(
            group,
            **{f"title_{code}": title for code, title in LONG_TITLES.items()},
            **{f"text_{code}": LONG_BODY for code in LONG_TITLES},
        ),
    }


def change_of(article: Article) -> Article:
    article.title_ar, article.body_en, article.scope = "عنوان آخر", "<p>Another text.</p>", "global"
    return article


def record_of_a_meeting(held, member) -> dict:
    """What became of a meeting, with long words in it."""
    make_item(held, audience="members", **{f"title_{code}": title for code, title in LONG_TITLES.items()})
    make_participant(held, member.person)
    texts = {f"text_{code}": f"{title} {LONG_MAIL}" for code, title in LONG_TITLES.items()}
    return {
        "minutes": make_minutes(held, state="circulated"),
        "silence": make_decision(held, state="open", **texts),
        "action": make_action(held, member.person, due_on=date(2026, 1, 5), **texts),
    }


def full_meeting(group, audience: str):
    meeting = make_meeting(
        group,
        **{f"title_{code}": title for code, title in LONG_TITLES.items()},
        day=date(2031, 12, 9),
        audience=audience,
        summary_ar=f"اكتبوا إلى {LONG_MAIL}",
        summary_en=f"Write to {LONG_MAIL}",
        interpretation=["ar", "en", "sign"],
        online_address="https://meet.example.org/room",
        items_until=date(2031, 12, 1),
    )
    make_item(meeting, presenter_ar="الأمانة", presenter_en="Secretariat")
    make_item(meeting, audience="members")
    make_document(meeting, audience=audience)
    make_document(meeting, audience=audience, languages=("ar",))
    return meeting


def long_article(meeting, *, at: datetime) -> Article:
    return make_published(
        **{f"title_{code}": title for code, title in LONG_TITLES.items()},
        **{f"lead_{code}": f"{LONG_MAIL} {LONG_ADDRESS}" for code in LONG_TITLES},
        **{f"body_{code}": LONG_BODY for code in LONG_TITLES},
        picture=make_picture(picture(800, 450), credit_ar=LONG_MAIL, credit_en=LONG_MAIL),
        quotations=[{f"{part}_{code}": LONG_MAIL for part in ("text", "speaker", "title") for code in ("ar", "en")}],
        correction_ar=LONG_ADDRESS,
        correction_en=LONG_ADDRESS,
        corrected_on=date(2026, 11, 4),
        links={
            "meetings": [meeting],
            "contacts": [make_contact()],
            "objectives": list(Objective.objects.filter(number__in=[6, 17])),
            "countries": list(Country.objects.filter(iso2__in=["LB", "MR"])),
            "constituencies": list(Constituency.objects.filter(code="trade-unions")),
            "related": [make_published(**{f"title_{code}": title for code, title in LONG_TITLES.items()})],
        },
        at=at,
    )
