from datetime import date, time

import pytest
from django.utils.html import strip_tags
from django.utils.translation import override

from apps.meetings import day_checks
from apps.meetings.models import Meeting
from apps.stakeholders.models import Country
from tests.factories import make_group, make_meeting, make_member, make_membership, make_participant, make_person
from tests.meetings.forms import FORM

REGION = "DZ BH KM DJ EG IQ JO KW LB LY MR MA OM PS QA SA SO SD SY TN AE YE".split()  # noqa: SIM905


def person_from(iso2: str, **fields):
    return make_person(country=Country.objects.get(iso2=iso2), **fields)


def texts(meeting, kind: str) -> list[str]:
    return [plain(hint.text) for hint in day_checks.hints(meeting) if hint.kind == kind]


def plain(text: str) -> str:
    return strip_tags(text).replace("\u2068", "").replace("\u2069", "")


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
    ("iso2", "days"),
    [
        ("LY", ["Friday", "Saturday"]),
        ("PS", ["Friday", "Saturday"]),
        ("MR", ["Saturday", "Sunday"]),
        ("SO", ["Friday"]),
        ("SA", ["Friday", "Saturday"]),
        ("AE", ["Saturday", "Sunday"]),
    ],
)
def test_weekends_are_right_where_the_library_errs(db, iso2, days):
    group = make_group()
    make_membership(group, person_from(iso2))
    week = [date(2026, 6, day) for day in range(1, 8)]

    found = [day for day in week if texts(make_meeting(group, day=day), "weekend")]

    assert [f"{day:%A}" for day in found] == days


def test_every_country_of_the_region_has_its_days(db):
    meeting = make_meeting(day=date(2027, 3, 10))
    region = Country.objects.filter(iso2__in=REGION)
    for country in region:
        make_participant(meeting, make_person(country=country))

    assert region.count() == 22
    for language in ("ar", "en"):
        with override(language):
            assert len(texts(meeting, "holiday")) == 1
            calendars = list(day_checks._calendars(meeting.starts_on, list(region)))
        names = {country.iso2: day_checks._language_of(calendar) for country, calendar in calendars}
        assert names == {country.iso2: "en" if country.iso2 == "KM" else language for country in region}


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "25 December 2026 is a public holiday. Christmas Day: Lebanon, Syrian Arab Republic."),
        ("ar", "عيد الميلاد"),
    ],
)
def test_a_holiday_is_named_in_the_language_of_the_page(egyptian_and_lebanese, language, expected):
    make_membership(egyptian_and_lebanese, person_from("SY"))
    meeting = make_meeting(egyptian_and_lebanese, day=date(2026, 12, 25))

    with override(language):
        (found,) = texts(meeting, "holiday")

    assert found == expected if language == "en" else expected in found


def test_a_name_in_the_other_language_is_marked_and_estimates_are_called_so(db):
    meeting = make_meeting(day=date(2027, 3, 11))
    make_participant(meeting, person_from("KM"))

    with override("ar"):
        (hint,) = [hint for hint in day_checks.hints(meeting) if hint.kind == "holiday"]

    assert '<bdi lang="en" dir="ltr">Eid al-Fitr (estimated)</bdi>' in hint.text


def test_who_is_invited_counts_as_well_as_the_group(db):
    meeting = make_meeting(make_group(), day=date(2026, 12, 4))
    assert texts(meeting, "weekend") == []

    make_participant(meeting, person_from("KW"))
    assert texts(meeting, "weekend") == ["4 December 2026 is a weekend in: Kuwait."]


@pytest.mark.parametrize(
    ("day", "hours", "count"),
    [
        (date(2027, 2, 15), (time(14), time(17)), 1),
        (date(2027, 2, 15), (time(18, 30), time(21)), 1),
        (date(2027, 2, 15), (time(19), time(21)), 0),
        (date(2027, 2, 15), (time(10), time(15)), 0),
        (date(2027, 2, 8), (time(14), time(17)), 1),
        (date(2027, 2, 7), (time(14), time(17)), 0),
        (date(2027, 1, 15), (time(14), time(17)), 0),
    ],
)
def test_late_afternoons_of_ramadan_are_pointed_out(db, day, hours, count):
    meeting = make_meeting(make_group(), day=day, starts_time=hours[0], ends_time=hours[1])

    found = texts(meeting, "ramadan")

    sentence = f"{day.day} February 2027 is in Ramadan (estimated), and the meeting lasts into the late afternoon."
    assert found == [sentence] * count


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ((time(9), time(14)), []),
        ((time(9), time(16)), [f"{day} February 2027 is in Ramadan" for day in (15, 16, 17)]),
        ((time(16), time(12)), [f"{day} February 2027 is in Ramadan" for day in (15, 16)]),
        ((time(20), time(18)), [f"{day} February 2027 is in Ramadan" for day in (16, 17)]),
    ],
)
def test_hours_of_several_days_are_those_of_each_when_they_can_be(db, hours, expected):
    day, last = date(2027, 2, 15), date(2027, 2, 17)
    meeting = make_meeting(make_group(), day=day, starts_time=hours[0], ends_on=last, ends_time=hours[1])

    assert [text.split(" (estimated)")[0] for text in texts(meeting, "ramadan")] == expected


