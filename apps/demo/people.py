"""The demonstration's accounts, organisations, people and group."""

from datetime import date, timedelta
from functools import cache

from django.conf import settings
from django.contrib.auth.hashers import make_password

from apps.accounts.models import User
from apps.accounts.roles import Role
from apps.accounts.services import create_account, settle_in
from apps.core.records import save_record
from apps.demo import source
from apps.demo.source import by_language
from apps.stakeholders.models import AdvisoryGroup, Constituency, Country, Membership, Organisation, Person
from apps.stakeholders.services import save_membership, save_person

PASSWORD = "ten-seats-one-table"  # noqa: S105 - known to everybody; only where settings.DEMO_LOGINS allows it

STAFF = [
    ("secretariat", Role.SECRETARIAT, "هدى العلي", "Huda Al-Ali"),
    ("editor", Role.EDITOR, "كريم ناصر", "Karim Nasser"),
    ("translator", Role.TRANSLATOR, "ريم شاهين", "Reem Shaheen"),
    ("auditor", Role.AUDITOR, "طارق درويش", "Tarek Darwish"),
]


@cache
def _hashed_password() -> str:
    """Hashed once for all: hashing is slow on purpose."""
    return make_password(PASSWORD)


def account(key: str, role: Role, names: dict[str, str], *, language="ar", time_zone="Africa/Cairo", by=None) -> User:
    email = f"{key}@example.org"
    if found := User.objects.filter(email=email).first():
        return found
    user = create_account(
        email=email, names=names, language=language, time_zone=time_zone, roles=[role], by=by, password=None
    )
    if settings.DEMO_LOGINS:
        user.password = _hashed_password()
        user.save(update_fields=["password"])
        settle_in(user)
    return user


def load_staff() -> User:
    """Makes the accounts of the back office and returns the secretary's."""
    staff = [account(key, role, {"ar": name_ar, "en": name_en}) for key, role, name_ar, name_en in STAFF]
    return staff[0]


def load_group(*, by: User, today: date) -> AdvisoryGroup:
    data = source.group()
    organisations = {row["key"]: _organisation(row, by) for row in data["organisation"]}
    observers = {row["person"] for row in data["membership"] if row["position"] == "observer"}
    people = {row["key"]: _person(row, organisations, row["key"] in observers, by, today) for row in data["person"]}
    row = data["group"]
    group = AdvisoryGroup.objects.filter(acronym=row["acronym"]).first() or save_record(
        AdvisoryGroup(acronym=row["acronym"], seats=row["seats"], **by_language(row, "name", "mandate")), by=by
    )
    for row in data["membership"]:
        _membership(row, group, people, by, today)
    return group


def _organisation(row: dict, by: User) -> Organisation:
    return Organisation.objects.filter(name_en=row["name_en"]).first() or save_record(
        Organisation(
            acronym=row["acronym"],
            website=row["website"],
            constituency=Constituency.objects.get(code=row["constituency"]),
            country=Country.objects.get(iso2=row["country"]),
            shown_to="public",
            consent_given_on=date(2026, 1, 15),
            consent_how="email",
            **by_language(row, "name"),
        ),
        by=by,
    )


def _person(row: dict, organisations: dict, is_observer: bool, by: User, today: date) -> Person:
    if found := Person.objects.filter(name_en=row["name_en"]).first():
        return found
    role = Role.OBSERVER if is_observer else Role.MEMBER
    names = {"ar": row["name_ar"], "en": row["name_en"]}
    user = account(row["key"], role, names, language=row["language"], time_zone=row["time_zone"], by=by)
    person = Person(
        name_ar=row["name_ar"],
        name_en=row["name_en"],
        function_ar=row["role_ar"],
        function_en=row["role_en"],
        organisation=organisations[row["organisation"]],
        country=Country.objects.get(iso2=row["country"]),
        user=user,
    )
    if row["consent"]:
        for field in ("name", "function", "organisation", "country"):
            setattr(person, f"shown_{field}", "public")
        person.consent_given_on = today - timedelta(days=row["consent_days_ago"])
        person.consent_how = row["consent_how"]
    return save_person(person, by=by)


def _membership(row: dict, group: AdvisoryGroup, people: dict, by: User, today: date) -> None:
    person = people[row["person"]]
    if Membership.objects.filter(group=group, person=person).exists():
        return
    until = row.get("until_days_ago")
    membership = Membership(
        group=group,
        person=person,
        position=row["position"],
        constituency=Constituency.objects.get(code=row["constituency"]),
        starts_on=today - timedelta(days=row["since_days_ago"]),
        ends_on=today - timedelta(days=until) if until is not None else None,
    )
    save_membership(membership, by=by)
