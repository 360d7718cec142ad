"""Who is known and heard, by country and by objective; gaps as tasks; the same figures for everybody, without names."""

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.stakeholders import coverage, drawing
from apps.stakeholders.coverage import Axis, matrix
from apps.stakeholders.models import Constituency, Country, Gap, Objective
from tests.factories import client_for, make_engagement, make_group, make_member, make_organisation

SINCE = date(2024, 7, 5)


def constituency(code: str) -> Constituency:
    return Constituency.objects.get(code=code)


def country(iso2: str) -> Country:
    return Country.objects.get(iso2=iso2)


@pytest.fixture
def union(db):
    """A trade union with its seat in Lebanon that works in Syria too, also a migrants' organisation, on objective 6."""
    organisation = make_organisation(name_en="Canary union", name_ar="نقابة الكناري")
    organisation.countries.add(country("SY"))
    organisation.other_constituencies.add(constituency("migrants"))
    organisation.objectives.add(6)
    return organisation


def figures(found, group: str, place) -> tuple:
    cell = found.cell(constituency(group), place)
    return cell.known, cell.heard, cell.ever, cell.last_heard_on


def test_an_organisation_counts_in_each_constituency_and_country(union):
    found = matrix(Axis.COUNTRY, since=SINCE)

    for group in ("trade-unions", "migrants"):
        for iso2 in ("LB", "SY"):
            assert figures(found, group, country(iso2)) == (1, 0, 0, None)
    assert figures(found, "trade-unions", country("YE")) == (0, 0, 0, None)
    assert figures(matrix(Axis.OBJECTIVE, since=SINCE), "trade-unions", Objective.objects.get(number=6))[0] == 1


def test_a_constituency_that_is_named_twice_counts_once(union):
    union.other_constituencies.add(constituency("trade-unions"))
    union.countries.add(country("LB"))

    assert figures(matrix(Axis.COUNTRY, since=SINCE), "trade-unions", country("LB"))[0] == 1
    assert figures(matrix(Axis.COUNTRY, since=SINCE), "migrants", country("SY"))[0] == 1


def test_it_is_heard_in_all_its_countries_or_in_those_that_were_spoken_of(union):
    make_engagement(organisations=[union], happened_on=date(2024, 7, 4))
    make_engagement(organisations=[union], countries=[country("SY"), country("YE")], happened_on=date(2025, 1, 1))

    found = matrix(Axis.COUNTRY, since=SINCE)

    assert figures(found, "trade-unions", country("LB")) == (1, 0, 1, date(2024, 7, 4))
    assert figures(found, "trade-unions", country("SY")) == (1, 1, 1, date(2025, 1, 1))
    assert figures(found, "trade-unions", country("YE")) == (0, 1, 1, date(2025, 1, 1))


def test_it_is_heard_on_an_objective_that_was_named(union):
    make_engagement(organisations=[union], objectives=[8], happened_on=date(2025, 1, 1))

    found = matrix(Axis.OBJECTIVE, since=SINCE)

    assert figures(found, "migrants", Objective.objects.get(number=8)) == (0, 1, 1, date(2025, 1, 1))
    assert figures(found, "migrants", Objective.objects.get(number=6)) == (1, 0, 0, None)


def test_several_engagements_of_one_organisation_count_it_once(union):
    for day in (1, 2):
        make_engagement(organisations=[union], happened_on=date(2025, 1, day), objectives=[8])
    make_engagement(organisations=[union], countries=[country("LB")], happened_on=date(2025, 1, 3))

    by_country = figures(matrix(Axis.COUNTRY, since=SINCE), "migrants", country("LB"))
    by_objective = figures(matrix(Axis.OBJECTIVE, since=SINCE), "migrants", Objective.objects.get(number=8))
    assert (by_country, by_objective) == ((1, 1, 1, date(2025, 1, 3)), (0, 1, 1, date(2025, 1, 2)))


def test_who_is_not_active_is_not_known_and_stays_heard(union):
    make_engagement(organisations=[union], happened_on=date(2025, 1, 1))
    type(union).objects.update(is_active=False)

    assert figures(matrix(Axis.COUNTRY, since=SINCE), "trade-unions", country("LB")) == (0, 1, 1, date(2025, 1, 1))


