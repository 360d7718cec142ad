"""The registers: whom they name, how they are filtered, on paper and as a table."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.utils import timezone

from apps.accounts.roles import Role
from apps.core.models import AuditEntry
from tests.factories import (
    make_action,
    make_decision,
    make_group,
    make_item,
    make_meeting,
    make_member,
    make_membership,
    make_person,
    make_user,
)
from tests.queries import count_queries


@pytest.fixture
def held(db):
    return make_meeting(make_group(acronym="RSAG"), day=date(2026, 11, 2), number=7, status="held")


@pytest.fixture
def owner(held):
    return make_member(held.group)


def shown(client, address: str) -> list[str]:
    return [record.text_en for record in client.get(address).context["records"].page]


def table(client, address: str) -> list[list[str]]:
    content = b"".join(client.get(address).streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content)))


def make_former(group):
    user = make_user(Role.MEMBER)
    make_membership(group, make_person(user=user), ends_on=timezone.localdate() - timedelta(days=1))
    return user


# Who sees what


@pytest.mark.parametrize(("register", "make"), [("decisions", make_decision), ("actions", make_action)])
@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("stranger", {"public"}),
        ("other", {"public"}),
        ("former", {"public"}),
        ("member", {"public", "members"}),
        ("translator", {"public", "members", "in preparation"}),
        ("secretariat", {"public", "members", "secretariat", "hidden item", "in preparation"}),
        ("auditor", {"public", "members", "secretariat", "hidden item", "in preparation"}),
    ],
)
def test_s19_each_register_holds_what_its_reader_may_see(held, client, log_in, register, make, who, expected):
    for audience in ("public", "members", "secretariat"):
        make(held, audience=audience, text_en=audience)
    make(held, audience="public", text_en="hidden item", item=make_item(held, audience="secretariat"))
    make(make_meeting(held.group, status="draft"), audience="public", text_en="in preparation")
    people = {
        "member": lambda: make_member(held.group),
        "other": lambda: make_member(make_group()),
        "former": lambda: make_former(held.group),
    }
    visitor = client
    if who != "stranger":
        visitor = log_in(people[who]() if who in people else make_user(Role(who)))

    for language in ("ar", "en"):
        assert set(shown(visitor, f"/{language}/meetings/{register}/")) == expected
        assert {row[2] for row in table(visitor, f"/{language}/meetings/{register}.csv")[1:]} == expected


def test_a_draft_is_in_no_register(held, secretary, log_in):
    make_decision(held, state="draft", text_en="Canary")

    assert shown(log_in(secretary), "/en/meetings/decisions/") == []


# Filters


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("method=hands", {"hands"}),
        ("method=consensus&state=taken", {"agreed", "older"}),
        ("state=not_taken", {"refused"}),
        ("year=2025", {"older"}),
        ("words=AGR", {"agreed"}),
        ("words=توافق", {"agreed"}),
        ("words=agreed+nothing", set()),
    ],
)
def test_the_register_of_decisions_is_filtered(held, client, language, query, expected):
    public = {"audience": "public"}
    make_decision(held, text_en="agreed", text_ar="اتُّخذ بتوافق الآراء", **public)
    make_decision(held, text_en="hands", method="hands", in_favour=5, against=1, abstaining=0, **public)
    make_decision(held, text_en="refused", state="not_taken", method="silence", **public)
    make_decision(make_meeting(held.group, day=date(2025, 3, 4)), text_en="older", **public)

    assert set(shown(client, f"/{language}/meetings/decisions/?{query}")) == expected


def test_actions_are_found_by_a_person_whom_the_reader_may_know(held, owner, client, log_in):
    known, shy = make_person(name_en="Known Name"), make_person(is_public=False, name_en="Canary Name")
    for text, person in (("Known", known), ("Shy", shy), ("Office", None)):
        make_action(held, person, audience="public", text_en=text)
    offered = f'<option value="{known.pk}">Known Name</option>'

    page = client.get("/en/meetings/actions/")
    probed = client.get(f"/en/meetings/actions/?owner={shy.pk}")

    assert offered in page.content.decode()
    assert "Canary" not in page.content.decode()
    assert shown(client, f"/en/meetings/actions/?owner={known.pk}") == ["Known"]
    assert probed.status_code == 400
    assert list(probed.context["form"].errors) == ["owner"]


def test_a_stranger_has_no_actions_of_her_own_to_filter_by(held, client):
    make_action(held, audience="public")

    assert client.get("/en/meetings/actions/?owner=mine").status_code == 400


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Select a valid choice. x is not one of the available choices."),
        ("ar", "انتق خياراً صحيحاً. x ليس أحد الخيارات المتاحة."),
    ],
)
@pytest.mark.parametrize("register", ["decisions", "actions"])
def test_s30_a_wrong_choice_gets_a_sentence_and_no_table(held, client, register, language, sentence):
    page, no_table = (client.get(f"/{language}/meetings/{register}{end}?year=x") for end in ("/", ".csv"))

    for answer in (page, no_table):
        assert answer.status_code == 400
        assert answer["Content-Type"] == "text/html; charset=utf-8"
        assert sentence in answer.content.decode()


# As a table


def test_the_table_holds_what_the_filter_lets_through_and_the_trail_knows(held, owner, log_in):
    make_action(held, text_en="open")
    make_action(held, text_en="done", state="done", done_on=date(2026, 11, 3))

    rows = table(log_in(owner), "/en/meetings/actions.csv?state=done")

    assert rows[0] == [
        "Number",
        "Action in Arabic",
        "Action in English",
        "Who does it",
        "Due on",
        "State",
        "Done on",
        "Meeting",
        "Day of the meeting",
    ]
    assert [row[2] for row in rows[1:]] == ["done"]
    entry = AuditEntry.objects.get(action="exported", actor=owner)
    assert entry.detail.changes == {"actions": ["", "1"]}


def test_a_stranger_who_takes_the_table_leaves_no_trace(held, client):
    make_decision(held, audience="public", text_en="open to all")

    assert [row[2] for row in table(client, "/en/meetings/decisions.csv")[1:]] == ["open to all"]
    assert not AuditEntry.objects.filter(action="exported").exists()


def test_the_tables_headings_are_in_the_pages_language(held, client):
    assert table(client, "/ar/meetings/actions.csv")[0][4:7] == ["الموعد المستحق", "الحالة", "تاريخ الإنجاز"]
    assert table(client, "/ar/meetings/decisions.csv")[0][:3] == ["الرقم", "القرار بالعربية", "القرار بالإنجليزية"]


@pytest.mark.parametrize("register", ["decisions", "actions"])
def test_s31_no_cell_of_the_table_acts(held, client, register):
    make = {"decisions": make_decision, "actions": make_action}[register]
    person = {"owner": make_person(name_en="@SUM(1)")} if register == "actions" else {}
    make(held, audience="public", text_en="=1+1", text_ar="+cmd", **person)

    row = table(client, f"/en/meetings/{register}.csv")[1]

    assert row[1:3] == ["'+cmd", "'=1+1"]
    if register == "actions":
        assert row[3] == "'@SUM(1)"


# On paper


@pytest.mark.parametrize("register", ["decisions", "actions"])
@pytest.mark.parametrize(("language", "heading"), [("en", "State"), ("ar", "الحالة")])
def test_all_of_a_filtered_register_stands_in_one_table_for_paper(held, client, register, language, heading):
    make = {"decisions": make_decision, "actions": make_action}[register]
    for number in range(30):
        make(held, audience="public", text_en=f"Row {number}", text_ar=f"سطر {number}")
    make(held, audience="public", text_en="Other", text_ar="آخر")
    word = {"en": "Row", "ar": "سطر"}[language]

    page = client.get(f"/{language}/meetings/{register}/?words={word}&all=1")
    html = page.content.decode()

    assert html.count("<tr>") == 31
    assert f'<th scope="col">{heading}</th>' in html
    assert "Other" not in html


def test_rows_without_the_readers_language_are_marked_on_paper_too(held, client):
    make_decision(held, audience="public", text_en="Only in English", text_ar=None)

    html = client.get("/ar/meetings/decisions/?all=1").content.decode()

    assert '<bdi lang="en" dir="ltr">Only in English</bdi>' in html


# How much it asks


@pytest.mark.parametrize("address", ["decisions/", "actions/", "decisions/?all=1", "actions/?all=1"])
def test_registers_ask_the_same_for_one_three_and_three_hundred(held, owner, log_in, address):
    client = log_in(owner)
    make = {"d": make_decision, "a": make_action}[address[0]]
    counts = []
    for more in (1, 2, 297):
        for _one in range(more):
            make(held, **({"owner": owner.person} if make is make_action else {}))
        counts.append(count_queries(client, f"/en/meetings/{address}"))

    assert counts[0] == counts[1] == counts[2]
