"""Tables of organisations and people: columns, a dry run, an error per row, duplicates by choice, all or nothing."""

import csv
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.core import spreadsheets
from apps.core.models import AuditDetail
from apps.stakeholders import services
from apps.stakeholders.importing import runs
from apps.stakeholders.importing.columns import guess
from apps.stakeholders.models import Consent, Organisation, Person, RememberedColumn, StakeholderImport
from tests.factories import client_for, make_organisation, make_person
from tests.stakeholders.sent_tables import HEADINGS, carried_out, checked, counts, sheet, table

pytestmark = pytest.mark.django_db


# Columns


@pytest.mark.parametrize(
    "headings",
    [
        ["Name (English)", "Name (Arabic)", "Constituency", "Country"],
        ["الاسم (الإنجليزية)", "الإسم (العربيّة)", "فئة أصحاب المصلحة", "البلد"],
        ["NAME EN", "name ar", " constituency ", "COUNTRY"],
    ],
)
def test_headings_are_recognised_in_either_language(headings):
    assert guess("organisations", headings) == HEADINGS


def test_what_a_heading_meant_is_remembered(secretary):
    headings = ["Organisation", "اسم الجهة", "Kind", "Land", "Fax"]
    run = runs.keep_file("organisations", "a.csv", table([["Union", "", "media", "LB", "1"]], headings), by=secretary)
    assert run.columns == ["", "", "", "", ""]
    runs.choose_columns(run, [*HEADINGS, ""], by=secretary)

    again = runs.keep_file("organisations", "b.csv", table([["x", "", "media", "LB", "1"]], headings), by=secretary)

    assert again.columns == [*HEADINGS, ""]
    assert RememberedColumn.objects.count() == 5
    assert guess("people", ["اسم الجهة"]) == [""]


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        (["name_en", "name_en", "constituency", "country"], "Two columns cannot be the same"),
        (["", "", "constituency", "country"], "One of the columns has to be the name"),
        (["name_en", "password", "", ""], "Choose for each column what it is"),
        (["name_en"], "Choose for each column what it is"),
    ],
)
def test_columns_that_cannot_be_are_refused(secretary, columns, sentence):
    run = runs.keep_file("organisations", "a.csv", table([["x", "", "media", "LB"]]), by=secretary)

    with pytest.raises(ValidationError, match=sentence):
        runs.choose_columns(run, columns, by=secretary)


# Rows


def test_a_row_becomes_an_organisation_with_all_it_says(secretary):
    headings = [*HEADINGS, "acronym", "other_constituencies", "countries", "objectives", "languages", "channels"]
    headings += ["connection", "email", "phone", "website", "notes"]
    row = ["Fishers’ Union", "نقابة الصيّادين", "النقابات العمالية", "yemen", "FU", "media؛ academia", "الصومال، DJ"]
    row += ["٦, 18", "العربية, fr", "Phone, paper", "weak", "a@union.example", "٠٠٩٦٧ ١٢٣٤٥٦", "union.example", "Note"]

    run = carried_out(checked(secretary, [row], headings), secretary)

    one = Organisation.objects.get()
    assert counts(run) == (1, 0, 0)
    assert (one.name_en, one.name_ar, one.constituency.code, one.country.iso2) == (
        "Fishers’ Union", "نقابة الصيّادين", "trade-unions", "YE",
    )  # fmt: skip
    assert sorted(other.code for other in one.other_constituencies.all()) == ["academia", "media"]
    assert sorted(country.iso2 for country in one.countries.all()) == ["DJ", "SO"]
    assert [objective.number for objective in one.objectives.all()] == [6, 18]
    assert (one.languages, one.channels, one.connection) == (["ar", "fr"], ["phone", "paper"], "weak")
    assert (one.email, one.phone, one.website) == ("a@union.example", "00967 123456", "https://union.example")
    assert one.shown_to == "nobody"
    assert one.created_by == secretary


def test_a_row_becomes_a_person_whom_nobody_sees(secretary):
    union = make_organisation(name_en="Fishers’ Union", acronym="FISH")
    headings = ["name_en", "function_en", "organisation", "gender", "keep_until"]
    rows = [["Amal", "Head", "fishers' union", "Woman", "2030-01-31"], ["Badr", "", "FISH", "رجل", ""]]

    carried_out(checked(secretary, rows, headings, of="people"), secretary)

    amal, badr = Person.objects.order_by("pk")
    assert (amal.organisation, amal.gender, str(amal.keep_until)) == (union, "woman", "2030-01-31")
    assert (badr.organisation, badr.gender) == (union, "man")
    assert {getattr(amal, f"shown_{name}") for name in Person.SHARED} == {"nobody"}
    assert amal.affiliations.get().organisation == union
    assert not Consent.objects.exists()


