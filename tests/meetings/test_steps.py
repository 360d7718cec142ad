from datetime import date

import pytest
from django.core.exceptions import ValidationError

from apps.meetings import services
from apps.meetings.models import Meeting
from tests.factories import (
    make_document,
    make_meeting,
)
from tests.meetings.forms import FORM, add_meeting


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


def test_only_drafts_are_deleted(db, secretary, log_in):
    draft, published = make_meeting(status="draft"), make_meeting()
    client = log_in(secretary)

    assert client.post(f"/en/admin/meetings/meeting/{published.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.post(f"/en/admin/meetings/meeting/{draft.pk}/delete/", {"post": "yes"}).status_code == 302
    assert list(Meeting.objects.all()) == [published]
