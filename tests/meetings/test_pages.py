from datetime import date, time

import pytest
from django.utils.translation import override

from apps.accounts.roles import Role
from apps.meetings.models import Audience, Meeting
from tests.factories import (
    make_document,
    make_group,
    make_item,
    make_meeting,
    make_member,
    make_user,
)
from tests.queries import count_queries


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_page_says_everything_about_a_meeting(db, client, language):
    meeting = make_meeting(
        summary_ar="ملخص الاجتماع", summary_en="The summary", interpretation=["ar", "en"], time_zone="Asia/Beirut"
    )
    make_item(meeting, title_ar="افتتاح", title_en="Opening", minutes=20)
    make_item(meeting, title_ar="نقاش", title_en="Discussion", minutes=70, presenter_ar="سميرة", presenter_en="Samira")
    make_document(meeting, title_ar="ورقة", title_en="Paper")

    with override(language):
        html = client.get(meeting.get_absolute_url()).content.decode()

    expected = {
        "ar": ["ملخص الاجتماع", "افتتاح", "نقاش", "سميرة", "ورقة", "(بيروت)", "الثلاثاء", "8 كانون الأول/ديسمبر 2026"],
        "en": ["The summary", "Opening", "Discussion", "Samira", "Paper", "(Beirut)", "Tuesday", "8 December 2026"],
    }
    assert [text for text in expected[language] if text not in html] == []
    assert ">10:00</time>–10:20</bdi>" in html
    assert ">10:20</time>–11:30</bdi>" in html
    assert '<bdi dir="ltr">10:00–14:00</bdi>' in html


def test_a_hidden_item_leaves_no_word_but_its_time_counts(db, client):
    meeting = make_meeting()
    make_item(meeting, minutes=15, audience="secretariat", title_en="Hidden canary", title_ar="بند مخفي")
    make_item(meeting, minutes=30, title_en="Open item")

    html = client.get(meeting.get_absolute_url()).content.decode()

    assert "Hidden canary" not in html
    assert ">10:15</time>–10:45</bdi>" in html


def test_a_member_reads_the_hours_in_her_zone_with_both_zones_named(db, log_in):
    group = make_group()
    member = make_member(group, time_zone="Asia/Dubai")
    meeting = make_meeting(group, audience=Audience.MEMBERS, time_zone="Africa/Cairo")

    html = log_in(member).get(meeting.get_absolute_url()).content.decode()

    assert '<bdi dir="ltr">10:00–14:00</bdi> (Cairo)' in html
    assert '<bdi dir="ltr">12:00–16:00</bdi> (Dubai)' in html


def test_a_member_far_away_reads_on_which_day_it_is_there(db, log_in):
    group = make_group()
    member = make_member(group, time_zone="America/Toronto")
    meeting = make_meeting(group, time_zone="Asia/Dubai", starts_time=time(6), ends_time=time(8))

    html = log_in(member).get(meeting.get_absolute_url()).content.decode()

    assert '<time datetime="2026-12-07">7 December 2026</time>' in html


def test_the_online_address_is_for_those_who_join(db, client, log_in):
    group = make_group()
    meeting = make_meeting(group, format="online", online_address="https://meet.example.org/canary")
    page, invite = meeting.get_absolute_url(), f"/en/meetings/{meeting.pk}/invite.ics"

    for seer in (make_member(group), make_user(Role.SECRETARIAT)):
        assert b"meet.example.org/canary" in log_in(seer).get(page).content
        assert b"meet.example.org/canary" in log_in(seer).get(invite).content
    for other in (client, log_in(make_member(make_group()))):
        assert b"canary" not in other.get(page).content
        assert b"canary" not in other.get(invite).content


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_cancelled_meeting_stays_and_says_so(db, client, language):
    meeting = make_meeting(status="cancelled", online_address="https://meet.example.org/canary")

    with override(language):
        html = client.get(meeting.get_absolute_url()).content.decode()

    assert {"ar": "أُلغي هذا الاجتماع.", "en": "This meeting is cancelled."}[language] in html


def test_a_summary_in_one_language_only_is_a_notice_in_the_other(db, client):
    meeting = make_meeting(summary_ar="ملخص بالعربية", summary_en="")

    html = client.get(meeting.get_absolute_url()).content.decode()

    assert "The summary is available in Arabic only." in html
    assert "ملخص بالعربية" not in html


