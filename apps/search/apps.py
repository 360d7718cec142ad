from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from apps.core import site


class SearchConfig(AppConfig):
    name = "apps.search"
    verbose_name = _("Search")

    def ready(self):
        from apps.core import audit, due
        from apps.search import indexing, missed

        audit.followers.append(indexing.follow)
        due.register("search", indexing.sweep)
        due.register("search_anew", indexing.reindex_later, every=timedelta(days=1))
        missed.register()
        site.add_tasks(missed.tasks)
