"""What is kept about a person: given to her, erased when she asks and when its time is over."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.utils import timezone

from apps.accounts.roles import Role
from apps.core.models import AuditDetail, AuditEntry, OutgoingMail
from apps.core.records import save_record
from apps.meetings.models import Need, Participant
from apps.stakeholders import privacy, services
from apps.stakeholders.models import Affiliation, Consent, Person
from tests.factories import (
    client_for,
    make_affiliation,
    make_engagement,
    make_group,
    make_meeting,
    make_membership,
    make_participant,
    make_person,
    make_user,
)


def make_whole_person(**fields) -> Person:
    person = make_person(
        name_en="Canary name", name_ar="اسم الكناري", function_en="Canary function", email="canary@example.org",
        phone="+961 1 777888", notes="Canary notes", sources="Canary source", gender="woman", **fields
    )  # fmt: skip
    make_membership(make_group(), person)
    make_affiliation(person=person, function_en="Canary clerk")
    Consent.objects.create(person=person, field="name", shown_to="public", given_by="Canary lawyer")
    for address in ("canary@example.org", "canary-guest@example.org"):
        OutgoingMail.objects.create(kind="x", to=address, language="en", subject="Canary", text="Canary")
    make_engagement(people=[person], subject="A talk")
    participant = make_participant(make_meeting(), person, email="canary-guest@example.org")
    save_record(Need(participant=participant, kind="safety", note="Canary need"), by=None)
    return person


def test_all_that_is_held_about_a_person_is_given_to_her(db, secretary, log_in):
    person = make_whole_person()

    answer = log_in(secretary).get(f"/en/admin/stakeholders/person/{person.pk}/data/")

    held = json.loads(answer.content)
    assert held["person"][0]["notes"] == "Canary notes"
    assert held["person"][0]["phone"] == "+961 1 777888"
    assert held["affiliations"][0]["function_en"] == "Canary clerk"
    assert held["consents"][0]["given_by"] == "Canary lawyer"
    assert held["seats"][0]["position"] == "member"
    assert held["engagements"][0]["subject"] == "A talk"
    assert held["participations"][0]["email"] == "canary-guest@example.org"
    assert held["needs"][0]["note"] == "Canary need"
    assert answer["Cache-Control"] == "private, no-store"
    assert AuditEntry.objects.filter(action="exported", model="stakeholders.person", actor=secretary).count() == 1


def test_s67_an_erased_person_is_in_no_table_any_more(db, secretary):
    person = make_whole_person()

    privacy.erase_person(person, by=secretary, reason="She asked by letter")

    person.refresh_from_db()
    kept = [str(value) for value in Person.objects.filter(pk=person.pk).values().get().values()]
    details = [f"{detail.label} {detail.changes}" for detail in AuditDetail.objects.all()]
    assert [text for text in kept + details if "Canary" in text or "الكناري" in text or "777888" in text] == []
    assert (Affiliation.objects.count(), Consent.objects.count(), OutgoingMail.objects.count()) == (0, 0, 0)
    participant = Participant.objects.get()
    assert (participant.person, participant.email) == (person, f"erased-{participant.pk}@invalid.invalid")
    assert not Need.objects.exists()
    assert person.memberships.count() == 1
    assert (person.name_en, person.is_active) == ("A person whose data were erased", False)
    assert AuditEntry.objects.filter(action="erased", object_id=str(person.pk)).count() == 1


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_dashboard_asks_for_the_erasure_of_what_is_kept_no_longer(db, secretary, log_in, language):
    yesterday = timezone.localdate() - timedelta(days=1)
    due = make_person(keep_until=yesterday)
    make_person(keep_until=timezone.localdate())
    make_person(keep_until=yesterday, erased_at=timezone.now())

    board = log_in(secretary).get(f"/{language}/admin/").content.decode()

    asked = {
        "en": "The time for which the data of 1 person are kept is over.",
        "ar": "انقضت مدة الاحتفاظ ببيانات شخص واحد.",
    }
    assert asked[language] in board
    found = log_in(secretary).get(f"/{language}/admin/stakeholders/person/?keep=over&active=all")
    assert list(found.context["cl"].result_list) == [due]


def test_a_person_with_an_account_is_erased_with_it(db, secretary):
    person = make_whole_person(user=make_user(Role.MEMBER))

    with pytest.raises(ValidationError) as error:
        privacy.erase_person(person, by=secretary, reason="She asked")

    assert error.value.messages == ["This person has an account. Erase the account: the person goes with it."]
    assert Person.objects.get().name_en == "Canary name"


def test_s22_only_the_secretariat_exports_and_erases(db, editor, auditor, translator):
    person = make_person()

    for user in (editor, auditor, translator):
        assert client_for(user).get(f"/en/admin/stakeholders/person/{person.pk}/data/").status_code == 403
        with pytest.raises(PermissionDenied):
            privacy.erase_person(person, by=user, reason="x")
        with pytest.raises(PermissionDenied):
            services.deactivate(person, by=user, reason="x")


def test_whose_time_is_long_over_is_erased_by_the_portal(db, member):
    today = timezone.localdate()
    long_over = make_person(name_en="Canary", keep_until=today - timedelta(days=31))
    lately = make_person(keep_until=today - timedelta(days=29))
    with_account = make_person(user=member, keep_until=today - timedelta(days=99))

    call_command("apply_retention")

    for person in (long_over, lately, with_account):
        person.refresh_from_db()
    assert long_over.erased_at is not None
    assert long_over.name_en != "Canary"
    assert (lately.erased_at, with_account.erased_at) == (None, None)
