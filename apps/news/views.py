from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from apps.core.languages import CODES, active_language
from apps.core.paging import paged
from apps.core.records import visible_or_404
from apps.core.redirects import moved
from apps.core.storage import send_file
from apps.meetings.models import Meeting
from apps.news.content import as_of
from apps.news.forms import ArticleFilter
from apps.news.models import WRITING_ROLES, Article, ArticleVersion, PreviewLink
from apps.news.parity import count_read, parity_of, translation_queue

PER_PAGE = 10
WAITING_SHOWN = 10


@login_not_required
@require_safe
def article_list(request):
    """Published articles, latest first. One without the page's language stands as a notice with a link.

    Drafts are listed in the back office only, for everybody.
    """
    articles = Article.objects.visible_to(request.user).published(timezone.now())
    years = [day.year for day in articles.dates("dated_on", "year", order="DESC")]
    form = ArticleFilter(request.GET, years=years)
    found = form.apply(articles) if form.is_valid() else articles
    page = paged(found, request.GET.get("page"), size=PER_PAGE)
    status = page.status if form.is_valid() else 400
    return render(request, "news/article_list.html", {"form": form, "articles": page}, status=status)


@login_not_required
@require_safe
def article_detail(request, pk: int, slug: str):
    """One article in the page's language, or a notice and a link where that version is not there."""
    articles = Article.objects.select_related("meeting").prefetch_related("contacts")
    try:
        article = visible_or_404(articles, request.user, pk=pk)
    except Http404:
        if Article.objects.taken_back().filter(pk=pk).exists():
            return render(request, "news/article_gone.html", status=410)
        raise
    if slug != article.slug_in(active_language()):
        return moved(article.get_absolute_url())
    language = active_language()
    previews = request.user.is_authenticated and request.user.has_role(*WRITING_ROLES)
    context = {
        "article": article,
        "page_object": article,
        "is_preview": previews and not (article.is_out and article.is_ready(language)),
        "meeting": _related_meeting(article, request.user),
    }
    if article.is_ready(language) or (previews and article.is_complete(language)):
        if not context["is_preview"] and not previews:
            count_read(article)
        return render(request, "news/article_detail.html", context)
    if not article.ready_languages and not previews:
        raise Http404
    return render(request, "news/article_missing.html", context)


def _related_meeting(article: Article, user) -> Meeting | None:
    if article.meeting_id is None:
        return None
    return Meeting.objects.visible_to(user).filter(pk=article.meeting_id).first()


@login_not_required
@require_safe
def parity(request):
    """What of the published news stands in which language, for everybody to see."""
    published = Article.objects.visible_to(AnonymousUser()).published(timezone.now())
    context = {
        "figures": parity_of(published),
        "both": published.filter(ready_ar=True, ready_en=True, outdated_ar=None, outdated_en=None).count(),
        "waiting": [(code, translation_queue(published, code)[:WAITING_SHOWN]) for code in CODES],
    }
    return render(request, "news/parity.html", context)


class Audience(models.TextChoices):
    """Whose eyes a preview is seen with: what they may not see of it, is not there."""

    PUBLIC = "public", _("Readers")
    MEMBERS = "members", _("Members of the group")


@require_safe
def preview(request, pk: int, number: int):
    """One version as readers or members will see it, for whoever writes news. ``?as=`` names the audience."""
    versions = ArticleVersion.objects.select_related("article")
    version = visible_or_404(versions, request.user, article=pk, number=number)
    audience = request.GET.get("as")
    audience = audience if audience in Audience.values else Audience.PUBLIC
    context = {"audience": audience, "audiences": Audience.choices, "version": version}
    meetings = Meeting.objects.visible_to(request.user).exclude(status=Meeting.Status.DRAFT)
    if audience == Audience.PUBLIC:
        meetings = Meeting.objects.visible_to(AnonymousUser())
    return _preview(request, version, meetings, context)


@login_not_required
@require_safe
def shared(request, token: str):
    """The version that a preview link shows, to whoever holds the link. One that is over answers like a wrong one."""
    link = PreviewLink.objects.of_token(token).select_related("version__article").first()
    if link is None:
        raise Http404
    return _preview(request, link.version, Meeting.objects.visible_to(AnonymousUser()), {"link": link})


def _preview(request, version: ArticleVersion, meetings, context: dict):
    language = active_language()
    article = as_of(version.article, version.content)
    context |= {
        "article": article,
        "is_preview": True,
        "meeting": meetings.filter(pk=article.meeting_id).first() if article.meeting_id else None,
    }
    template = "news/article_detail.html" if article.is_complete(language) else "news/preview_missing.html"
    response = render(request, template, context)
    response["Cache-Control"] = "private, no-store"
    return response


@login_not_required
@require_safe
def picture(request, pk: int, stamp: str):
    """An article's picture, for whoever may read the article."""
    article = visible_or_404(Article.objects.exclude(picture=""), request.user, pk=pk)
    if not article.picture_address.endswith(f"-{stamp}.webp"):
        raise Http404
    try:
        response = send_file(article.picture, "picture.webp", restricted=not article.is_out)
    except FileNotFoundError:
        raise Http404 from None
    response["Content-Type"] = "image/webp"
    response["Content-Disposition"] = "inline"
    if article.is_out and request.user.is_anonymous:
        del response["Cache-Control"]
        patch_cache_control(response, public=True, max_age=31536000, immutable=True)
    return response
