from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from apps.core import site


class MeetingsConfig(AppConfig):
    name = "apps.meetings"
    verbose_name = _("Meetings")

    def ready(self):
        from apps.core import due
        from apps.meetings import (
            actions,
            decisions,
            minutes_tasks,
            privacy,
            reminders,
            searching,
            sections,
            sitemaps,
            telling,
            zone_changes,
        )

        site.add_menu_entry(_("Meetings"), "meetings:list", order=20)
        site.add_own_page(_("My page"), "meetings:desk", order=10)
        privacy.register()
        searching.register()
        telling.register_notices()
        site.add_home_section("meetings/home_owed.html", sections.replies_owed, place="notice", order=10)
        site.add_home_section("meetings/home_next.html", sections.next_meeting, place="aside", order=10)
        site.add_account_page(_("Calendar"), "meetings:own_calendar", order=25, is_for=lambda user: True)
        site.add_sitemap("meetings", sitemaps.MeetingSitemap)
        site.add_tasks(sections.tasks)
        site.add_tasks(minutes_tasks.tasks)
        due.register("zones", zone_changes.rederive)
        due.register("to_invite", reminders.remind_to_invite)
        due.register("unanswered", reminders.remind_unanswered)
        due.register("tomorrow", reminders.remind_of_tomorrow)
        due.register("silences", decisions.close_silences)
        due.register("actions", actions.remind)
