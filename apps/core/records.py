"""Saving a record in somebody's name."""

from django.db import transaction

from apps.core.models import Record


@transaction.atomic
def save_record(record: Record, *, by) -> Record:
    """Saves and stamps who did it; ``by`` is a user, or None for the portal itself (a command, a migration)."""
    if record._state.adding:
        record.created_by = by
    record.updated_by = by
    record.save()
    return record
