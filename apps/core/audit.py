"""The audit trail: who did what to which record, when and from where, before and after.

Entries are only ever added (on PostgreSQL triggers see to it, whoever asks). What may name a person – values, reason,
address – stands beside the entry in its detail, so that it can be erased while the entry and the chain stay whole.
The chain is sealed after the commit, in a transaction of its own, so that no writer waits for another.
"""

import hashlib
import ipaddress
import json
import secrets
from collections.abc import Callable, Iterator

from django.db import connection, models, transaction

from apps.core import current
from apps.core.audit_models import AuditDetail, AuditEntry, AuditSeal
from apps.core.languages import translated_fields

_SEALING = 0x4D554C54  # the number of the advisory lock
FIRST = "0" * 64

# What the trail says of a column of which it may not say more than that it changed: before and after.
WORDLESS = ["–", "–"]


# What is derived from records: each is told of what is done to which, inside the transaction in which it is done.
followers: list[Callable[[str, models.Model], None]] = []


def shortened(address: str) -> str:
    """The network of an address: /24 of IPv4, /48 of IPv6; empty for what is no address."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return ""
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 48), strict=False))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _canonical(value) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def detail_digest(detail) -> str:
    return _digest(detail.salt, detail.label, _canonical(detail.changes), detail.reason)


def label_of(about: models.Model | None) -> str:
    """A record may have another name for the trail, which others read: ``trail_label``."""
    return "" if about is None else str(getattr(about, "trail_label", about))


def record(action: str, *, by, about: models.Model | None = None, changes: dict | None = None, reason: str = ""):
    """Adds an entry. ``by`` is a user, or None for the portal itself and for strangers.

    ``changes`` is ``{field: [before, after]}`` of values that JSON can hold. Part of the caller's transaction: what
    is rolled back has not happened.
    """
    by = by if by is not None and by.is_authenticated else None
    detail = AuditDetail(
        salt=secrets.token_hex(16),
        label=label_of(about)[:300],
        changes=changes or {},
        reason=reason,
        address="" if by is None and getattr(about, "trail_without_address", False) else shortened(current.address()),
    )
    with transaction.atomic():
        entry = AuditEntry.objects.create(
            action=action,
            actor=by,
            model=about._meta.label_lower if about is not None else "",
            object_id=str(about.pk) if about is not None else "",
            detail_digest=detail_digest(detail),
        )
        detail.entry = entry
        detail.save(force_insert=True)
        transaction.on_commit(lambda: seal(entry), robust=True)
    if about is not None:
        for follow in followers:
            follow(action, about)
    return entry


# What was before and after

_NEVER = {"nonce", "password"}
# Who and when, which the entry itself says; and what is derived from other columns.
NOT_KEPT = frozenset({"revision", "created_at", "created_by", "updated_at", "updated_by", "last_login", "folded"})


def values_of(record: models.Model) -> dict[str, str]:
    """The record's own columns as text; what is secret stands as a fingerprint that tells only that it changed."""
    left_out = NOT_KEPT | translated_fields(type(record))  # these stand in their language columns
    return {
        field.name: _text(field, field.value_from_object(record))
        for field in record._meta.concrete_fields
        if field.name not in left_out and not field.primary_key
    }


def _text(field, value) -> str:
    value = "" if value is None else str(value)
    return f"#{_digest(value)[:8]}" if value and field.name in _NEVER else value


def saved_values(record: models.Model) -> dict[str, str]:
    """The same of what the database holds now; nothing for a record that is not there."""
    saved = type(record)._base_manager.filter(pk=record.pk).first() if record.pk else None
    return values_of(saved) if saved else {}


