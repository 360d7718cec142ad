"""What stood on an item that few could see is shown to nobody else when the item is gone."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.models import AuditEntry
from apps.core.records import delete_record
from apps.meetings.agenda import keep_version, versions_for
from apps.meetings.models import Action, AgendaVersion, Decision, Document
from apps.meetings.papers import save_paper
from apps.meetings.services import publish_meeting
from tests.factories import make_action, make_decision, make_document, make_item, make_meeting, make_member
from tests.meetings.forms import FORM

KINDS = [(Document, make_document), (Decision, make_decision), (Action, make_action)]


@pytest.fixture
def member(group):
    return make_member(group)


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


def test_a_paper_that_moves_to_an_item_others_see_counts_as_posted_then(meeting):
    hidden, open_item = make_item(meeting, audience="secretariat"), make_item(meeting)
    paper = make_document(meeting, item=hidden, audience="members", languages=("ar",))
    before = paper.posted_ar

    paper.item = open_item
    moved = save_paper(paper, by=None)

    assert moved.posted_ar > before
    assert (moved.posted_en, moved.version) == (None, 1)


def test_a_paper_that_moves_to_a_hidden_item_is_not_posted(meeting):
    paper = make_document(meeting, item=make_item(meeting), audience="members", languages=("ar",))
    before = paper.posted_ar

    paper.item = make_item(meeting, audience="secretariat")

    assert save_paper(paper, by=None).posted_ar == before


@pytest.mark.parametrize("audience", ["members", "secretariat"])
def test_the_papers_of_an_item_that_others_may_see_now_count_as_posted_now(meeting, secretary, log_in, audience):
    item = make_item(meeting, parent=make_item(meeting, audience="secretariat", order=1), order=2)
    on_it, own = make_document(meeting, item=item, languages=("ar",)), make_document(meeting, audience="secretariat")
    browser, address = log_in(secretary), f"/en/admin/meetings/meeting/{meeting.pk}/change/"
    whole = item.parent
    row = {"id": whole.pk, "opened_revision": whole.revision, "title_en": "Anew", "title_ar": "جديد", "order": 1}
    row |= {"minutes": 5, "kind": "item", "audience": audience}
    opened = browser.get(address).context["adminform"].form
    sent = {**FORM, **{name: opened[name].value() for name in opened.fields if opened[name].value() is not None}}
    sent |= {"items-TOTAL_FORMS": "1", "items-INITIAL_FORMS": "1"}

    assert browser.post(address, sent | {f"items-0-{name}": value for name, value in row.items()}).status_code == 302

    kept = [Document.objects.get(pk=one.pk) for one in (on_it, own)]
    assert kept[0].posted_ar == on_it.posted_ar if audience == "secretariat" else kept[0].posted_ar > on_it.posted_ar
    assert (kept[0].posted_en, kept[1].posted_ar) == (None, own.posted_ar)


@pytest.mark.parametrize("versions", [1, 3])
def test_the_versions_of_an_agenda_ask_the_same_for_one_and_many(meeting, member, versions, django_assert_num_queries):
    for number in range(versions):
        make_item(meeting, title_en=f"Item {number}", audience="members")
        keep_version(meeting, by=None)
    meeting = type(meeting).objects.get(pk=meeting.pk)

    with django_assert_num_queries(10):
        found = versions_for(meeting, member)

    assert [len(rows) for _version, rows in found] == list(range(versions, 0, -1))
