"""Ways to bring an article where a test needs it."""

from apps.news import services
from apps.news.models import Article
from tests.factories import approve, make_published


def change(article, *, by, links=None, **texts) -> Article:
    """What the back office does: opens the newest version and saves it changed."""
    article = services.with_newest(Article.objects.get(pk=article.pk))
    for name, text in texts.items():
        setattr(article, name, text)
    return services.save_article(article, by=by, links=links)


def again(article) -> Article:
    return Article.objects.get(pk=article.pk)


def make_outdated(**fields) -> Article:
    article = change(make_published(original_language="ar", **fields), by=None, body_ar="<p>جديد</p>")
    return services.publish_article(approve(article), by=None, languages=["ar", "en"])