def test_ramadan_is_pointed_out_in_arabic(db):
    meeting = make_meeting(make_group(), day=date(2027, 2, 15), starts_time=time(14), ends_time=time(17))

    with override("ar"):
        found = texts(meeting, "ramadan")

    assert found == ["يقع 15 شباط/فبراير 2027 في شهر رمضان (تقديرياً)، ويمتد الاجتماع إلى ما قبيل الإفطار."]


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


def test_the_clock_of_somebody_far_away_may_change_on_another_day_than_the_meetings(db):
    """Cairo's clock goes back at 21:00 UTC, while it is afternoon in New York."""
    group = make_group()
    make_member(group, time_zone="Africa/Cairo")
    hours = {"starts_time": time(16), "ends_time": time(18), "time_zone": "America/New_York"}

    assert texts(make_meeting(group, day=date(2026, 10, 29), **hours), "clock") == [
        "In the night to 30 October 2026 the clocks change in: Cairo."
    ]
    assert texts(make_meeting(group, day=date(2026, 10, 28), **hours), "clock") == []


def test_a_meeting_that_ends_in_the_repeated_hour_abroad_is_pointed_out(db):
    group = make_group()
    make_member(group, time_zone="Africa/Cairo")
    hours = {"starts_time": time(16), "ends_time": time(17, 30), "time_zone": "America/New_York"}

    assert texts(make_meeting(group, day=date(2026, 10, 29), **hours), "clock") == [
        "In the night to 30 October 2026 the clocks change in: Cairo."
    ]


def test_clocks_are_named_in_arabic(db):
    with override("ar"):
        found = texts(make_meeting(make_group(), day=date(2026, 4, 24)), "clock")

    assert found == ["يتغير التوقيت ليلة 24 نيسان/أبريل 2026 في: القاهرة."]


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
            assert texts(meeting, "weekend") == ["4 December 2026 is a weekend in: Egypt."]


@pytest.mark.parametrize(("language", "title"), [("en", "About the day"), ("ar", "عن موعد الاجتماع")])
def test_the_secretariat_reads_it_in_the_back_office(egyptian_and_lebanese, secretary, log_in, language, title):
    coming = make_meeting(egyptian_and_lebanese, day=date(2031, 12, 5))
    cancelled = make_meeting(egyptian_and_lebanese, day=date(2031, 12, 5), status="cancelled")
    client = log_in(secretary)

    assert title in client.get(f"/{language}/admin/meetings/meeting/{coming.pk}/change/").content.decode()
    assert title not in client.get(f"/{language}/admin/meetings/meeting/{cancelled.pk}/change/").content.decode()


DAY = {"starts_on": "2031-12-05", "ends_on": "2031-12-05"}
SENTENCE = "5 December 2031 is a weekend in: Egypt."


def save(client, meeting: Meeting, **fields) -> list[str]:
    """Saves the meeting's form in the back office; returns the warnings that were said."""
    form = {**FORM, "group": meeting.group_id, "opened_revision": meeting.revision, "format": "online", **DAY, **fields}
    answer = client.post(f"/en/admin/meetings/meeting/{meeting.pk}/change/", form, follow=True)
    said = [message for message in answer.context["messages"] if message.level_tag == "warning"]
    return [plain(str(message)) for message in said]


def test_who_has_set_the_day_reads_it_once(egyptian_and_lebanese, secretary, log_in):
    meeting = make_meeting(egyptian_and_lebanese, day=date(2031, 12, 9), format="online", status="draft")
    client = log_in(secretary)

    said = save(client, meeting)
    meeting.refresh_from_db()
    later = save(client, meeting, title_en="Another title")

    assert said == [SENTENCE]
    assert later == []
    assert Meeting.objects.get().title_en == "Another title"


def test_nothing_is_said_of_a_meeting_that_is_cancelled(egyptian_and_lebanese, secretary, log_in):
    meeting = make_meeting(egyptian_and_lebanese, day=date(2031, 12, 9), status="cancelled", format="online")

    assert save(log_in(secretary), meeting) == []
    assert Meeting.objects.get().starts_on == date(2031, 12, 5)
