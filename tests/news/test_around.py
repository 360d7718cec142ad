"""What stands around an article: topics, quotations, what it is related to, corrections, pins, time to read."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from apps.news import reading, services
from apps.news.models import Article
from apps.news.quotations import cleaned
from apps.stakeholders.models import Constituency, Country, Objective
from tests.factories import make_article, make_published
from tests.news.forms import add_article
from tests.news.life import again, change

SAID = {
    "text_ar": "قولٌ يُنقل.",
    "speaker_ar": "سميرة حداد",
    "title_ar": "رئيسة المجموعة",
    "text_en": "A word to be passed on.",
    "speaker_en": "Samira Haddad",
    "title_en": "Chair of the group",
}


def page(client, article, language: str = "en") -> str:
    return client.get(article.address_in(language)).content.decode()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_topics_lead_to_the_other_news_about_them(db, client, language):
    links = {
        "objectives": [Objective.objects.get(number=6)],
        "countries": [Country.objects.get(iso2="LB")],
        "constituencies": [Constituency.objects.get(code="trade-unions")],
    }
    article = make_published(links=links)
    make_published()

    html = page(client, article, language)
    found = [
        [item.pk for item in client.get(f"/{language}/news/?{query}").context["articles"].page]
        for query in ("objective=6", "objective=٦", "country=LB", "constituency=trade-unions", "objective=7")
    ]

    for query in ("objective=6", "country=LB", "constituency=trade-unions"):
        assert f'href="/{language}/news/?{query}"' in html
    assert found == [[article.pk]] * 4 + [[]]


def test_a_topic_that_is_none_is_a_wrong_request_with_a_sentence(db, client):
    response = client.get("/en/news/?objective=24")

    assert (response.status_code, list(response.context["form"].errors)) == (400, ["objective"])


def test_the_archive_shows_one_month_of_one_year(db, client):
    kept = make_published(dated_on=date(2026, 3, 5))
    make_published(dated_on=date(2025, 3, 5))
    make_published(dated_on=date(2026, 4, 5))

    response = client.get("/ar/news/?year=2026&month=3")

    assert [item.pk for item in response.context["articles"].page] == [kept.pk]


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_quotation_stands_with_its_speaker_in_the_pages_language(db, client, language):
    html = page(client, make_published(quotations=[SAID]), language)

    other = {"ar": "en", "en": "ar"}[language]
    assert all(SAID[f"{part}_{language}"] in html for part in ("text", "speaker", "title"))
    assert SAID[f"text_{other}"] not in html


def test_quotations_are_typed_in_rows_and_emptied_rows_go(db, editor, log_in):
    sent = {f"quotations-2-{part}": text for part, text in SAID.items()}
    add_article(log_in(editor), title_en="T", **sent)
    article = Article.objects.get()
    assert article.quotations == [SAID]

    client = log_in(editor)
    address = f"/en/admin/news/article/{article.pk}/change/"
    assert "Samira Haddad" in client.get(address).content.decode()
    form = client.get(address).context["adminform"].form
    texts = {name: value for name in form.fields if name != "quotations" and (value := form[name].value())}
    client.post(address, {**texts, **{f"quotations-1-{part}": "" for part in SAID}})

    assert again(article).quotations == []


@pytest.mark.parametrize(
    "row",
    [
        {"text_en": "Said by nobody."},
        {"speaker_en": "Somebody"},
        {"text_en": "x" * 1001, "speaker_en": "A"},
        {"text_en": "x", "speaker_en": "A\u202eB"},
        "text",
    ],
)
def test_a_quotation_that_is_none_is_refused(row):
    with pytest.raises(ValidationError):
        cleaned([row])


def test_a_quotation_is_compared_in_the_history(db, editor, log_in):
    article = make_article(quotations=[SAID])
    change(article, by=editor, quotations=[{**SAID, "title_en": "Chairperson"}])

    html = log_in(editor).get(f"/en/admin/news/article/{article.pk}/version/2/").content.decode()

    assert "Chairperson" in html


def test_related_articles_are_named_when_readers_have_them(db, client):
    shown, draft = make_published(title_en="Shown canary"), make_article(title_en="Draft canary")
    arabic = make_published(languages=("ar",), title_ar="خبر بالعربية وحدها")
    html = page(client, make_published(links={"related": [shown, draft, arabic]}))

    assert "Shown canary" in html
    assert "Draft canary" not in html
    assert f'<a href="{arabic.address_in("ar")}" lang="ar" hreflang="ar" dir="rtl">' in html


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_correction_stands_with_its_date(db, client, language):
    fields = {"correction_ar": "صُحّح الرقم.", "correction_en": "The figure was put right."}
    html = page(client, make_published(corrected_on=date(2026, 11, 12), **fields), language)

    assert fields[f"correction_{language}"] in html
    assert {"ar": "12 تشرين الثاني/نوفمبر 2026", "en": "12 November 2026"}[language] in html


def test_a_correction_without_its_date_is_refused(db, editor, log_in):
    response = add_article(log_in(editor), title_en="T", correction_en="Put right.")

    assert response.context["adminform"].form.errors == {"__all__": ["A correction has its date."]}


def test_what_is_pinned_stands_first_until_it_is_unpinned(db, client, editor):
    older = make_published(at=datetime(2026, 1, 1, tzinfo=UTC))
    newer = make_published(at=datetime(2026, 2, 1, tzinfo=UTC))

    def order() -> list[int]:
        return [item.pk for item in client.get("/en/news/").context["articles"].page]

    before = order()
    services.pin_article(older, by=editor, reason="Open call")
    pinned, lead = order(), client.get("/en/").content.decode()
    services.unpin_article(older, by=editor)

    assert (before, pinned, order()) == ([newer.pk, older.pk], [older.pk, newer.pk], [newer.pk, older.pk])
    assert lead.index(older.title_en) < lead.index(newer.title_en)
    assert list(older.steps.values_list("kind", flat=True)[:2]) == ["unpinned", "pinned"]


def test_only_who_decides_pins(db, translator):
    with pytest.raises(PermissionDenied):
        services.pin_article(make_published(), by=translator)


def test_what_is_taken_from_readers_is_unpinned(db, editor):
    article = services.pin_article(make_published(), by=editor)

    assert services.withdraw_article(article, by=editor).is_pinned is False


@pytest.mark.parametrize(
    ("words", "language", "expected"), [(0, "ar", 1), (138, "ar", 1), (139, "ar", 2), (457, "en", 3)]
)
def test_time_to_read_follows_the_languages_measured_speed(words, language, expected):
    assert reading.minutes(f"<p>{'كلمة ' * words}</p>", language) == expected


def test_the_years_to_choose_from_reach_from_the_first_dateline_to_the_last(db, client):
    make_published(dated_on=date(2026, 11, 5))
    make_published(dated_on=date(2024, 1, 1), at=datetime(2024, 1, 1, tzinfo=UTC))
    make_article(dated_on=date(2020, 1, 6))
    make_published(dated_on=date(2028, 1, 6), at=timezone.now() + timedelta(days=1))

    form = client.get("/ar/news/").context["form"]

    assert [value for value, label in form.fields["year"].choices] == ["", 2026, 2025, 2024]


def test_without_news_there_is_no_year_to_choose(db, client):
    form = client.get("/ar/news/").context["form"]

    assert [value for value, label in form.fields["year"].choices] == [""]
