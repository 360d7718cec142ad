from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from apps.core import site


class ReviewsConfig(AppConfig):
    name = "apps.reviews"
    verbose_name = _("Regional reviews")

    def ready(self):
        from apps.core import due
        from apps.core.models import confidential_mails
        from apps.reviews import privacy, reminders, searching, sections, sitemaps, timeline
        from apps.reviews.models import may_read_originals
        from apps.stakeholders.coverage import cycle_start

        privacy.register()
        searching.register()
        reminders.register_notices()
        due.register("updates", reminders.remind_of_updates)
        due.register("phases", reminders.tell_of_phases)
        confidential_mails.update(dict.fromkeys(("input_link", "input_received", "input_step"), may_read_originals))
        cycle_start.append(lambda: timeline.cycle_start() or cycle_start[0]())
        site.add_menu_entry(_("Regional reviews"), "reviews:list", order=25)
        site.add_menu_entry(_("Have your say"), "input:calls", order=35)
        site.add_tasks(sections.tasks)
        site.add_home_section("reviews/home_calls.html", sections.open_calls, place="aside", order=5)
        site.add_sitemap("reviews", sitemaps.CycleSitemap)
        site.add_sitemap("calls", sitemaps.CallSitemap)
        site.add_sitemap("practices", sitemaps.PracticeSitemap)
        site.add_sitemap("recommendations", sitemaps.RecommendationSitemap)
        site.add_sitemap("contributions", sitemaps.SubmissionSitemap)
