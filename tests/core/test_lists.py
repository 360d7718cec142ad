"""The back office's lists: what their addresses may ask."""

from datetime import date

import pytest

from tests.factories import make_meeting


@pytest.mark.parametrize("lookup", ["status__regex=(", "starts_at__regex=(", "group__title_en__regex=("])
def test_s70_a_list_compares_and_matches_no_pattern(db, secretary, log_in, lookup):
    assert log_in(secretary).get(f"/en/admin/meetings/meeting/?{lookup}").status_code == 400


@pytest.mark.parametrize(
    "lookup", ["starts_at__year=9999", "starts_at__year=0", "starts_at__year=2026&starts_at__month=13"]
)
def test_s70_a_list_asked_for_a_day_that_no_calendar_has_shows_itself(db, secretary, log_in, lookup):
    client = log_in(secretary)
    page = "/en/admin/meetings/meeting/"

    assert client.get(f"{page}?{lookup}").headers["Location"] == f"{page}?e=1"
    assert client.get(f"{page}?e=1").status_code == 200


def test_a_list_narrows_by_its_own_filters(db, secretary, log_in):
    meeting, _draft = make_meeting(day=date(2026, 12, 8)), make_meeting(status="draft", day=date(2026, 12, 8))
    other_year = make_meeting(day=date(2027, 1, 8))
    client = log_in(secretary)
    page = "/en/admin/meetings/meeting/"

    def found(query):
        return set(client.get(f"{page}?{query}").context["cl"].result_list)

    assert found("status__exact=published") == {meeting, other_year}
    assert found("status__exact=published&starts_at__year=2026&starts_at__month=12") == {meeting}
