from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import quote

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override
from icalendar import Calendar

from apps.accounts.roles import Role
from apps.meetings import services
from apps.meetings.models import AgendaItem, Audience, Document, Meeting
from tests.factories import (
    PDF,
    make_document,
    make_group,
    make_item,
    make_meeting,
    make_member,
    make_membership,
    make_person,
    make_user,
)

STRANGER = AnonymousUser()


def make_observer(group):
    user = make_user(Role.OBSERVER)
    make_membership(group, make_person(user=user), position="observer")
    return user


def make_former(group):
    user = make_user(Role.MEMBER)
    make_membership(group, make_person(user=user), ends_on=timezone.localdate() - timedelta(days=1))
    return user


# Who sees what


@pytest.mark.parametrize("status", ["published", "held", "cancelled"])
def test_public_meetings_are_for_everybody_once_published(db, status):
    meeting = make_meeting(status=status)

    assert list(Meeting.objects.visible_to(STRANGER)) == [meeting]


def test_members_meetings_are_for_those_who_sit_in_the_group_today(db):
    group = make_group()
    meeting = make_meeting(group, audience=Audience.MEMBERS)
    seers = [make_member(group), make_observer(group), *(make_user(role) for role in ("secretariat", "auditor"))]
    others = [STRANGER, make_member(make_group()), make_former(group), make_user(Role.MEMBER)]

    assert [meeting in Meeting.objects.visible_to(user) for user in seers] == [True] * 4
    assert [meeting in Meeting.objects.visible_to(user) for user in others] == [False] * 4


def test_drafts_are_for_those_who_prepare_meetings(db):
    group = make_group()
    draft = make_meeting(group, status="draft")
    seers = [make_user(role) for role in ("secretariat", "editor", "translator", "auditor")]

    assert [draft in Meeting.objects.visible_to(user) for user in seers] == [True] * 4
    assert [draft in Meeting.objects.visible_to(user) for user in (STRANGER, make_member(group))] == [False] * 2


@pytest.mark.parametrize("make", [make_item, make_document])
@pytest.mark.parametrize(
    ("audience", "expected"),
    [
        ("public", "stranger member translator secretariat"),
        ("members", "member translator secretariat"),
        ("secretariat", "secretariat"),
    ],
)
def test_parts_of_a_public_meeting_follow_their_own_audience(db, make, audience, expected):
    group = make_group()
    part = make(make_meeting(group), audience=audience)
    users = {
        "stranger": STRANGER,
        "member": make_member(group),
        "other member": make_member(make_group()),
        "former member": make_former(group),
        "translator": make_user(Role.TRANSLATOR),
        "secretariat": make_user(Role.SECRETARIAT),
    }

    seers = {name for name, user in users.items() if part in type(part).objects.visible_to(user)}

    public = {"other member", "former member"} if audience == "public" else set()
    assert seers == set(expected.split()) | public


@pytest.mark.parametrize("make", [make_item, make_document])
def test_a_public_part_of_a_members_meeting_stays_inside(db, make):
    part = make(make_meeting(audience=Audience.MEMBERS), audience="public")

    assert part not in type(part).objects.visible_to(STRANGER)


# What is refused


