from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from apps.core.languages import active_language
from apps.news.models import Article


class ArticleFeed(Feed):
    """The latest articles that stand in the feed's language; what stands in the other one only is not in it."""

    feed_type = Atom1Feed

    def title(self):
        return _("%(portal)s: news") % {"portal": settings.PORTAL_NAME[active_language()]}

    def link(self):
        return reverse("news:list")

    def subtitle(self):
        return settings.PORTAL_TAGLINE[active_language()]

    def items(self):
        shown = Article.objects.visible_to(AnonymousUser()).published(timezone.now())
        return shown.readable_in(active_language())[:30]

    def item_title(self, article):
        return article.title

    def item_description(self, article):
        return article.lead

    def item_pubdate(self, article):
        return article.published_at

    def item_updateddate(self, article):
        return max(article.updated_at, article.published_at)

    def item_guid(self, article):
        return f"{settings.SITE_URL}/{active_language()}/news/{article.pk}"
