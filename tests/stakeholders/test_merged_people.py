"""Whoever is protected or erased is so with every record that was merged into hers."""

import pytest
from django.test import RequestFactory

from apps.accounts import privacy as account_privacy
from apps.accounts.roles import Role
from apps.core import current
from apps.core.models import AuditDetail, AuditEntry
from apps.core.records import save_record, set_links
from apps.meetings.models import Participant
from apps.stakeholders import merging, privacy, services
from apps.stakeholders.models import Affiliation, Person
from tests.factories import make_affiliation, make_engagement, make_meeting, make_participant, make_person, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(secretary):
    """A record into which another was merged, into which a third was; and one that was parted again."""
    kept, gone, first, other = (
        make_person(name_en=f"Canary {number}", email=f"canary{number}@example.org", phone=f"+961 1 77788{number}")
        for number in range(4)
    )
    merging.merge(gone, first, by=secretary, choices={})
    merging.merge(kept, gone, by=secretary, choices={})
    merging.undo(merging.merge(kept, other, by=secretary, choices={}), by=secretary)
    return Person.objects.get(pk=kept.pk)


def trail() -> str:
    return " ".join(f"{detail.label} {detail.changes}" for detail in AuditDetail.objects.exclude(label="Canary 3"))


def test_the_records_of_a_person_are_hers_and_those_merged_into_it(kept):
    assert list(kept.all_records().values_list("name_en", flat=True)) == ["Canary 0", "Canary 1", "Canary 2"]


def test_s20_who_is_protected_is_so_in_every_record_of_hers(kept, secretary):
    officer = make_user(Role.SECRETARIAT)

    services.protect(kept, by=secretary, guardians=[secretary], reason="Threats")

    assert [one.name_en for one in Person.objects.visible_to(officer)] == ["Canary 3"]
    assert Person.objects.visible_to(secretary).count() == 4
    assert "Canary" not in trail()

    services.end_protection(kept, by=secretary, reason="Safe again")
    assert Person.objects.visible_to(officer).count() == 4
    assert [one.guardians.count() for one in Person.objects.all()] == [0, 0, 0, 0]


def test_s67_who_is_erased_is_so_in_every_record_of_hers(kept, secretary):
    gone = Person.objects.get(name_en="Canary 1")
    make_affiliation(person=gone)

    privacy.erase_person(kept, by=secretary, reason="She asked")

    rows = Person.objects.order_by("pk").values_list("name_en", "email", "phone")
    nobody = ("A person whose data were erased", "", "")
    assert list(rows) == [nobody, nobody, nobody, ("Canary 3", "canary3@example.org", "+961 1 777883")]
    assert not Affiliation.objects.filter(person=gone).exists()
    assert "Canary" not in trail()
    assert AuditEntry.objects.filter(action="erased", model="stakeholders.person").count() == 3


def test_s67_with_an_account_goes_every_record_of_hers(kept, secretary):
    kept.user = make_user(Role.MEMBER)
    services.save_person(kept, by=secretary)

    account_privacy.erase(kept.user, by=secretary, reason="She asked", email=kept.user.email)

    assert [one.name_en for one in Person.objects.all() if "Canary" in one.name_en] == ["Canary 3"]
    assert "Canary" not in trail()


def test_what_is_held_about_her_is_in_every_record_of_hers(kept):
    held = privacy.held_about(kept)

    assert [row["name_en"] for row in held["person"]] == ["Canary 0", "Canary 1", "Canary 2"]


def test_s20_the_trail_of_the_log_forgets_who_was_there(secretary):
    person, other = make_person(name_en="Canary, Dr"), make_person(name_en="Other")
    now, before, without = (make_engagement() for _number in range(3))
    set_links(now, "people", [person, other], by=secretary)
    set_links(before, "people", [person, other], by=secretary)
    set_links(before, "people", [other], by=secretary)
    set_links(without, "people", [other], by=secretary)

    services.protect(person, by=secretary, guardians=[secretary], reason="Threats")

    told = AuditDetail.objects.filter(entry__model="stakeholders.engagement", changes__has_key="people")
    assert [detail.changes["people"] for detail in told] == [["", "Other"]]
    assert AuditEntry.objects.filter(model="stakeholders.engagement", action="changed").count() == 4


def test_s20_the_trail_of_a_meetings_list_does_not_name_who_is_protected(secretary):
    person = make_person(name_en="Canary", is_at_risk=True)
    person.guardians.set([secretary])
    place = make_participant(make_meeting(), person)

    def change(request):
        found = Participant.objects.get(pk=place.pk)
        assert str(found) == "Canary"
        found.language = "en"
        save_record(found, by=secretary)

    request = RequestFactory().get("/")
    request.user = secretary
    current.RequestMiddleware(change)(request)

    assert "Canary" not in trail()


def test_s20_the_trail_of_a_meetings_list_forgets_whom_it_named(secretary):
    person = make_person(name_en="Canary")
    make_participant(make_meeting(), person)
    assert "Canary" in trail()

    services.protect(person, by=secretary, guardians=[secretary], reason="Threats")

    assert "Canary" not in trail()
