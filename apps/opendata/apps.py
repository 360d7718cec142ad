from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OpenDataConfig(AppConfig):
    name = "apps.opendata"
    verbose_name = _("Open data")

    def ready(self):
        from apps.core import site
        from apps.opendata import sections

        site.add_dashboard_part(sections.figures)
