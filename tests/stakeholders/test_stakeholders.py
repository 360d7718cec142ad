from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.roles import Role
from apps.stakeholders.models import (
    AdvisoryGroup,
    Constituency,
    Country,
    Membership,
    Objective,
    Organisation,
    Person,
    Principle,
)
from apps.stakeholders.seats import table
from apps.stakeholders.services import save_membership
from tests.factories import (
    make_affiliation,
    make_group,
    make_member,
    make_membership,
    make_organisation,
    make_person,
    make_user,
)
from tests.stakeholders.forms import person_form

# Resolution A/RES/73/195, paragraph 16: the first words of each objective pin the whole list.
OBJECTIVES = [
    "Collect and utilize accurate and disaggregated data",
    "Minimize the adverse drivers and structural factors",
    "Provide accurate and timely information",
    "Ensure that all migrants have proof of legal identity",
    "Enhance availability and flexibility of pathways",
    "Facilitate fair and ethical recruitment",
    "Address and reduce vulnerabilities",
    "Save lives and establish coordinated international efforts",
    "Strengthen the transnational response to smuggling",
    "Prevent, combat and eradicate trafficking",
    "Manage borders in an integrated",
    "Strengthen certainty and predictability",
    "Use migration detention only as a measure of last resort",
    "Enhance consular protection",
    "Provide access to basic services",
    "Empower migrants and societies",
    "Eliminate all forms of discrimination",
    "Invest in skills development",
    "Create conditions for migrants and diasporas",
    "Promote faster, safer and cheaper transfer of remittances",
    "Cooperate in facilitating safe and dignified return",
    "Establish mechanisms for the portability of social security",
    "Strengthen international cooperation and global partnerships",
]


def test_the_23_objectives_are_pinned(db):
    titles = list(Objective.objects.values_list("number", "title_en"))

    assert [number for number, _title in titles] == list(range(1, 24))
    assert [title[: len(start)] for (_number, title), start in zip(titles, OBJECTIVES, strict=True)] == OBJECTIVES
    assert len({title for _number, title in titles}) == 23
    assert not Objective.objects.filter(arabic_verified=True).exists()
    assert not Objective.objects.filter(title_ar="").exists()


def test_the_13_constituencies_follow_paragraph_44(db):
    assert list(Constituency.objects.values_list("code", flat=True)) == [
        "migrants",
        "civil-society",
        "migrant-diaspora-organizations",
        "faith-based-organizations",
        "local-authorities-communities",
        "private-sector",
        "trade-unions",
        "parliamentarians",
        "national-human-rights-institutions",
        "red-cross-red-crescent",
        "academia",
        "media",
        "other",
    ]


def test_the_22_countries_carry_their_united_nations_names_and_zones(db):
    codes = "AE BH DJ DZ EG IQ JO KM KW LB LY MA MR OM PS QA SA SD SO SY TN YE"
    assert " ".join(Country.objects.order_by("iso2").values_list("iso2", flat=True)) == codes
    assert Country.objects.get(iso2="PS").name_ar == "دولة فلسطين"
    assert Country.objects.get(iso2="SY").name_en == "Syrian Arab Republic"
    assert Country.objects.get(iso2="MA").time_zone == "Africa/Casablanca"


def test_the_ten_principles_are_there(db):
    assert "".join(Principle.objects.values_list("code", flat=True)) == "abcdefghij"


