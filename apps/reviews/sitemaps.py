from django.contrib.auth.models import AnonymousUser
from django.contrib.sitemaps import Sitemap

from apps.core.languages import CODES
from apps.reviews.models import ReviewCycle


class CycleSitemap(Sitemap):
    i18n = True
    alternates = True
    languages = CODES

    def items(self):
        return ReviewCycle.objects.visible_to(AnonymousUser())

    def lastmod(self, cycle):
        return cycle.updated_at
