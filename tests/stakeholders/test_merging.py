"""Records of the same: found however they are spelt, merged with every link, parted again for 30 days."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from apps.accounts.roles import Role
from apps.stakeholders import matching, merging, privacy, services
from apps.stakeholders.models import Affiliation, MatchKey, Merge, Organisation, Person
from tests.factories import (
    client_for,
    make_action,
    make_affiliation,
    make_engagement,
    make_group,
    make_meeting,
    make_membership,
    make_organisation,
    make_participant,
    make_person,
    make_user,
)

# Matching


@pytest.mark.parametrize(
    ("fields", "typed", "why"),
    [
        ({"name_ar": "اتحاد العمّال"}, {"name_ar": "إتحاد العمال"}, ["the same name"]),
        ({"name_ar": "كريم للتنمية"}, {"name_ar": "کریم للتنمیة"}, ["the same name"]),
        ({"name_en": "Arab Union"}, {"name_en": "Аrаb Uniоn"}, ["the same name"]),
        ({"name_en": "Union of Arab Workers"}, {"name_en": "Arab Workers’ Union"}, ["the same words in the name"]),
        ({"name_en": "Union of Arab Workers"}, {"name_en": "The Arab Workers Union"}, ["the same words in the name"]),
        ({"name_ar": "اتحاد العمال العرب"}, {"name_ar": "العمال العرب اتحاد"}, ["the same words in the name"]),
        ({"other_names": "Old Society\nOlder Society"}, {"name_en": "older society"}, ["the same name"]),
        ({"acronym": "U.T.L."}, {"acronym": "utl"}, ["the same acronym"]),
        ({"acronym": "UN"}, {"acronym": "UN"}, []),
        (
            {"website": "https://www.union.example/ar"},
            {"email": "info@union.example"},
            ["the same mail or web address"],
        ),
        (
            {"website": "https://www.union.example/ar"},
            {"website": "WWW.union.example/en"},
            ["the same mail or web address"],
        ),
        ({"website": "https://www.union.example/"}, {"website": "http://[union.example"}, []),
        ({"email": "union.lb@gmail.com"}, {"email": "other@gmail.com"}, []),
        ({"phone": "+961 1 234567"}, {"phone": "٠٠٩٦١-١-٢٣٤٥٦٧"}, ["the same phone"]),
        ({"phone": "1234"}, {"phone": "1234"}, []),
    ],
)
def test_an_organisation_is_met_again(db, secretary, fields, typed, why):
    names = {} if "name_en" in fields or "name_ar" in fields else {"name_en": "Quite different"}
    other = make_organisation(**{"name_ar": "", "name_en": "", **names, **fields})

    found = matching.alike(Organisation(**typed), secretary)

    assert [(one, [str(reason) for reason in reasons]) for one, reasons in found] == ([(other, why)] if why else [])


def test_keys_follow_the_record(db, secretary):
    organisation = make_organisation(name_ar="", name_en="First name", acronym="ABC")
    organisation.name_en, organisation.acronym = "Second name", ""
    organisation.save()

    kept = MatchKey.objects.filter(organisation=organisation).values_list("kind", "key")
    assert sorted(kept) == [("name", "secondname"), ("words", "name second")]


def test_s20_a_protected_person_is_not_given_away_by_a_hint(db, secretary):
    person = make_person(name_en="Canary name", email="canary@example.org")
    services.protect(person, by=secretary, guardians=[secretary], reason="Threats")

    assert matching.alike(Person(name_en="Canary name"), make_user(Role.SECRETARIAT)) == []
    assert [one for one, _why in matching.alike(Person(name_en="Canary name"), secretary)] == [person]


@pytest.mark.parametrize("language", ["ar", "en"])
def test_who_types_is_told_of_what_is_there(db, secretary, log_in, language):
    there = make_organisation(name_ar="اتحاد البحارة", name_en="Union of Seafarers")
    address = f"/{language}/admin/stakeholders/organisation/alike/"

    found = log_in(secretary).get(address, {"name_ar": "إتحاد البحّارة"}).content.decode()
    nothing = log_in(secretary).get(address, {"name_ar": "نقابة", "pk": "x"}).content.decode()
    herself = log_in(secretary).get(address, {"name_ar": "اتحاد البحارة", "pk": there.pk}).content.decode()

    assert f"/{language}/admin/stakeholders/organisation/{there.pk}/change/" in found
    assert {"ar": "الاسم نفسه", "en": "the same name"}[language] in found
    assert (nothing.strip(), herself.strip()) == ("", "")


# Merging


@pytest.fixture
def pair(db):
    kept = make_person(name_en="Kept", name_ar="", function_en="", phone="+961 1 111111", notes="One", sources="A")
    gone = make_person(
        name_en="Gone", name_ar="راحلة", function_en="Lawyer", phone="+961 1 222222", notes="Two", sources="A"
    )
    return kept, gone


def test_every_link_goes_to_the_one_that_is_kept(pair, secretary):
    kept, gone = pair
    group, meeting = make_group(), make_meeting()
    membership, participant = make_membership(group, gone), make_participant(meeting, gone)
    affiliation, action = make_affiliation(person=gone), make_action(meeting, gone)
    engagement = make_engagement(people=[gone])
    gone.objectives.add(6)

    merging.merge(kept, gone, by=secretary, choices={"phone": "gone"})

    for row in (membership, participant, affiliation):
        row.refresh_from_db()
        assert row.person == kept
    action.refresh_from_db()
    assert action.owner == kept
    assert kept in engagement.people.all()
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert [objective.number for objective in kept.objectives.all()] == [6]
    assert (kept.name_en, kept.name_ar, kept.function_en, kept.phone) == ("Kept", "راحلة", "Lawyer", "+961 1 222222")
    assert (kept.notes, kept.sources) == ("One\nTwo", "A")
    assert (gone.is_active, matching.alike(kept, secretary)) == (False, [])


def test_a_merge_is_undone(pair, secretary):
    kept, gone = pair
    seat, engagement = make_membership(make_group(), gone), make_engagement(people=[gone])
    own = make_membership(make_group(), kept)
    gone.objectives.add(6)
    before = [Person.objects.filter(pk=one.pk).values("name_ar", "phone", "notes", "is_active").get() for one in pair]
    done = merging.merge(kept, gone, by=secretary, choices={"phone": "gone"})

    merging.undo(done, by=secretary)

    after = [Person.objects.filter(pk=one.pk).values("name_ar", "phone", "notes", "is_active").get() for one in pair]
    assert after == before
    seat.refresh_from_db()
    own.refresh_from_db()
    assert (seat.person, own.person) == (gone, kept)
    assert (list(engagement.people.all()), list(kept.objectives.all())) == ([gone], [])
    with pytest.raises(ValidationError):
        merging.undo(Merge.objects.get(), by=secretary)


def test_what_was_changed_since_the_merge_stays_when_it_is_undone(pair, secretary):
    kept, gone = pair
    done = merging.merge(kept, gone, by=secretary, choices={"phone": "gone"})
    changed = Person.objects.get(pk=kept.pk)
    changed.phone = "+961 1 333333"
    services.save_person(changed, by=secretary)

    merging.undo(done, by=secretary)

    assert Person.objects.get(pk=kept.pk).phone == "+961 1 333333"


def test_after_thirty_days_a_merge_stays(pair, secretary):
    done = merging.merge(*pair, by=secretary, choices={})
    Merge.objects.update(created_at=timezone.now() - timedelta(days=31))

    with pytest.raises(ValidationError) as error:
        merging.undo(done, by=secretary)
    assert error.value.messages == ["This merge cannot be undone any more."]
    assert (merging.sweep(timezone.now()), Merge.objects.get().before) == (1, {})


def test_what_both_have_stays_with_the_other_and_nothing_is_lost(pair, secretary):
    kept, gone = pair
    group, organisation, meeting = make_group(), make_organisation(), make_meeting()
    for person in pair:
        make_membership(group, person)
        make_affiliation(person=person, organisation=organisation)
        make_participant(meeting, person)

    merging.merge(kept, gone, by=secretary, choices={})

    assert [group.memberships.count(), Affiliation.objects.count(), meeting.participants.count()] == [2, 2, 2]


def test_organisations_keep_the_names_that_go(db, secretary):
    kept, gone = make_organisation(name_en="New", name_ar="جديد"), make_organisation(name_en="Old", name_ar="قديم")
    person = make_person(organisation=gone)

    merging.merge(kept, gone, by=secretary, choices={"name_en": "gone"})

    kept.refresh_from_db()
    person.refresh_from_db()
    assert (kept.name_en, kept.name_ar) == ("Old", "جديد")
    assert set(kept.other_names.splitlines()) == {"New", "قديم"}
    assert person.organisation == kept


def test_a_record_is_not_merged_with_itself_nor_twice(pair, secretary):
    kept, gone = pair
    with pytest.raises(ValidationError) as error:
        merging.merge(kept, kept, by=secretary, choices={})
    assert error.value.messages == ["A record is not merged with itself."]

    merging.merge(kept, gone, by=secretary, choices={})
    for first, second in ((kept, gone), (gone, kept)):
        with pytest.raises(ValidationError) as error:
            merging.merge(first, second, by=secretary, choices={})
        assert error.value.messages == ["One of the two was merged meanwhile. Look at the record as it stands."]
    assert Merge.objects.count() == 1


def test_two_accounts_are_not_merged_and_one_goes_over(db, secretary):
    user = make_user(Role.MEMBER)
    kept, gone, third = make_person(), make_person(user=user), make_person(user=make_user(Role.MEMBER))

    with pytest.raises(ValidationError):
        merging.merge(gone, third, by=secretary, choices={})
    done = merging.merge(kept, gone, by=secretary, choices={})
    assert Person.objects.get(user=user) == kept

    merging.undo(done, by=secretary)
    assert Person.objects.get(user=user) == gone


def test_s20_a_protected_person_does_not_come_to_light_in_a_merge(pair, secretary):
    kept, gone = pair
    services.protect(gone, by=secretary, guardians=[secretary], reason="Threats")

    for first, second in ((kept, gone), (gone, kept)):
        with pytest.raises(ValidationError) as error:
            merging.merge(first, second, by=secretary, choices={})
        assert error.value.code == "at_risk"
    services.protect(kept, by=secretary, guardians=[secretary], reason="Threats")
    merging.merge(kept, gone, by=secretary, choices={})
    assert Person.objects.get(pk=kept.pk).is_at_risk is True


@pytest.mark.parametrize("language", ["ar", "en"])
def test_two_are_compared_and_merged_in_the_back_office(pair, secretary, log_in, language):
    kept, gone = pair
    browser, address = log_in(secretary), f"/{language}/admin/stakeholders/person/{kept.pk}/merge/{gone.pk}/"
    page = browser.get(address)
    assert [row["name"] for row in page.context["rows"] if row["both"]] == ["name_en", "phone"]

    outdated = browser.post(address, {"opened": "0 0"})
    assert outdated.status_code == 409
    sent = {"opened": page.context["opened"], "name_en": "kept", "phone": "gone"}
    answer = browser.post(address, sent)
    assert answer["Location"] == f"/{language}/admin/stakeholders/person/{kept.pk}/change/"
    assert Person.objects.get(pk=kept.pk).phone == "+961 1 222222"

    record = browser.get(answer["Location"]).content.decode()
    undo = f"/{language}/admin/stakeholders/person/{kept.pk}/undo/{Merge.objects.get().pk}/"
    assert undo in record
    assert browser.get(undo).status_code == 200
    browser.post(undo)
    assert Person.objects.get(pk=kept.pk).phone == "+961 1 111111"
    assert browser.post(undo).status_code == 409


def test_s22_only_the_secretariat_merges(pair, auditor, editor):
    kept, gone = pair
    done = merging.merge(kept, gone, by=None, choices={})

    for user in (auditor, editor):
        for page in (f"{kept.pk}/merge/{gone.pk}/", f"{kept.pk}/undo/{done.pk}/", "alike/?name_en=Kept"):
            assert client_for(user).get(f"/en/admin/stakeholders/person/{page}").status_code == 403
        with pytest.raises(PermissionDenied):
            merging.merge(kept, gone, by=user, choices={})
        with pytest.raises(PermissionDenied):
            merging.undo(done, by=user)


def test_s67_an_erased_person_is_in_no_merge(pair, secretary):
    kept, gone = pair
    merging.merge(kept, gone, by=secretary, choices={})

    privacy.erase_person(Person.objects.get(pk=kept.pk), by=secretary, reason="She asked")

    assert Merge.objects.get().before == {}
    assert not MatchKey.objects.filter(person=kept).exists()


def test_an_affiliation_date_survives(pair, secretary):
    kept, gone = pair
    affiliation = make_affiliation(person=gone, starts_on=date(2020, 1, 1), ends_on=date(2021, 1, 1))

    merging.merge(kept, gone, by=secretary, choices={})

    affiliation.refresh_from_db()
    assert (affiliation.person, affiliation.ends_on) == (kept, date(2021, 1, 1))
