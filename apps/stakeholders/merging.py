"""Two records of the same become one: every link goes to the one that is kept, and for a time there is a way back."""

from datetime import datetime

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core import privacy
from apps.core.models import Record
from apps.core.records import save_record
from apps.stakeholders.models import Consent, MatchKey, Merge, Organisation, Person
from apps.stakeholders.services import require_secretariat

# The columns about which somebody chooses when both records have something.
CHOSEN = {
    Organisation: (
        *("name_ar", "name_en", "acronym", "constituency", "country", "website", "email", "phone", "connection"),
        *("languages", "channels"),
    ),
    Person: (
        *("name_ar", "name_en", "function_ar", "function_en", "organisation", "country", "gender", "email", "phone"),
        *("connection", "languages", "channels", "keep_until"),
    ),
}
# Texts that are put together: nothing of either is lost.
_JOINED = {Organisation: ("other_names", "notes", "sources"), Person: ("notes", "sources")}
# What says something of one record only.
_NOT_MOVED = (MatchKey, Consent, Merge)


@transaction.atomic
def merge(kept: Person | Organisation, gone: Person | Organisation, *, by, choices: dict[str, str]) -> Merge:
    """``choices`` names, by column, "gone" where that record's value is to stand. Elsewhere the kept one's stays, and
    an empty one is filled.

    What cannot go over, because the kept record has the same already, stays with the other, which is no longer active.
    Raises ValidationError for a record with itself, for two that somebody merged meanwhile, and for two accounts.
    """
    require_secretariat(by)
    model = type(kept)
    if model is not type(gone) or kept.pk == gone.pk:
        raise ValidationError(_("A record is not merged with itself."), code="same")
    locked = {one.pk: one for one in model.objects.select_for_update().filter(pk__in=[kept.pk, gone.pk]).order_by("pk")}
    kept, gone = locked[kept.pk], locked[gone.pk]
    _refuse_merged(kept, gone)
    before = {"values": _take_values(kept, gone, choices), "moved": [], "added": []}
    if model is Person:
        _take_account(kept, gone, before, by=by)
    save_record(kept, by=by)
    for relation in model._meta.related_objects:
        if relation.related_model not in _NOT_MOVED and not relation.related_model._meta.auto_created:
            _move(relation, kept, gone, before, by=by)
    _unite_own_links(kept, gone, before)
    gone.is_active, gone.inactive_since, gone.inactive_why = False, timezone.localdate(), ""
    save_record(gone, by=by)
    sides = {"kept_person": kept, "gone_person": gone} if model is Person else None
    sides = sides or {"kept_organisation": kept, "gone_organisation": gone}
    return save_record(Merge(before=before, **sides), by=by)


def _refuse_merged(kept, gone) -> None:
    if any(one.merged.filter(undone_at=None).exists() for one in (kept, gone)):
        raise ValidationError(_("One of the two was merged meanwhile. Look at the record as it stands."), code="merged")
    if isinstance(kept, Person) and kept.is_at_risk != gone.is_at_risk:
        message = _(
            "Only one of the two is marked as at risk. Mark both, or end the protection, before you merge them."
        )
        raise ValidationError(message, code="at_risk")
    if isinstance(kept, Person) and kept.user_id and gone.user_id:
        raise ValidationError(
            _("Both people have an account. Erase or untie one of the accounts first."), code="accounts"
        )


def _take_values(kept, gone, choices: dict[str, str]) -> dict[str, list]:
    """Sets the columns; returns, by column, what stood there before and what stands there now, as JSON holds it."""
    changed = {}
    for name in CHOSEN[type(kept)]:
        field = kept._meta.get_field(name)
        old, new = getattr(kept, field.attname), getattr(gone, field.attname)
        if new != old and new not in (None, "", []) and (choices.get(name) == "gone" or old in (None, "", [])):
            setattr(kept, field.attname, new)
            changed[field.attname] = [_plain(old), _plain(new)]
    for name in _JOINED[type(kept)]:
        old, more = getattr(kept, name), getattr(gone, name)
        if more and more not in old:
            setattr(kept, name, f"{old}\n{more}".strip())
            changed[name] = [old, getattr(kept, name)]
    if isinstance(kept, Organisation):
        _keep_names(kept, gone, changed)
    return changed


