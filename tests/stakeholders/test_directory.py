"""The public directory: who agreed is in it, with what she agreed to, found however it is spelt."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from apps.accounts.roles import Role
from apps.stakeholders import services
from apps.stakeholders.models import Constituency, Country
from tests.factories import (
    client_for,
    make_group,
    make_member,
    make_membership,
    make_organisation,
    make_person,
    make_user,
)
from tests.queries import count_queries

AGREED = {"consent_given_on": date(2026, 1, 1), "consent_how": "email"}


def listed(client, query: str = "", language: str = "en") -> list[str]:
    page = client.get(f"/{language}/group/directory/{query}")
    return [organisation.name_en for organisation in page.context["organisations"].page]


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_directory_shows_what_was_agreed_and_nothing_else(db, client, language):
    organisation = make_organisation(
        name_ar="اتحاد البحّارة", name_en="Seafarers’ Union", website="https://union.example/", shown_to="public",
        email="canary@union.example", phone="+961 1 777888", notes="Canary notes", sources="Canary source", **AGREED,
    )  # fmt: skip
    organisation.countries.add(Country.objects.get(iso2="YE"))
    make_organisation(name_ar="كناري", name_en="Canary hidden")
    make_organisation(name_ar="كناري", name_en="Canary of members", shown_to="members", **AGREED)

    html = client.get(f"/{language}/group/directory/").content.decode()

    assert getattr(organisation, f"name_{language}") in html
    assert {"ar": "اليمن", "en": "Yemen"}[language] in html
    assert 'href="https://union.example/"' in html
    for canary in ("Canary", "كناري", "canary@", "777888"):
        assert canary not in html
    assert not client.cookies


def test_members_read_what_is_listed_for_members(db, secretary):
    make_organisation(name_en="For members", shown_to="members", **AGREED)
    make_organisation(name_en="For nobody")
    former, asked = make_user(Role.MEMBER), make_user(Role.MEMBER)
    make_membership(make_group(), make_person(user=former), ends_on=timezone.localdate() - timedelta(days=1))
    make_person(user=asked)

    assert listed(client_for(make_member(make_group()))) == ["For members"]
    assert listed(client_for(secretary)) == ["For members"]
    assert [listed(client_for(one)) for one in (former, asked)] == [[], []]


def test_who_is_not_active_is_not_listed(db, client, secretary):
    organisation = make_organisation(shown_to="public", **AGREED)
    services.deactivate(organisation, by=secretary, reason="Closed")

    assert listed(client) == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?words=إتحاد", ["One"]),
        ("?words=two", ["Two"]),
        ("?words=nobody", []),
        ("?country={SY}", ["One"]),
        ("?constituency={media}", ["Two"]),
        ("?objective=6", ["Two"]),
    ],
)
def test_the_directory_is_filtered(db, client, query, found):
    one = make_organisation(name_ar="اتّحاد", name_en="One", shown_to="public", **AGREED)
    two = make_organisation(name_ar="شبكة", name_en="Two", shown_to="public", **AGREED)
    one.countries.add(Country.objects.get(iso2="SY"))
    two.other_constituencies.add(Constituency.objects.get(code="media"))
    two.objectives.add(6)
    keys = {"SY": Country.objects.get(iso2="SY").pk, "media": Constituency.objects.get(code="media").pk}

    assert listed(client, query.format(**keys)) == found


@pytest.mark.parametrize(("query", "status"), [("?country=nowhere", 400), ("?page=99", 404)])
def test_a_wrong_choice_is_a_page_with_a_sentence(db, client, query, status):
    make_organisation(name_en="One", shown_to="public", **AGREED)

    answer = client.get(f"/en/group/directory/{query}")

    assert answer.status_code == status
    assert "One" in answer.content.decode()


def test_an_empty_directory_says_what_will_be_here(db, client):
    assert "Organisations will stand here" in client.get("/en/group/directory/").content.decode()


def test_the_directory_needs_the_same_queries_for_one_and_three(db, client):
    def add() -> None:
        organisation = make_organisation(shown_to="public", **AGREED)
        organisation.countries.add(Country.objects.get(iso2="SY"))
        organisation.objectives.add(6)

    add()
    few = count_queries(client, "/en/group/directory/")
    add()
    add()

    assert count_queries(client, "/en/group/directory/") == few
