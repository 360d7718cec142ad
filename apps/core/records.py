"""Writing records in somebody's name; the audit trail has each change."""

from django.conf import settings
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
def save_with_links(record: Record, links: dict, *, by, save=save_record) -> Record:
    """Saves a record and adds to what it points to; the trail has one entry for all of it.

    ``links`` names what is added, by field; what a saved record points to already stays. ``save`` is the service that
    saves such a record; it takes ``also_changed`` as ``Record.save`` does.
    """
    also, missing = {}, {}
    for name, chosen in links.items():
        there = {} if record._state.adding else {one.pk: audit.label_of(one) for one in getattr(record, name).all()}
        if more := [one for one in chosen if one.pk not in there]:
            missing[name] = more
            whole = [*there.values(), *map(audit.label_of, more)]
            also[name] = [", ".join(sorted(there.values())), ", ".join(sorted(whole))]
    save(record, by=by, also_changed=also)
    for name, more in missing.items():
        getattr(record, name).add(*more)
    return record


@transaction.atomic
def set_links(record: models.Model, name: str, chosen, *, by, reason: str = "", action: str = "") -> None:
    """Sets the records that a many-to-many field points to, as ``chosen`` lists them."""
    manager = getattr(record, name)
    before = {item.pk: audit.label_of(item) for item in manager.all()}
    after = {item.pk: audit.label_of(item) for item in chosen}
    if before.keys() != after.keys():
        manager.set(chosen)
        changes = {name: [", ".join(sorted(before.values())), ", ".join(sorted(after.values()))]}
        if getattr(record, "trail_is_wordless", False):
            changes = {name: audit.WORDLESS}
        audit.record(action or AuditEntry.Action.CHANGED, by=by, about=record, changes=changes, reason=reason)


def visible_or_404(queryset: models.QuerySet, user, **lookup) -> models.Model:
    """The one record that this person may see. Asking for one that is there and hidden is in the audit trail.

    The answer is 404 in both cases, also while nothing is written. Strangers leave no trace: no address of a reader is
    kept.
    """
    try:
        return queryset.visible_to(user).get(**lookup)
    except ObjectDoesNotExist:
        hidden = queryset.filter(**lookup).first() if user.is_authenticated else None
        if hidden is not None and not settings.READ_ONLY:
            audit.record(AuditEntry.Action.REFUSED, by=user, about=hidden)
        raise Http404 from None
