from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from apps.core import site


class OutreachConfig(AppConfig):
    name = "apps.outreach"
    verbose_name = _("Outreach")

    def ready(self):
        from apps.core import due, notices, outbox
        from apps.core.models import confidential_mails
        from apps.outreach import announcements, newsletter, privacy, sections

        privacy.register()
        # Nobody needs to know who reads the newsletter in order to send it.
        confidential_mails.update(dict.fromkeys(("subscription", "newsletter"), lambda user: False))
        outbox.gates["outreach.announcement"] = announcements.may_leave
        outbox.gates["outreach.subscription"] = newsletter.may_leave
        notices.register("announcement", _("Announcement of the secretariat"))
        due.register("announcements", announcements.push)
        due.register("newsletter", newsletter.send_due)
        site.add_tasks(sections.tasks)
        site.add_home_section("outreach/home_subscribe.html", sections.subscribe, place="aside", order=90)