def difference(before: dict[str, str], after: dict[str, str]) -> dict[str, list[str]]:
    names = [*before, *(name for name in after if name not in before)]
    pairs = {name: [before.get(name, ""), after.get(name, "")] for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


# The chain


def _entry_text(entry) -> str:
    moment = entry.at.isoformat(timespec="microseconds")
    return _canonical(
        [entry.pk, moment, entry.action, entry.actor_id, entry.model, entry.object_id, entry.detail_digest]
    )


def seal(entry) -> None:
    """Adds the entries that are committed and not sealed yet to the end of the chain; ``entry`` is one of them."""
    if not AuditSeal.objects.filter(entry_id=entry.pk).exists():
        _seal_from(entry.pk)


def seal_missed(now) -> int:
    """A due service: seals what a process that died between the commit and the seal has left behind."""
    first = AuditEntry.objects.filter(seal=None).order_by("pk").values_list("pk", flat=True).first()
    return _seal_from(first) if first is not None else 0


@transaction.atomic
def _seal_from(pk: int) -> int:
    """Seals what is open from this entry on, or from the last sealed one, and not the whole trail anew at each commit.

    Numbers of entries do not follow the order of commits: those of a transaction that took longer than others lie
    before the last sealed one, and each transaction begins with its own. What lies further back waits for
    ``seal_missed``.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SEALING])
    last = AuditSeal.objects.order_by("-position").first()
    position, digest = (last.position, last.digest) if last else (0, FIRST)
    seals = []
    for entry in AuditEntry.objects.filter(pk__gte=min(pk, last.entry_id) if last else 0, seal=None).order_by("pk"):
        position, digest = position + 1, _digest(digest, _entry_text(entry))
        seals.append(AuditSeal(position=position, entry=entry, digest=digest))
    AuditSeal.objects.bulk_create(seals)
    return len(seals)


# What changes no page that a stranger reads.
_UNSEEN = [
    *(AuditEntry.Action.LOGGED_IN, AuditEntry.Action.LOGIN_FAILED, AuditEntry.Action.LOGGED_OUT),
    *(AuditEntry.Action.PASSWORD_CHANGED, AuditEntry.Action.FACTOR_ADDED, AuditEntry.Action.FACTOR_REMOVED),
    *(AuditEntry.Action.FACTOR_RESET_ASKED, AuditEntry.Action.FACTOR_RESET, AuditEntry.Action.SESSIONS_ENDED),
    *(AuditEntry.Action.INVITED, AuditEntry.Action.INVITATION_REVOKED, AuditEntry.Action.INVITATION_ACCEPTED),
    *(AuditEntry.Action.REFUSED, AuditEntry.Action.DOWNLOADED, AuditEntry.Action.EXPORTED),
]


def trail_since(position: int) -> tuple[int, int]:
    """How far the chain has come, and the last position after this one at which something happened that a public page
    may show; -1 for a chain of which nothing is known yet. Positions follow the order of commits, numbers of entries
    do not."""
    if position < 0:
        last = AuditSeal.objects.order_by("-position").values_list("position", flat=True).first() or 0
        return last, last
    shown = models.Max("position", filter=~models.Q(entry__action__in=_UNSEEN))
    found = AuditSeal.objects.filter(position__gt=position).aggregate(last=models.Max("position"), shown=shown)
    return found["last"] or position, found["shown"] or -1


def problems() -> Iterator[str]:
    """What is wrong with the trail, a sentence each; nothing when all is whole.

    Seen are: an entry changed, taken out or put in between, and a detail changed. Not seen is that the newest entries
    were cut off together with their seals: compare with the last digest written down elsewhere (``last_digest``).
    """
    digest = FIRST
    expected = 0
    for seal in AuditSeal.objects.order_by("position").select_related("entry__detail").iterator():
        expected += 1
        if seal.position != expected:
            yield f"Seal {expected} is missing."
            expected = seal.position
        digest = _digest(digest, _entry_text(seal.entry))
        if digest != seal.digest:
            yield f"Entry {seal.entry_id} is not what was sealed, or what stood before it is not."
            digest = seal.digest
        detail = getattr(seal.entry, "detail", None)
        if detail and detail_digest(detail) != seal.entry.detail_digest:
            yield f"The detail of entry {seal.entry_id} is not what was written."
    unsealed = AuditEntry.objects.filter(seal=None).count()
    if unsealed:
        yield f"{unsealed} entries are not sealed yet; the worker seals them within an hour."


def last_digest() -> str:
    """The end of the chain, to be kept elsewhere: it proves later that nothing was cut off."""
    last = AuditSeal.objects.order_by("-position").first()
    return f"{last.position} {last.digest}" if last else f"0 {FIRST}"


def holds(end: str) -> bool:
    """Whether the chain still holds an end that was written down earlier."""
    position, _space, digest = end.strip().partition(" ")
    if position == "0":
        return digest == FIRST
    return position.isdecimal() and AuditSeal.objects.filter(position=position, digest=digest).exists()
