from datetime import date, time

import pytest
from django.utils.translation import override

from apps.meetings import day_checks
from apps.stakeholders.models import Country
from tests.factories import make_group, make_meeting, make_member, make_membership, make_participant, make_person


def person_from(iso2: str, **fields):
    return make_person(country=Country.objects.get(iso2=iso2), **fields)


def texts(meeting, kind: str) -> list[str]:
    found = [hint.text for hint in day_checks.hints(meeting) if hint.kind == kind]
    return [text.replace("\u2068", "").replace("\u2069", "") for text in found]


@pytest.fixture
def egyptian_and_lebanese(db):
    """A group with somebody from each, whose weekends differ."""
    group = make_group()
    for iso2 in ("EG", "LB"):
        make_membership(group, person_from(iso2))
    return group


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 12, 4), ["4 December 2026 is a weekend in: Egypt."]),
        (date(2026, 12, 5), ["5 December 2026 is a weekend in: Egypt, Lebanon."]),
        (date(2026, 12, 6), ["6 December 2026 is a weekend in: Lebanon."]),
        (date(2026, 12, 8), []),
    ],
)
def test_weekends_are_those_of_each_country(egyptian_and_lebanese, day, expected):
    assert texts(make_meeting(egyptian_and_lebanese, day=day), "weekend") == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "25 December 2026 is a holiday (Christmas Day) in: Lebanon."),
        ("ar", "25 كانون الأول/ديسمبر 2026 عطلة (عيد الميلاد) في: لبنان."),
    ],
)
def test_a_holiday_is_named_in_the_language_of_the_page(egyptian_and_lebanese, language, expected):
    meeting = make_meeting(egyptian_and_lebanese, day=date(2026, 12, 25))

    with override(language):
        found = texts(meeting, "holiday")

    assert found[0].replace("ميلاد المجيد", "ميلاد") == expected


def test_who_is_invited_counts_as_well_as_the_group(db):
    meeting = make_meeting(make_group(), day=date(2026, 12, 4))
    assert texts(meeting, "weekend") == []

    make_participant(meeting, person_from("KW"))
    assert texts(meeting, "weekend") == ["4 December 2026 is a weekend in: Kuwait."]


@pytest.mark.parametrize(
    ("day", "hours", "count"),
    [
        (date(2027, 2, 15), (time(14), time(17)), 1),
        (date(2027, 2, 15), (time(10), time(14)), 0),
        (date(2027, 1, 15), (time(14), time(17)), 0),
    ],
)
def test_late_afternoons_of_ramadan_are_pointed_out(db, day, hours, count):
    meeting = make_meeting(make_group(), day=day, starts_time=hours[0], ends_time=hours[1])

    found = texts(meeting, "ramadan")

    sentence = "15 February 2027 is in Ramadan (estimated), and the meeting lasts into the late afternoon."
    assert found == [sentence] * count


@pytest.mark.parametrize(
    ("zone", "day", "city"),
    [
        ("Africa/Cairo", date(2026, 4, 24), "Cairo"),
        ("Africa/Cairo", date(2026, 10, 30), "Cairo"),
        ("Africa/Casablanca", date(2027, 2, 7), "Casablanca"),
        ("Africa/Casablanca", date(2027, 3, 14), "Casablanca"),
    ],
)
def test_a_night_in_which_the_clocks_change_is_pointed_out(db, zone, day, city):
    assert texts(make_meeting(make_group(), day=day, time_zone=zone), "clock")[0].endswith(
        f"the clocks change in: {city}."
    )
    assert texts(make_meeting(make_group(), day=date(2026, 6, 9), time_zone=zone), "clock") == []


def test_the_clocks_of_those_who_take_part_count(db):
    group = make_group()
    make_member(group, time_zone="Africa/Cairo")
    meeting = make_meeting(group, day=date(2026, 4, 24), time_zone="Asia/Dubai")

    assert texts(meeting, "clock") == ["In the night to 24 April 2026 the clocks change in: Cairo."]


def test_nouakchott_never_changes_its_clocks(db):
    for day in (date(2026, 3, 29), date(2026, 10, 25), date(2027, 2, 7)):
        assert texts(make_meeting(make_group(), day=day, time_zone="Africa/Nouakchott"), "clock") == []


def test_an_hour_that_comes_twice_is_pointed_out(db):
    meeting = make_meeting(make_group(), day=date(2026, 10, 29), starts_time=time(20), ends_time=time(23, 30))

    assert texts(meeting, "twice") == [
        "23:30 comes twice on 29 October 2026, because the clocks go back: the first one is meant."
    ]


def test_many_people_take_as_many_questions_as_one(db, django_assert_num_queries):
    group = make_group()
    for count in (1, 29):
        for _one in range(count):
            make_membership(group, person_from("EG"), position="observer")
        meeting = make_meeting(group, day=date(2026, 12, 4))
        with django_assert_num_queries(2):
            day_checks.hints(meeting)


@pytest.mark.parametrize(("language", "title"), [("en", "About the day"), ("ar", "عن موعد الاجتماع")])
def test_the_secretariat_reads_it_in_the_back_office(egyptian_and_lebanese, secretary, log_in, language, title):
    coming = make_meeting(egyptian_and_lebanese, day=date(2031, 12, 5))
    cancelled = make_meeting(egyptian_and_lebanese, day=date(2031, 12, 5), status="cancelled")
    client = log_in(secretary)

    assert title in client.get(f"/{language}/admin/meetings/meeting/{coming.pk}/change/").content.decode()
    assert title not in client.get(f"/{language}/admin/meetings/meeting/{cancelled.pk}/change/").content.decode()
