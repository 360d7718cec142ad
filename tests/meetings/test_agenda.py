from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from apps.meetings import agenda, services
from apps.meetings.minutes import begin_minutes, circulate_minutes
from apps.meetings.models import AgendaItem, AgendaVersion, Document, MinutesEntry
from tests.factories import make_document, make_group, make_item, make_meeting, make_member
from tests.meetings.forms import FORM

STRANGER = AnonymousUser()


def rows(meeting, user) -> list[tuple[str, str, str]]:
    return [(row.number, row.item.title_en, row.hours) for row in agenda.for_reader(meeting, user)]


def titles(meeting) -> list[str]:
    return list(meeting.items.in_order().values_list("title_en", flat=True))


@pytest.fixture
def arranged(group):
    """Opening 20, Budget 10 with parts A 30 and B 15, a break of 10, Close 5; from 10:00 in Cairo."""
    meeting = make_meeting(group, day=date(2031, 12, 9))
    make_item(meeting, title_en="Opening", minutes=20, order=1)
    budget = make_item(meeting, title_en="Budget", minutes=10, order=2)
    make_item(meeting, title_en="A", minutes=30, order=3, parent=budget)
    make_item(meeting, title_en="B", minutes=15, order=4, parent=budget)
    make_item(meeting, title_en="Break", minutes=10, order=5, kind="break")
    make_item(meeting, title_en="Close", minutes=5, order=6)
    return meeting


def test_hours_follow_from_the_minutes_and_an_item_spans_its_parts(arranged):
    assert rows(arranged, STRANGER) == [
        ("1", "Opening", "10:00–10:20"),
        ("2", "Budget", "10:20–11:15"),
        ("2.1", "A", "10:30–11:00"),
        ("2.2", "B", "11:00–11:15"),
        ("", "Break", "11:15–11:25"),
        ("3", "Close", "11:25–11:30"),
    ]


def test_hours_are_those_of_the_place_for_a_reader_elsewhere_too(arranged, group, log_in, secretary):
    secretary.time_zone = "Asia/Dubai"
    secretary.save(update_fields=["time_zone"])

    page = log_in(make_member(group, time_zone="Asia/Dubai")).get(arranged.get_absolute_url()).content.decode()
    desk = log_in(secretary).get(f"/en/admin/meetings/meeting/{arranged.pk}/agenda/").content.decode()

    assert ">10:00</time>–10:20" in page
    assert "10:00–10:20" in desk


def test_hours_go_on_over_a_change_of_the_clock(group):
    meeting = make_meeting(group, day=date(2026, 10, 29), ends_on=date(2026, 10, 30), time_zone="Africa/Cairo")
    make_item(meeting, title_en="Long", minutes=14 * 60, order=1)
    make_item(meeting, title_en="After", minutes=60, order=2)

    # 10:00 and fourteen hours: at midnight the clock went back to 23:00.
    assert rows(meeting, STRANGER)[1] == ("2", "After", "23:00–00:00")


def test_a_hidden_item_takes_its_time_and_leaves_no_gap_in_the_numbers(arranged, secretary):
    item = arranged.items.get(title_en="Budget")
    item.audience = "secretariat"
    item.save()

    assert rows(arranged, STRANGER) == [
        ("1", "Opening", "10:00–10:20"),
        ("", "Break", "11:15–11:25"),
        ("2", "Close", "11:25–11:30"),
    ]
    assert len(rows(arranged, secretary)) == 6


def test_a_paper_of_a_hidden_item_is_hidden_with_it(group, secretary):
    meeting = make_meeting(group)
    item = make_item(meeting, audience="secretariat")
    paper = make_document(meeting, audience="public", item=item)
    member = make_member(group)

    assert paper not in Document.objects.visible_to(STRANGER)
    assert paper not in Document.objects.visible_to(member)
    assert paper in Document.objects.visible_to(secretary)


