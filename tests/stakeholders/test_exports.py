"""Lists that leave the portal, and what a group's terms and seats ask for."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.utils import timezone

from apps.accounts.roles import Role
from apps.core.models import AuditDetail, AuditEntry
from apps.core.records import save_record
from apps.stakeholders import services
from apps.stakeholders.models import Country, Gap
from tests.factories import (
    client_for,
    make_engagement,
    make_group,
    make_join_request,
    make_membership,
    make_organisation,
    make_person,
    make_seat_call,
    make_user,
)


def download(browser, model: str, *records, language="en", everything=False):
    sent = {"action": "download", "_selected_action": [one.pk for one in records]}
    if everything:
        sent["select_across"] = "1"
    answer = browser.post(f"/{language}/admin/stakeholders/{model}/", sent)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize(("language", "heading", "seat"), [("en", "Country", "Lebanon"), ("ar", "البلد", "لبنان")])
def test_a_list_of_organisations_leaves_as_a_table(db, secretary, log_in, language, heading, seat):
    one = make_organisation(name_en="=Union", email="a@union.example", languages=["ar"], notes="Canary notes")
    one.objectives.add(6, 8)

    headings, row = download(log_in(secretary), "organisation", one, language=language)

    table = dict(zip(headings, row, strict=True))
    assert table[heading] == seat
    assert "'=Union" in row
    assert "Canary notes" not in row
    entry = AuditEntry.objects.get(action="exported")
    assert (entry.actor, entry.detail.changes) == (secretary, {"rows": ["", "stakeholders.organisation: 1"]})


def test_select_all_takes_the_filtered_list(db, secretary, log_in):
    first, second = make_organisation(), make_organisation()
    services.deactivate(second, by=secretary, reason="x")

    rows = download(log_in(secretary), "organisation", first, everything=True)

    assert [row[0] for row in rows[1:]] == [str(first.pk)]


def test_s20_no_table_names_a_protected_person(db, secretary, log_in):
    person = make_person(name_en="Canary name", name_ar="اسم الكناري", organisation=make_organisation())
    other = make_person()
    engagement = make_engagement(people=[person], organisations=[person.organisation])
    services.protect(person, by=secretary, guardians=[secretary], reason="Threats")
    officer = client_for(make_user(Role.SECRETARIAT))
    people = download(officer, "person", person, other)
    talks = download(officer, "engagement", engagement)

    assert [row[0] for row in people[1:]] == [str(other.pk)]
    assert "A protected person" in talks[1]
    assert "Canary" not in str(people + talks)


def test_the_auditor_takes_lists_and_the_editor_none(db, auditor, editor):
    one = make_organisation()

    assert len(download(client_for(auditor), "organisation", one)) == 2
    sent = {"action": "download", "_selected_action": [one.pk]}
    assert client_for(editor).post("/en/admin/stakeholders/organisation/", sent).status_code == 403


# Groups


@pytest.mark.parametrize("language", ["ar", "en"])
def test_ends_of_term_and_vacant_seats_are_announced(db, secretary, log_in, language):
    group = make_group(seats=4, name_ar="المجموعة", name_en="The group")
    today = timezone.localdate()
    soon = make_membership(group, ends_on=today + timedelta(days=90))
    make_membership(group, ends_on=today + timedelta(days=91))
    make_membership(group, position="observer", ends_on=today + timedelta(days=5))
    followed = make_membership(make_group(seats=1), ends_on=today + timedelta(days=5))
    make_membership(followed.group, followed.person, starts_on=today + timedelta(days=6))

    board = log_in(secretary).get(f"/{language}/admin/").content.decode().replace("\u2068", "").replace("\u2069", "")

    said = {
        "en": ("The term of 1 seat ends within 90 days.", "The group: 2 seats are vacant."),
        "ar": ("تنتهي مدة شاغل مقعد واحد خلال 90 يوماً.", "المجموعة: مقعدان شاغران."),
    }
    for sentence in said[language]:
        assert sentence in board
    found = log_in(secretary).get(f"/{language}/admin/stakeholders/membership/?ends=soon")
    assert list(found.context["cl"].result_list) == [soon]


def test_the_composition_is_drawn_for_those_who_keep_people(db, secretary, translator, log_in):
    group = make_group()
    make_membership(group, make_person(gender="woman", country=Country.objects.get(iso2="YE")))
    address = f"/en/admin/stakeholders/advisorygroup/{group.pk}/change/"

    html = log_in(secretary).get(address).content.decode()

    for title in ("Trade unions: 1", "Yemen: 1", "Woman: 1"):
        assert f"<title>{title}</title>" in html
    assert "Yemen" not in log_in(translator).get(address).content.decode()


# Any other list, as it is shown


def table_of(client, kind: str, *, language: str = "en") -> list[list[str]]:
    address = f"/{language}/admin/stakeholders/{kind}/"
    answer = client.post(address, {"action": "download_list", "_selected_action": [1], "select_across": "1"})
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_list_leaves_as_it_is_shown(db, secretary, language):
    group = make_group(name_en="The group", name_ar="المجموعة")
    make_membership(group, make_person(name_en="Amal", name_ar="أمل"), position="chair", starts_on=date(2025, 1, 15))

    headings, row = table_of(client_for(secretary), "membership", language=language)

    assert row[0] == {"ar": "أمل", "en": "Amal"}[language]
    assert row[1] == {"ar": "الرئاسة", "en": "Chair"}[language]
    assert row[3:] == [{"ar": "المجموعة", "en": "The group"}[language], "2025-01-15", ""]
    assert headings[0] == {"ar": "شخص", "en": "Person"}[language]
    assert AuditDetail.objects.latest("pk").changes == {"rows": ["", "stakeholders.membership: 1"]}


def test_somebody_at_risk_leaves_in_no_list_by_name(db, secretary):
    person = make_person(name_en="Canary")
    make_membership(make_group(), person)
    services.protect(person, by=secretary, guardians=[secretary], reason="Threats")

    assert "Canary" not in str(table_of(client_for(secretary), "membership"))


@pytest.mark.parametrize("kind", ["gap", "joinrequest", "seatcall"])
def test_lists_are_downloaded_by_who_may_see_them_and_by_nobody_else(db, auditor, editor, kind):
    make_seat_call(make_group(), title_en="=cmd()")
    make_join_request(sent=True, name_en="=cmd()")
    save_record(Gap(constituency_id=1, country_id=1), by=None)

    rows = table_of(client_for(auditor), kind)

    assert len(rows) == 2
    assert "=cmd()" not in rows[1]  # no cell acts
    refused = client_for(editor).post(f"/en/admin/stakeholders/{kind}/", {"action": "download_list"})
    assert refused.status_code == 403
