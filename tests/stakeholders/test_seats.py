"""Seats that are kept for somebody, calls that fill them, declared interests, and who sat where when."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from apps.accounts.roles import Role
from apps.core.models import AuditDetail
from apps.core.records import save_record
from apps.stakeholders import services
from apps.stakeholders.models import Constituency, Country, Interest, Membership, ReservedSeats, SeatCall
from apps.stakeholders.privacy import erase_person, held_about
from apps.stakeholders.seats import table
from tests.factories import (
    client_for,
    make_group,
    make_member,
    make_membership,
    make_person,
    make_seat_call,
    make_user,
)

pytestmark = pytest.mark.django_db


def constituency(code: str) -> Constituency:
    return Constituency.objects.get(code=code)


def keep(group, code: str = "media", seats: int = 1, iso2: str = "") -> ReservedSeats:
    country = Country.objects.get(iso2=iso2) if iso2 else None
    reserved = ReservedSeats(group=group, constituency=constituency(code), country=country, seats=seats)
    reserved.full_clean()
    return save_record(reserved, by=None)


# Seats that are kept


def test_vacant_seats_say_for_whom_they_are_kept(client):
    group = make_group(seats=4)
    media, unions = keep(group, "media"), keep(group, "trade-unions", 2)
    make_membership(group, make_person(), constituency=constituency("trade-unions"), reserved=unions)

    found = table(group, make_user(Role.MEMBER))

    assert [seat.reserved for seat in found.seats[1:]] == [media, unions, None]
    assert found.vacant == 3
    html = client.get(f"/en/group/{group.pk}/").content.decode()
    assert "The media" in html


def test_a_full_group_has_no_vacant_seat_whatever_is_kept():
    group = make_group(seats=1)
    keep(group, "media")
    make_membership(group, make_person())

    assert table(group, make_user(Role.MEMBER)).vacant == 0


def test_more_seats_than_the_group_has_are_not_kept():
    group = make_group(seats=2)
    keep(group, "media", 2)

    with pytest.raises(ValidationError, match="More seats are kept than the group has"):
        keep(group, "academia")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"constituency": "academia"}, "kept for another constituency"),
        ({"position": "observer"}, "Alternates and observers hold no seat"),
        ({"group": True}, "another group’s"),
        ({}, "taken at that time"),
    ],
)
def test_a_kept_seat_is_for_those_for_whom_it_is_kept(secretary, fields, sentence):
    group = make_group(seats=5)
    reserved = keep(group, "media", 1)
    make_membership(group, make_person(), constituency=constituency("media"), reserved=reserved)
    membership = Membership(
        group=make_group() if "group" in fields else group,
        person=make_person(),
        constituency=constituency(fields.get("constituency", "media")),
        position=fields.get("position", "member"),
        starts_on=date(2026, 1, 1),
        reserved=reserved,
    )

    with pytest.raises(ValidationError, match=sentence):
        services.save_membership(membership, by=secretary)


# Calls


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_vacant_seat_leads_to_the_call_that_fills_it(client, language, settings):
    settings.SECRETARIAT_EMAIL = "office@example.org"
    group = make_group(seats=2)
    call = make_seat_call(group, reserved=keep(group, "media"))

    html = client.get(f"/{language}/group/").content.decode()
    assert f'href="/{language}/group/calls/{call.pk}/"' in html
    assert f'href="/{language}/group/calls/"' in html
    page = client.get(f"/{language}/group/calls/{call.pk}/").content.decode()
    assert getattr(call, f"title_{language}") in page
    assert getattr(call, f"text_{language}") in page
    assert 'href="mailto:office@example.org"' in page
    assert not client.cookies


@pytest.mark.parametrize(
    "fields",
    [{"is_published": False}, {"opens_on": timezone.localdate() + timedelta(days=2)}],
)
def test_a_call_that_is_not_out_is_the_secretariats(client, secretary, editor, fields):
    call = make_seat_call(make_group(), **fields)

    for reader in (client, client_for(editor)):
        assert reader.get(f"/en/group/calls/{call.pk}/").status_code == 404
        assert call.title_en not in reader.get("/en/group/calls/").content.decode()
    assert client_for(secretary).get(f"/en/group/calls/{call.pk}/").status_code == 200


def test_a_closed_call_says_so_and_takes_no_application(client, settings):
    settings.SECRETARIAT_EMAIL = "office@example.org"
    yesterday = timezone.localdate() - timedelta(days=1)
    call = make_seat_call(make_group(), closes_on=yesterday)

    html = client.get(f"/en/group/calls/{call.pk}/").content.decode()

    assert "This call is closed." in html
    assert "Apply by mail" not in html


def test_a_call_in_one_language_sends_the_reader_to_it(client):
    call = make_seat_call(make_group(), text_en="")

    html = client.get(f"/en/group/calls/{call.pk}/").content.decode()

    assert "The text is available in Arabic only." in html
    assert "اكتبوا إلينا" not in html


def test_a_call_closes_after_it_opens():
    group = make_group()
    call = SeatCall(group=group, title_en="x", opens_on=date(2026, 5, 2), closes_on=date(2026, 5, 1))

    with pytest.raises(ValidationError, match="A call closes on or after the day it opens"):
        call.full_clean()


def test_a_call_that_filled_a_seat_counts_it_and_stays(secretary):
    group = make_group(seats=3)
    call = make_seat_call(group)
    client, address = client_for(secretary), f"/en/admin/stakeholders/seatcall/{call.pk}/"
    assert client.get(f"{address}delete/").status_code == 200

    make_membership(group, make_person(), call=call)

    assert client.get(f"{address}delete/").status_code == 403
    assert 'class="field-filled">1<' in client.get("/en/admin/stakeholders/seatcall/").content.decode()


def test_a_translator_writes_the_texts_of_a_call_and_does_not_publish_it(translator):
    call = make_seat_call(make_group(), is_published=False, title_ar="")
    client = client_for(translator)
    address = f"/en/admin/stakeholders/seatcall/{call.pk}/change/"
    form = client.get(address).context["adminform"].form

    client.post(address, {**{name: form[name].value() or "" for name in form.fields}, "title_ar": "مقعد",
                          "is_published": "on", "closes_on": "2099-01-01"})  # fmt: skip

    call.refresh_from_db()
    assert (call.title_ar, call.is_published, call.closes_on.year) == ("مقعد", False, timezone.localdate().year)


# Interests


def declare(client, membership, says: str):
    return client.post("/en/group/interests/", {"membership": membership.pk, "says": says})


def test_a_member_declares_and_those_beside_her_read_it(client, secretary, editor):
    group = make_group()
    one, other, outside = make_member(group), make_member(group), make_member(make_group())
    own = one.person.memberships.get()

    assert declare(client_for(one), own, "Canary contract").status_code == 302

    for user in (one, other, secretary):
        assert "Canary contract" in client_for(user).get("/en/group/interests/").content.decode()
    assert "Canary contract" not in client_for(outside).get("/en/group/interests/").content.decode()
    assert client_for(editor).get("/en/group/interests/").status_code == 404
    assert client.get("/en/group/interests/").status_code == 302
    assert "Canary" not in client.get("/en/group/").content.decode()
    for detail in AuditDetail.objects.all():
        assert "Canary" not in f"{detail.label} {detail.changes}"


@pytest.mark.parametrize("language", ["ar", "en"])
def test_that_there_is_nothing_is_declared_as_well(language):
    member = make_member(make_group())
    client = client_for(member)
    before = client.get(f"/{language}/group/interests/").content.decode()
    declare(client, member.person.memberships.get(), "")

    after = client.get(f"/{language}/group/interests/").content.decode()

    words = {"ar": "لا شيء يستوجب التصريح.", "en": "Nothing to declare."}[language]
    assert words not in before
    assert words in after


def test_an_interest_is_ended_by_whose_it_is_and_by_nobody_else():
    group = make_group()
    one, other = make_member(group), make_member(group)
    interest = services.declare_interest(Interest(membership=one.person.memberships.get(), says="Grant"), by=one)

    assert client_for(other).post(f"/en/group/interests/{interest.pk}/end/").status_code == 404
    assert client_for(one).get(f"/en/group/interests/{interest.pk}/end/").status_code == 405
    with pytest.raises(PermissionDenied):
        services.end_interest(interest, by=other)
    assert client_for(one).post(f"/en/group/interests/{interest.pk}/end/").status_code == 302

    interest.refresh_from_db()
    assert interest.ended_on == timezone.localdate()
    assert "Grant" not in client_for(other).get("/en/group/interests/").content.decode()


def test_nobody_declares_for_another():
    group = make_group()
    one, other = make_member(group), make_member(group)

    assert declare(client_for(other), one.person.memberships.get(), "Forged").status_code == 400
    with pytest.raises(PermissionDenied):
        services.declare_interest(Interest(membership=one.person.memberships.get(), says="Forged"), by=other)
    assert not Interest.objects.exists()


def test_the_interests_of_somebody_at_risk_are_hidden_with_her(secretary, auditor):
    group = make_group()
    one, other = make_member(group), make_member(group)
    services.declare_interest(Interest(membership=one.person.memberships.get(), says="Canary"), by=one)
    services.protect(one.person, by=secretary, guardians=[secretary], reason="Threats")

    for user, count in ((one, 1), (secretary, 1), (other, 0), (auditor, 0)):
        assert Interest.objects.visible_to(user).count() == count


def test_s67_what_somebody_declared_is_given_out_and_erased(secretary):
    person = make_person()
    membership = make_membership(make_group(), person)
    services.declare_interest(Interest(membership=membership, says="Canary"), by=secretary)

    assert held_about(person)["interests"][0]["says"] == "Canary"
    erase_person(person, by=secretary, reason="Asked")

    assert not Interest.objects.exists()


# Who sat where when


def test_the_history_names_those_who_agreed_and_counts_the_others(client, secretary):
    group = make_group(seats=5)
    public, hidden = make_person(name_en="Public person"), make_person(is_public=False, name_en="Canary person")
    make_membership(group, public, starts_on=date(2021, 1, 1), ends_on=date(2023, 12, 31))
    make_membership(group, hidden, starts_on=date(2024, 1, 1), position="chair")

    html = client.get(f"/en/group/{group.pk}/history/").content.decode()

    assert html.index("Not named in public") < html.index("Public person")
    assert "Canary" not in html
    assert "January 2021" in html
    assert "December 2023" in html
    assert "Canary person" in client_for(secretary).get(f"/en/group/{group.pk}/history/").content.decode()


def test_several_groups_lead_to_one_another(client):
    first, second = make_group(), make_group()

    assert f'href="/en/group/{second.pk}/"' in client.get("/en/group/").content.decode()
    page = client.get(f"/en/group/{second.pk}/")
    assert page.context["group"] == second
    assert f'href="/en/group/{first.pk}/"' in page.content.decode()
    assert client.get("/en/group/999/").status_code == 404