def test_papers_stand_with_their_item_and_not_a_second_time_below(arranged, client):
    item = arranged.items.get(title_en="Opening")
    make_document(arranged, title_en="Of the item", item=item)
    make_document(arranged, title_en="Of the whole")

    page = client.get(arranged.get_absolute_url())
    html = page.content.decode()

    assert [document.title_en for document in page.context["documents"]] == ["Of the whole"]
    # In its heading, and in the names of its two buttons.
    assert html.count("Of the item") == 3


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_page_shows_parts_breaks_and_purposes(arranged, client, language):
    item = arranged.items.get(title_en="Budget")
    item.purpose = "decision"
    item.save()

    html = client.get(f"/{language}/meetings/{arranged.pk}-x/", follow=True).content.decode()

    assert {"ar": "لاتخاذ قرار", "en": "For decision"}[language] in html
    assert html.count('<li class="part">') == 2
    assert html.count('<li class="break">') == 1
    assert {"ar": "جدول الأعمال المؤقت", "en": "Provisional agenda"}[language] in html


def test_sixty_items_take_as_many_questions_as_three(group, client, django_assert_num_queries):
    few, many = make_meeting(group), make_meeting(group)
    for number in range(60):
        make_item(many, order=number + 1)
    for number in range(3):
        make_item(few, order=number + 1)
    counts = []
    for meeting in (few, many):
        with django_assert_num_queries(5) as asked:
            client.get(meeting.get_absolute_url())
        counts.append(len(asked))

    assert counts == [5, 5]


# What the database and the form refuse


@pytest.mark.parametrize(
    "fields", [{"kind": "break", "purpose": "decision"}, {"kind": "break", "parent": True}, {"minutes": 1441}]
)
def test_the_database_refuses_what_no_agenda_has(group, fields):
    meeting = make_meeting(group)
    if "parent" in fields:
        fields = {**fields, "parent": make_item(meeting)}

    with pytest.raises(IntegrityError), transaction.atomic():
        make_item(meeting, **fields)


def test_an_item_is_part_of_an_item_of_its_own_agenda(arranged, group):
    foreign, part = make_item(make_meeting(group)), arranged.items.get(title_en="A")
    whole, single = arranged.items.get(title_en="Budget"), arranged.items.get(title_en="Close")
    problems = []
    for item, parent in [(single, foreign), (single, part), (whole, arranged.items.get(title_en="Opening"))]:
        item.parent = parent
        with pytest.raises(ValidationError) as error:
            item.clean()
        problems += error.value.message_dict["parent"]

    assert problems == [
        "Choose an item of the same agenda that is no part and no break.",
        "Choose an item of the same agenda that is no part and no break.",
        "This item has parts of its own. Take them out of it first.",
    ]


# Order


def test_arranging_puts_parts_after_their_item_and_counts_from_one(arranged, secretary):
    AgendaItem.objects.filter(meeting=arranged, title_en="B").update(order=0)
    AgendaItem.objects.filter(meeting=arranged, title_en="Opening").update(order=50)

    agenda.arrange(arranged, by=secretary)

    assert titles(arranged) == ["Budget", "B", "A", "Break", "Close", "Opening"]
    assert list(arranged.items.in_order().values_list("order", flat=True)) == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("title", "to", "expected"),
    [
        ("Budget", 0, ["Budget", "A", "B", "Opening", "Break", "Close"]),
        ("Opening", 99, ["Budget", "A", "B", "Break", "Close", "Opening"]),
        ("B", 0, ["Opening", "Budget", "B", "A", "Break", "Close"]),
        ("Opening", -1, ["Opening", "Budget", "A", "B", "Break", "Close"]),
    ],
)
def test_an_item_moves_with_its_parts_among_its_siblings(arranged, secretary, title, to, expected):
    agenda.move_item(arranged.items.get(title_en=title), by=secretary, to=to)

    assert titles(arranged) == expected


def test_s22_only_the_secretariat_moves_items(arranged, translator):
    with pytest.raises(PermissionDenied):
        agenda.move_item(arranged.items.first(), by=translator, to=2)


