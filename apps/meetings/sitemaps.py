from django.contrib.auth.models import AnonymousUser
from django.contrib.sitemaps import Sitemap

from apps.core.languages import CODES
from apps.meetings.models import Meeting


class MeetingSitemap(Sitemap):
    """The meetings that everybody may see."""

    i18n = True
    alternates = True
    languages = CODES
    limit = 5000

    def items(self):
        return Meeting.objects.visible_to(AnonymousUser()).order_by("-starts_on", "-pk")
