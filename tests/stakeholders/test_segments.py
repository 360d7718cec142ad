"""Saved choices: who fits, counted, exported and drawn."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from apps.core.records import save_record
from apps.stakeholders import segments, services
from apps.stakeholders.coverage import Axis, matrix
from apps.stakeholders.models import Constituency, Country, Segment
from tests.factories import client_for, make_engagement, make_organisation, make_person
from tests.queries import count_queries

pytestmark = pytest.mark.django_db


def make_segment(**fields) -> Segment:
    links = {name: fields.pop(name) for name in ("constituencies", "countries", "objectives") if name in fields}
    segment = save_record(Segment(name_en="Segment", name_ar="شريحة", **fields), by=None)
    for name, keys in links.items():
        getattr(segment, name).set(keys)
    return segment


def country(iso2: str) -> Country:
    return Country.objects.get(iso2=iso2)


def group(code: str) -> Constituency:
    return Constituency.objects.get(code=code)


def heard(days: int, *organisations, people=()):
    engagement = make_engagement(happened_on=timezone.localdate() - timedelta(days=days))
    engagement.organisations.set(organisations)
    engagement.people.set(people)


def names(segment: Segment, user) -> list[str]:
    return [one.name_en for one in segments.records(segment, user).order_by("pk")]


def test_an_empty_segment_holds_everybody_who_is_active(secretary):
    make_organisation(name_en="One")
    services.deactivate(make_organisation(name_en="Closed"), by=secretary, reason="Closed")

    assert names(make_segment(), secretary) == ["One"]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ({"constituencies": ["media"]}, ["Also media"]),
        ({"constituencies": ["trade-unions", "media"]}, ["Union", "Also media", "Speaks Somali"]),
        ({"countries": ["SY"]}, ["Also media"]),
        ({"countries": ["LB"]}, ["Union", "Also media", "Speaks Somali"]),
        ({"objectives": [6]}, ["Union"]),
        ({"languages": ["so"]}, ["Speaks Somali"]),
        ({"languages": ["so", "ar"]}, ["Union", "Speaks Somali"]),
        ({"channels": ["paper"]}, ["Union"]),
        ({"connections": ["weak", "none"]}, ["Also media"]),
        ({"countries": ["SY"], "languages": ["so"]}, []),
    ],
)
def test_who_fits_each_line_and_one_of_its_values(secretary, line, found):
    union = make_organisation(name_en="Union", languages=["ar"], channels=["paper", "phone"])
    union.objectives.add(6)
    media = make_organisation(name_en="Also media", connection="weak")
    media.other_constituencies.add(group("media"))
    media.countries.add(country("SY"))
    make_organisation(name_en="Speaks Somali", languages=["ar", "so"])
    keys = {"constituencies": group, "countries": country}
    line = {name: [keys[name](one).pk if name in keys else one for one in values] for name, values in line.items()}

    assert names(make_segment(**line), secretary) == found


def test_who_was_not_heard_for_six_months(secretary):
    lately, long_ago, never = (make_organisation(name_en=name) for name in ("Lately", "Long ago", "Never"))
    heard(30, lately)
    heard(400, long_ago, lately)

    assert names(make_segment(silent_months=6), secretary) == ["Long ago", "Never"]
    assert names(make_segment(heard_months=6), secretary) == ["Lately"]
    assert names(make_segment(silent_months=6, heard_months=24), secretary) == ["Long ago"]
    assert never.is_active


@pytest.mark.parametrize("months", [(6, 6), (12, 6)])
def test_times_in_which_nobody_can_be_are_refused(months):
    segment = Segment(name_en="Nobody", silent_months=months[0], heard_months=months[1])

    with pytest.raises(ValidationError, match="Nobody was heard within a time in which nobody was heard"):
        segment.full_clean()


def test_people_are_chosen_by_themselves_and_by_their_organisation(secretary):
    union = make_organisation()
    seen = make_person(name_en="Seen", organisation=union, languages=["ar"])
    make_person(name_en="Elsewhere", country=country("SO"), languages=["ar"])
    heard(10, people=[seen])

    assert names(make_segment(of="people", constituencies=[group("trade-unions").pk]), secretary) == ["Seen"]
    assert names(make_segment(of="people", countries=[country("LB").pk]), secretary) == ["Seen"]
    assert names(make_segment(of="people", countries=[country("SO").pk]), secretary) == ["Elsewhere"]
    assert names(make_segment(of="people", languages=["ar"], silent_months=1), secretary) == ["Elsewhere"]
    only_hers = segments.organisations(make_segment(of="people", heard_months=1), secretary)
    assert list(only_hers) == [union]


def test_somebody_at_risk_is_in_the_segment_of_her_guardian_alone(secretary, auditor):
    person = make_person(name_en="Canary")
    services.protect(person, by=secretary, guardians=[secretary], reason="Threats")
    segment = make_segment(of="people")

    assert names(segment, secretary) == ["Canary"]
    assert names(segment, auditor) == []
    for client, count in ((client_for(secretary), 1), (client_for(auditor), 0)):
        page = client.get("/en/admin/stakeholders/segment/").content.decode()
        assert f'?segment={segment.pk}">{count}</a>' in page


def test_the_page_of_a_segment_leads_to_its_list_its_export_and_its_coverage(secretary):
    inside, outside = make_organisation(name_en="Inside"), make_organisation(name_en="Outside")
    inside.countries.add(country("SY"))
    segment = make_segment(countries=[country("SY").pk])
    client = client_for(secretary)

    page = client.get(f"/en/admin/stakeholders/segment/{segment.pk}/change/").content.decode()
    assert "1 today" in page
    assert "Outside" not in page
    address = f"/en/admin/stakeholders/organisation/?segment={segment.pk}"
    assert address in page
    listed = client.get(address)
    assert [one.pk for one in listed.context["cl"].result_list] == [inside.pk]
    table = client.post(
        address, {"action": "download", "_selected_action": [inside.pk, outside.pk], "select_across": "1"}
    )
    text = b"".join(table.streaming_content).decode()
    assert "Inside" in text
    assert "Outside" not in text
    drawn = client.get(f"/en/admin/stakeholders/gap/coverage/?segment={segment.pk}")
    assert drawn.context["segment"] == segment
    assert "Where nobody has been heard" not in drawn.content.decode()


def test_the_figures_of_a_segment_count_its_organisations_alone(secretary):
    inside, outside = make_organisation(), make_organisation()
    for organisation in (inside, outside):
        organisation.objectives.add(6)
    engagement = make_engagement(happened_on=timezone.localdate())
    engagement.organisations.set([inside, outside])
    engagement.objectives.add(6)
    inside.countries.add(country("SY"))
    among = segments.organisations(make_segment(countries=[country("SY").pk]), secretary).values("pk")

    for axis, place in ((Axis.COUNTRY, country("LB")), (Axis.OBJECTIVE, inside.objectives.get())):
        whole, part = matrix(axis).cell(inside.constituency, place), matrix(axis, among=among)
        cell = part.cell(inside.constituency, place)
        assert (whole.known, whole.heard, whole.ever) == (2, 2, 2)
        assert (cell.known, cell.heard, cell.ever) == (1, 1, 1)


@pytest.mark.parametrize("value", ["999", "x", "1" * 30, "²"])
def test_a_segment_that_is_none_holds_nobody(secretary, value):
    make_organisation()
    client = client_for(secretary)

    assert client.get(f"/en/admin/stakeholders/organisation/?segment={value}").context["cl"].result_count == 0
    assert client.get(f"/en/admin/stakeholders/gap/coverage/?segment={value}").context["segment"] is None


def test_what_a_list_shows_becomes_a_segment(secretary):
    client = client_for(secretary)
    union = group("trade-unions")
    page = client.get(f"/en/admin/stakeholders/organisation/?constituency__id__exact={union.pk}")
    address = page.context["save_as_segment"]

    form = client.get(address).context["adminform"].form

    assert form["of"].initial == "organisations"
    assert [str(key) for key in form["constituencies"].initial] == [str(union.pk)]
    assert client.get("/en/admin/stakeholders/organisation/").context["save_as_segment"] == ""


@pytest.mark.parametrize("of", ["organisations", "people"])
def test_a_segment_is_saved_in_the_back_office(secretary, of):
    client = client_for(secretary)
    fields = {"name_en": "Silent unions", "of": of, "constituencies": [group("trade-unions").pk], "silent_months": "٦"}

    answer = client.post("/en/admin/stakeholders/segment/add/", fields | {"languages": ["ar"], "connections": ["weak"]})

    assert answer.status_code == 302, answer.context["errors"]
    segment = Segment.objects.get()
    assert (segment.of, segment.silent_months, segment.languages, segment.connections) == (of, 6, ["ar"], ["weak"])


def test_the_list_of_segments_needs_one_query_for_each_row(secretary):
    client = client_for(secretary)
    make_segment()
    few = count_queries(client, "/en/admin/stakeholders/segment/")
    make_segment()

    assert count_queries(client, "/en/admin/stakeholders/segment/") - few == 1