@pytest.mark.parametrize(("language", "button"), [("en", "Down"), ("ar", "إلى أسفل")])
def test_the_agenda_is_arranged_by_buttons(arranged, secretary, log_in, language, button):
    client = log_in(secretary)
    address = f"/{language}/admin/meetings/meeting/{arranged.pk}/agenda/"
    item = arranged.items.get(title_en="Opening")

    page = client.get(address)
    answer = client.post(address, {"seen": page.context["seen"], "move": f"{item.pk} down"})

    assert button in page.content.decode()
    assert answer["Location"] == f"{address}#agenda"
    assert titles(arranged)[0] == "Budget"


@pytest.mark.parametrize("move", ["x up", "999999 up", "", "99999999999999999999 up"])
def test_a_move_that_means_nothing_changes_nothing(arranged, secretary, log_in, move):
    client = log_in(secretary)
    address = f"/en/admin/meetings/meeting/{arranged.pk}/agenda/"
    seen = client.get(address).context["seen"]

    assert client.post(address, {"seen": seen, "move": move}).status_code == 302
    assert titles(arranged)[0] == "Opening"


def test_who_arranges_an_agenda_that_changed_meanwhile_sees_it_first(arranged, secretary, log_in):
    client = log_in(secretary)
    address = f"/en/admin/meetings/meeting/{arranged.pk}/agenda/"
    seen = client.get(address).context["seen"]
    opening = arranged.items.get(title_en="Opening")
    agenda.move_item(opening, by=secretary, to=1)

    answer = client.post(address, {"seen": seen, "move": f"{opening.pk} down"}, follow=True)

    assert "Somebody changed the agenda meanwhile. Here it is as it stands now." in answer.content.decode()
    assert titles(arranged)[:2] == ["Budget", "A"]


def test_the_page_says_when_the_agenda_is_longer_than_the_meeting(group, secretary, log_in):
    meeting = make_meeting(group)
    make_item(meeting, minutes=250)

    html = log_in(secretary).get(f"/en/admin/meetings/meeting/{meeting.pk}/agenda/").content.decode()

    assert "The agenda takes 250 minutes." in html
    assert "That is 10 minutes more than the meeting has." in html


def test_s22_the_page_to_arrange_is_the_secretariats(arranged, log_in, editor, translator, auditor):
    address = f"/en/admin/meetings/meeting/{arranged.pk}/agenda/"

    assert [log_in(user).get(address).status_code for user in (editor, translator, auditor)] == [403] * 3


# Versions


def test_publishing_keeps_the_first_version_and_sending_out_the_next(group, secretary):
    meeting = make_meeting(group, status="draft")
    make_item(meeting, title_en="One")
    services.publish_meeting(meeting, by=secretary)
    make_item(meeting, title_en="Two", order=999)

    assert agenda.has_changed(meeting)
    agenda.send_out(meeting, by=secretary)
    agenda.send_out(meeting, by=secretary)

    versions = AgendaVersion.objects.filter(meeting=meeting)
    kept = [(version.number, version.state, len(version.rows)) for version in versions]
    assert kept == [(2, "provisional", 2), (1, "provisional", 1)]
    assert not agenda.has_changed(meeting)


def test_an_adopted_agenda_stays_until_it_is_reopened(arranged, secretary):
    agenda.adopt(arranged, by=secretary)

    with pytest.raises(ValidationError) as error:
        agenda.move_item(arranged.items.first(), by=secretary, to=2)
    assert error.value.messages == ["The agenda is adopted. Take it back to provisional before you change it."]

    agenda.reopen(arranged, by=secretary, reason="A new item")
    agenda.move_item(arranged.items.get(title_en="Opening"), by=secretary, to=1)
    assert titles(arranged)[0] == "Budget"
    assert AgendaVersion.objects.get(meeting=arranged).state == "adopted"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"status": "draft"}, "Only the agenda of a published meeting is adopted."),
        ({}, "There is no item on the agenda yet."),
        ({"agenda_state": "adopted"}, "The agenda is adopted already."),
    ],
)
def test_what_cannot_be_adopted_says_why(group, secretary, fields, sentence):
    with pytest.raises(ValidationError) as error:
        agenda.adopt(make_meeting(group, **fields), by=secretary)

    assert error.value.messages == [sentence]


