"""News as it is found: each language version that readers have."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.languages import field_in
from apps.core.richtext import plain
from apps.news.models import Article
from apps.search import registry
from apps.search.registry import Content, Searchable


def _article(article: Article, language: str) -> Content | None:
    if not article.is_shown or not article.is_ready(language):
        return None
    texts = (field_in(article, "place", language), field_in(article, "correction", language))
    return Content(
        title=field_in(article, "title", language),
        lead=field_in(article, "lead", language),
        body=plain(field_in(article, "body", language)),
        names=" ".join(filter(None, texts)),
        on=timezone.localdate(article.published_at),
        check_at=article.published_at if article.is_scheduled else None,
        **registry.about(article),
    )


def register() -> None:
    registry.register(
        Searchable(
            kind="article",
            label=_("News"),
            model=Article,
            content=_article,
            prepare=registry.with_topics,
        )
    )
