"""Minutes and who reads them, for several test modules."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from zeal import zeal_ignore

from apps.accounts.models import User
from apps.accounts.roles import Role
from apps.core.models import OutgoingMail
from apps.core.records import save_record
from apps.meetings.models import Meeting, Minutes, MinutesComment, MinutesEntry
from tests.factories import make_item, make_meeting, make_membership, make_minutes, make_person, make_user

HELD_ON = date(2026, 1, 5)
LATER, STILL_LATER = date(2031, 12, 9), date(2031, 12, 16)
OVER = date(2026, 1, 20)
CORRECTION = {"text_ar": "<p>تصويب</p>", "text_en": "<p>Read “ten”.</p>"}


def held_meeting(group, **fields) -> Meeting:
    return make_meeting(group, day=HELD_ON, **{"status": "held", "audience": "members", **fields})


def minutes_of(group, *, state: str = "draft", **fields) -> Minutes:
    """With two entries that members read."""
    meeting = held_meeting(group)
    make_item(meeting, title_en="Opening", title_ar="الافتتاح")
    make_item(meeting, title_en="Budget", title_ar="الميزانية")
    return make_minutes(meeting, state=state, **fields)


def first_entry(minutes: Minutes) -> MinutesEntry:
    return minutes.entries.first()


def seated(group, position: str = "member", **fields) -> User:
    """A user with this place in the group."""
    seat = {name: fields.pop(name) for name in ("starts_on", "ends_on") if name in fields}
    user = make_user(Role.MEMBER, **fields)
    make_membership(group, make_person(user=user), position=position, **seat)
    return user


def make_comment(entry: MinutesEntry, by: User | None, words: str = "A word is wrong.", **fields) -> MinutesComment:
    return save_record(MinutesComment(entry=entry, words=words, **fields), by=by)


def told(kind: str) -> list[str]:
    return sorted(OutgoingMail.objects.filter(kind=kind).values_list("to", flat=True))


def kept(record):
    return type(record).objects.get(pk=record.pk)


def send(client, page: str, data: dict):
    """Sends what is about many records: Django looks up each row of a form, and each record takes its step alone."""
    with zeal_ignore():
        return client.post(page, data)


def refused(service, minutes, **options) -> str:
    """The sentence; nothing is changed."""
    before = kept(minutes)
    with pytest.raises(ValidationError) as problem:
        service(minutes, **options)
    assert kept(minutes).revision == before.revision
    return " ".join(problem.value.messages)


def step(client, minutes, name: str, data: dict | None = None, language: str = "en"):
    return client.post(f"/{language}/admin/meetings/minutes/{minutes.pk}/step/{name}/", data or {})
