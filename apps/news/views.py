from functools import partial

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models.functions import ExtractMonth, ExtractYear
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from apps.core.dates import month_name
from apps.core.languages import CODES, active_language
from apps.core.pagecache import public_page, when_read
from apps.core.paging import paged
from apps.core.records import visible_or_404
from apps.core.redirects import moved
from apps.core.storage import send_file
from apps.meetings.models import Meeting
from apps.news import cards, content, outward, quotations
from apps.news.forms import ArticleFilter
from apps.news.models import WRITING_ROLES, Article, ArticleVersion, Picture, PreviewLink
from apps.news.parity import add_readings, count_read, parity_of, translation_queue

PER_PAGE = 10
TOPICS = ("objectives", "countries", "constituencies")
WAITING_SHOWN = 10


def _published():
    """What every reader has by now."""
    return Article.objects.visible_to(AnonymousUser())


@public_page("category", "scope", "objective", "country", "constituency", "year", "month", "page")
@login_not_required
@require_safe
def article_list(request):
    """Published articles, latest first. One without the page's language stands as a notice with a link.

    Drafts are listed in the back office only, for everybody.
    """
    articles = Article.objects.visible_to(request.user).published(timezone.now())
    form = ArticleFilter(request.GET, years=articles.years())
    found = form.apply(articles) if form.is_valid() else articles
    found = found.order_by("-is_pinned", "-published_at", "-pk")
    page = paged(found, request.GET.get("page"), size=PER_PAGE)
    status = page.status if form.is_valid() else 400
    return render(
        request,
        "news/article_list.html",
        {"form": form, "articles": page, "categories": Article.Category.choices},
        status=status,
    )


@public_page()
@login_not_required
@require_safe
def archive(request):
    """Every month in which something was published, with how much stands in the page's language."""
    articles = _published().readable_in(active_language()).order_by()
    months = articles.annotate(year=ExtractYear("dated_on"), month=ExtractMonth("dated_on"))
    rows = months.values("year", "month").annotate(count=models.Count("pk")).order_by("-year", "-month")
    years = {}
    for row in rows:
        years.setdefault(row["year"], []).append({**row, "name": month_name(row["month"])})
    return render(request, "news/archive.html", {"years": years})


@public_page()
@login_not_required
@require_safe
def article_detail(request, pk: int, slug: str):
    """One article in the page's language, or a notice and a link where that version is not there."""
    articles = Article.objects.select_related("picture").prefetch_related("contacts", *TOPICS)
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
        **_around(article, Meeting.objects.visible_to(request.user), _published()),
    }
    if article.is_ready(language) or (previews and article.is_complete(language)):
        if not context["is_preview"]:
            context |= {
                "shares": outward.shares(article, language),
                "described": outward.description(article, language),
            }
            context["locale"] = outward.LOCALES.get(language, language)
            context["card"] = outward.absolute(outward.card_address(article, language))
        if not context["is_preview"] and not previews:
            count_read(article)
            when_read(request, partial(add_readings, article.pk))
        return render(request, "news/article_detail.html", context)
    if not article.ready_languages and not previews:
        raise Http404
    return render(request, "news/article_missing.html", context)


def _around(article: Article, meetings, articles) -> dict:
    """What stands beside an article: of ``meetings`` and ``articles`` those that it names and its reader may see."""
    language = active_language()
    named = {name: [record.pk for record in getattr(article, name).all()] for name in ("meetings", "related")}
    return {
        "meetings": meetings.filter(pk__in=named["meetings"]).order_by("starts_on") if named["meetings"] else [],
        "related": articles.filter(pk__in=named["related"]) if named["related"] else [],
        "quotations": quotations.in_language(article.quotations, language),
        "minutes": article.reading_minutes(language),
    }


@public_page()
@login_not_required
@require_safe
def parity(request):
    """What of the published news stands in which language, for everybody to see."""
    published = _published()
    context = {
        "figures": parity_of(published),
        "both": published.in_all_languages().count(),
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
    article = content.as_of(version.article, version.content)
    if article.picture and "link" in context:
        article.picture.shared_by = context["link"].token
    context |= {
        "article": article,
        "is_preview": True,
        **_around(article, meetings, _published()),
    }
    template = "news/article_detail.html" if article.is_complete(language) else "news/preview_missing.html"
    response = render(request, template, context)
    response["Cache-Control"] = "private, no-store"
    return response


@login_not_required
@require_safe
def picture(request, pk: int, stamp: str, size: str):
    """A picture in one of its sizes, for whoever may read an article that shows it."""
    shown = visible_or_404(Picture.objects.all(), request.user, pk=pk)
    if shown.stamp != stamp:
        raise Http404
    is_public = request.user.is_anonymous or Picture.objects.visible_to(AnonymousUser()).filter(pk=pk).exists()
    response = _picture_file(shown, size, restricted=not is_public)
    if request.user.is_anonymous:
        del response["Cache-Control"]
        patch_cache_control(response, public=True, max_age=31536000, immutable=True)
    return response


@login_not_required
@require_safe
def shared_picture(request, token: str, pk: int, size: str):
    """The picture of the version that a preview link shows, to whoever holds the link."""
    link = PreviewLink.objects.of_token(token).select_related("version").first()
    if link is None or link.version.content.get("picture") != str(pk):
        raise Http404
    shown = Picture.objects.filter(pk=pk).first()
    if shown is None:
        raise Http404
    return _picture_file(shown, size, restricted=True)


@login_not_required
@require_safe
def card(request, pk: int, stamp: str, language: str):
    """The picture of an article's title, for other sites; for what readers have in this language and nothing else."""
    articles = Article.objects.visible_to(AnonymousUser()).select_related("picture")
    article = articles.filter(pk=pk).first() if language in CODES else None
    if article is None or not article.is_ready(language) or outward.card_stamp(article, language) != stamp:
        raise Http404
    response = HttpResponse(cards.draw(article, language), content_type="image/jpeg")
    patch_cache_control(response, public=True, max_age=31536000, immutable=True)
    return response


def _picture_file(shown: Picture, size: str, *, restricted: bool):
    stored = shown.file_of(size)
    if not stored:
        raise Http404
    kind = "jpeg" if size == "fallback" else "webp"
    try:
        response = send_file(stored, f"picture.{kind}", restricted=restricted)
    except FileNotFoundError:
        raise Http404 from None
    response["Content-Type"] = f"image/{kind}"
    response["Content-Disposition"] = "inline"
    return response
