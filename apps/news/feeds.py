from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.http import Http404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from apps.core.languages import active_language
from apps.news.models import Article

LATEST = 30


class FullAtomFeed(Atom1Feed):
    """Atom whose entries hold the whole text beside the summary."""

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["full_text"], {"type": "html"})


class ArticleFeed(Feed):
    """The latest articles that stand in the feed's language; what stands in the other one only is not in it."""

    feed_type = FullAtomFeed

    def get_object(self, request, category: str = ""):
        if category and category not in Article.Category.values:
            raise Http404
        return category

    def title(self, category):
        names = {"portal": settings.PORTAL_NAME[active_language()]}
        if category:
            return _("%(portal)s: %(category)s") % {**names, "category": Article.Category(category).label}
        return _("%(portal)s: news") % names

    def link(self, category):
        return reverse("news:list") + (f"?category={category}" if category else "")

    def subtitle(self):
        return settings.PORTAL_TAGLINE[active_language()]

    def author_name(self):
        return settings.PORTAL_OWNER[active_language()]

    def items(self, category):
        shown = Article.objects.visible_to(AnonymousUser())
        if category:
            shown = shown.filter(category=category)
        return shown.readable_in(active_language())[:LATEST]

    def item_title(self, article):
        return article.title

    def item_description(self, article):
        return article.lead

    def item_extra_kwargs(self, article):
        return {"full_text": article.body}

    def item_categories(self, article):
        return [article.get_category_display()]

    def item_pubdate(self, article):
        return article.published_at

    def item_updateddate(self, article):
        return article.last_changed

    def item_guid(self, article):
        return f"{settings.SITE_URL}/{active_language()}/news/{article.pk}"
