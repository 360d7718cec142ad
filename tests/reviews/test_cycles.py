"""Review cycles: what was held stands with its sources, what is not announced is said to be so."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from apps.core.records import save_record
from apps.reviews import timeline
from apps.reviews.models import CycleDocument, KeyDate, Phase, PriorityArea, ReviewCycle
from apps.stakeholders.coverage import Axis, matrix
from apps.stakeholders.models import Country
from tests.factories import client_for
from tests.queries import count_queries

pytestmark = pytest.mark.django_db
TODAY = date(2028, 3, 10)
BACKWARDS = {"conference_starts_on": date(2028, 1, 2), "conference_ends_on": date(2028, 1, 1)}


def make_cycle(**fields) -> ReviewCycle:
    texts = {"title_ar": "مراجعة", "title_en": "A review"}
    return save_record(ReviewCycle(**{"number": 9, "is_published": True, **texts, **fields}), by=None)


def add(cycle: ReviewCycle, model, **fields):
    return save_record(model(cycle=cycle, **fields), by=None)


# What is loaded


def test_the_two_reviews_that_were_held_are_there_and_the_next_one_has_no_day():
    first, second, third = ReviewCycle.objects.order_by("number")

    assert [(one.number, one.year, one.is_published) for one in (first, second, third)] == [
        (1, 2021, True), (2, 2024, True), (3, None, True),
    ]  # fmt: skip
    assert (first.conference_starts_on, first.conference_ends_on) == (date(2021, 2, 24), date(2021, 2, 25))
    assert (second.conference_starts_on, second.conference_ends_on) == (date(2024, 7, 3), date(2024, 7, 4))
    assert (second.forum_starts_on, second.forum_ends_on) == (date(2026, 5, 5), date(2026, 5, 8))
    assert third.conference_starts_on is None
    assert {phase.starts_on for phase in third.phases.all()} == {None}
    assert len(third.phases.all()) == 8


def test_every_fact_has_its_source():
    assert not ReviewCycle.objects.filter(source="").exists()
    assert not KeyDate.objects.filter(source="").exists()
    assert not PriorityArea.objects.exists()  # those of 2021 are not verified


def test_the_present_cycle_begins_the_day_after_the_last_conference():
    assert timeline.cycle_start() == date(2024, 7, 5)
    assert matrix(Axis.COUNTRY).since == date(2024, 7, 5)
    held = timezone.localdate() - timedelta(days=3)
    make_cycle(conference_starts_on=held, conference_ends_on=held)

    assert matrix(Axis.COUNTRY).since == held + timedelta(days=1)


def test_without_any_cycle_the_setting_says_when_it_began(settings):
    settings.REVIEW_CYCLE_SINCE = date(2020, 1, 1)
    ReviewCycle.objects.all().delete()

    assert matrix(Axis.COUNTRY).since == date(2020, 1, 1)


def test_recommendations_will_be_numbered_by_the_year():
    assert make_cycle(year=2028).code == "RR2028"
    assert ReviewCycle.objects.get(number=3).code == "RR-3"


# Where it stands


def test_phases_are_over_now_ahead_or_unknown():
    cycle = make_cycle()
    add(cycle, Phase, kind="follow_up")
    add(cycle, Phase, kind="conference", starts_on=date(2028, 6, 1), ends_on=date(2028, 6, 2))
    add(cycle, Phase, kind="call", starts_on=date(2028, 3, 1), ends_on=date(2028, 3, 10))
    add(cycle, Phase, kind="preparation", starts_on=date(2028, 1, 1), ends_on=date(2028, 2, 28))

    assert [(step.phase.kind, step.state) for step in timeline.steps(cycle, TODAY)] == [
        ("preparation", "over"), ("call", "now"), ("conference", "ahead"), ("follow_up", "unknown"),
    ]  # fmt: skip


def test_a_phase_without_an_end_goes_on():
    phase = Phase(kind="follow_up", starts_on=TODAY)

    assert phase.is_now(TODAY + timedelta(days=900))
    assert not phase.is_now(TODAY - timedelta(days=1))
    assert not phase.is_over(TODAY + timedelta(days=900))


@pytest.mark.parametrize(
    ("day", "title"), [(date(2028, 3, 9), "First"), (TODAY, "First"), (date(2028, 3, 11), "Second")]
)
def test_the_next_key_date_is_the_first_that_is_not_past(day, title):
    cycle = make_cycle()
    add(cycle, KeyDate, happens_on=date(2028, 5, 1), title_en="Second")
    add(cycle, KeyDate, happens_on=TODAY, title_en="First")

    assert timeline.next_date(cycle, day).title_en == title
    assert timeline.next_date(cycle, date(2029, 1, 1)) is None


@pytest.mark.parametrize(
    ("model", "fields", "sentence"),
    [
        (ReviewCycle, {"number": 9}, "Write this in Arabic, in English or in both."),
        (
            ReviewCycle,
            {
                "number": 9,
                "title_en": "x",
                "conference_starts_on": date(2028, 1, 2),
                "conference_ends_on": date(2028, 1, 1),
            },
            "The last day is the first one or comes after it.",
        ),
        (Phase, {"kind": "call", "ends_on": TODAY}, "The last day is the first one or comes after it."),
        (KeyDate, {"title_en": "x", "happens_on": TODAY, "ends_on": date(2028, 1, 1)}, "The last day is the first one"),
        (
            CycleDocument,
            {"title_en": "x", "kind": "national_report", "address": "https://a.example"},
            "Say whose report",
        ),
        (Phase, {"kind": "conference"}, "The cycle has this phase already."),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(model, fields, sentence):
    cycle = make_cycle(number=8)
    add(cycle, Phase, kind="conference")
    record = model(**fields) if model is ReviewCycle else model(cycle=cycle, **fields)

    with pytest.raises(ValidationError, match=sentence):
        record.full_clean()


# Pages


@pytest.mark.parametrize("language", ["ar", "en"])
def test_everybody_reads_the_reviews(client, language):
    html = client.get(f"/{language}/reviews/").content.decode()
    assert f'href="/{language}/reviews/2/"' in html
    assert f'href="/{language}/reviews/"' in client.get(f"/{language}/").content.decode()

    page = client.get(f"/{language}/reviews/2/").content.decode()

    words = {
        "ar": ["المراجعة الإقليمية الثانية (2024)", "3 تموز/يوليو 2024", "جامعة الدول العربية"],
        "en": ["Second regional review (2024)", "3 July 2024", "League of Arab States"],
    }
    for word in words[language]:
        assert word in page
    assert "https://migrationnetwork.un.org/regional-reviews-2024" in page
    assert not client.cookies


@pytest.mark.parametrize(("language", "words"), [("ar", "لم تُعلن أيامها بعد"), ("en", "not announced yet")])
def test_what_nobody_has_announced_is_said_once(client, language, words):
    html = client.get(f"/{language}/reviews/3/").content.decode()

    assert html.count(words) == 1
    assert "timeline" not in html


def test_a_phase_without_days_among_others_is_said_to_have_none(client):
    cycle = make_cycle()
    add(cycle, Phase, kind="call", starts_on=TODAY)
    add(cycle, Phase, kind="synthesis")

    assert client.get("/en/reviews/9/").content.decode().count("Not announced yet") == 1


def test_the_phase_that_runs_is_marked(client):
    cycle = make_cycle()
    today = timezone.localdate()
    add(cycle, Phase, kind="call", starts_on=today, ends_on=today)
    add(cycle, Phase, kind="synthesis", starts_on=today + timedelta(days=1))

    html = client.get("/en/reviews/9/").content.decode()

    assert html.count('aria-current="step"') == 1
    assert '<li class="now" aria-current="step"><b>Call for input</b>' in html
    assert "Call for input" in client.get("/en/reviews/").content.decode()


def test_reports_papers_and_areas_stand_on_the_page(client):
    cycle = make_cycle()
    add(cycle, CycleDocument, title_en="Outcome", address="https://a.example/outcome")
    lebanon = Country.objects.get(iso2="LB")
    add(cycle, CycleDocument, kind="national_report", country=lebanon, title_en="Report", address="https://a.example/r")
    area = add(cycle, PriorityArea, title_en="Data for all")
    area.objectives.add(1)

    html = client.get("/en/reviews/9/").content.decode()

    assert "Data for all" in html
    assert '<b>Lebanon</b>: <a href="https://a.example/r" rel="noopener">' in html
    assert 'href="https://a.example/outcome"' in html


def test_a_text_in_one_language_sends_the_reader_to_it(client):
    make_cycle(summary_ar="<p>نص.</p>")

    html = client.get("/en/reviews/9/").content.decode()

    assert "The text is available in Arabic only." in html


def test_a_cycle_that_is_not_published_is_the_back_offices(client, translator, member):
    make_cycle(is_published=False, title_en="Canary")

    for reader in (client, client_for(member)):
        assert reader.get("/en/reviews/9/").status_code == 404
        assert "Canary" not in reader.get("/en/reviews/").content.decode()
    assert client_for(translator).get("/en/reviews/9/").status_code == 200
    assert "/reviews/9/" not in client.get("/sitemap-reviews.xml").content.decode()


def test_the_pages_need_the_same_queries_for_one_and_for_many(client):
    cycle = make_cycle()

    def fill(number: int) -> None:
        add(cycle, KeyDate, happens_on=TODAY + timedelta(days=number), title_en=f"Day {number}")
        add(cycle, CycleDocument, title_en="Paper", address="https://a.example")
        area = add(cycle, PriorityArea, title_en="Area")
        area.objectives.add(1, 2)

    fill(1)
    few = [count_queries(client, address) for address in ("/en/reviews/", "/en/reviews/9/")]
    fill(2)
    fill(3)

    assert [count_queries(client, address) for address in ("/en/reviews/", "/en/reviews/9/")] == few
    assert few[1] <= 12


# In the back office


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_secretariat_keeps_a_cycle_with_its_phases(secretary, language):
    cycle = make_cycle(is_published=False)
    client = client_for(secretary)
    address = f"/{language}/admin/reviews/reviewcycle/{cycle.pk}/change/"
    form = client.get(address).context["adminform"].form
    data = {name: form[name].value() or "" for name in form.fields} | {"is_published": "on", "year": "٢٠٢٨"}
    for prefix in ("phases", "key_dates", "priority_areas", "documents"):
        data |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    data |= {"phases-TOTAL_FORMS": "1", "phases-0-kind": "call", "phases-0-starts_on": "2028-01-01"}

    answer = client.post(address, data)

    assert answer.status_code == 302, answer.context["errors"]
    cycle.refresh_from_db()
    assert (cycle.year, cycle.is_published) == (2028, True)
    assert [(phase.kind, phase.starts_on) for phase in cycle.phases.all()] == [("call", date(2028, 1, 1))]


def test_a_translator_writes_texts_and_neither_publishes_nor_moves_a_day(translator):
    cycle = make_cycle(is_published=False, title_ar="")
    phase = add(cycle, Phase, kind="call", starts_on=TODAY)
    client = client_for(translator)
    address = f"/en/admin/reviews/reviewcycle/{cycle.pk}/change/"
    form = client.get(address).context["adminform"].form
    data = {name: form[name].value() or "" for name in form.fields}
    for prefix in ("phases", "key_dates", "priority_areas", "documents"):
        data |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}

    data |= {
        "phases-TOTAL_FORMS": "1",
        "phases-INITIAL_FORMS": "1",
        "phases-0-id": phase.pk,
        "phases-0-remark_ar": "نص",
    }
    data |= {"phases-0-opened_revision": "1", "phases-0-starts_on": "2028-01-01", "phases-0-kind": "synthesis"}

    client.post(address, {**data, "title_ar": "مراجعة", "is_published": "on", "conference_starts_on": "2028-01-01"})

    cycle.refresh_from_db()
    phase.refresh_from_db()
    assert (phase.remark_ar, phase.starts_on, phase.kind) == ("نص", TODAY, "call")
    assert (cycle.title_ar, cycle.is_published, cycle.conference_starts_on) == ("مراجعة", False, None)
