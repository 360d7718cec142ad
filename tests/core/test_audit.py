"""S61, S62: what was done is in the trail, and nobody can take it out unseen."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from apps.accounts.roles import Role
from apps.core import audit
from apps.core.audit_models import AppendOnlyError, AuditDetail, AuditEntry, AuditSeal
from apps.core.records import delete_record, save_record, set_links
from apps.meetings.models import Audience, Meeting
from apps.meetings.services import cancel_meeting
from tests.factories import (
    client_for,
    make_article,
    make_contact,
    make_document,
    make_group,
    make_meeting,
    make_member,
    make_published,
    make_user,
)

postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="the triggers are PostgreSQL's")


def last(action: str = "") -> AuditEntry:
    entries = AuditEntry.objects.filter(action=action) if action else AuditEntry.objects
    return entries.order_by("pk").last()


def told(entry: AuditEntry) -> tuple:
    return entry.action, entry.actor, entry.model, entry.object_id, entry.detail.label


@pytest.fixture
def chain(db, django_capture_on_commit_callbacks):
    """Five sealed entries."""
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(5):
            audit.record("exported", by=None, changes={"rows": ["", str(number)]}, reason=f"reason {number}")
    assert AuditSeal.objects.count() == 5
    assert [*audit.problems()] == []


def test_s62_a_new_record_a_change_and_a_deletion_are_in_the_trail(secretary):
    contact = make_contact()
    contact.phone = "+20 2 5550 0199"
    save_record(contact, by=secretary, reason="a new line")
    changed = last()
    pk, label = contact.pk, str(contact)
    delete_record(contact, by=secretary)

    assert told(changed) == ("changed", secretary, "news.presscontact", str(pk), label)
    assert changed.detail.changes == {"phone": ["+20 2 5550 0100", "+20 2 5550 0199"]}
    assert changed.detail.reason == "a new line"
    assert told(last()) == ("deleted", secretary, "news.presscontact", str(pk), label)
    assert last().detail.changes["phone"] == ["+20 2 5550 0199", ""]


def test_s62_a_change_from_the_shell_is_in_the_trail_under_nobodys_name(editor):
    article = make_article()
    save_record(article, by=editor)

    article.title_en = "Changed by hand"
    article.save()

    assert told(last()) == ("changed", None, "news.article", str(article.pk), "Changed by hand")
    assert article.updated_by is None


def test_saving_without_a_change_writes_no_entry(editor):
    article = make_article()
    before = AuditEntry.objects.count()

    save_record(article, by=editor)

    assert AuditEntry.objects.count() == before


def test_a_step_of_a_record_is_in_the_trail(secretary):
    meeting = make_meeting()

    cancel_meeting(meeting, by=secretary)

    assert last().detail.changes == {"status": ["published", "cancelled"]}


def test_links_are_in_the_trail_by_name(secretary):
    article, contact = make_article(), make_contact()

    set_links(article, "contacts", [contact], by=secretary)
    entries = AuditEntry.objects.count()
    set_links(article, "contacts", [contact], by=secretary)

    assert last().detail.changes == {"contacts": ["", str(contact)]}
    assert AuditEntry.objects.count() == entries


def test_what_is_rolled_back_leaves_no_entry(secretary):
    before = AuditEntry.objects.count()

    with transaction.atomic():
        save_record(make_contact(), by=secretary)
        transaction.set_rollback(True)

    assert AuditEntry.objects.count() == before


def test_a_password_stands_as_a_fingerprint_only(secretary):
    user = make_user(Role.MEMBER)
    user.set_password("another-quiet-tree")
    save_record(user, by=user)

    before, after = last().detail.changes["password"]
    assert len(before) == len(after) == 9
    assert before != after
    assert "pbkdf2" not in before + after
    assert "md5" not in before + after


def test_logging_in_does_not_count_as_a_change_of_the_account(secretary):
    revision = secretary.revision
    client_for(secretary)

    secretary.refresh_from_db()
    assert secretary.revision == revision


# Refusals and downloads


def test_s61_a_refused_page_is_in_the_trail(db, log_in):
    member = make_user(Role.MEMBER)

    assert log_in(member).get("/en/admin/login/").status_code == 403

    assert told(last()) == ("refused", member, "", "", "")
    assert last().detail.changes == {"page": ["", "admin:login"]}
    assert last().detail.address == "127.0.0.0/24"


def test_s61_asking_for_what_is_hidden_is_in_the_trail(db, log_in):
    meeting = make_meeting(audience=Audience.MEMBERS)
    outsider = make_member(make_group())

    assert log_in(outsider).get(meeting.get_absolute_url()).status_code == 404

    assert told(last()) == ("refused", outsider, "meetings.meeting", str(meeting.pk), str(meeting))


def test_a_stranger_and_a_wrong_number_leave_no_entry(db, client, log_in):
    meeting = make_meeting(audience=Audience.MEMBERS)
    outsider = make_member(make_group())
    before = AuditEntry.objects.count()

    assert client.get(meeting.get_absolute_url()).status_code == 404
    assert log_in(outsider).get("/en/meetings/999999-x/").status_code == 404
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize(
    ("paper", "meeting", "recorded"),
    [
        (Audience.PUBLIC, {}, False),
        (Audience.MEMBERS, {}, True),
        (Audience.PUBLIC, {"audience": Audience.MEMBERS}, True),
        (Audience.PUBLIC, {"status": Meeting.Status.DRAFT}, True),
    ],
)
def test_s61_a_download_is_in_the_trail_when_strangers_may_not_have_the_paper(
    log_in, secretary, paper, meeting, recorded
):
    document = make_document(make_meeting(**meeting), audience=paper)
    before = AuditEntry.objects.count()

    address = reverse("meetings:document", args=[document.meeting_id, document.pk, "ar"])
    response = log_in(secretary).get(address)
    b"".join(response.streaming_content)

    assert AuditEntry.objects.count() - before == recorded
    if recorded:
        assert told(last()) == ("downloaded", secretary, "meetings.document", str(document.pk), str(document))
        assert last().detail.changes == {"file": ["", "ar"]}


# The address


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1234:5678::9", "2001:db8:1234::/48"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("no address", ""),
        ("", ""),
    ],
)
def test_s61_addresses_are_kept_shortened(address, kept):
    assert audit.shortened(address) == kept


def test_outside_a_request_there_is_no_address(secretary):
    save_record(make_contact(), by=secretary)

    assert last().detail.address == ""


# Append-only


def test_s62_the_code_refuses_to_change_or_delete(chain):
    entry = last()
    for attempt in (
        entry.save,
        entry.delete,
        AuditEntry.objects.all().delete,
        AuditSeal.objects.all().delete,
        AuditSeal.objects.first().delete,
        lambda: AuditEntry.objects.update(action="changed"),
    ):
        with pytest.raises(AppendOnlyError):
            attempt()


@postgresql
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_auditentry SET action = 'changed'",
        "DELETE FROM core_auditentry",
        "TRUNCATE core_auditentry CASCADE",
        "UPDATE core_auditseal SET digest = ''",
        "DELETE FROM core_auditseal",
        "TRUNCATE core_auditseal",
        "UPDATE core_auditdetail SET reason = 'another'",
        "UPDATE core_auditdetail SET address = '10.0.0.0/24'",
        "UPDATE core_auditdetail SET changes = '{}', address = ''",
    ],
)
def test_s62_postgresql_refuses_to_change_or_delete(chain, statement):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("core_auditentry", "core_auditseal"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER audit_keep_all")  # off for the suite's own cleaning
        with pytest.raises(DatabaseError, match=r"only added to|only the address"), transaction.atomic():
            cursor.execute(statement)

    assert [*audit.problems()] == []


def test_s62_addresses_may_be_emptied_and_details_erased(chain):
    AuditDetail.objects.update(address="")
    AuditDetail.objects.filter(pk=last().pk).delete()

    assert [*audit.problems()] == []


# The chain


def tamper(statement: str, *values) -> None:
    """What somebody with the database's own rights could do."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in ("core_auditentry", "core_auditseal", "core_auditdetail"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, values)


