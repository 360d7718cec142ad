"""A table that was sent: it is imported once, and goes with the person whom it names."""

import pytest
from django.core.exceptions import ValidationError

from apps.accounts.roles import Role
from apps.stakeholders import services
from apps.stakeholders.importing import runs
from apps.stakeholders.models import Organisation, StakeholderImport
from apps.stakeholders.privacy import erase_person
from tests.factories import client_for, make_person, make_user
from tests.stakeholders.sent_tables import carried_out, checked

pytestmark = pytest.mark.django_db


def test_an_import_is_carried_out_once(secretary):
    run = checked(secretary, [["Union", "", "media", "LB"]])
    carried_out(run, secretary)

    with pytest.raises(ValidationError, match="imported already"):
        carried_out(run, secretary)
    with pytest.raises(ValidationError, match="imported already"):
        runs.choose_columns(run, run.columns, by=secretary)
    assert Organisation.objects.count() == 1


def test_a_page_that_was_opened_before_imports_nothing_twice(secretary):
    run = checked(secretary, [["Union", "", "media", "LB"]])
    stale = StakeholderImport.objects.get(pk=run.pk)
    checking = runs.check(StakeholderImport.objects.get(pk=run.pk), by=secretary)
    next(checking)
    carried_out(run, secretary)

    with pytest.raises(ValidationError, match="imported already"):
        runs.choose_columns(stale, stale.columns, by=secretary)
    with pytest.raises(ValidationError, match="imported already"):
        list(checking)
    run.refresh_from_db()
    assert (run.state, run.rows) == ("done", [])


def test_a_check_of_other_columns_is_not_kept(secretary):
    run = checked(secretary, [["Union", "", "media", "LB"]])
    checking = runs.check(StakeholderImport.objects.get(pk=run.pk), by=secretary)
    next(checking)
    runs.choose_columns(run, ["name_en", "", "constituency", "country"], by=secretary)

    with pytest.raises(ValidationError, match="it was not checked"):
        list(checking)
    run.refresh_from_db()
    assert run.state == "sent"


def test_s67_a_table_that_names_an_erased_person_goes(secretary):
    person = make_person(name_en="Canary Person")
    checked(secretary, [["Canary Person"]], ["name_en"], of="people")
    other = checked(secretary, [["Another"]], ["name_en"], of="people")

    erase_person(person, by=secretary, reason="Asked")

    assert list(StakeholderImport.objects.all()) == [other]


def test_s67_a_table_with_a_row_like_an_erased_person_goes(secretary):
    person = make_person(name_en="Canary Person", phone="+961 1 777888")
    run = checked(secretary, [["C. P.", "00961 1 777888"]], ["name_en", "phone"], of="people")
    assert [found["other"] for found in run.duplicates] == [[person.pk, "Canary Person"]]

    erase_person(person, by=secretary, reason="Asked")

    assert not StakeholderImport.objects.exists()


def test_s20_a_table_with_a_row_like_a_protected_person_is_checked_anew(secretary):
    officer = make_user(Role.SECRETARIAT)
    person, other = make_person(name_en="Canary Person", phone="+961 1 777888"), make_person(name_en="Another")
    run = checked(officer, [["C. P.", "00961 1 777888"]], ["name_en", "phone"], of="people")
    untouched = checked(officer, [["Another", ""]], ["name_en", "phone"], of="people")

    services.protect(person, by=secretary, guardians=[secretary], reason="Threats")

    html = client_for(officer).get(f"/en/admin/stakeholders/person/import/{run.pk}/", follow=True).content.decode()
    assert "The check was not finished." in html
    assert "Canary" not in html
    run.refresh_from_db()
    assert (run.state, run.duplicates, run.rows) == ("sent", [], [["C. P.", "00961 1 777888"]])
    untouched.refresh_from_db()
    assert (untouched.state, untouched.duplicates[0]["other"]) == ("checked", [other.pk, "Another"])

    list(runs.check(run, by=officer))
    assert StakeholderImport.objects.get(pk=run.pk).duplicates == []
