from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.news.models import Article
from apps.news.services import publish_article, withdraw_article
from tests.factories import make_approved, make_article, make_picture, make_published
from tests.news.forms import FORM, add_article

FUTURE = datetime(2099, 1, 1, tzinfo=UTC)


def page_of(article, language: str) -> str:
    return article.address_in(language)


def test_publishing_shows_the_chosen_languages_and_no_other(db, editor):
    article = publish_article(make_approved(), by=editor, languages=["ar"])

    assert (article.ready_languages, article.status, article.updated_by) == (["ar"], "published", editor)
    assert article.published_at <= timezone.now()


def test_publishing_again_keeps_the_first_publish_time(db, editor):
    at = datetime(2026, 11, 1, tzinfo=UTC)
    article = publish_article(make_approved(), by=editor, languages=["ar"], at=at)

    publish_article(article, by=editor, languages=["ar", "en"])

    assert (article.published_at, article.ready_languages) == (at, ["ar", "en"])


@pytest.mark.parametrize("field", ["title_en", "lead_en", "body_en"])
def test_a_published_version_has_all_its_texts(db, editor, field):
    article = make_approved(**{field: ""}, original_language="ar")

    with pytest.raises(ValidationError) as error:
        publish_article(article, by=editor, languages=["ar", "en"])

    assert error.value.messages == ["English: the title, the lead or the text is missing."]
    article.refresh_from_db()
    assert not article.is_shown


def test_publishing_nothing_is_refused(db, editor):
    with pytest.raises(ValidationError) as error:
        publish_article(make_approved(), by=editor, languages=[])

    assert error.value.messages == ["Choose at least one language."]


def test_a_picture_is_described_in_each_published_language(db, editor):
    article = make_approved(picture=make_picture(text_en=""))

    with pytest.raises(ValidationError) as error:
        publish_article(article, by=editor, languages=["ar", "en"])

    assert error.value.messages == ["Describe the picture in English for readers who cannot see it."]


def test_withdrawing_makes_a_draft_of_every_language(db, client, editor):
    article = make_published()
    address = page_of(article, "en")
    assert client.get(address).status_code == 200

    withdraw_article(article, by=editor)

    assert (article.status, article.ready_languages) == ("draft", [])
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "broken",
    [
        lambda: make_article(ready_en=True, title_en=""),
        lambda: make_article(ready_en=True, body_en=None),
        lambda: make_article(ready_ar=True, lead_ar=""),
        lambda: make_article(is_shown=True, ready_ar=True),
        lambda: make_article(is_shown=True, published_at=FUTURE),
        lambda: make_article(status="published"),
        lambda: make_article(status="archived", is_shown=True, ready_ar=True, published_at=FUTURE),
        lambda: make_article(original_language="en", title_en=""),
        lambda: make_article(original_language="ar", title_ar=None),
        lambda: make_article(correction_ar="خطأ", corrected_on=None),
    ],
)
def test_the_database_refuses(db, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        broken()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_whole_way_from_typing_to_readers(db, client, editor, secretary, log_in, language):
    staff, officer = log_in(editor), log_in(secretary)
    texts = {
        "lead_ar": "مقدمة",
        "body_ar": "<p>نص</p>",
        "title_en": "Title",
        "lead_en": "Lead",
        "body_en": "<p>Text</p>",
    }
    saved = add_article(staff, language, _step="send", dated_on="٠٥/١١/٢٠٢٦", **texts)
    article = Article.objects.get()
    steps = f"/{language}/admin/news/article/{article.pk}/step"
    sent = staff.post(saved["Location"])
    own = staff.post(f"{steps}/approve/")
    approved = officer.post(f"{steps}/approve/", {"reason": "Checked"})

    question = staff.get(f"{steps}/publish/")
    published = staff.post(f"{steps}/publish/", {"languages": ["ar", "en"], "at_0": "", "at_1": ""})

    assert saved["Location"] == f"{steps}/send/"
    assert [sent.status_code, own.status_code, approved.status_code] == [302, 403, 302]
    assert question.context["form"].initial["languages"] == ["ar", "en"]
    assert published.status_code == 302
    article.refresh_from_db()
    assert (article.dated_on, article.created_by) == (date(2026, 11, 5), editor)
    for code in ("ar", "en"):
        html = client.get(page_of(article, code)).content.decode()
        assert getattr(article, f"title_{code}") in html
        assert getattr(article, f"body_{code}") in html


def test_publishing_is_put_off_to_a_time_typed_in_arabic_digits(db, client, editor, log_in):
    article = make_approved()

    response = log_in(editor).post(
        f"/ar/admin/news/article/{article.pk}/step/publish/",
        {"languages": ["ar"], "at_0": "٢٠٩٩-٠١-٠١", "at_1": "١٠:٠٠"},
    )

    article.refresh_from_db()
    assert response.status_code == 302
    assert article.published_at == datetime(2099, 1, 1, 8, tzinfo=UTC)
    assert client.get(page_of(article, "ar")).status_code == 404


@pytest.mark.parametrize("language", ["ar", "en"])
def test_publishing_without_text_is_refused_with_a_sentence(db, editor, log_in, language):
    article = make_approved(body_en="")

    response = log_in(editor).post(f"/{language}/admin/news/article/{article.pk}/step/publish/", {"languages": ["en"]})

    expected = {"ar": "ينقص العنوان أو المقدمة أو النص.", "en": "the title, the lead or the text is missing."}
    assert response.status_code == 400
    assert expected[language] in response.content.decode()
    article.refresh_from_db()
    assert not article.is_shown


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title_ar": ""}, "title_ar"),
        ({"dated_on": "someday"}, "dated_on"),
        ({"category": "gossip"}, "category"),
        ({"picture": "999"}, "picture"),
    ],
)
def test_wrong_input_gets_a_message_beside_its_field_and_stays_typed(db, editor, log_in, language, changes, field):
    response = add_article(log_in(editor), language, title_en="Typed", **changes)

    form = response.context["adminform"].form
    assert response.status_code == 200
    assert list(form.errors) == [field]
    assert form["title_en"].value() == "Typed"
    assert not Article.objects.exists()


