from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "apps.core"
    verbose_name = _("Portal")

    def ready(self):
        from apps.core import privacy, site, sitemaps, trail_admin  # noqa: F401 - trail_admin registers its pages

        site.add_sitemap("pages", sitemaps.PageSitemap)

        privacy.register()
