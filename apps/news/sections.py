"""What news adds to the shared pages."""

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core import languages
from apps.core.languages import CODES, active_language, name_of
from apps.core.site import Task
from apps.news import rights
from apps.news.models import Article
from apps.news.parity import translation_queue

LATEST = 5
QUEUE_SHOWN = 3


def _latest(request) -> list[Article]:
    """The latest articles in the page's language, read once for both sections."""
    if not hasattr(request, "latest_articles"):
        shown = Article.objects.visible_to(AnonymousUser())
        shown = shown.readable_in(active_language()).select_related("picture")
        request.latest_articles = list(shown.order_by("-is_pinned", "-published_at", "-pk")[: LATEST + 1])
    return request.latest_articles


def lead(request):
    articles = _latest(request)
    return {"article": articles[0]} if articles else None


def latest(request):
    return {"articles": _latest(request)[1:]}


def _changelist(query: str) -> str:
    return f"{reverse('admin:news_article_changelist')}?{query}"


def _translations(user):
    """The first that wait for each language, by name: a number alone is soon passed over."""
    articles = Article.objects.visible_to(user)
    for code in CODES:
        for article in translation_queue(articles, code)[:QUEUE_SHOWN]:
            since = getattr(article, f"outdated_{code}") or article.published_at
            texts = {
                "language": name_of(code),
                "title": languages.isolated(languages.version(article, "title", article.original_language)),
                "since": date_format(localtime(since), "DATE_FORMAT"),
            }
            is_outdated = code in article.outdated_languages
            text = _("Outdated in %(language)s since %(since)s: “%(title)s”")
            if not is_outdated:
                text = _("To be translated, %(language)s, since %(since)s: “%(title)s”")
            yield Task(text % texts, reverse("admin:news_article_change", args=[article.pk]))


def tasks(user):
    """For those who can do them: writers complete and translate, and what is to be decided waits for who decides."""
    if rights.may_write(user):
        yield from _to_write(user)
    if rights.may_decide(user):
        yield from _to_decide(user)


def _to_write(user):
    published = Article.objects.visible_to(user).published(timezone.now())
    missing = published.lacking_a_language().count()
    if missing:
        text = ngettext(
            "%(count)d published article stands in one language only.",
            "%(count)d published articles stand in one language only.",
            missing,
        )
        yield Task(text % {"count": missing}, _changelist("language=missing"))
    yield from _translations(user)
    drafts = Article.objects.visible_to(user).filter(status=Article.Status.DRAFT).count()
    if drafts:
        text = ngettext("%(count)d article is a draft.", "%(count)d articles are drafts.", drafts)
        yield Task(text % {"count": drafts}, _changelist("status__exact=draft"))


def _to_decide(user):
    waiting = Article.objects.visible_to(user).filter(status=Article.Status.IN_REVIEW).count()
    if waiting:
        text = ngettext("%(count)d article waits for approval.", "%(count)d articles wait for approval.", waiting)
        yield Task(text % {"count": waiting}, _changelist("status__exact=in_review"))
    approved = Article.objects.visible_to(user).filter(status=Article.Status.APPROVED).count()
    if approved:
        text = ngettext(
            "%(count)d approved article waits to be published.",
            "%(count)d approved articles wait to be published.",
            approved,
        )
        yield Task(text % {"count": approved}, _changelist("status__exact=approved"))