def test_a_spreadsheet_is_read_as_a_table_is(secretary):
    data = sheet([["Union", None, "media", "LB"]])

    run = runs.keep_file("organisations", "a.xlsx", data, by=secretary)

    assert (run.columns, run.rows) == (HEADINGS, [["Union", "", "media", "LB"]])


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (["Union", "", "plumbers", "LB"], ("constituency", "There is no “\u2068plumbers\u2069”.")),
        (["Union", "", "media", ""], ("country", "This is needed.")),
        (["", "", "media", "LB"], ("name_ar", "Write this in Arabic, in English or in both.")),
        (["Un\u202eion", "", "media", "LB"], ("name_en", "There is an invisible character")),
        (["U" * 201, "", "media", "LB"], ("name_en", "at most 200 characters")),
    ],
)
def test_an_error_says_its_row_and_its_column_and_the_others_go_in(secretary, row, problem):
    run = checked(secretary, [["Good", "", "media", "LB"], row])

    (found,) = run.problems
    assert (found["row"], found["field"]) == (3, problem[0])
    assert problem[1] in found["message"]
    assert counts(carried_out(run, secretary)) == (1, 0, 1)
    assert [one.name_en for one in Organisation.objects.all()] == ["Good"]


def test_the_dry_run_saves_nothing(secretary):
    checked(secretary, [["Union", "", "media", "LB"]])

    assert not Organisation.objects.exists()


def test_an_organisation_that_is_two_is_asked_for(secretary):
    make_organisation(name_en="Union", acronym="")
    make_organisation(name_en="The Other", acronym="UNION")

    run = checked(secretary, [["Amal", "Union"], ["Badr", "Nobody"]], ["name_en", "organisation"], of="people")

    assert [found["message"] for found in run.problems] == [
        "There are several organisations called “\u2068Union\u2069”.",
        "There is no “\u2068Nobody\u2069”.",
    ]


# Duplicates


def test_a_duplicate_becomes_what_is_chosen(secretary):
    there = make_organisation(name_en="Fishers’ Union", name_ar="", phone="", website="https://kept.example")
    headings = [*HEADINGS, "phone", "website", "countries"]
    row = ["Fishers' Union", "نقابة", "media", "YE", "+967 1 234567", "other.example", "SY"]
    rows = [row, [*row[:1], "", "media", "SD", "", "", ""], ["New", "", "media", "LB", "", "", ""]]
    run = checked(secretary, rows, headings)
    assert [(found["row"], found["other"]) for found in run.duplicates] == [
        (2, [there.pk, "Fishers’ Union"]),
        (3, [there.pk, "Fishers’ Union"]),
    ]
    assert run.new == 1

    carried_out(run, secretary, for_all=runs.NEW, r2=runs.FILL)

    there.refresh_from_db()
    assert (there.name_en, there.name_ar, there.phone) == ("Fishers’ Union", "نقابة", "+967 1 234567")
    assert (there.website, there.country.iso2) == ("https://kept.example", "LB")
    assert [country.iso2 for country in there.countries.all()] == ["SY"]
    assert counts(run) == (2, 1, 0)
    assert Organisation.objects.count() == 3


def test_duplicates_are_left_out_unless_somebody_chooses(secretary):
    make_organisation(name_en="Union")

    run = carried_out(checked(secretary, [["Union", "", "media", "LB"]]), secretary)

    assert counts(run) == (0, 0, 1)


def test_a_row_that_repeats_another_completes_it(secretary):
    rows = [["Union", "", "media", "LB"], ["union", "نقابة", "media", "SY"], ["union", "", "media", "SY"]]
    run = checked(secretary, rows)
    assert [(found["row"], found["other"]) for found in run.duplicates] == [(3, [0, 2]), (4, [0, 2])]

    carried_out(run, secretary, for_all=runs.FILL, r4=runs.SKIP)

    one = Organisation.objects.get()
    assert (one.name_en, one.name_ar, one.country.iso2) == ("Union", "نقابة", "LB")


def test_the_same_file_twice_adds_nothing(secretary):
    rows = [[f"Union {number}", "", "media", "LB"] for number in range(3)]
    carried_out(checked(secretary, rows), secretary)

    again = carried_out(checked(secretary, rows), secretary)

    assert counts(again) == (0, 0, 3)
    assert Organisation.objects.count() == 3


def test_somebody_protected_is_not_told_by_an_import(secretary, auditor):
    from apps.accounts.roles import Role
    from tests.factories import make_user

    person = make_person(name_en="Canary", email="canary@example.org")
    services.protect(person, by=secretary, guardians=[secretary], reason="Threats")
    colleague = make_user(Role.SECRETARIAT)

    run = checked(colleague, [["Canary", "canary@example.org"]], ["name_en", "email"], of="people")

    assert run.duplicates == []


# Nothing lost, nothing half done


def test_who_closes_the_page_has_imported_nothing(secretary):
    run = checked(secretary, [[f"Union {number}", "", "media", "LB"] for number in range(250)])

    work = runs.carry_out(run, by=secretary, for_all=runs.SKIP, choices={})
    assert next(work) == 100
    work.close()

    assert not Organisation.objects.exists()
    run.refresh_from_db()
    assert run.state == "checked"