@pytest.mark.parametrize(
    "broken",
    [
        lambda: make_meeting(ends_time=time(10)),
        lambda: make_meeting(title_en=""),
        lambda: make_meeting(title_ar=None),
        lambda: make_meeting(place_en=""),
        lambda: make_meeting(audience="secretariat"),
        lambda: make_item(make_meeting(), title_ar="", title_en=""),
        lambda: make_item(make_meeting(), minutes=0),
        lambda: make_document(make_meeting(), languages=()),
        lambda: make_document(make_meeting(), title_ar=None, title_en=None),
        lambda: make_document(make_meeting(), version=0),
    ],
)
def test_the_database_refuses(db, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        broken()


def test_an_online_meeting_needs_no_place(db):
    assert make_meeting(format="online", place_ar="", place_en="").pk


FORM = {
    "title_ar": "اجتماع",
    "title_en": "Meeting",
    "starts_on": "2026-12-08",
    "starts_time": "10:00",
    "ends_on": "2026-12-08",
    "ends_time": "14:00",
    "time_zone": "Africa/Cairo",
    "format": "online",
    "audience": "members",
    "items-TOTAL_FORMS": "0",
    "items-INITIAL_FORMS": "0",
    "documents-TOTAL_FORMS": "0",
    "documents-INITIAL_FORMS": "0",
}


def add_meeting(client, language="en", **changes):
    return client.post(f"/{language}/admin/meetings/meeting/add/", {**FORM, "group": make_group().pk, **changes})


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ends_time": "09:00"}, "ends_time"),
        ({"ends_on": "2026-12-07"}, "ends_on"),
        ({"starts_on": "2026-04-24", "ends_on": "2026-04-24", "starts_time": "00:30"}, "starts_time"),
        ({"starts_on": "yesterday"}, "starts_on"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"title_ar": "", "title_en": ""}, "title_ar"),
    ],
)
def test_wrong_input_gets_a_message_beside_its_field_and_stays_typed(db, secretary, log_in, language, changes, field):
    response = add_meeting(log_in(secretary), language, **changes)

    form = response.context["adminform"].form
    assert response.status_code == 200
    assert list(form.errors) == [field]
    assert form["title_en"].value() == changes.get("title_en", "Meeting")
    assert not Meeting.objects.exists()


def test_dates_and_times_may_be_typed_in_arabic_digits(db, secretary, log_in):
    response = add_meeting(
        log_in(secretary), "ar", starts_on="٢٠٢٦-١٢-٠٨", starts_time="١٠:٠٠", ends_on="٠٨/١٢/٢٠٢٦", ends_time="۱۴:۰۰"
    )

    meeting = Meeting.objects.get()
    assert response.status_code == 302
    assert meeting.starts_at == datetime(2026, 12, 8, 8, tzinfo=UTC)
    assert meeting.ends_at == datetime(2026, 12, 8, 12, tzinfo=UTC)
    assert (meeting.status, meeting.created_by) == (Meeting.Status.DRAFT, secretary)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_s31_a_file_that_is_not_what_its_name_says_is_refused_beside_its_field(db, secretary, log_in, language):
    document = {
        "documents-TOTAL_FORMS": "1",
        "documents-0-title_en": "Paper",
        "documents-0-kind": "paper",
        "documents-0-version": "١",
        "documents-0-audience": "public",
        "documents-0-file_en": ContentFile(b"MZ", name="paper.pdf"),
    }

    response = add_meeting(log_in(secretary), language, **document)

    errors = response.context["inline_admin_formsets"][1].formset.forms[0].errors
    assert list(errors) == ["file_en"]
    assert not Meeting.objects.exists()
    assert not Document.objects.exists()


def test_a_meeting_with_its_agenda_and_papers_is_saved_at_once(db, secretary, log_in):
    parts = {
        "items-TOTAL_FORMS": "1",
        "items-0-title_ar": "افتتاح",
        "items-0-order": "١",
        "items-0-minutes": "٢٠",
        "items-0-audience": "members",
        "documents-TOTAL_FORMS": "1",
        "documents-0-title_ar": "ورقة",
        "documents-0-kind": "agenda",
        "documents-0-version": "2",
        "documents-0-audience": "members",
        "documents-0-file_ar": ContentFile(PDF, name="ورقة.pdf"),
    }

    response = add_meeting(log_in(secretary), "ar", **parts)

    assert response.status_code == 302
    item, document = AgendaItem.objects.get(), Document.objects.get()
    assert (item.minutes, item.created_by) == (20, secretary)
    assert (document.size_ar, document.created_by) == (len(PDF), secretary)
    assert document.file_ar.name.startswith("documents/")
    assert "ورقة" not in document.file_ar.name


# The life of a meeting


def test_a_draft_is_published_held_or_cancelled_and_never_back_from_there(db, secretary):
    meeting = make_meeting(status="draft", day=date(2026, 1, 5))

    services.publish_meeting(meeting, by=secretary)
    assert meeting.status == Meeting.Status.PUBLISHED
    services.withdraw_meeting(meeting, by=secretary)
    assert meeting.status == Meeting.Status.DRAFT
    services.publish_meeting(meeting, by=secretary)
    services.mark_held(meeting, by=secretary)
    assert (meeting.status, meeting.updated_by) == (Meeting.Status.HELD, secretary)
    for service in (services.publish_meeting, services.withdraw_meeting, services.cancel_meeting):
        with pytest.raises(ValidationError):
            service(meeting, by=secretary)