@pytest.mark.parametrize(
    "broken",
    [
        lambda: Objective.objects.create(number=24, title_ar="x", title_en="x", round_table=1),
        lambda: make_group(seats=0),
        lambda: make_person(name_ar="", name_en=""),
        lambda: make_person(name_ar=None, name_en=None),
        lambda: make_organisation(name_ar="", name_en=None),
        lambda: Person.objects.create(name_en="Somebody", shown_name="public"),
        lambda: Person.objects.create(name_en="Somebody", shown_phone="members", consent_given_on=date(2026, 1, 1)),
        lambda: make_membership(make_group(), starts_on=date(2026, 2, 1), ends_on=date(2026, 1, 31)),
        lambda: make_organisation(shown_to="members", consent_given_on=date(2026, 1, 1)),
        lambda: make_affiliation(starts_on=date(2026, 2, 1), ends_on=date(2026, 1, 31)),
    ],
)
def test_the_database_refuses(db, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        broken()


def test_the_database_refuses_two_chairs_and_two_seats_of_one_person(db):
    group = make_group()
    chair = make_membership(group, position="chair")

    with pytest.raises(IntegrityError), transaction.atomic():
        make_membership(group, position="chair")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_membership(group, chair.person)


def draft_membership(group, person=None, **fields):
    fields = {"position": "member", "starts_on": date(2026, 1, 1), **fields}
    return Membership(group=group, person=person or make_person(), constituency=Constituency.objects.first(), **fields)


@pytest.mark.parametrize(
    ("first", "second", "field"),
    [
        ({"position": "chair"}, {"position": "chair"}, "position"),
        ({"position": "chair", "ends_on": date(2027, 1, 1)}, {"position": "chair"}, "position"),
        ({"ends_on": date(2026, 3, 1)}, {"starts_on": date(2026, 3, 1), "same": True}, "person"),
    ],
)
def test_overlapping_terms_are_refused_beside_their_field(db, first, second, field):
    group = make_group()
    held = save_membership(draft_membership(group, **first), by=None)
    person = held.person if second.pop("same", False) else None

    with pytest.raises(ValidationError) as error:
        save_membership(draft_membership(group, person, **second), by=None)

    assert list(error.value.message_dict) == [field]


def test_a_term_may_follow_another_the_day_after(db):
    group = make_group()
    held = save_membership(draft_membership(group, position="chair", ends_on=date(2026, 3, 1)), by=None)

    next_term = draft_membership(group, held.person, position="chair", starts_on=date(2026, 3, 2))

    assert save_membership(next_term, by=None).pk


def test_no_more_members_than_seats_but_observers_sit_beside(db):
    group = make_group(seats=1)
    save_membership(draft_membership(group), by=None)

    assert save_membership(draft_membership(group, position="observer"), by=None).pk
    with pytest.raises(ValidationError) as error:
        save_membership(draft_membership(group), by=None)
    assert error.value.message_dict == {"position": ["All seats of the group are taken at that time."]}


def test_current_counts_the_first_and_the_last_day(db):
    group = make_group()
    membership = make_membership(group, starts_on=date(2026, 1, 1), ends_on=date(2026, 1, 31))

    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1)]

    assert [membership in group.memberships.current(day) for day in days] == [False, True, True, False]


def test_people_are_visible_in_public_only_with_consent(db):
    shown, hidden = make_person(), make_person(is_public=False)

    visible = Person.objects.visible_to(AnonymousUser())

    assert shown in visible
    assert hidden not in visible


def test_members_know_those_who_sit_with_them_and_no_others(db):
    group, other_group = make_group(), make_group()
    colleague, foreign = make_person(is_public=False), make_person(is_public=False)
    leaving, left = make_person(is_public=False), make_person(is_public=False)
    make_membership(group, colleague)
    make_membership(group, leaving, ends_on=timezone.localdate() + timedelta(days=9))
    make_membership(group, left, ends_on=timezone.localdate() - timedelta(days=1))
    make_membership(other_group, foreign)
    member = make_member(group)

    visible = Person.objects.visible_to(member)

    assert colleague in visible
    assert leaving in visible
    assert left not in visible
    assert foreign not in visible
    assert member.person in visible


@pytest.mark.parametrize(
    ("role", "sees"), [("secretariat", True), ("auditor", True), ("editor", False), ("translator", False)]
)
def test_of_the_back_office_only_those_who_keep_people_see_all(db, role, sees):
    hidden = make_person(is_public=False)

    assert (hidden in Person.objects.visible_to(make_user(Role(role)))) is sees


def test_a_former_member_no_longer_knows_the_others(db):
    group = make_group()
    colleague = make_person(is_public=False)
    make_membership(group, colleague)
    user = make_user(Role.MEMBER)
    yesterday = timezone.localdate() - timedelta(days=1)
    make_membership(group, make_person(user=user), ends_on=yesterday)

    assert colleague not in Person.objects.visible_to(user)


def test_organisations_follow_their_people(db):
    shown, hidden = make_organisation(), make_organisation()
    make_person(organisation=shown)
    make_person(organisation=hidden, is_public=False)

    assert list(Organisation.objects.visible_to(AnonymousUser())) == [shown]
    assert set(Organisation.objects.visible_to(make_user(Role.SECRETARIAT))) == {shown, hidden}


