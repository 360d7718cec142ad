"""The state of engagement: figures that are drawn, told and taken away."""

import csv
import io
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.utils.translation import override
from PIL import Image

from apps.accounts.roles import Role
from apps.core.records import save_record
from apps.meetings.models import Need
from apps.opendata import png
from apps.opendata.engagement import BY_NAME, FIGURES, Row, drawn
from tests.factories import (
    client_for,
    make_engagement,
    make_group,
    make_meeting,
    make_organisation,
    make_participant,
    make_person,
    make_published,
    make_user,
)
from tests.reviews.made import make_recommendation

pytestmark = pytest.mark.django_db
LANGUAGES = pytest.mark.parametrize("language", ["ar", "en"])


def cells(name: str) -> list[tuple]:
    with override("en"):
        return [(row.label, row.words, row.cells) for row in BY_NAME[name].rows()]


def page(path: str) -> str:
    response = Client().get(path)
    assert response.status_code == 200
    return response.content.decode()


def asked_for(kind: str, times: int, met: int = 0) -> None:
    meeting = make_meeting(make_group(), status="held")
    for number in range(times):
        participant = make_participant(meeting, make_person())
        state = Need.State.MET if number < met else Need.State.ASKED
        save_record(Need(participant=participant, kind=kind, state=state), by=None)


# What is counted


def test_organisations_heard_by_year():
    organisation = make_organisation()
    for year in (2024, 2026):
        make_engagement(happened_on=date(year, 5, 1), organisations=[organisation])
    make_engagement(happened_on=date(2026, 6, 1), organisations=[organisation])

    assert cells("heard")[:3] == [("2024", "1", (1,)), ("2025", "0", (0,)), ("2026", "1", (1,))]


def test_countries_reached_by_constituency():
    found = {label: (words, told) for label, words, told in cells("reached")}

    assert len(found) == 13
    assert found["Trade unions"] == ("0 of 22", (0, 22))


def test_news_in_both_languages():
    make_published()
    make_published(languages=("ar",))

    assert cells("languages") == [
        ("Arabic", "\u2066100 %\u2069", (2, 0, 0)),
        ("English", "\u206650 %\u2069", (1, 0, 1)),
    ]


def took_part(meeting, *ways: str) -> None:
    for way in ways:
        make_participant(meeting, make_person(), attendance=way, attendance_at=meeting.starts_at if way else None)


def test_attendance_by_way_of_joining():
    took_part(make_meeting(make_group(), day=date(2025, 3, 1), status="held"), *["on_site"] * 3, *["online"] * 2)
    took_part(make_meeting(make_group(), day=date(2025, 4, 1), status="held"), "absent", "")
    took_part(make_meeting(make_group()), "online")

    assert cells("attendance") == [("2025", "2 of 5 online", (3, 2))]


def test_of_a_year_in_which_few_people_took_part_nothing_is_told():
    took_part(make_meeting(make_group(), day=date(2024, 3, 1), status="held"), "absent")
    took_part(make_meeting(make_group(), day=date(2025, 3, 1), status="held"), "on_site", *["online"] * 3)

    assert cells("attendance") == [("2025", "fewer than 5 took part", ("–", "–"))]
    with override("en"):
        row = BY_NAME["attendance"].rows()[0]
    assert (row.length, row.title) == (None, "2025: fewer than 5 took part")


def test_what_few_people_asked_for_is_not_told():
    asked_for("travel", 4, met=4)
    asked_for("into_arabic", 3, met=1)
    asked_for("sign", 2, met=2)

    found = {label: told for label, _words, told in cells("needs")}

    assert found == {
        "Language": (5, 3),
        "Distance": ("–", "–"),
        "Technology": ("–", "–"),
        "Money": ("–", "–"),
        "Social standing": ("–", "–"),
    }


def test_no_recommendation_before_its_adoption():
    make_recommendation()

    assert cells("recommendations") == []


# How it is shown


@LANGUAGES
def test_each_figure_is_drawn_and_told_in_a_table(language):
    make_published()
    asked_for("travel", 5, met=2)

    html = page(f"/{language}/data/engagement/")

    for figure in FIGURES:
        section = html[html.index(f'id="{figure.name}"') :]
        section = section[: section.index("</section>")]
        rows = figure.rows()
        assert (section.count("<svg"), section.count("<tbody>")) == ((1, 1) if rows else (0, 0)), figure.name
        assert section.count('<th scope="row">') == len(rows)
    drawings = sum(bool(figure.rows()) for figure in FIGURES)
    assert html.count(' direction="rtl"') == (drawings if language == "ar" else 0)


@LANGUAGES
def test_text_only_has_the_tables_open_and_no_drawing(language):
    make_published()

    html = page(f"/text/{language}/data/engagement/")

    assert html.count("<details open>") > 0
    assert "bars" not in html
    assert html.count('role="img" aria-label') == 0


@LANGUAGES
def test_the_words_at_the_end_of_a_bar_have_room(language):
    long = "18 of 22 who asked for it in time"
    with override(language):
        drawing = drawn([Row("One", 22, long, ()), Row("Two", 1, "1", ())])

    box = drawing.boxes[0]
    room = box.beyond if language == "ar" else drawing.width - box.beyond
    assert room >= len(long) * 7


# Taken away


@LANGUAGES
@pytest.mark.parametrize("name", list(BY_NAME))
def test_every_figure_can_be_taken_away_in_three_forms(language, name):
    make_engagement(happened_on=date(2026, 5, 1))
    address = f"/{language}/data/engagement/{name}"

    table = b"".join(Client().get(f"{address}.csv").streaming_content).decode("utf-8-sig")
    svg, picture = Client().get(f"{address}.svg"), Client().get(f"{address}.png")

    rows = list(csv.reader(io.StringIO(table)))
    with override(language):
        assert rows[0] == [str(heading) for heading in BY_NAME[name].headings]
        assert len(rows) == 1 + len(BY_NAME[name].rows())
        if BY_NAME[name].rows():
            assert ET.fromstring(svg.content).get("direction") == {"ar": "rtl", "en": "ltr"}[language]
    image = Image.open(io.BytesIO(picture.content))
    assert (image.format, image.width > 200) == ("PNG", True)
    assert picture["Content-Disposition"] == f'attachment; filename="{name}-{language}.png"'


def test_another_name_is_not_there():
    assert Client().get("/ar/data/engagement/nothing.png").status_code == 404


@LANGUAGES
def test_a_picture_has_its_bars_where_reading_begins(language):
    with override(language):
        content = png.draw(drawn([Row("2026", 5, "5", (5,))]), "T", "S")

    image = Image.open(io.BytesIO(content)).convert("RGB")
    bar = [x for x in range(image.width) if image.getpixel((x, (34 + 19) * 2))[:2] == (10, 79)]
    label = 24 + 4 * 7.6
    assert round((image.width - max(bar) if language == "ar" else min(bar)) / 2) == round(label)


@LANGUAGES
@pytest.mark.parametrize(("role", "sees"), [(Role.SECRETARIAT, True), (Role.AUDITOR, True), (Role.EDITOR, False)])
def test_the_dashboard_draws_the_figures(language, role, sees):
    make_published()

    html = client_for(make_user(role)).get(f"/{language}/admin/").content.decode()

    drawings = sum(bool(figure.rows()) for figure in FIGURES)
    assert html.count('role="img" aria-label=') == (drawings if sees else 0)
    assert (f'href="/{language}/data/engagement/#languages"' in html) == sees