def test_emptying_the_text_of_a_published_article_is_refused_beside_it(db, editor, log_in):
    article = make_published()
    texts = {name: getattr(article, name) for name in ("title_ar", "lead_ar", "body_ar", "title_en", "lead_en")}

    response = log_in(editor).post(
        f"/en/admin/news/article/{article.pk}/change/", {**FORM, **texts, "opened_revision": article.revision}
    )

    message = "Readers have this version: it needs this text."
    assert response.context["adminform"].form.errors == {"body_en": [message]}
    article.refresh_from_db()
    assert article.body_en == "<p>The text.</p>"


def test_s22_a_translator_writes_but_does_not_publish(db, translator, log_in):
    article = make_approved(title_en="")
    client = log_in(translator)

    page = client.get(f"/en/admin/news/article/{article.pk}/change/")
    response = client.post(f"/en/admin/news/article/{article.pk}/step/publish/", {"languages": ["ar"]})

    assert [step.name for step in page.context["next_steps"]] == ["share"]
    assert response.status_code == 403
    article.refresh_from_db()
    assert not article.is_shown


def test_s21_publishing_by_an_extra_field_is_ignored(db, translator, log_in):
    article = make_article()
    data = {
        **FORM,
        "opened_revision": article.revision,
        "status": "published",
        "ready_ar": "on",
        "published_at_0": "2020-01-01",
    }

    log_in(translator).post(f"/en/admin/news/article/{article.pk}/change/", data)

    article.refresh_from_db()
    assert (article.status, article.ready_ar, article.published_at) == ("draft", False, None)


def test_a_published_article_is_withdrawn_before_it_is_deleted(db, editor, log_in):
    article = make_published()

    response = log_in(editor).post(f"/en/admin/news/article/{article.pk}/delete/", {"post": "yes"})

    assert response.status_code == 403
    assert Article.objects.filter(pk=article.pk).exists()


def test_scheduled_articles_appear_on_their_minute_without_anybody(db, client, settings):
    soon = timezone.now() + timedelta(hours=1)
    article = make_published(at=soon)

    before = list(Article.objects.published(soon - timedelta(seconds=1)))
    after = list(Article.objects.published(soon))

    assert (before, after) == ([], [article])


def test_an_empty_time_publishes_a_scheduled_article_at_once(db, editor):
    article = make_published(at=FUTURE)

    publish_article(article, by=editor, languages=["ar"])

    assert article.published_at <= timezone.now()