@pytest.mark.parametrize("axis", list(Axis))
def test_the_figures_need_as_many_questions_for_many_as_for_one(union, axis, django_assert_num_queries):
    make_engagement(organisations=[union], objectives=[6])
    with CaptureQueriesContext(connection) as few:
        matrix(axis)
    for _number in range(5):
        make_engagement(organisations=[make_organisation()], objectives=[6], countries=[country("YE")])

    with django_assert_num_queries(len(few)):
        matrix(axis)
    assert len(few) <= 12


def test_organisations_heard_are_counted_by_year(union):
    make_engagement(organisations=[union], happened_on=date(2024, 1, 1))
    make_engagement(organisations=[union], happened_on=date(2024, 5, 1))
    make_engagement(organisations=[union, make_organisation()], happened_on=date(2026, 1, 1))

    assert coverage.by_year()[:3] == [(2024, 1), (2025, 0), (2026, 2)]


# Everybody's page


@pytest.mark.parametrize("language", ["ar", "en"])
def test_everybody_reads_the_figures_and_no_name(union, client, language):
    make_engagement(organisations=[union], happened_on=timezone.localdate(), subject="Canary subject")

    for query in ("", "?by=objective&show=known", "?by=country&show=ever", "?by=nonsense&show=%00"):
        html = client.get(f"/{language}/group/coverage/{query}").content.decode()
        assert "Canary" not in html
        assert "الكناري" not in html
        assert "<svg" in html
    page = client.get(f"/{language}/group/coverage/")
    cell = {"ar": "النقابات العمالية · لبنان: 1", "en": "Trade unions · Lebanon: 1"}
    assert f"<title>{cell[language]}</title>" in page.content.decode()
    assert page.context["empty"] == 13 * 22 - 4
    assert not client.cookies


