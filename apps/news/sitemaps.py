from django.contrib.auth.models import AnonymousUser
from django.contrib.sitemaps import Sitemap

from apps.core.languages import CODES
from apps.news.models import Article


class ArticleSitemap(Sitemap):
    """Each published article in each language that readers have, and no other."""

    i18n = True
    alternates = True
    languages = CODES
    limit = 5000

    def items(self):
        titles = [f"title_{code}" for code in CODES]
        ready = [f"ready_{code}" for code in CODES]
        shown = Article.objects.visible_to(AnonymousUser())
        return shown.only("published_at", "changed_at", *titles, *ready).order_by("-published_at", "-pk")

    def get_languages_for_item(self, article):
        return article.ready_languages

    def lastmod(self, article):
        return article.last_changed
