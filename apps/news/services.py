"""The life of an article: draft → published, language by language."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.languages import CODES, own_name
from apps.core.records import save_record
from apps.news.models import Article


def _refuse_incomplete(article: Article, chosen: list[str]) -> None:
    problems = [
        _("%(language)s: the title, the lead or the text is missing.") % {"language": own_name(code)}
        for code in chosen
        if not article.is_complete(code)
    ]
    if not chosen:
        problems.append(_("Choose at least one language."))
    if problems:
        raise ValidationError(problems)


def _first_published(article: Article) -> datetime | None:
    """When readers got it first; a time that has not come yet does not count."""
    return article.published_at if article.published_at and article.published_at <= timezone.now() else None


@transaction.atomic
def publish_article(article: Article, *, by, languages: list[str], at: datetime | None = None) -> Article:
    """Shows the article in these languages from ``at`` on (at once by default), and in no other.

    Raises ValidationError when a chosen language lacks its title, lead, text or the description of its picture.
    """
    _refuse_incomplete(article, languages)
    for code in CODES:
        setattr(article, f"ready_{code}", code in languages)
    article.status = Article.Status.PUBLISHED
    article.published_at = at or _first_published(article) or timezone.now()
    article.full_clean()
    return save_record(article, by=by)


@transaction.atomic
def withdraw_article(article: Article, *, by) -> Article:
    """Makes the article a draft again in every language; its texts and its publish time stay."""
    for code in CODES:
        setattr(article, f"ready_{code}", False)
    article.status = Article.Status.DRAFT
    return save_record(article, by=by)