@pytest.mark.parametrize(
    ("language", "cell"), [("ar", "النقابات العمالية,لبنان,1,1,1"), ("en", "Trade unions,Lebanon,1,1,1")]
)
def test_the_figures_are_downloaded_as_a_table_and_as_a_drawing(union, client, language, cell):
    make_engagement(organisations=[union], happened_on=timezone.localdate())

    table = b"".join(client.get(f"/{language}/group/coverage.csv").streaming_content).decode()
    picture = client.get(f"/{language}/group/coverage.svg")

    assert cell in table.splitlines()
    assert len(table.splitlines()) == 1 + 13 * 22
    assert picture["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert picture.content.decode().count("<rect") == 1 + 13 * 22
    assert "style=" not in picture.content.decode()


def test_an_empty_log_is_a_page_too(db, client):
    html = client.get("/en/group/coverage/").content.decode()

    assert "In 286 of 286 places nobody has been heard in this review cycle." in html
    assert "by year" not in html


@pytest.mark.parametrize(("count", "level"), [(0, 0), (1, 1), (2, 2), (3, 2), (4, 3), (7, 3), (8, 4), (5000, 4)])
def test_the_more_the_darker(count, level):
    assert drawing.shade(count) == drawing._SHADES[level]


def test_a_drawing_is_mirrored_for_who_reads_from_the_right(db, client):
    def places(language: str) -> list[float]:
        html = client.get(f"/{language}/group/coverage.svg").content.decode()
        return [float(x) for x in re.findall(r'<g><title>[^<]*</title><rect x="([\d.]+)"', html)][:3]

    english, arabic = places("en"), places("ar")
    assert english == sorted(english)
    assert arabic == sorted(arabic, reverse=True)


# Gaps as tasks


def test_a_gap_is_taken_up_once_and_closed_by_the_engagement_that_fills_it(union, secretary, log_in):
    browser, place = log_in(secretary), country("SY")
    cell = {"cell": f"{constituency('trade-unions').pk} {place.pk}"}
    for _press in range(2):
        answer = browser.post("/en/admin/stakeholders/gap/take-up/?by=country", cell)
    gap = Gap.objects.get()
    assert answer["Location"] == f"/en/admin/stakeholders/gap/{gap.pk}/change/"
    assert (gap.assigned_to, str(gap)) == (secretary, "Never heard: Trade unions – Syrian Arab Republic")
    assert "1 gap in the coverage is yours." in browser.get("/en/admin/").content.decode()

    rows = {f"{name}-{count}": "0" for name in ("commitments", "files") for count in ("TOTAL_FORMS", "INITIAL_FORMS")}
    sent = {
        "happened_on": timezone.localdate().isoformat(),
        "kind": "call",
        "subject": "x",
        "organisations": [union.pk],
    }
    page = browser.post("/en/admin/stakeholders/engagement/add/", {**rows, **sent}, follow=True)

    gap.refresh_from_db()
    assert (gap.closed_on, gap.closed_by.subject) == (timezone.localdate(), "x")
    assert "This closes the task: Never heard: Trade unions – Syrian Arab Republic." in page.content.decode()
    found = matrix(Axis.COUNTRY)
    assert (constituency("trade-unions"), place) not in [(one, where) for one, where, _cell in found.empty()]


def test_an_engagement_before_the_cycle_closes_no_gap(union, secretary):
    coverage.take_up(by=secretary, constituency=constituency("trade-unions"), place=country("LB"))
    engagement = make_engagement(organisations=[union], happened_on=date(2020, 1, 1))

    assert coverage.close_gaps(engagement, by=secretary) == []
    assert Gap.objects.open().count() == 1


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_gap_says_since_when(union, secretary, language, log_in):
    make_engagement(organisations=[union], happened_on=date(2021, 3, 1))

    html = log_in(secretary).get(f"/{language}/admin/stakeholders/gap/coverage/").content.decode()

    said = {
        "en": "Not heard since 2021: Trade unions – Lebanon",
        "ar": "لم يُسمع صوتها منذ 2021: النقابات العمالية – لبنان",
    }
    assert said[language] in html


def test_what_is_filled_is_no_gap(union, secretary, log_in):
    make_engagement(organisations=[union], happened_on=timezone.localdate())
    place = country("LB")

    with pytest.raises(ValidationError):
        coverage.take_up(by=secretary, constituency=constituency("trade-unions"), place=place)
    cell = {"cell": f"{constituency('trade-unions').pk} {place.pk}"}
    answer = log_in(secretary).post("/en/admin/stakeholders/gap/take-up/?by=country", cell)
    assert answer["Location"] == "/en/admin/stakeholders/gap/coverage/?by=country"
    assert not Gap.objects.exists()


@pytest.mark.parametrize("cell", ["", "1", "x y", "1 99999", "٣ ١", "9" * 50 + " 1"])
def test_a_cell_that_does_not_exist_is_not_found(db, secretary, log_in, cell):
    assert log_in(secretary).post("/en/admin/stakeholders/gap/take-up/", {"cell": cell}).status_code == 404


def test_s22_only_the_secretariat_takes_up_and_closes(union, editor, auditor):
    gap = coverage.take_up(by=None, constituency=constituency("media"), place=country("LB"))

    for user, status in ((editor, 403), (auditor, 403), (make_member(make_group()), 302)):
        answer = client_for(user).post("/en/admin/stakeholders/gap/take-up/", {"cell": "1 1"})
        assert answer.status_code == status
        with pytest.raises(PermissionDenied):
            coverage.take_up(by=user, constituency=constituency("media"), place=country("SY"))
        with pytest.raises(PermissionDenied):
            coverage.close_without(gap, by=user, reason="x")


@pytest.mark.parametrize("fields", [{}, {"country": "LB", "objective": 6}])
def test_the_database_refuses_a_gap_of_no_axis_or_two(db, fields):
    place = {"country": country(fields["country"]), "objective_id": fields["objective"]} if fields else {}

    with pytest.raises(IntegrityError), transaction.atomic():
        Gap.objects.create(constituency=constituency("media"), **place)


def test_the_database_refuses_the_same_gap_twice(db):
    for allowed in (True, False):
        gap = Gap(constituency=constituency("media"), country=country("LB"), due_on=timezone.localdate() + timedelta(1))
        if allowed:
            gap.save()
        else:
            with pytest.raises(IntegrityError), transaction.atomic():
                gap.save()
