"""What the portal keeps about a person and her seats; erased, the seat stays and nobody's name with it."""

from apps.core import privacy
from apps.core.languages import CODES
from apps.core.records import save_record
from apps.stakeholders.models import Membership, Person

_NOBODY = {"ar": "شخص مُحيت بياناته", "en": "A person whose data were erased"}


def _person(user) -> list[dict]:
    people = Person.objects.filter(user=user)
    names = [f"{field}_{code}" for field in ("name", "function") for code in CODES]
    return list(
        people.values(*names, "organisation__name_en", "country__iso2", "is_public", "consent_given_on", "consent_how")
    )


def _seats(user) -> list[dict]:
    seats = Membership.objects.filter(person__user=user)
    return list(seats.values("group__name_en", "position", "constituency__code", "starts_on", "ends_on"))


def _erase_person(user, *, by) -> None:
    people = Person.objects.filter(user=user)
    privacy.forget(people)
    privacy.forget(Membership.objects.filter(person__user=user))  # their labels name the person
    for person in people:
        for code in CODES:
            setattr(person, f"name_{code}", _NOBODY[code])
            setattr(person, f"function_{code}", None)
        person.organisation = person.country = person.user = person.consent_given_on = None
        person.is_public, person.consent_how = False, ""
        save_record(person, by=by)
        privacy.forget(Person.objects.filter(pk=person.pk))


def register() -> None:
    privacy.sources.update({"person": _person, "seats": _seats})
    privacy.erasers.insert(0, _erase_person)  # before the account, by which the person is found
