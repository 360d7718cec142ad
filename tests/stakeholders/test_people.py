"""People and organisations: consent by field, dated affiliations, protection, deactivation, search."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.roles import Role
from apps.core.models import AuditDetail, AuditEntry
from apps.core.records import save_record
from apps.meetings.models import DocumentOpening, Need
from apps.stakeholders import services
from apps.stakeholders.models import Affiliation, Consent, Country, Organisation, Person
from tests.factories import (
    client_for,
    make_document,
    make_group,
    make_meeting,
    make_member,
    make_membership,
    make_organisation,
    make_participant,
    make_person,
    make_user,
)
from tests.stakeholders.forms import organisation_form, person_form

STRANGER = AnonymousUser()
PROTECTED = {"en": "A protected person", "ar": "شخص محمي الهوية"}


# Consent, field by field


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_public_reads_only_the_fields_that_a_person_agreed_to(db, client, language):
    group = make_group()
    person = make_person(
        function_ar="محامية",
        function_en="Lawyer",
        organisation=make_organisation(),
        country=Country.objects.get(iso2="YE"),
        email="canary@example.org",
        phone="+967 1 999111",
        shown_function="members",
        shown_country="nobody",
    )
    make_membership(group, person)

    html = client.get(f"/{language}/group/").content.decode()

    assert getattr(person, f"name_{language}") in html
    assert getattr(person.organisation, f"name_{language}") in html
    for hidden in ({"ar": "محامية", "en": "Lawyer"}[language], {"ar": "اليمن", "en": "Yemen"}[language]):
        assert hidden not in html
    assert "canary@example.org" not in html
    assert "999111" not in html


def test_fellow_members_read_what_is_shown_to_members(db):
    group = make_group()
    person = make_person(
        email="shown@example.org", shown_email="members", shown_function="nobody", function_en="Canary function"
    )
    make_membership(group, person)

    html = client_for(make_member(group)).get("/en/group/").content.decode()

    assert "shown@example.org" in html
    assert "Canary function" not in html


def test_who_hides_her_name_shows_nothing_to_fellow_members(db):
    group = make_group()
    person = make_person(is_public=False, shown_name="nobody", organisation=make_organisation(name_en="Canary org"))
    make_membership(group, person)
    member = make_member(group)

    assert person not in Person.objects.visible_to(member)
    assert person.organisation not in Organisation.objects.visible_to(member)
    html = client_for(member).get("/en/group/").content.decode()
    assert person.name_en not in html
    assert "Canary org" not in html


def test_each_change_of_consent_is_kept_with_who_gave_it_how_and_when(secretary):
    person = services.save_person(Person(name_en="Somebody"), by=secretary)
    person.shown_name, person.shown_email = "public", "members"
    person.consent_given_by, person.consent_given_on, person.consent_how = "Her lawyer", date(2026, 5, 1), "oral"

    services.save_person(person, by=secretary)
    services.save_person(person, by=secretary)

    kept = Consent.objects.order_by("pk").values_list("field", "shown_to", "given_by", "given_on", "how", "recorded_by")
    rest = ("Her lawyer", date(2026, 5, 1), "oral", secretary.pk)
    assert list(kept) == [("name", "public", *rest), ("email", "members", *rest)]


def test_no_consent_is_recorded_before_it_is_given(secretary):
    person = Person(name_en="Somebody", consent_given_on=timezone.localdate() + timedelta(days=1))

    with pytest.raises(ValidationError) as error:
        services.save_person(person, by=secretary)

    assert error.value.message_dict == {"consent_given_on": ["A consent is recorded on the day it is given, or later."]}


@pytest.mark.parametrize(("level", "public", "member"), [("nobody", 0, 0), ("members", 0, 1), ("public", 1, 1)])
def test_an_organisation_is_listed_for_whom_it_agreed(db, level, public, member):
    organisation = make_organisation(shown_to=level, consent_given_on=date(2026, 1, 1), consent_how="email")

    seen = [Organisation.objects.visible_to(user).count() for user in (STRANGER, make_member(make_group()))]

    assert seen == [public, member]
    assert list(Organisation.objects.listed()) == ([organisation] if public else [])


# Affiliations


def test_a_change_of_organisation_ends_one_affiliation_and_begins_another(secretary):
    first, second = make_organisation(), make_organisation()
    person = services.save_person(Person(name_en="Somebody", organisation=first, function_en="Clerk"), by=secretary)
    person.organisation = second

    services.save_person(person, by=secretary)
    services.save_person(person, by=secretary)

    today = timezone.localdate()
    kept = Affiliation.objects.order_by("pk").values_list("organisation", "function_en", "starts_on", "ends_on")
    assert list(kept) == [(first.pk, "Clerk", None, today), (second.pk, "Clerk", today, None)]
    assert [one.organisation for one in person.affiliations.current(today + timedelta(days=1))] == [second]


@pytest.mark.parametrize("language", ["ar", "en"])
def test_an_affiliation_that_ends_before_it_begins_is_refused_and_stays_typed(db, secretary, log_in, language):
    person, organisation = make_person(is_public=False), make_organisation()
    rows = {"TOTAL_FORMS": "1", "INITIAL_FORMS": "0", "0-organisation": organisation.pk, "0-function_en": "Clerk"}
    rows |= {"0-starts_on": "2026-02-01", "0-ends_on": "2026-01-31"}
    sent = person_form(name_en=person.name_en, opened_revision=person.revision)
    sent |= {f"affiliations-{name}": value for name, value in rows.items()}

    answer = log_in(secretary).post(f"/{language}/admin/stakeholders/person/{person.pk}/change/", sent)

    refused = {
        "en": "An affiliation ends on or after the day it begins.",
        "ar": "ينتهي الانتماء في يوم بدايته أو بعده.",
    }
    assert refused[language] in answer.content.decode()
    assert 'value="Clerk"' in answer.content.decode()
    assert not Affiliation.objects.exists()


# Protection


@pytest.fixture
def protected(db, secretary):
    """A member of a group who agreed to be public, then was protected by the secretary, who is her guardian."""
    group = make_group()
    user = make_user(Role.MEMBER)
    User.objects.filter(pk=user.pk).update(display_name_en="Canary account", display_name_ar="اسم الكناري")
    person = make_person(user=user, name_en="Canary name", name_ar="اسم الكناري")
    make_membership(group, person)
    services.protect(person, by=secretary, guardians=[secretary], reason="Threats")
    return person


@pytest.mark.parametrize("role", ["secretariat", "auditor", "editor", "member"])
def test_s20_a_protected_person_is_hidden_from_all_but_her_guardians(protected, secretary, role):
    group = protected.memberships.get().group
    other = make_member(group) if role == "member" else make_user(Role(role))

    assert protected not in Person.objects.visible_to(other)
    assert protected not in Person.objects.visible_to(STRANGER)
    assert protected in Person.objects.visible_to(secretary)
    assert protected in Person.objects.visible_to(protected.user)
    assert (protected.user in User.objects.visible_to(other)) is False
    assert protected.user in User.objects.visible_to(secretary)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_s20_no_page_names_a_protected_person(protected, secretary, language):
    pages = ["group/", "admin/stakeholders/person/", "admin/stakeholders/membership/", "admin/accounts/user/"]
    pages += [f"admin/stakeholders/membership/{protected.memberships.get().pk}/change/"]
    pages += ["admin/stakeholders/person/?q=canary", "admin/stakeholders/membership/?q=canary"]
    officer, guardian = client_for(make_user(Role.SECRETARIAT)), client_for(secretary)
    canaries = ("Canary", "اسم الكناري")

    for page in pages:
        html = officer.get(f"/{language}/{page}").content.decode().replace('value="canary"', "")
        assert not any(canary in html for canary in canaries), page
    assert PROTECTED[language] in officer.get(f"/{language}/admin/stakeholders/membership/").content.decode()
    assert officer.get(f"/{language}/admin/stakeholders/membership/?q=canary").context["cl"].result_count == 0
    seen = guardian.get(f"/{language}/admin/stakeholders/person/?q=canary")
    assert [person.pk for person in seen.context["cl"].result_list] == [protected.pk]


@pytest.mark.parametrize("language", ["ar", "en"])
def test_s20_the_lists_of_a_meeting_name_no_protected_person(protected, secretary, language):
    meeting = make_meeting(protected.memberships.get().group, audience="members")
    participant = make_participant(meeting, protected)
    save_record(Need(participant=participant, kind="safety"), by=None)
    paper = make_document(meeting, audience="members")
    DocumentOpening.objects.create(document=paper, language="en", user=protected.user)
    officer, lists = client_for(make_user(Role.SECRETARIAT)), f"/{language}/admin/meetings"

    for page in ("participant/", "need/", f"meeting/{meeting.pk}/openings/"):
        html = officer.get(f"{lists}/{page}").content.decode()
        assert "Canary" not in html, page
        assert "اسم الكناري" not in html, page
    for page in ("participant", "need"):
        assert officer.get(f"{lists}/{page}/?q=canary").context["cl"].result_count == 0
        assert client_for(secretary).get(f"{lists}/{page}/?q=canary").context["cl"].result_count == 1


def test_s20_the_trail_says_nothing_in_words_about_a_protected_person(protected, secretary):
    protected.name_en = "Canary renamed"
    services.save_person(protected, by=secretary)

    texts = [f"{detail.label} {detail.changes}" for detail in AuditDetail.objects.all()]
    assert [text for text in texts if "Canary" in text and "account" not in text] == []
    assert AuditEntry.objects.filter(model="stakeholders.person", object_id=str(protected.pk)).count() == 4


def test_protection_names_officers_of_the_secretariat(db, secretary):
    person = make_person()

    for guardians in ([], [make_user(Role.EDITOR)]):
        with pytest.raises(ValidationError) as error:
            services.protect(person, by=secretary, guardians=guardians, reason="Threats")
        assert error.value.messages == ["Name at least one officer of the secretariat."]
    with pytest.raises(PermissionDenied):
        services.protect(person, by=make_user(Role.EDITOR), guardians=[secretary], reason="Threats")
    assert Person.objects.get().is_at_risk is False


def test_protection_ends_and_the_consents_count_again(protected, secretary):
    services.end_protection(protected, by=secretary, reason="Safe again")

    assert protected in Person.objects.visible_to(STRANGER)
    assert protected.guardians.count() == 0


# Deactivation


@pytest.mark.parametrize("make", [make_person, make_organisation])
def test_who_is_deactivated_leaves_lists_and_choosers_and_comes_back(db, secretary, log_in, make):
    record = make()
    name = record._meta.model_name
    services.deactivate(record, by=secretary, reason="Closed its office")
    browser, choose = log_in(secretary), "/en/admin/autocomplete/?app_label=stakeholders&term="
    field = {
        "person": "model_name=membership&field_name=person",
        "organisation": "model_name=person&field_name=organisation",
    }

    def listed(query="") -> int:
        return browser.get(f"/en/admin/stakeholders/{name}/{query}").context["cl"].result_count

    assert (listed(), listed("?active=no"), listed("?active=all")) == (0, 1, 1)
    assert browser.get(f"{choose}&{field[name]}").json()["results"] == []

    services.reactivate(record, by=secretary)
    assert (listed(), record.inactive_since, record.inactive_why) == (1, None, "")


# Search


@pytest.mark.parametrize("asked", ["الإتحاد", "اتحاد العمال", "اتّحاد", "UNION OF", "utl", "old name"])
def test_people_and_organisations_are_found_however_they_are_spelt(db, secretary, log_in, asked):
    make_organisation(
        name_ar="الاتحاد العمّالي اتحاد العمال", name_en="Union of labour", acronym="UTL", other_names="Old name"
    )
    make_organisation(name_ar="جمعية", name_en="Society")

    found = log_in(secretary).get("/en/admin/stakeholders/organisation/", {"q": asked}).context["cl"].result_list

    assert [organisation.acronym for organisation in found] == ["UTL"]


def test_phones_are_typed_in_any_digits_and_nothing_else(db, secretary, log_in):
    address = "/en/admin/stakeholders/person/add/"
    log_in(secretary).post(address, person_form(name_en="Somebody", phone="+٩٦١ ١ ٢٣٤٥٦٧"))
    assert Person.objects.get().phone == "+961 1 234567"

    html = log_in(secretary).post(address, person_form(name_en="Another", phone="ask Samira")).content.decode()
    assert "Write the number with its country" in html
    assert Person.objects.count() == 1


def test_an_organisation_is_saved_with_all_it_has(db, secretary, log_in):
    sent = organisation_form(
        name_ar="نقابة", name_en="Union", constituency="7", country=Country.objects.get(iso2="LB").pk,
        countries=[Country.objects.get(iso2="SY").pk], objectives=["6"], languages=["ar", "am"], channels=["paper"],
        connection="rare", notes="For us", sources="https://example.org/list",
    )  # fmt: skip

    answer = log_in(secretary).post("/ar/admin/stakeholders/organisation/add/", sent)

    assert answer.status_code == 302
    kept = Organisation.objects.get()
    assert (kept.languages, kept.channels, kept.connection) == (["ar", "am"], ["paper"], "rare")
    assert [country.iso2 for country in kept.countries.all()] == ["SY"]
    assert [objective.number for objective in kept.objectives.all()] == [6]