def pks() -> list[int]:
    return [*AuditEntry.objects.order_by("pk").values_list("pk", flat=True)]


def test_s62_a_changed_entry_is_found(chain):
    third = pks()[2]
    tamper("UPDATE core_auditentry SET object_id = '7' WHERE id = %s", third)

    assert [*audit.problems()] == [f"Entry {third} is not what was sealed, or what stood before it is not."]


def test_s62_a_changed_detail_is_found(chain):
    second = pks()[1]
    tamper("UPDATE core_auditdetail SET reason = 'nothing' WHERE entry_id = %s", second)

    assert [*audit.problems()] == [f"The detail of entry {second} is not what was written."]


def test_s62_an_entry_taken_out_with_its_seal_is_found(chain):
    second, third = pks()[1:3]
    for table, column in [("core_auditseal", "entry_id"), ("core_auditdetail", "entry_id"), ("core_auditentry", "id")]:
        tamper(f"DELETE FROM {table} WHERE {column} = %s", second)

    assert [*audit.problems()] == [
        "Seal 2 is missing.",
        f"Entry {third} is not what was sealed, or what stood before it is not.",
    ]


def test_s62_a_chain_that_lost_its_end_does_not_hold_an_end_written_down_earlier(chain):
    end = audit.last_digest()
    assert audit.holds(end)

    tamper("DELETE FROM core_auditseal WHERE position = 5")

    assert not audit.holds(end)
    assert audit.holds(audit.last_digest())


