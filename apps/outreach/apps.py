from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from apps.core import site


class OutreachConfig(AppConfig):
    name = "apps.outreach"
    verbose_name = _("Outreach")

    def ready(self):
        from apps.core import due, notices, outbox
        from apps.outreach import announcements, newsletter, privacy, sections

        privacy.register()
        outbox.gates["outreach.announcement"] = announcements.may_leave
        outbox.gates["outreach.subscription"] = newsletter.may_leave
        notices.register("announcement", _("Announcement of the secretariat"))
        due.register("announcements", announcements.push)
        due.register("newsletter", newsletter.send_due)
        site.add_tasks(sections.tasks)
        site.add_home_section("outreach/home_subscribe.html", sections.subscribe, place="aside", order=90)
