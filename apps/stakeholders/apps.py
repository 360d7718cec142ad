from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from apps.core import site


class StakeholdersConfig(AppConfig):
    name = "apps.stakeholders"
    verbose_name = _("Stakeholders")

    def ready(self):
        site.add_menu_entry(_("Advisory group"), "stakeholders:group", order=30)
