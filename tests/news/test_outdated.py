"""A translation falls behind when readers get another original, and is current again."""

import pytest

from apps.news import services
from apps.news.models import ArticleStep
from tests.factories import approve, make_article, make_published
from tests.news.life import again, change, make_outdated


@pytest.mark.parametrize(
    ("texts", "is_minor", "outdated"),
    [
        ({"body_ar": "<p>جديد</p>"}, False, ["en"]),
        ({"body_ar": "<p>جديد</p>"}, True, []),
        ({"body_ar": "<p>جديد</p>", "body_en": "<p>New</p>"}, False, []),
        ({"body_en": "<p>New</p>"}, False, []),
        ({"scope": "local"}, False, []),
    ],
)
def test_a_translation_falls_behind_when_readers_get_another_original(db, editor, texts, is_minor, outdated):
    article = change(make_published(original_language="ar"), by=editor, **texts)
    assert again(article).outdated_languages == []

    services.publish_article(approve(article), by=editor, languages=["ar", "en"], is_minor=is_minor)

    assert again(article).outdated_languages == outdated


def test_a_draft_leaves_translations_as_they_are(db, editor):
    article = change(make_article(), by=editor, body_ar="<p>جديد</p>")

    services.publish_article(approve(article), by=editor, languages=["ar", "en"])

    assert again(article).outdated_languages == []


def test_a_translation_is_current_again_when_its_change_is_published(db, editor, translator):
    article = change(make_outdated(), by=translator, body_en="<p>New</p>")
    assert again(article).outdated_languages == ["en"]

    services.publish_article(approve(article), by=editor, languages=["ar", "en"])

    assert again(article).outdated_languages == []


def test_a_translator_says_that_a_translation_still_fits(db, translator, log_in):
    article = make_outdated()

    response = log_in(translator).post(f"/en/admin/news/article/{article.pk}/step/current/", {"reason": "Same sense"})

    assert response.status_code == 302
    assert again(article).outdated_languages == []
    assert ArticleStep.objects.filter(kind="current", taken_by=translator, reason="Same sense").exists()
