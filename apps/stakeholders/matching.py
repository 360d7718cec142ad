"""Whether two records are of the same: by names however they are spelt, acronyms, mail and web addresses, phones."""

import re
from urllib.parse import urlsplit

from django.db.models import Q

from apps.core.arabic import folded
from apps.core.digits import ascii_digits
from apps.core.textpolicy import skeleton
from apps.stakeholders.models import MatchKey, Merge, Organisation, Person

# Where anybody has an address: such a domain says nothing about who it is.
_ANYBODY = {
    *("gmail.com", "googlemail.com", "yahoo.com", "yahoo.fr", "hotmail.com", "hotmail.fr", "outlook.com", "live.com"),
    *("icloud.com", "aol.com", "proton.me", "protonmail.com", "msn.com", "ymail.com", "mail.com", "gmx.com"),
}
_SMALL_WORDS = {
    "of",
    "the",
    "for",
    "and",
    "in",
    "a",
    "an",
    "de",
    "la",
    "le",
    "les",
    "des",
    "et",
    "pour",
    "و",
    "في",
    "من",
}
_SHORTEST_ACRONYM, _SHORTEST_PHONE, _MOST_OF_PHONE = 3, 6, 8
Kind = MatchKey.Kind


def keys_of(record: Person | Organisation) -> set[tuple[str, str]]:
    """(kind, key) of everything by which this record may be met again."""
    if getattr(record, "erased_at", None):
        return set()
    names = [record.name_ar, record.name_en]
    keys = set()
    if record._meta.model_name == "organisation":
        names += record.other_names.splitlines()
        acronym = skeleton(record.acronym)
        if len(acronym) >= _SHORTEST_ACRONYM:
            keys.add((Kind.ACRONYM, acronym))
        keys |= {(Kind.MAIL, domain) for domain in (_domain(record.website), _domain_of_mail(record.email)) if domain}
    elif record.email:
        keys.add((Kind.MAIL, record.email.casefold()))
    digits = re.sub(r"\D", "", ascii_digits(record.phone))
    if len(digits) >= _SHORTEST_PHONE:
        keys.add((Kind.PHONE, digits[-_MOST_OF_PHONE:]))
    for name in filter(None, names):
        keys |= {(Kind.NAME, skeleton(name)[:250]), (Kind.WORDS, _words(name)[:250])}
    return {(kind, key) for kind, key in keys if key}


def _words(name: str) -> str:
    """The words of a name whatever their order, without the small ones and the Arabic article; "" for a single word."""
    words = {word.removeprefix("ال") for word in re.findall(r"\w+", folded(name))} - _SMALL_WORDS
    return " ".join(sorted(skeleton(word) for word in words)) if len(words) > 1 else ""


def _domain(address: str) -> str:
    """Of a web address as it is typed, also without http; "" for what is none."""
    try:
        host = (urlsplit(address if "//" in address else f"//{address}").hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    return "" if host in _ANYBODY else host


def _domain_of_mail(address: str) -> str:
    domain = address.rpartition("@")[2].casefold()
    return "" if domain in _ANYBODY else domain


def _owner(record: Person | Organisation) -> str:
    return "person" if isinstance(record, Person) else "organisation"


def remember(record: Person | Organisation, is_new: bool = False) -> None:
    """Keeps the record's keys as they are now; a new one has none yet."""
    wanted = keys_of(record)
    kept = {} if is_new else {(row.kind, row.key): row.pk for row in record.match_keys.all()}
    if outdated := [pk for key, pk in kept.items() if key not in wanted]:
        MatchKey.objects.filter(pk__in=outdated).delete()
    owner = {_owner(record): record}
    MatchKey.objects.bulk_create(MatchKey(kind=kind, key=key, **owner) for kind, key in sorted(wanted - kept.keys()))


def alike(record: Person | Organisation, user, *, most: int = 10) -> list[tuple[Person | Organisation, list[str]]]:
    """Other records of its kind that may be the same, which this user may see, with why; those with most reasons first.

    ``record`` may be unsaved, as it is being typed. Those that were merged away are left out.
    """
    owner, keys = _owner(record), keys_of(record)
    if not keys:
        return []
    same = Q()
    for kind, key in keys:
        same |= Q(kind=kind, key=key)
    rows = MatchKey.objects.filter(same, **{f"{owner}__isnull": False}).exclude(**{owner: record.pk})
    reasons: dict[int, set[str]] = {}
    for pk, kind in rows.values_list(owner, "kind")[: most * 20]:
        reasons.setdefault(pk, set()).add(kind)
    away = Merge.objects.filter(undone_at=None, **{f"gone_{owner}__isnull": False}).values(f"gone_{owner}")
    found = type(record).objects.visible_to(user).filter(pk__in=reasons).exclude(pk__in=away)
    ordered = sorted(found, key=lambda other: (-len(reasons[other.pk]), other.pk))[:most]
    return [(other, [Kind(kind).label for kind in sorted(_plainest(reasons[other.pk]))]) for other in ordered]


def alike_many(
    records: list[Person] | list[Organisation], user
) -> list[tuple[Person | Organisation | None, list[str]]]:
    """For each of these unsaved records of one kind, the one record that is most like it, as ``alike`` finds it, with
    why; (None, []) where there is none. Three queries for all of them."""
    keys = [keys_of(record) for record in records]
    every = {key for found in keys for _kind, key in found}
    if not every:
        return [(None, []) for _record in records]
    owner, model = _owner(records[0]), type(records[0])
    rows = MatchKey.objects.filter(key__in=every, **{f"{owner}__isnull": False})
    holders: dict[tuple[str, str], set[int]] = {}
    for kind, key, pk in rows.values_list("kind", "key", owner):
        holders.setdefault((kind, key), set()).add(pk)
    away = Merge.objects.filter(undone_at=None, **{f"gone_{owner}__isnull": False}).values(f"gone_{owner}")
    named = set().union(*holders.values()) if holders else set()
    seen = {one.pk: one for one in model.objects.visible_to(user).filter(pk__in=named).exclude(pk__in=away)}
    return [_most_alike(found, holders, seen) for found in keys]


def _most_alike(keys: set, holders: dict, seen: dict) -> tuple[Person | Organisation | None, list[str]]:
    reasons: dict[int, set[str]] = {}
    for kind, key in keys:
        for pk in holders.get((kind, key), ()):
            if pk in seen:
                reasons.setdefault(pk, set()).add(kind)
    if not reasons:
        return None, []
    best = min(reasons, key=lambda pk: (-len(reasons[pk]), pk))
    return seen[best], [Kind(kind).label for kind in sorted(_plainest(reasons[best]))]


def _plainest(kinds: set[str]) -> set[str]:
    """The same name has the same words; it need not be said twice."""
    return kinds - {Kind.WORDS} if Kind.NAME in kinds else kinds
