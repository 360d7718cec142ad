from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from apps.core.trail_admin import ReadOnlyAdmin
from apps.search.models import MissedSearch


@admin.register(MissedSearch)
class MissedSearchAdmin(ReadOnlyAdmin):
    list_display = ["words", "language", "day", "count"]
    list_filter = ["language"]
    date_hierarchy = "day"
    search_fields = ["words"]
    search_help_text = _("Words as they are compared: without vowel marks and hamza.")