def test_a_coming_meeting_cannot_have_been_held(db, secretary):
    with pytest.raises(ValidationError) as error:
        services.mark_held(make_meeting(day=date(2099, 1, 1)), by=secretary)

    assert error.value.messages == ["This meeting has not started yet."]


@pytest.mark.parametrize(
    ("lacking", "message"),
    [
        ({"title_en": ""}, "A published meeting has a title in Arabic and in English."),
        ({"place_ar": ""}, "A published meeting in person says where, in Arabic and in English."),
    ],
)
def test_an_incomplete_meeting_is_not_published_and_says_why(db, secretary, log_in, lacking, message):
    meeting = make_meeting(status="draft", **lacking)

    response = log_in(secretary).post(f"/en/admin/meetings/meeting/{meeting.pk}/step/publish/")

    meeting.refresh_from_db()
    assert response.status_code == 400
    assert response.context["problems"] == [message]
    assert meeting.status == Meeting.Status.DRAFT


def test_the_steps_button_saves_what_was_typed_and_then_asks(db, secretary, log_in):
    client = log_in(secretary)
    response = add_meeting(client, _step="publish")
    meeting = Meeting.objects.get()

    question = client.get(response["Location"])
    done = client.post(response["Location"])

    assert response["Location"] == f"/en/admin/meetings/meeting/{meeting.pk}/step/publish/"
    assert "The meeting appears in the calendar of its audience." in question.content.decode()
    assert done["Location"] == f"/en/admin/meetings/meeting/{meeting.pk}/change/"
    meeting.refresh_from_db()
    assert meeting.status == Meeting.Status.PUBLISHED


def test_a_step_that_is_over_leads_back_to_the_record(db, secretary, log_in):
    meeting = make_meeting(status="cancelled")

    response = log_in(secretary).post(f"/en/admin/meetings/meeting/{meeting.pk}/step/publish/")

    assert response["Location"] == f"/en/admin/meetings/meeting/{meeting.pk}/change/"
    meeting.refresh_from_db()
    assert meeting.status == Meeting.Status.CANCELLED


@pytest.mark.parametrize(("pk", "name"), [("999", "publish"), ("x", "publish"), (None, "explode")])
def test_an_unknown_record_or_step_is_404(db, secretary, log_in, pk, name):
    pk = pk or make_meeting().pk

    assert log_in(secretary).get(f"/en/admin/meetings/meeting/{pk}/step/{name}/").status_code == 404


def test_s22_an_editor_reads_meetings_but_takes_no_step(db, editor, log_in):
    meeting = make_meeting(status="draft")

    response = log_in(editor).post(f"/en/admin/meetings/meeting/{meeting.pk}/step/publish/")

    meeting.refresh_from_db()
    assert response.status_code == 403
    assert meeting.status == Meeting.Status.DRAFT


def test_s25_a_translators_meeting_page_hides_the_secretariats_papers(db, translator, log_in):
    meeting = make_meeting()
    make_document(meeting, audience="secretariat", title_en="Budget canary")
    make_document(meeting, audience="members", title_en="Members paper")

    html = log_in(translator).get(f"/en/admin/meetings/meeting/{meeting.pk}/change/").content.decode()

    assert "Members paper" in html
    assert "Budget canary" not in html


def test_emptying_a_title_of_a_published_meeting_is_refused_beside_it(db, secretary, log_in):
    meeting = make_meeting()
    data = {**FORM, "group": meeting.group_id, "title_en": "", "opened_revision": meeting.revision}

    response = log_in(secretary).post(f"/en/admin/meetings/meeting/{meeting.pk}/change/", data)

    message = "A published meeting has a title in Arabic and in English."
    assert response.context["adminform"].form.errors == {"title_en": [message]}


# Pages


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


def count_queries(client, address) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


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

    assert found == [[3, 6, 3, 8]] * 3


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


