"""Zones of people, of which the zone database drops one now and then."""

import pytest

from apps.accounts.models import User
from tests.factories import client_for, make_group, make_meeting, make_member


@pytest.mark.parametrize("language", ["ar", "en"])
def test_somebody_whose_zone_is_gone_reads_on_the_portals_clock(db, language):
    group = make_group()
    meeting = make_meeting(group)
    reader = make_member(group)
    User.objects.filter(pk=reader.pk).update(time_zone="Mars/Phobos")

    page = client_for(reader).get(f"/{language}/meetings/{meeting.pk}-x/", follow=True)

    assert page.status_code == 200
    assert "Phobos" not in page.content.decode()
