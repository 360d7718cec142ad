"""Replying by the link and by the page, and who sees what of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.roles import Role
from apps.meetings import participants
from apps.meetings.models import Meeting, Need, Participant
from tests.factories import make_member, make_participant, make_person, make_user
from tests.meetings.people import kept, token

# By the link


@pytest.mark.parametrize(("language", "answer"), [("ar", "عن بُعد"), ("en", "Online")])
def test_the_link_opens_the_reply_without_logging_in(client, asked, language, answer):
    path = f"/{language}/meetings/reply/{token(asked)}/"

    page = client.get(path).content.decode()
    sent = client.post(path, {"answer": "online", "needs_technology": ["data"], "note": "20 GB"})

    assert answer in page
    assert sent.status_code == 302
    assert list(asked.needs.values_list("kind", "note")) == [("data", "20 GB")]
    assert kept(asked).reply == "online"


def test_a_link_works_for_its_person_only_and_not_after_she_was_taken_out(client, asked, meeting, secretary):
    path = f"/en/meetings/reply/{token(asked)}/"
    assert client.get(path[:-2] + "x/").status_code == 404

    participants.take_out(asked, by=secretary, reason="Left")
    answer = client.get(path)

    assert answer.status_code == 404
    assert meeting.title_en not in answer.content.decode()


def test_a_reply_that_is_refused_says_so_and_changes_nothing(client, asked, group):
    path = f"/en/meetings/reply/{token(asked)}/"
    group.memberships.update(ends_on=timezone.localdate() - timedelta(days=1))

    answer = client.post(path, {"answer": "online"})

    assert answer.status_code == 409
    assert "You are not on the list of this meeting any more." in answer.content.decode()
    assert kept(asked).reply == ""


def test_the_link_leads_a_search_engine_nowhere_and_is_kept_by_no_cache(client, asked):
    answer = client.get(f"/en/meetings/reply/{token(asked)}/")

    assert 'name="robots" content="noindex"' in answer.content.decode()
    assert answer["Cache-Control"] == "private, no-store"


# Who sees what


def test_needs_are_for_the_secretariat_and_for_who_has_them(asked, group, secretary, auditor, editor):
    participants.reply(asked, by=None, answer="online", needs={"safety": "Alone"})

    for user, seen in ((secretary, 1), (asked.user, 1), (auditor, 0), (editor, 0), (make_member(group), 0)):
        assert Need.objects.visible_to(user).count() == seen


def test_a_member_sees_nobody_elses_reply(client, asked, group, meeting, log_in):
    participants.reply(asked, by=None, answer="cannot")
    other = log_in(make_member(group)).get(meeting.get_absolute_url()).content.decode()
    own = log_in(asked.user).get(meeting.get_absolute_url()).content.decode()

    assert "Cannot come" in own
    assert "Cannot come" not in other


def test_a_guest_with_an_account_sees_the_meeting_to_which_she_was_asked(group, meeting):
    user = make_user(Role.MEMBER)
    participant = make_participant(meeting, make_person(user=user), invited_at=None)
    assert not Meeting.objects.visible_to(user).exists()

    Participant.objects.filter(pk=participant.pk).update(invited_at=timezone.now())

    assert list(Meeting.objects.visible_to(user)) == [meeting]


def test_home_names_the_replies_that_a_member_owes(asked, meeting, log_in):
    client = log_in(asked.user)
    assert f'href="/en/meetings/{meeting.pk}/reply/"' in client.get("/en/").content.decode()

    participants.reply(asked, by=None, answer="cannot")

    assert f'href="/en/meetings/{meeting.pk}/reply/"' not in client.get("/en/").content.decode()