def _keep_names(kept: Organisation, gone: Organisation, changed: dict) -> None:
    """The names that go are still looked for."""
    standing = {kept.name_ar, kept.name_en, *kept.other_names.splitlines()}
    lost = [name for name in (gone.name_ar, gone.name_en, changed.get("name_ar", [""])[0]) if name]
    lost += [changed["name_en"][0]] if changed.get("name_en", [""])[0] else []
    more = [name for name in dict.fromkeys(lost) if name not in standing]
    if more:
        old = changed.get("other_names", [kept.other_names])[0]
        kept.other_names = "\n".join([*kept.other_names.splitlines(), *more])
        changed["other_names"] = [old, kept.other_names]


def _plain(value):
    return value.isoformat() if hasattr(value, "isoformat") else value


def _take_account(kept: Person, gone: Person, before: dict, *, by) -> None:
    for name in ("user_id", "invitation_id"):
        value = getattr(gone, name)
        if value and not getattr(kept, name):
            before["values"][name] = [None, value]
            before.setdefault("from_gone", []).append(name)
            setattr(gone, name, None)
            setattr(kept, name, value)
    if before.get("from_gone"):
        save_record(gone, by=by)


def _move(relation, kept, gone, before: dict, *, by) -> None:
    model, name = relation.related_model, relation.field.name
    if relation.many_to_many:
        for row in model._base_manager.filter(**{name: gone}):
            links = getattr(row, name)
            if not links.filter(pk=kept.pk).exists():
                links.add(kept)
                before["added"].append([model._meta.label, row.pk, name])
        return
    for row in model._base_manager.filter(**{name: gone}):
        if _point(row, name, kept, by=by):
            before["moved"].append([model._meta.label, row.pk, name])


def _point(row, name: str, to, *, by) -> bool:
    """Whether the row could be made to point there: what its rules refuse stays where it is."""
    setattr(row, name, to)
    try:
        with transaction.atomic():
            if isinstance(row, Record):
                save_record(row, by=by)
            else:
                row.save()
    except (IntegrityError, ValidationError):
        return False
    return True


def _unite_own_links(kept, gone, before: dict) -> None:
    for field in kept._meta.many_to_many:
        if field.name == "guardians":
            continue
        links = getattr(kept, field.name)
        more = set(getattr(gone, field.name).values_list("pk", flat=True)) - set(links.values_list("pk", flat=True))
        if more:
            links.add(*more)
            before.setdefault("own", {})[field.name] = sorted(more)


@transaction.atomic
def undo(merge_: Merge, *, by) -> Merge:
    """Puts both records back as they were. What was changed since the merge stays as it was changed.

    Raises ValidationError when it was undone already, or the time for it is over.
    """
    require_secretariat(by)
    merge_ = Merge.objects.select_for_update(of=("self",)).get(pk=merge_.pk)
    if not merge_.may_be_undone:
        raise ValidationError(_("This merge cannot be undone any more."), code="late")
    _give_back_values(merge_.kept, merge_.gone, merge_.before, by=by)
    _give_back_links(merge_.kept, merge_.gone, merge_.before, by=by)
    merge_.undone_at, merge_.before = timezone.now(), {}
    return save_record(merge_, by=by)


def _give_back_values(kept, gone, before: dict, *, by) -> None:
    for name, (old, new) in before["values"].items():
        if _plain(getattr(kept, name)) == new:
            setattr(kept, name, kept._meta.get_field(name).to_python(old) if old is not None else None)
    save_record(kept, by=by)
    for name in before.get("from_gone", ()):
        setattr(gone, name, before["values"][name][1])
    gone.is_active, gone.inactive_since, gone.inactive_why = True, None, ""
    save_record(gone, by=by)


def _give_back_links(kept, gone, before: dict, *, by) -> None:
    for label, pk, name in before["moved"]:
        row = apps.get_model(label)._base_manager.filter(pk=pk, **{name: kept.pk}).first()
        if row is not None:
            _point(row, name, gone, by=by)
    for label, pk, name in before["added"]:
        row = apps.get_model(label)._base_manager.filter(pk=pk).first()
        if row is not None:
            getattr(row, name).remove(kept)
    for name, keys in before.get("own", {}).items():
        getattr(kept, name).remove(*keys)


def sweep(now: datetime) -> int:
    """Forgets how merges would be undone when the time for it is over."""
    return Merge.objects.filter(created_at__lt=privacy.before(now, "merge")).exclude(before={}).update(before={})