@pytest.mark.parametrize("language", ["ar", "en"])
def test_another_slug_leads_to_the_right_one(db, client, language):
    meeting = make_meeting(title_ar="مشاورة مع النقابات", title_en="Consultation with unions")

    with override(language):
        address = meeting.get_absolute_url()
    response = client.get(f"/{language}/meetings/{meeting.pk}-old-title/")

    assert (response.status_code, response["Location"]) == (301, address)
    assert client.get(address).status_code == 200


def test_the_switch_leads_to_the_same_meeting(db, client):
    meeting = make_meeting(title_ar="مشاورة", title_en="Consultation")

    html = client.get(meeting.get_absolute_url()).content.decode()

    with override("ar"):
        assert f'<a href="{meeting.get_absolute_url()}" lang="ar"' in html


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_calendar_lists_coming_ones_first_and_says_when_there_is_none(db, client, language):
    page = f"/{language}/meetings/"
    empty = client.get(page).content.decode()
    make_meeting(day=date(2099, 1, 2))
    soon = make_meeting(day=date(2099, 1, 1))
    past = make_meeting(day=date(2026, 1, 1))

    response = client.get(page)

    assert empty.count('class="empty"') == 2
    assert next(iter(response.context["upcoming"])) == soon
    assert list(response.context["past"].page) == [past]


@pytest.mark.parametrize("number", ["-1", "0", "abc", "999", "1.5", "<script>", "٩٩"])
def test_s30_a_wrong_page_number_gets_a_sentence(db, client, number):
    make_meeting(day=date(2026, 1, 1))

    response = client.get("/en/meetings/", {"page": number})

    assert response.status_code == 404
    assert "There is no page with this number." in response.content.decode()


def test_lists_and_pages_need_the_same_queries_for_one_three_and_many(db, client, log_in):
    group = make_group()
    meeting = make_meeting(group)
    member = log_in(make_member(group))
    found = []
    for _round in range(3):
        for _number in range({0: 1, 1: 2, 2: 27}[_round]):
            make_item(meeting)
            make_document(meeting)
            make_meeting(group, day=date(2099, 1, 1))
            make_meeting(group, day=date(2026, 1, 1))
        found.append(
            [
                count_queries(client, "/en/meetings/"),
                count_queries(member, "/en/meetings/"),
                count_queries(client, meeting.get_absolute_url()),
                count_queries(member, meeting.get_absolute_url()),
            ]
        )

    assert found == [[3, 8, 6, 12]] * 3


def test_the_calendar_needs_the_same_queries_for_300_rows(db, client):
    group = make_group()
    one = make_meeting(group, day=date(2026, 1, 1))
    many = [
        Meeting(**{f.attname: getattr(one, f.attname) for f in Meeting._meta.fields if f.name != "id"})
        for _ in range(299)
    ]
    Meeting.objects.bulk_create(many)

    response = client.get("/en/meetings/")

    assert response.context["past"].page.paginator.count == 300
    assert count_queries(client, "/en/meetings/") == 3


def test_home_shows_the_next_meeting_that_the_reader_may_see(db, client, log_in):
    group = make_group()
    make_meeting(group, day=date(2099, 1, 1), status="cancelled", title_en="Cancelled one")
    hidden = make_meeting(group, day=date(2099, 1, 2), audience=Audience.MEMBERS)
    shown = make_meeting(group, day=date(2099, 1, 3))

    public = client.get("/en/").content.decode()
    member = log_in(make_member(group)).get("/en/").content.decode()

    assert str(shown) in public
    assert str(hidden) not in public
    assert "Cancelled one" not in public
    assert str(hidden) in member


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_dashboard_says_what_waits(db, secretary, log_in, language):
    make_meeting(day=date(2026, 1, 1))
    make_meeting(status="draft", day=date(2099, 1, 1))
    make_document(make_meeting(day=date(2099, 1, 1)), languages=("ar",))

    html = log_in(secretary).get(f"/{language}/admin/").content.decode()

    expected = {
        "ar": [
            "انتهى موعد اجتماع واحد: هل عُقد؟",
            "اجتماع واحد قيد الإعداد.",
            "اجتماع مقبل واحد بعض وثائقه بلغة واحدة فقط.",
        ],
        "en": [
            "1 meeting is over: was it held?",
            "1 meeting is in preparation.",
            "1 coming meeting has papers in one language only.",
        ],
    }
    assert [text for text in expected[language] if text not in html] == []
