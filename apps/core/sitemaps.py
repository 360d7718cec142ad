from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from apps.core import site
from apps.core.languages import CODES


class PageSitemap(Sitemap):
    """The pages that stand in the main menu, and those that everybody may want to find."""

    i18n = True
    alternates = True
    languages = CODES

    def items(self):
        return ["home", *(entry.url_name for entry in site.menu), "privacy"]

    def location(self, url_name):
        return reverse(url_name)