def test_the_admin_list_needs_the_same_queries_for_one_and_three(db, secretary, log_in):
    client = log_in(secretary)
    make_meeting()
    one = count_queries(client, "/en/admin/meetings/meeting/")
    make_meeting()
    make_meeting()

    assert count_queries(client, "/en/admin/meetings/meeting/") == one


# Shut doors


def test_s19_a_shut_door_answers_like_one_that_does_not_exist(db, client, log_in):
    group = make_group()
    hidden = [
        make_meeting(group, audience=Audience.MEMBERS, title_en="Canary", title_ar="كناري"),
        make_meeting(group, status="draft", title_en="Canary", title_ar="كناري"),
    ]
    visible = make_meeting(group)
    closed_papers = [
        make_document(visible, audience="members", title_en="Canary"),
        make_document(visible, audience="secretariat", title_en="Canary"),
        make_document(hidden[0], audience="public", title_en="Canary"),
    ]
    addresses = []
    for meeting in hidden:
        addresses += [f"/en/meetings/{meeting.pk}-{meeting.slug}/", f"/en/meetings/{meeting.pk}-x/"]
        addresses += [f"/en/meetings/{meeting.pk}/invite.ics"]
    for paper in closed_papers:
        addresses += [f"/en/meetings/{paper.meeting_id}/papers/{paper.pk}/{code}/" for code in ("ar", "en")]
        addresses += [f"/en/meetings/{visible.pk}/papers/{paper.pk}/fr/", f"/{paper.file_en.name}"]
        addresses += [f"/media/{paper.file_en.name}", f"/static/{paper.file_en.name}"]
    nothing = client.get("/en/meetings/999999-nothing/")

    for visitor in (client, log_in(make_member(make_group()))):
        reference = visitor.get("/en/meetings/999999-nothing/").content
        for address in addresses:
            response = visitor.get(address)
            assert response.status_code == 404, address
            if address.startswith("/en/"):
                assert response.content == reference, address
    assert nothing.status_code == 404
    for listing in ("/en/", "/ar/", "/en/meetings/", "/ar/meetings/"):
        assert b"Canary" not in client.get(listing).content
        assert "كناري".encode() not in client.get(listing).content


@pytest.mark.parametrize("language", ["ar", "en"])
def test_s37_a_paper_leaves_as_a_download_with_its_title_as_name(db, client, language):
    document = make_document(make_meeting(), title_ar="مشروع التوصيات", title_en="Draft recommendations")

    response = client.get(f"/{language}/meetings/{document.meeting_id}/papers/{document.pk}/{language}/")

    names = {
        "ar": f"attachment; filename*=utf-8''{quote('مشروع-التوصيات.pdf')}",
        "en": 'attachment; filename="Draft-recommendations.pdf"',
    }
    assert response["Content-Disposition"] == names[language]
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert b"".join(response.streaming_content) == PDF + language.encode()


def test_a_members_paper_is_kept_by_no_cache(db, log_in):
    group = make_group()
    document = make_document(make_meeting(group), audience="members")

    response = log_in(make_member(group)).get(document.files[0].get_absolute_url())

    assert b"".join(response.streaming_content) == PDF + b"en"
    assert response["Cache-Control"] == "private, no-store"


def test_a_paper_whose_file_is_gone_is_404(db, client):
    document = make_document(make_meeting())
    document.file_en.storage.delete(document.file_en.name)

    assert client.get(document.files[0].get_absolute_url()).status_code == 404


def test_a_private_file_has_the_checked_views_address_and_no_other(db):
    document = make_document(make_meeting())

    assert document.file_en.url == f"/en/meetings/{document.meeting_id}/papers/{document.pk}/en/"
    with pytest.raises(ValueError, match="no address"):
        document.file_en.storage.url(document.file_en.name)


