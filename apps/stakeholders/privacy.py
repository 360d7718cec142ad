"""What the portal keeps about a person and her seats; erased, the seat stays and nobody's name with it."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import hiders
from apps.core import audit, privacy
from apps.core.languages import CODES
from apps.core.mail_models import hidden_mailboxes
from apps.core.models import AuditEntry, MailAddress, OutgoingMail
from apps.core.records import save_record
from apps.stakeholders.forgetting import forget_words, merges_of
from apps.stakeholders.joining import services as joining
from apps.stakeholders.merging import sweep as sweep_merges
from apps.stakeholders.models import (
    Affiliation,
    Consent,
    Engagement,
    Interest,
    Membership,
    Person,
    Segment,
    ShownTo,
    StakeholderImport,
)
from apps.stakeholders.services import require_secretariat

_NOBODY = {"ar": "شخص مُحيت بياناته", "en": "A person whose data were erased"}

# What the apps keep about somebody who has no account: name → load(person), a list of plain dictionaries.
person_sources: dict[str, Callable] = {}
# erase(person, by=): takes what belongs to a person's record, not to her account, out of the app's own tables.
person_erasers: list[Callable] = []

_LEVELS = [f"shown_{field}" for field in Person.SHARED]
_WORDS = [f"{field}_{code}" for field in ("name", "function") for code in CODES]
_FIELDS = [
    *_WORDS,
    "organisation__name_en",
    "country__iso2",
    "email",
    "phone",
    "languages",
    "channels",
    "connection",
    "gender",
    "notes",
    "sources",
    *_LEVELS,
    "consent_given_by",
    "consent_given_on",
    "consent_how",
    "keep_until",
]


def _about(people) -> list[dict]:
    return list(people.values(*_FIELDS))


def _consents(people) -> list[dict]:
    kept = Consent.objects.filter(person__in=people)
    return list(kept.values("field", "shown_to", "given_by", "given_on", "how", "recorded_at"))


def _affiliations(people) -> list[dict]:
    kept = Affiliation.objects.filter(person__in=people)
    return list(kept.values("organisation__name_en", "function_ar", "function_en", "starts_on", "ends_on"))


def _seats(people) -> list[dict]:
    seats = Membership.objects.filter(person__in=people)
    return list(seats.values("group__name_en", "position", "constituency__code", "starts_on", "ends_on"))


def _engagements(people) -> list[dict]:
    """That she was met, called or written to; what was said there may be others' words."""
    found = Engagement.objects.filter(people__in=people).distinct()
    return list(found.values("happened_on", "kind", "subject"))


def _addresses(people) -> set[str]:
    return {email for pair in people.values_list("email", "user__email") for email in pair if email}


def _join_requests(people) -> list[dict]:
    return joining.of_addresses(_addresses(people))


def _interests(people) -> list[dict]:
    found = Interest.objects.filter(membership__person__in=people)
    return list(found.values("membership__group__name_en", "says", "declared_on", "ended_on"))


def _imports(user) -> list[dict]:
    return list(StakeholderImport.objects.filter(sent_by=user).values("name", "of", "sent_at", "state", "new"))


def _sweep_imports(now) -> int:
    return StakeholderImport.objects.filter(sent_at__lt=privacy.before(now, "import")).delete()[0]


def _forget_in_imports(person: Person) -> None:
    """A table that names her, or a row that looks like her, and was not imported goes as a whole: whoever sent it has
    it still."""
    known = {value.casefold() for value in (person.email, person.name_ar, person.name_en) if value}
    for run in StakeholderImport.objects.exclude(state=StakeholderImport.State.DONE):
        is_met = run.of == Segment.Of.PEOPLE and any(found["other"][0] == person.pk for found in run.duplicates)
        if is_met or any(cell.strip().casefold() in known for row in run.rows for cell in row):
            run.delete()


_PARTS = {
    "engagements": _engagements,
    "person": _about,
    "consents": _consents,
    "affiliations": _affiliations,
    "seats": _seats,
    "interests": _interests,
    "join_requests": _join_requests,
}


def held_about(person: Person) -> dict[str, list[dict]]:
    """Everything that the portal keeps about a person, with or without an account, in the names of our tables."""
    people = person.all_records()
    held = {name: load(people) for name, load in _PARTS.items()}
    held |= {name: _each_once(load, people) for name, load in person_sources.items()}
    return held | (privacy.personal_data(person.user) if person.user else {})


