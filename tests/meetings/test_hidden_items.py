"""What stood on an item that few could see is shown to nobody else when the item is gone."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.models import AuditEntry
from apps.core.records import delete_record
from apps.meetings.models import Action, AgendaVersion, Decision, Document
from apps.meetings.services import publish_meeting
from tests.factories import make_action, make_decision, make_document, make_item, make_meeting, make_member

KINDS = [(Document, make_document), (Decision, make_decision), (Action, make_action)]


@pytest.fixture
def meeting(group):
    return make_meeting(group, day=date(2026, 1, 5))


def _item(meeting, audience: str, *, is_part: bool):
    if is_part:
        return make_item(meeting, parent=make_item(meeting, audience=audience))
    return make_item(meeting, audience=audience)


@pytest.mark.parametrize("is_part", [False, True])
@pytest.mark.parametrize(("model", "make"), KINDS)
def test_what_stood_on_a_hidden_item_stays_hidden(group, meeting, secretary, model, make, is_part):
    item = _item(meeting, "secretariat", is_part=is_part)
    on_it = make(meeting, item=item, audience="public")
    beside = make(meeting, audience="public")

    delete_record(item.parent or item, by=secretary)

    readers = [AnonymousUser(), make_member(group), secretary]
    seen = [set(model.objects.visible_to(user)) for user in readers]
    assert seen == [{beside}, {beside}, {beside, on_it}]


@pytest.mark.parametrize(("model", "make"), KINDS)
def test_what_stood_on_an_item_for_members_stays_with_them(group, meeting, secretary, model, make):
    item = make_item(meeting, audience="members")
    on_it = [make(meeting, item=item, audience=audience) for audience in ("public", "members", "secretariat")]

    delete_record(item, by=secretary)

    audiences = [model.objects.get(pk=one.pk).audience for one in on_it]
    assert audiences == ["members", "members", "secretariat"]
    changed = AuditEntry.objects.filter(model=model._meta.label_lower, action="changed")
    assert [(entry.actor, entry.object_id) for entry in changed] == [(secretary, str(on_it[0].pk))]


def test_only_versions_with_a_row_that_changes_are_written(group, meeting, secretary):
    meeting = make_meeting(group, status="draft", day=date(2026, 1, 5))
    item = make_item(meeting, audience="members")
    publish_meeting(meeting, by=secretary)

    with CaptureQueriesContext(connection) as asked:
        delete_record(item, by=secretary)

    assert [query["sql"] for query in asked if query["sql"].startswith('UPDATE "meetings_agendaversion"')] == []
    assert AgendaVersion.objects.get().rows[0]["shown_to"] == "members"
