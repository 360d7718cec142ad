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