def test_s62_the_command_says_whether_the_trail_is_whole(chain):
    out = io.StringIO()
    call_command("verify_audit", stdout=out, since=audit.last_digest())
    assert out.getvalue() == f"The audit trail is whole. Its end: {audit.last_digest()}\n"

    tamper("UPDATE core_auditentry SET action = 'changed' WHERE id = %s", pks()[0])
    err = io.StringIO()
    with pytest.raises(CommandError, match="The audit trail is not whole: 1 problems"):
        call_command("verify_audit", stderr=err)
    assert f"Entry {pks()[0]} is not what was sealed" in err.getvalue()


def test_an_entry_that_missed_its_seal_is_sealed_with_the_next(db, django_capture_on_commit_callbacks):
    audit.record("exported", by=None)  # the process stops before its commit hook
    assert [*audit.problems()] == ["1 entries are not sealed yet; the worker seals them within an hour."]

    with django_capture_on_commit_callbacks(execute=True):
        audit.record("exported", by=None)

    assert AuditSeal.objects.count() == 2
    assert [*audit.problems()] == []


@pytest.fixture
def passed_by(chain):
    """An entry whose seal is missing while that of a later one is there."""
    entry, later = (audit.record("exported", by=None) for _number in range(2))
    last_seal = AuditSeal.objects.get(position=5)
    digest = audit._digest(last_seal.digest, audit._entry_text(later))
    AuditSeal.objects.create(position=6, entry=later, digest=digest)
    return entry


def test_an_entry_of_a_transaction_that_took_longer_is_sealed_by_its_own_commit(passed_by):
    audit.seal(passed_by)

    assert passed_by.seal.position == 7
    assert [*audit.problems()] == []


def test_no_commit_looks_through_the_whole_trail_and_the_worker_does(passed_by):
    audit.seal(audit.record("exported", by=None))
    assert not AuditSeal.objects.filter(entry=passed_by).exists()

    assert [audit.seal_missed(timezone.now()) for _time in range(2)] == [1, 0]

    assert [seal.position for seal in AuditSeal.objects.order_by("entry_id")] == [1, 2, 3, 4, 5, 8, 6, 7]
    assert [*audit.problems()] == []


# The pages


def test_the_auditor_reads_filters_and_opens_entries(log_in, secretary):
    auditor = make_user(Role.AUDITOR)
    contact = make_contact()
    contact.phone = "+20 2 5550 0177"
    save_record(contact, by=secretary, reason="<b>why</b>")
    client = log_in(auditor)

    listed = client.get("/en/admin/core/auditentry/", {"kind": "news.presscontact", "action__exact": "changed"})
    page = client.get(f"/en/admin/core/auditentry/{last().pk}/change/").content.decode()

    assert [entry.pk for entry in listed.context["cl"].result_list] == [last().pk]
    assert "+20 2 5550 0100" in page
    assert "+20 2 5550 0177" in page
    assert "&lt;b&gt;why&lt;/b&gt;" in page
    assert secretary.get_full_name() in page


def test_the_trail_page_stands_when_the_detail_is_erased(log_in, secretary):
    make_published()
    AuditDetail.objects.all().delete()
    client = log_in(make_user(Role.AUDITOR))

    assert "(erased)" in client.get("/en/admin/core/auditentry/").content.decode()
    page = client.get(f"/en/admin/core/auditentry/{pks()[0]}/change/").content.decode()
    assert "the values are not kept any more" in page