def test_rows_of_an_adopted_agenda_are_not_written_in_the_back_office(arranged, secretary, log_in):
    agenda.adopt(arranged, by=secretary)

    page = log_in(secretary).get(f"/en/admin/meetings/meeting/{arranged.pk}/change/")

    assert 'name="items-0-title_en"' not in page.content.decode()
    assert "Opening" in page.content.decode()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_versions_show_each_reader_what_was_and_is_for_her(group, client, log_in, secretary, language):
    meeting = make_meeting(group, status="draft")
    make_item(meeting, title_en="Open item", title_ar="بند عام", order=1)
    make_item(meeting, title_en="Canary", title_ar="كناري", order=2, audience="secretariat")
    later = make_item(meeting, title_en="Withdrawn", title_ar="مسحوب", order=3)
    services.publish_meeting(meeting, by=secretary)
    later.audience = "members"
    later.save()
    address = f"/{language}/meetings/{meeting.pk}/agenda/"
    names = {"en": ("Open item", "Canary", "Withdrawn"), "ar": ("بند عام", "كناري", "مسحوب")}[language]

    def seen(visitor) -> list[bool]:
        html = visitor.get(address).content.decode()
        return [name in html for name in names]

    assert seen(client) == [True, False, False]
    assert seen(log_in(make_member(group))) == [True, False, True]
    assert seen(log_in(secretary)) == [True, True, True]


@pytest.mark.parametrize("gone", ["the item", "the item of which it is a part"])
def test_what_was_hidden_before_it_was_deleted_stays_hidden(group, client, log_in, secretary, gone):
    meeting = make_meeting(group, status="draft", day=date(2026, 1, 5))
    whole = make_item(meeting, title_en="Whole", order=1)
    part = make_item(meeting, title_en="Canary", order=2, parent=whole)
    make_item(meeting, title_en="Open item", order=3)
    services.publish_meeting(meeting, by=secretary)
    minutes = begin_minutes(meeting, by=secretary)
    MinutesEntry.objects.update(text_en="<p>Said.</p>")
    circulate_minutes(minutes, by=secretary, comments_until=date(2099, 1, 1))
    hidden = {"the item": part, "the item of which it is a part": whole}[gone]
    hidden.audience = "secretariat"
    hidden.save()
    hidden.delete()

    member = log_in(make_member(group))
    assert b"Open item" in client.get(f"/en/meetings/{meeting.pk}/agenda/").content
    assert b"Canary" not in client.get(f"/en/meetings/{meeting.pk}/agenda/").content
    assert b"Open item" in member.get(f"/en/meetings/{meeting.pk}/minutes/").content
    assert b"Canary" not in member.get(f"/en/meetings/{meeting.pk}/minutes/").content


def test_who_writes_an_agenda_that_is_adopted_meanwhile_keeps_what_she_typed(arranged, secretary, log_in):
    browser, address = log_in(secretary), f"/en/admin/meetings/meeting/{arranged.pk}/change/"
    item = arranged.items.get(title_en="Close")
    row = {"id": item.pk, "opened_revision": item.revision, "title_en": "Farewell", "order": 6, "minutes": 5}
    row |= {"kind": "item", "audience": "public"}
    opened = browser.get(address).context["adminform"].form
    sent = {**FORM, **{name: opened[name].value() for name in opened.fields if opened[name].value() is not None}}
    sent |= {"items-TOTAL_FORMS": "1", "items-INITIAL_FORMS": "1"}
    sent |= {f"items-0-{name}": value for name, value in row.items()}
    agenda.adopt(arranged, by=secretary)

    html = browser.post(address, sent).content.decode()

    assert "The agenda was adopted while you were writing." in html
    assert 'value="Farewell"' in html
    assert arranged.items.get(pk=item.pk).title_en == "Close"


def test_s19_the_versions_of_a_hidden_meeting_do_not_exist(group, client, log_in):
    meeting = make_meeting(group, audience="members")

    assert client.get(f"/en/meetings/{meeting.pk}/agenda/").status_code == 404
    assert log_in(make_member(make_group())).get(f"/en/meetings/{meeting.pk}/agenda/").status_code == 404