# Calendar files


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize(
    ("zone", "day", "named"),
    [
        ("Africa/Cairo", date(2026, 4, 23), ["Africa/Cairo"]),
        ("Africa/Cairo", date(2026, 4, 25), ["Africa/Cairo"]),
        ("Africa/Casablanca", date(2027, 2, 20), ["Africa/Casablanca"]),
        ("Africa/Nouakchott", date(2026, 7, 1), []),  # UTC all year round, and written so
    ],
)
def test_f22_the_invite_parses_back_to_the_same_instants(db, client, language, zone, day, named):
    meeting = make_meeting(day=day, time_zone=zone, title_ar="اجتماع، تجريبي؛ طويل", title_en="Meeting, test; long")

    response = client.get(f"/{language}/meetings/{meeting.pk}/invite.ics")

    calendar = Calendar.from_ical(response.content)
    event = calendar.walk("VEVENT")[0]
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (meeting.starts_at, meeting.ends_at)
    assert [part["TZID"] for part in calendar.walk("VTIMEZONE")] == named
    assert event["dtstart"].params.get("TZID") == (zone if named else None)
    assert str(event["summary"]) == {"ar": meeting.title_ar, "en": meeting.title_en}[language]
    assert event["uid"] == f"meeting-{meeting.pk}@portal.example.org"
    assert max(len(line) for line in response.content.split(b"\r\n")) <= 75


def test_s57_text_cannot_add_a_property_to_the_invite(db, client):
    meeting = make_meeting(summary_en="Hello\r\nATTENDEE:mailto:x@example.org\nX-EVIL:1")

    content = client.get(f"/en/meetings/{meeting.pk}/invite.ics").content

    assert b"\nATTENDEE" not in content
    assert b"\nX-EVIL" not in content


def test_a_cancelled_meeting_is_cancelled_in_the_calendar_too(db, client):
    meeting = make_meeting(status="cancelled")

    event = Calendar.from_ical(client.get(f"/en/meetings/{meeting.pk}/invite.ics").content).walk("VEVENT")[0]

    assert (str(event["status"]), event["sequence"]) == ("CANCELLED", meeting.revision)


# The shared pages


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


def test_only_drafts_are_deleted(db, secretary, log_in):
    draft, published = make_meeting(status="draft"), make_meeting()
    client = log_in(secretary)

    assert client.post(f"/en/admin/meetings/meeting/{published.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.post(f"/en/admin/meetings/meeting/{draft.pk}/delete/", {"post": "yes"}).status_code == 302
    assert list(Meeting.objects.all()) == [published]


def test_s19_the_history_names_no_row(db, secretary, translator, log_in):
    meeting = make_meeting()
    make_item(meeting, audience="secretariat", title_en="Budget canary", title_ar="ميزانية")
    client = log_in(secretary)
    page = f"/en/admin/meetings/meeting/{meeting.pk}/change/"
    opened = {
        **FORM,
        "group": meeting.group_id,
        "opened_revision": meeting.revision,
        "place_ar": "هنا",
        "place_en": "Here",
    }
    item = AgendaItem.objects.get()
    rows = {
        "items-TOTAL_FORMS": "1",
        "items-INITIAL_FORMS": "1",
        "items-0-id": item.pk,
        "items-0-opened_revision": item.revision,
        "items-0-title_en": "Budget canary",
        "items-0-order": item.order,
        "items-0-minutes": "99",
        "items-0-audience": "secretariat",
    }
    assert client.post(page, {**opened, **rows}).status_code == 302

    html = log_in(translator).get(f"/en/admin/meetings/meeting/{meeting.pk}/history/").content.decode()

    assert "agenda items" in html
    assert "canary" not in html


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1899-12-31"])
def test_years_beyond_all_plans_are_refused_beside_the_field(db, secretary, log_in, day):
    response = add_meeting(log_in(secretary), starts_on=day, ends_on=day)

    assert set(response.context["adminform"].form.errors) == {"starts_on", "ends_on"}


def test_a_number_that_no_record_can_have_is_404(db, client):
    document = make_document(make_meeting())

    assert client.get(f"/en/meetings/9223372036854775808/papers/{document.pk}/en/").status_code == 404
    assert client.get("/en/meetings/9223372036854775808-x/").status_code == 404


def test_a_long_file_name_is_taken_because_it_is_not_kept(db, secretary, log_in):
    document = {
        "documents-TOTAL_FORMS": "1",
        "documents-0-title_ar": "ورقة",
        "documents-0-kind": "paper",
        "documents-0-version": "1",
        "documents-0-audience": "public",
        "documents-0-file_ar": ContentFile(PDF, name="و" * 200 + ".pdf"),
    }

    assert add_meeting(log_in(secretary), **document).status_code == 302
    assert Document.objects.count() == 1
