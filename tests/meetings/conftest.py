from datetime import date

import pytest

from apps.meetings.models import Participant
from tests.factories import make_group, make_meeting, make_member, make_participant
from tests.meetings.people import LATER


@pytest.fixture
def group(db):
    return make_group()


@pytest.fixture
def meeting(group):
    return make_meeting(group, day=LATER, audience="members")


@pytest.fixture
def asked(group, meeting) -> Participant:
    """A member who was invited and has not replied."""
    return make_participant(meeting, make_member(group).person)


@pytest.fixture
def held(db):
    return make_meeting(make_group(acronym="RSAG"), day=date(2026, 11, 2), audience="members", number=7, status="held")


@pytest.fixture
def owner(held):
    return make_member(held.group, language="en")
