"""The secretariat answers organisations that ask to be listed."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from apps.core.models import OutgoingMail
from apps.stakeholders.joining import services
from apps.stakeholders.models import Country, JoinRequest, Organisation, Person
from tests.factories import client_for, make_join_request, make_organisation, make_person

State = JoinRequest.State
pytestmark = pytest.mark.django_db


def step(client, request, name: str, **fields):
    address = f"/en/admin/stakeholders/joinrequest/{request.pk}/step/{name}/"
    return client.post(address, fields)


def test_the_secretariat_accepts_a_new_organisation(secretary, client):
    request = make_join_request(
        sent=True, name_en="Fishers’ Union", website="https://union.example", phone="+967 1 2", about="We fish.",
        languages=["ar"], channels=["phone"], contact_function="Secretary",
    )  # fmt: skip
    request.countries.add(Country.objects.get(iso2="SO"))
    request.objectives.add(6)

    assert step(client_for(secretary), request, "accept").status_code == 302

    organisation = Organisation.objects.get()
    assert (organisation.name_en, organisation.website, organisation.email) == (
        "Fishers’ Union", "https://union.example", request.email,
    )  # fmt: skip
    assert (organisation.shown_to, organisation.consent_given_by, organisation.consent_how) == (
        "public", request.contact_name, "portal",
    )  # fmt: skip
    assert organisation.consent_given_on == timezone.localdate(request.sent_at)
    assert organisation.notes == "We fish."
    assert [one.iso2 for one in organisation.countries.all()] == ["SO"]
    assert [one.pk for one in organisation.objectives.all()] == [6]
    person = Person.objects.get()
    assert (person.name_en, person.function_en, person.organisation) == (
        request.contact_name,
        "Secretary",
        organisation,
    )
    assert {getattr(person, f"shown_{field}") for field in Person.SHARED} == {"nobody"}
    assert "Fishers’ Union" in client.get("/en/group/directory/").content.decode()
    assert request.contact_name not in client.get("/en/group/directory/").content.decode()
    mail = OutgoingMail.objects.latest("pk")
    assert (mail.to, mail.subject) == (request.email, "Fishers’ Union is listed")
    assert "/en/group/directory/" in mail.text


def test_one_that_looks_like_another_is_accepted_only_with_an_answer(secretary):
    there = make_organisation(name_en="Fishers Union", name_ar="", phone="", notes="Known since 2021", acronym="FU")
    request = make_join_request(
        sent=True, name_en="Union of Fishers", acronym="FUX", phone="+967 1 234567", about="We fish."
    )
    client = client_for(secretary)
    page = client.get(f"/en/admin/stakeholders/joinrequest/{request.pk}/change/").content.decode()
    assert "These may be the same:" in page
    assert f"/en/admin/stakeholders/organisation/{there.pk}/change/" in page

    assert step(client, request, "accept").status_code == 400
    assert JoinRequest.objects.get().state == State.SENT
    assert step(client, request, "accept", same_as=str(there.pk)).status_code == 302

    there.refresh_from_db()
    assert Organisation.objects.count() == 1
    assert (there.name_en, there.acronym, there.phone) == ("Fishers Union", "FU", "+967 1 234567")
    assert there.notes == "Known since 2021\nWe fish."
    assert there.shown_to == "public"
    assert JoinRequest.objects.get().organisation == there


def test_a_contact_who_is_known_is_not_kept_twice(secretary):
    request = make_join_request(sent=True)
    make_person(email=request.email.upper())

    services.accept(request, by=secretary)

    assert Person.objects.count() == 1


@pytest.mark.parametrize(("language", "label"), [("ar", "Arabic"), ("en", "English")])
def test_a_refusal_says_why_in_the_language_of_the_organisation(secretary, client, language, label):
    request = make_join_request(sent=True, language=language, name_ar="نقابة", name_en="Union")
    back_office = client_for(secretary)
    page = back_office.get(f"/en/admin/stakeholders/joinrequest/{request.pk}/step/refuse/").content.decode()
    assert f"Reason, in this language: {label}" in page
    assert step(back_office, request, "refuse", reason="").status_code == 400

    assert step(back_office, request, "refuse", reason="السبب: Because").status_code == 302

    mail = OutgoingMail.objects.latest("pk")
    assert mail.language == language
    assert "السبب: Because" in mail.text
    assert "السبب: Because" in client.get(f"/{language}/group/join/{request.token}/").content.decode()
    assert not Organisation.objects.exists()


def test_two_officers_answer_once(secretary):
    request = make_join_request(sent=True)
    services.accept(request, by=secretary)

    with pytest.raises(ValidationError, match="answered or withdrawn already"):
        services.refuse(request, by=secretary, reason="No")
    with pytest.raises(ValidationError, match="answered or withdrawn already"):
        services.accept(request, by=secretary)
    with pytest.raises(ValidationError, match="answered already"):
        services.withdraw(request)
    assert Organisation.objects.count() == 1


def test_only_the_secretariat_answers(auditor, member):
    request = make_join_request(sent=True)
    for user in (auditor, member):
        with pytest.raises(PermissionDenied):
            services.accept(request, by=user)
        with pytest.raises(PermissionDenied):
            services.refuse(request, by=user, reason="No")


@pytest.mark.parametrize("count", [1, 2])
def test_the_dashboard_says_that_requests_wait(secretary, count):
    for _number in range(count):
        make_join_request(sent=True)

    page = client_for(secretary).get("/en/admin/").content.decode()

    assert ["", "1 organisation asks to be listed.", "2 organisations ask to be listed."][count] in page
