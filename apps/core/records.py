"""Writing records in somebody's name; the audit trail has each change."""

from django.core.exceptions import ObjectDoesNotExist
from django.db import models, transaction
from django.http import Http404

from apps.core import audit
from apps.core.models import AuditEntry, Record


def save_record(record: Record, *, by, reason: str = "", also_changed: dict | None = None) -> Record:
    """Saves and stamps who did it; ``by`` is a user, or None for the portal itself (a command, a migration)."""
    record.save(by=by, reason=reason, also_changed=also_changed)
    return record


def delete_record(record: Record, *, by, reason: str = "") -> None:
    record.delete(by=by, reason=reason)


@transaction.atomic
def create_with_links(record: Record, links: dict, *, by, save=save_record) -> Record:
    """Saves a new record and what it points to; the trail has one entry for all of it.

    ``save`` is the service that saves such a record; it takes ``also_changed`` as ``Record.save`` does.
    """
    links = {name: list(chosen) for name, chosen in links.items() if chosen}
    also = {name: ["", ", ".join(sorted(map(str, chosen)))] for name, chosen in links.items()}
    save(record, by=by, also_changed=also)
    for name, chosen in links.items():
        getattr(record, name).add(*chosen)
    return record


@transaction.atomic
def set_links(record: models.Model, name: str, chosen, *, by, reason: str = "", action: str = "") -> None:
    """Sets the records that a many-to-many field points to, as ``chosen`` lists them."""
    manager = getattr(record, name)
    before = {item.pk: str(item) for item in manager.all()}
    after = {item.pk: str(item) for item in chosen}
    if before.keys() != after.keys():
        manager.set(chosen)
        changes = {name: [", ".join(sorted(before.values())), ", ".join(sorted(after.values()))]}
        audit.record(action or AuditEntry.Action.CHANGED, by=by, about=record, changes=changes, reason=reason)


def visible_or_404(queryset: models.QuerySet, user, **lookup) -> models.Model:
    """The one record that this person may see. Asking for one that is there and hidden is in the audit trail.

    The answer is 404 in both cases. Strangers leave no trace: no address of a reader is kept.
    """
    try:
        return queryset.visible_to(user).get(**lookup)
    except ObjectDoesNotExist:
        hidden = queryset.filter(**lookup).first() if user.is_authenticated else None
        if hidden is not None:
            audit.record(AuditEntry.Action.REFUSED, by=user, about=hidden)
        raise Http404 from None