def test_the_table_lists_rank_first_and_vacant_seats_last(db):
    group = make_group(seats=4)
    member = make_membership(group)
    chair = make_membership(group, position="chair")
    observer = make_membership(group, make_person(is_public=False), position="observer")

    seats = table(group, AnonymousUser())

    assert [seat.membership for seat in seats.seats] == [chair, member, None, None]
    assert [(seat.membership, seat.is_named) for seat in seats.beside] == [(observer, False)]
    assert seats.vacant == 2


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_public_page_names_only_who_agreed(db, client, language):
    group = make_group(seats=3)
    named = make_person(country=Country.objects.get(iso2="LB"), organisation=make_organisation())
    unnamed = make_person(is_public=False, country=Country.objects.get(iso2="YE"), organisation=make_organisation())
    make_membership(group, named)
    make_membership(group, unnamed)

    html = client.get(f"/{language}/group/").content.decode()

    assert getattr(named, f"name_{language}") in html
    assert getattr(named.organisation, f"name_{language}") in html
    for text in (unnamed.name_ar, unnamed.name_en, unnamed.organisation.name_ar, unnamed.organisation.name_en):
        assert text not in html
    assert {"ar": "اليمن", "en": "Yemen"}[language] not in html
    assert {"ar": "مقعد شاغر", "en": "Vacant seat"}[language] in html


def test_the_group_page_is_404_while_there_is_no_group(db, client):
    assert client.get("/en/group/").status_code == 404


@pytest.mark.parametrize("count", [1, 3, 10])
def test_the_group_page_needs_the_same_queries_for_any_number_of_members(db, client, count, django_assert_num_queries):
    group = make_group(seats=12)
    for _number in range(count):
        make_membership(group, make_person(organisation=make_organisation()))

    # The group, who sits in it, whose name may be read, open calls, kept seats, other groups.
    with django_assert_num_queries(6):
        assert client.get("/en/group/").status_code == 200


def test_the_admin_marks_arabic_that_is_not_verified(db, secretary, log_in):
    html = log_in(secretary).get("/en/admin/stakeholders/objective/").content.decode()

    assert html.count('alt="No"') == 23


def test_a_group_is_needed_in_both_languages(db, secretary, log_in):
    response = log_in(secretary).post("/en/admin/stakeholders/advisorygroup/add/", {"name_ar": "مجموعة", "seats": "١٠"})

    form = response.context["adminform"].form
    assert list(form.errors) == ["name_en"]
    assert form.cleaned_data["seats"] == 10
    assert not AdvisoryGroup.objects.exists()


def test_two_chairs_are_refused_in_the_form_and_what_was_typed_stays(db, secretary, log_in):
    group = make_group()
    make_membership(group, position="chair")
    person = make_person()

    response = log_in(secretary).post(
        "/en/admin/stakeholders/membership/add/",
        {
            "group": group.pk,
            "person": person.pk,
            "position": "chair",
            "constituency": Constituency.objects.first().pk,
            "starts_on": "٢٠٢٦-٠١-٠١",
        },
    )

    form = response.context["adminform"].form
    assert form.errors == {"position": ["The group has a chair already. End that term first."]}
    assert form["starts_on"].value() == "٢٠٢٦-٠١-٠١"


def test_a_person_is_made_public_only_with_date_and_way_of_consent(db, secretary, log_in):
    sent = person_form(name_en="Somebody", shown_name="public")

    response = log_in(secretary).post("/en/admin/stakeholders/person/add/", sent)

    refused = "To show a person to more people, record when and how she or he agreed."
    assert refused in response.content.decode()
    assert not Person.objects.exists()


def test_s25_the_chooser_of_people_is_for_those_who_keep_them(db, translator, secretary, log_in):
    person = make_person()
    address = "/en/admin/autocomplete/?app_label=stakeholders&model_name=membership&field_name=person&term="

    assert log_in(translator).get(address).status_code == 403
    assert log_in(secretary).get(address).json()["results"][0]["id"] == str(person.pk)


def test_a_save_that_another_pushed_aside_is_checked_again(db, secretary, log_in, monkeypatch):
    """The first try fails as it does when somebody else's save comes in between; the second one decides."""
    group, tries = make_group(), []

    def pushed_aside_once(membership, *, by):
        tries.append(membership)
        if len(tries) == 1:
            raise IntegrityError
        return save_membership(membership, by=by)

    monkeypatch.setattr("apps.stakeholders.admin.save_membership", pushed_aside_once)

    response = log_in(secretary).post(
        "/en/admin/stakeholders/membership/add/",
        {
            "group": group.pk,
            "person": make_person().pk,
            "position": "chair",
            "constituency": Constituency.objects.first().pk,
            "starts_on": "2026-01-01",
            "interests-TOTAL_FORMS": "0",
            "interests-INITIAL_FORMS": "0",
        },
    )

    assert response.status_code == 302
    assert (len(tries), group.memberships.count()) == (2, 1)
