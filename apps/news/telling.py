"""Editors are told what waits for their approval, translators what waits for their language."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.accounts.roles import Role
from apps.accounts.telling import tell, with_role
from apps.core import notices, outbox
from apps.core.languages import CODES, isolated, name_of, version
from apps.news import rights
from apps.news.models import Article, ArticleVersion


def review_asked(article: Article, newest: ArticleVersion, *, by) -> int:
    """To those who may approve this version; nobody asks herself."""
    readers = [one for one in with_role(*rights.DECIDERS) if one != by and rights.may_approve(one, article)]
    return tell(
        readers,
        "news/mails/review",
        about=article,
        key=f"review {newest.pk}",
        page=lambda: reverse("admin:news_article_change", args=[article.pk]),
        texts=lambda language: {"title": _title(article), "by": isolated(by.get_full_name()) if by else ""},
    )


def translation_awaited(article: Article, newest: ArticleVersion, *, by) -> int:
    """To the translators, of each language that readers do not have, or have as it was before."""
    waiting = [code for code in CODES if code not in article.ready_languages or code in article.outdated_languages]
    translators = [one for one in with_role(Role.TRANSLATOR) if one != by] if waiting else []
    return tell(
        translators,
        "news/mails/translation",
        about=article,
        key=f"translation {newest.pk}",
        page=lambda: reverse("admin:news_article_change", args=[article.pk]),
        texts=lambda language: {"title": _title(article), "languages": [name_of(code) for code in waiting]},
    )


def _title(article: Article) -> str:
    return isolated(version(article, "title", article.original_language))


def may_be_told(article: Article, mail) -> bool:
    """What was approved or translated meanwhile waits for nobody."""
    if mail.reader is None or not Article.objects.visible_to(mail.reader).filter(pk=article.pk).exists():
        return False
    if mail.kind == "review":
        return article.status == Article.Status.IN_REVIEW
    return article.ready_languages != list(CODES) or bool(article.outdated_languages)


def register_notices() -> None:
    outbox.gates["news.article"] = may_be_told
    notices.register("review", _("Article to approve"), is_for=lambda user: user.has_role(*rights.DECIDERS))
    notices.register("translation", _("Article to translate"), is_for=lambda user: user.has_role(Role.TRANSLATOR))
