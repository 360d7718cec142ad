"""Calls for input: when they are open, what they ask of whom, and how the phases of a review decide."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.forms import Form
from django.utils import timezone

from apps.core.records import save_record
from apps.reviews import recommendations, synthesis
from apps.reviews.models import CallForInput, Phase, Question, ReviewCycle
from tests.reviews.made import make_call, make_recommendation, make_section, make_submission

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def clock(monkeypatch):
    """Sets the present moment for calls."""

    def at(moment: datetime):
        monkeypatch.setattr("apps.reviews.models.calls.timezone.now", lambda: moment)

    return at


# Open and closed


def test_a_call_opens_and_closes_at_midnight_of_its_own_zone(clock):
    call = make_call(opens_on=date(2028, 3, 1), closes_on=date(2028, 3, 31), time_zone="Asia/Dubai", grace_days=2)
    stages = {
        datetime(2028, 2, 29, 19, 59, tzinfo=UTC): "ahead",
        datetime(2028, 2, 29, 20, 0, tzinfo=UTC): "open",
        datetime(2028, 3, 31, 19, 59, tzinfo=UTC): "open",
        datetime(2028, 3, 31, 20, 0, tzinfo=UTC): "grace",
        datetime(2028, 4, 2, 19, 59, tzinfo=UTC): "grace",
        datetime(2028, 4, 2, 20, 0, tzinfo=UTC): "closed",
    }
    for moment, stage in stages.items():
        clock(moment)
        assert call.stage == stage, moment


def test_a_call_is_in_the_portal_s_zone_unless_another_is_chosen(settings):
    settings.TIME_ZONE = "Asia/Dubai"

    assert CallForInput().time_zone == "Asia/Dubai"
    assert CallForInput._meta.get_field("time_zone").formfield().get_bound_field(Form(), "x").initial == "Asia/Dubai"


def test_where_the_clock_jumps_over_midnight_the_call_opens_with_the_jump():
    """Cairo, 26 April 2024: from 23:59 to 01:00."""
    call = make_call(opens_on=date(2024, 4, 26), closes_on=date(2024, 5, 1), time_zone="Africa/Cairo")

    assert call.opens_at == datetime(2024, 4, 25, 22, 0, tzinfo=UTC)


def test_the_database_refuses_what_cannot_be():
    call = make_call()
    for fields in ({"closes_on": call.opens_on - DAY}, {"title_ar": "", "title_en": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CallForInput.objects.filter(pk=call.pk).update(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        Question.objects.create(
            call=call, wording_en="Why?", only_if=Question.objects.create(call=call, wording_en="?")
        )


def test_a_call_takes_at_least_one_language():
    call = make_call()
    call.spoken = []
    with pytest.raises(ValidationError, match="Choose at least one language"):
        call.full_clean()


# Questions


def test_choices_pair_the_two_languages_line_by_line():
    call = make_call({"kind": "choice", "options_ar": "نعم\n\nلا\n", "options_en": "Yes\nNo"})

    assert call.questions.get().labels() == [{"ar": "نعم", "en": "Yes"}, {"ar": "لا", "en": "No"}]


def test_a_language_that_lacks_the_choices_has_the_other_ones():
    call = make_call({"kind": "choices", "options_ar": "نعم\nلا"})

    assert call.questions.get().labels()[1] == {"ar": "لا", "en": "لا"}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"kind": "choice"}, "Write the choices or columns"),
        ({"kind": "table", "options_ar": "أ\nب", "options_en": "a"}, "different numbers of lines"),
        ({"only_if": 1, "only_if_choice": 3}, "no choice with this number"),
        ({"only_if": 1, "only_if_choice": 0}, "no choice with this number"),
        ({"only_if": 1, "only_if_choice": 1, "order": 1}, "has to come first"),
        ({"only_if": 2, "only_if_choice": 1}, "has choices"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(fields, sentence):
    call = make_call({"kind": "choice", "options_en": "Yes\nNo"}, {"kind": "text"})
    opener = call.questions.all()[fields["only_if"] - 1] if "only_if" in fields else None
    question = Question(**{"call": call, "order": 3, "wording_en": "Why?", **fields, "only_if": opener})

    with pytest.raises(ValidationError, match=sentence):
        question.full_clean()


def test_a_question_of_another_call_opens_nothing():
    other = make_call({"kind": "choice", "options_en": "Yes\nNo"}).questions.get()
    question = Question(call=make_call(), order=3, wording_en="Why?", only_if=other, only_if_choice=1)

    with pytest.raises(ValidationError, match="of this call"):
        question.full_clean()


# Who sees it, on its pages


def test_a_call_that_is_not_published_is_the_back_offices(client, secretary, log_in):
    call = make_call(is_published=False)

    assert client.get(f"/en/have-your-say/{call.pk}/").status_code == 404
    assert "A call" not in client.get("/en/have-your-say/").content.decode()
    assert "Not published yet" in log_in(secretary).get(f"/en/have-your-say/{call.pk}/").content.decode()


@pytest.mark.parametrize(
    ("language", "open_text", "closed_text"),
    [("ar", "مفتوحة حتى نهاية يوم", "أُغلقت في"), ("en", "Open until the end of", "Closed on")],
)
def test_the_page_says_whether_it_is_open(client, language, open_text, closed_text):
    today = timezone.localdate()
    is_open = make_call()
    closed = make_call(opens_on=today - 20 * DAY, closes_on=today - 10 * DAY)

    assert open_text in client.get(f"/{language}/have-your-say/{is_open.pk}/").content.decode()
    html = client.get(f"/{language}/have-your-say/{closed.pk}/").content.decode()
    assert closed_text in html
    assert "/begin/" not in html
    assert client.get(f"/{language}/have-your-say/{closed.pk}/begin/").status_code == 302


def test_the_list_parts_what_is_open_from_what_is_not(client):
    today = timezone.localdate()
    make_call(title_en="Open one")
    make_call(title_en="Closed one", opens_on=today - 20 * DAY, closes_on=today - 10 * DAY)
    make_call(title_en="Later one", opens_on=today + 5 * DAY, closes_on=today + 10 * DAY)

    calls = client.get("/en/have-your-say/").context["calls"]

    assert {stage: [one.title_en for one in found] for stage, found in calls.items()} == {
        "open": ["Open one"], "ahead": ["Later one"], "closed": ["Closed one"],
    }  # fmt: skip


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_home_page_asks_while_a_call_is_open(client, language):
    today = timezone.localdate()
    make_call(opens_on=today - 20 * DAY, closes_on=today - DAY)
    make_call(is_published=False)
    assert "have-your-say" not in client.get(f"/{language}/").content.decode().partition("<main")[2]
    call = make_call()

    html = client.get(f"/{language}/").content.decode().partition("<main")[2]

    assert html.count(f'href="/{language}/have-your-say/{call.pk}/"') == 1
    assert html.count("/have-your-say/") == 1


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_form_on_paper_asks_everything(client, language):
    call = make_call(
        {"kind": "choice", "options_ar": "نعم\nلا", "options_en": "Yes\nNo"},
        {"kind": "table", "options_ar": "السنة", "options_en": "Year"},
        {"kind": "text", "only_if_choice": 2},
    )
    first, _second, third = call.questions.all()
    third.only_if = first
    save_record(third, by=None)

    html = client.get(f"/{language}/have-your-say/{call.pk}/paper/").content.decode()

    texts = {
        "ar": ["سؤال 1", "نعم", "السنة", "سؤال 3", "فقط إذا أجبتم"],
        "en": ["Question 1", "Yes", "Year", "Only if"],
    }
    for text in texts[language]:
        assert text in html
    assert "<form" not in html.split("<main")[1]


# The phase decides


def phase(kind: str, starts: date | None, ends: date | None = None) -> ReviewCycle:
    cycle = ReviewCycle.objects.get(number=3)
    Phase.objects.filter(cycle=cycle, kind=kind).update(starts_on=starts, ends_on=ends)
    return cycle


def test_a_call_begins_in_its_phase_once_that_is_announced():
    call = make_call()
    call.clean()  # nothing is announced
    phase("call", call.opens_on + DAY)
    with pytest.raises(ValidationError, match="another phase on this day"):
        call.clean()
    phase("call", call.opens_on - 5 * DAY, call.opens_on - DAY)
    with pytest.raises(ValidationError, match="another phase on this day"):
        call.clean()
    phase("call", call.opens_on, call.closes_on)
    call.clean()


def test_what_belongs_to_a_later_phase_has_to_wait():
    tomorrow = timezone.localdate() + DAY
    section = make_section()
    cycle = phase("synthesis", tomorrow)
    with pytest.raises(ValidationError, match="The phase “Synthesis” of this review begins on"):
        make_recommendation(cycle=cycle)
    with pytest.raises(ValidationError, match="Synthesis"):
        synthesis.publish(section, by=None)
    phase("synthesis", timezone.localdate())
    one = make_recommendation(cycle=cycle)
    phase("recommendations", tomorrow)
    with pytest.raises(ValidationError, match="Recommendations"):
        recommendations.adopt(one, by=None, decision=None)


def test_a_call_to_which_somebody_answered_is_not_deleted(secretary, log_in):
    call = make_call()
    client = log_in(secretary)
    assert client.get(f"/en/admin/reviews/callforinput/{call.pk}/delete/").status_code == 200
    make_submission(call)

    assert client.get(f"/en/admin/reviews/callforinput/{call.pk}/delete/").status_code == 403


def test_search_engines_find_what_everybody_may_read(client):
    call, hidden = make_call(), make_call(is_published=False)
    said = make_submission(call, state="published")

    calls, contributions = (client.get(f"/sitemap-{name}.xml").content.decode() for name in ("calls", "contributions"))

    for language in ("ar", "en"):
        assert f"/{language}/have-your-say/{call.pk}/<" in calls
        assert f"/{language}/reviews/3/submissions/{said.number}/<" in contributions
    assert f"/have-your-say/{hidden.pk}/" not in calls
    assert "lastmod" not in contributions
