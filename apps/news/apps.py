from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from apps.core import site


class NewsConfig(AppConfig):
    name = "apps.news"
    verbose_name = _("News")

    def ready(self):
        from apps.news import privacy, searching, sections, sitemaps, telling

        privacy.register()
        searching.register()
        telling.register_notices()
        site.add_menu_entry(_("News"), "news:list", order=10)
        site.add_home_section("news/home_lead.html", sections.lead, place="lead", order=10)
        site.add_home_section("news/home_latest.html", sections.latest, place="main", order=10)
        site.add_sitemap("news", sitemaps.ArticleSitemap)
        site.add_tasks(sections.tasks)
