from django.contrib.auth.models import AnonymousUser
from django.contrib.sitemaps import Sitemap

from apps.core.languages import CODES
from apps.reviews.models import CallForInput, GoodPractice, Recommendation, ReviewCycle, Submission


class _PublicSitemap(Sitemap):
    """What everybody may read of a kind of record, in each language."""

    i18n = True
    alternates = True
    languages = CODES
    model = None

    def items(self):
        return self.model.objects.visible_to(AnonymousUser()).order_by("pk")

    def lastmod(self, record):
        return record.updated_at


class CycleSitemap(_PublicSitemap):
    model = ReviewCycle


class CallSitemap(_PublicSitemap):
    model = CallForInput


class PracticeSitemap(_PublicSitemap):
    model = GoodPractice


class _OfACycle(_PublicSitemap):
    def items(self):
        return super().items().select_related("cycle")


class RecommendationSitemap(_OfACycle):
    model = Recommendation


class SubmissionSitemap(_OfACycle):
    """Without the day of the last change: whoever wrote anonymously is not told by it."""

    model = Submission
    lastmod = None
