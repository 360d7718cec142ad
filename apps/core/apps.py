from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from config import safety


class CoreConfig(AppConfig):
    name = "apps.core"
    verbose_name = _("Portal")

    def ready(self):
        from django.conf import settings
        from django.contrib import admin
        from django_tasks_db.models import DBTaskResult

        from apps.core import (  # noqa: F401 - trail_admin has pages
            audit,
            backups,
            due,
            held_files,
            privacy,
            queries,
            sections,
            site,
            sitemaps,
            tasks,
            trail_admin,
        )
        from apps.core.list_cells import speak_the_language
        from apps.core.outbox import bounces, digests

        safety.refuse(settings)
        queries.watch()
        speak_the_language()
        # What tasks leave of themselves is nobody's business; what they did stands in the portal's own lists.
        admin.site.unregister(DBTaskResult)
        site.add_tasks(sections.state)
        site.add_tasks(sections.tasks)
        site.add_sitemap("pages", sitemaps.PageSitemap)
        privacy.register()
        due.register("digests", digests.send_digests)
        due.register("mails", tasks.wake_for_mails)
        due.register("retention", lambda now: sum(privacy.sweep_all().values()), every=timedelta(hours=24))
        due.register("bounces", bounces.read_if_set, every=timedelta(minutes=10))
        due.register("tasks", tasks.sweep, every=timedelta(hours=1))
        due.register("seals", audit.seal_missed, every=timedelta(hours=1))
        due.register("backup", backups.back_up_if_set, every=timedelta(hours=24))
        due.register("held_files", held_files.scan_if_on, every=timedelta(minutes=10))