def test_a_record_that_went_meanwhile_stops_the_import_with_a_sentence(secretary):
    there = make_organisation(name_en="Union")
    run = checked(secretary, [["New", "", "media", "LB"], ["Union", "نقابة", "media", "LB"]])
    there.delete()

    with pytest.raises(ValidationError, match="Row 3: The record that is to be completed is not there any more"):
        carried_out(run, secretary, for_all=runs.FILL)
    assert not Organisation.objects.exists()


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.csv", b"", "needs a row of headings"),
        ("a.csv", b"name_en\n", "needs a row of headings"),
        ("a.csv", b"name_en\n\xff\xfe\n", "not in UTF-8"),
        ("a.csv", b"a\0b\n1\n", "not a CSV file"),
        ("a.xlsx", b"PK\x03\x04 no", "damaged"),
        ("a.csv", b"name_en\nA\nB\nC\n", "At most 2 rows"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(secretary, monkeypatch, name, data, sentence):
    monkeypatch.setattr(spreadsheets, "LONGEST", 2)
    client = client_for(secretary)

    answer = client.post("/en/admin/stakeholders/organisation/import/", {"file": SimpleUploadedFile(name, data)})

    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert not StakeholderImport.objects.exists()


def test_only_the_secretariat_imports(auditor, editor):
    for user in (auditor, editor):
        with pytest.raises(PermissionDenied):
            runs.keep_file("people", "a.csv", table([["x"]], ["name_en"]), by=user)


def test_nobody_elses_file_is_seen(secretary):
    from apps.accounts.roles import Role
    from tests.factories import make_user

    run = checked(secretary, [["Union", "", "media", "LB"]])
    colleague = client_for(make_user(Role.SECRETARIAT))

    assert colleague.get(f"/en/admin/stakeholders/organisation/import/{run.pk}/").status_code == 404
    assert client_for(secretary).get(f"/en/admin/stakeholders/person/import/{run.pk}/").status_code == 404


# By hand, in the back office


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_table_is_imported_page_by_page(secretary, language):
    there = make_organisation(name_en="Union", name_ar="")
    client, base = client_for(secretary), f"/{language}/admin/stakeholders/organisation/import/"
    rows = [["Union", "نقابة", "media", "LB"], ["New", "", "media", "LB"], ["Bad", "", "nothing", "LB"]]
    file = SimpleUploadedFile("table.csv", table(rows, ["Title", "اسم", "constituency", "country"]))
    assert base in client.get(f"/{language}/admin/stakeholders/organisation/").content.decode()
    columns = client.post(base, {"file": file})["Location"]
    page = client.get(columns)
    assert [row["chosen"] for row in page.context["rows"]] == ["", "", "constituency", "country"]
    assert page.context["rows"][0]["examples"] == ["Union", "New", "Bad"]

    refused = client.post(columns, {"column-2": "constituency", "column-3": "country"})
    assert refused.status_code == 409
    sent = {f"column-{number}": name for number, name in enumerate(HEADINGS)}
    progress = b"".join(client.post(columns, sent).streaming_content).decode()
    outcome = columns.removesuffix("columns/")
    assert '<progress max="3" value="3">' in progress
    assert f'href="{outcome}"' in progress
    page = client.get(outcome)
    assert [found["row"] for found in page.context["problems"]] == [4]
    assert [found["row"] for found in page.context["duplicates"]] == [2]
    problems = b"".join(client.get(f"{outcome}problems.csv").streaming_content).decode("utf-8-sig")
    assert list(csv.reader(StringIO(problems)))[1][:4] == ["Bad", "", "nothing", "LB"]
    b"".join(client.post(outcome, {"for_all": "skip", "row-2": "fill"}).streaming_content)

    there.refresh_from_db()
    assert there.name_ar == "نقابة"
    assert sorted(one.name_en for one in Organisation.objects.all()) == ["New", "Union"]
    again = client.post(outcome, {"for_all": "new"}, follow=True)
    assert again.status_code == 200
    assert Organisation.objects.count() == 2
    reason = AuditDetail.objects.filter(changes__has_key="organisations").get()
    assert reason.changes == {"organisations": ["", "1 new, 1 completed, 1 left out"]}


def test_an_exported_list_is_imported_again(secretary):
    make_organisation(name_en="Union", name_ar="نقابة", languages=["ar"], channels=["mail"])
    client = client_for(secretary)
    selected = [one.pk for one in Organisation.objects.all()]
    answer = client.post("/en/admin/stakeholders/organisation/", {"action": "download", "_selected_action": selected})
    out = b"".join(answer.streaming_content)
    Organisation.objects.all().delete()

    run = runs.keep_file("organisations", "organisations.csv", out, by=secretary)
    list(runs.check(runs.choose_columns(run, run.columns, by=secretary), by=secretary))
    run.refresh_from_db()
    assert run.problems == []
    carried_out(run, secretary)

    one = Organisation.objects.get()
    assert (one.name_en, one.name_ar, one.languages, one.channels) == ("Union", "نقابة", ["ar"], ["mail"])
    assert (one.constituency.code, one.country.iso2) == ("trade-unions", "LB")
