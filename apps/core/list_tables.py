"""A list of the back office as a table: the columns that it shows, of the rows that were chosen."""

from datetime import date, datetime

from django.contrib import admin
from django.contrib.admin.utils import label_for_field, lookup_field
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core import audit
from apps.core.models import AuditEntry
from apps.core.tables import csv_response


@admin.action(description=_("Download as a table (CSV)"), permissions=["view"])
def download_list(modeladmin, request, queryset: QuerySet):
    """With "select all", of the whole filtered list. The trail keeps how many rows left the portal, and by whom.

    Somebody who is protected stands in it as such, also for her guardians.
    """
    columns = list(modeladmin.get_list_display(request))
    headings = [capfirst(str(label_for_field(name, modeladmin.model, modeladmin))) for name in columns]
    left = f"{queryset.model._meta.label_lower}: {queryset.count()}"
    audit.record(AuditEntry.Action.EXPORTED, by=request.user, changes={"rows": ["", left]})
    if modeladmin.list_select_related:
        queryset = queryset.select_related(*modeladmin.list_select_related)
    rows = ([_cell(name, record, modeladmin) for name in columns] for record in queryset.iterator(chunk_size=2000))
    return csv_response(f"{queryset.model._meta.model_name}s", headings, rows)


def _cell(name: str, record, modeladmin) -> str:
    field, _attribute, value = lookup_field(name, record, modeladmin)
    if field is not None and field.many_to_one:
        value = getattr(record, field.name)
    elif field is not None and field.flatchoices:
        value = dict(field.flatchoices).get(value, value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else " ".join(strip_tags(str(value)).split())