def _each_once(load: Callable, people) -> list[dict]:
    found = []
    for person in people:
        found += [row for row in load(person) if row not in found]
    return found


def _sweep_people(now) -> int:
    """Erases those whose time has been over for long, and who have no account; the dashboard has asked meanwhile."""
    over = Person.objects.past_keeping(timezone.localdate(privacy.before(now, "overdue_person"))).filter(user=None)
    for person in over:
        erase_person(person, by=None, reason=_("The time for which the data are kept is over."))
    return len(over)


@transaction.atomic
def erase_person(person: Person, *, by, reason: str) -> None:
    """Takes a person without an account, and the records merged into hers, out of the portal for good: what she took
    part in stays, without a name.

    Raises ValidationError for somebody with an account, which is erased together with the person.
    """
    require_secretariat(by)
    if person.user_id:
        raise ValidationError(_("This person has an account. Erase the account: the person goes with it."))
    for one in _erase(person, by=by):
        audit.record(AuditEntry.Action.ERASED, by=by, about=one, reason=reason)


def _erase(person: Person, *, by) -> list[Person]:
    """Empties her record and those merged into it, in every app; returns them all."""
    people = person.all_records()
    forget_words(people)
    merges_of(people).update(before={})
    erased = [person, *people.exclude(pk=person.pk)]
    for one in erased:
        for eraser in person_erasers:
            eraser(one, by=by)
        _forget_addresses(one)
        _forget_parts(one)
        _blank(one, by=by)
    privacy.forget(people)  # that the names went names them
    return erased


def _forget_addresses(person: Person) -> None:
    _forget_in_imports(person)
    joining.erase_addresses(_addresses(Person.objects.filter(pk=person.pk)))
    if person.email:
        OutgoingMail.objects.filter(to__iexact=person.email).delete()
        MailAddress.objects.filter(email=person.email.lower()).delete()


def _forget_parts(person: Person) -> None:
    interests = Interest.objects.filter(membership__person=person)
    privacy.forget(interests)
    for rows in (interests, Affiliation.objects.filter(person=person), Consent.objects.filter(person=person)):
        rows.delete()
    person.objectives.clear()
    person.guardians.clear()


def _blank(person: Person, *, by) -> None:
    for code in CODES:
        setattr(person, f"name_{code}", _NOBODY.get(code, _NOBODY["en"]))
        setattr(person, f"function_{code}", None)
    for name in ("organisation", "country", "user", "consent_given_on", "keep_until"):
        setattr(person, name, None)
    for name in ("email", "phone", "notes", "sources", "connection", "gender", "consent_given_by", "consent_how"):
        setattr(person, name, "")
    for name in _LEVELS:
        setattr(person, name, ShownTo.NOBODY)
    person.languages, person.channels, person.is_at_risk = [], [], False
    person.is_active, person.inactive_since, person.inactive_why = False, timezone.localdate(), ""
    person.erased_at = timezone.now()
    save_record(person, by=by)


def _hidden_accounts(user):
    """The accounts of people who are protected from this user."""
    return Person.objects.hidden_from(user).filter(user__isnull=False).values("user")


def _of_account(load: Callable) -> Callable:
    return lambda user: load(Person.objects.filter(user=user).with_merged())


def _erase_with_account(user, *, by) -> None:
    for person in Person.objects.filter(user=user):
        _erase(person, by=by)


def _own_mailboxes(user):
    return Person.objects.hidden_from(user).order_by().annotate(mailbox=Lower("email")).values("mailbox")


def _mailboxes_of_accounts(user):
    return Person.objects.hidden_from(user).exclude(user=None).order_by().values("user__email")


def register() -> None:
    hidden_mailboxes.extend([_own_mailboxes, _mailboxes_of_accounts])
    hiders.append(_hidden_accounts)
    privacy.sweeps["merges"] = sweep_merges
    privacy.sweeps["overdue_people"] = _sweep_people
    privacy.sweeps["stakeholder_imports"] = _sweep_imports
    privacy.sources["stakeholder_imports"] = _imports
    privacy.sweeps["join_requests"] = joining.sweep
    privacy.sources.update({name: _of_account(load) for name, load in _PARTS.items()})
    privacy.erasers.insert(0, _erase_with_account)  # before the account, by which the person is found
