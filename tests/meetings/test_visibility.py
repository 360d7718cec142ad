from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from apps.accounts.roles import Role
from apps.meetings.models import Audience, Meeting
from tests.factories import (
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
