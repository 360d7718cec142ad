from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from apps.core import site


class StakeholdersConfig(AppConfig):
    name = "apps.stakeholders"
    verbose_name = _("Stakeholders")

    def ready(self):
        from apps.accounts import invitations
        from apps.core import due
        from apps.stakeholders import matching, privacy, reminders, searching, sections, services
        from apps.stakeholders.models import Membership
        from apps.stakeholders.models.reaching import remembering

        privacy.register()
        searching.register()
        reminders.register_notices()
        due.register("seats", reminders.remind_of_seats)
        remembering.append(matching.remember)
        invitations.on_accepted.append(services.give_account)
        site.add_tasks(sections.tasks)
        site.add_welcome_step("stakeholders:welcome_sharing", lambda user: hasattr(user, "person"), order=20)
        site.add_account_page(
            _("What is shown"), "stakeholders:sharing", order=15, is_for=lambda user: hasattr(user, "person")
        )
        site.add_account_page(
            _("Interests"),
            "stakeholders:interests",
            order=17,
            is_for=lambda user: Membership.objects.current().filter(person__user=user).exists(),
        )
        site.add_menu_entry(_("Advisory group"), "stakeholders:group", order=30)
