"""Mails: a row first, sent after the commit, tried again, never twice, no personal link kept or shown."""

from datetime import timedelta
from email import message_from_bytes

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from apps.accounts.roles import Role
from apps.core import outbox
from apps.core.models import MailAddress, OutgoingMail
from apps.core.outbox import letters, sending
from tests.factories import make_mail, make_person, make_user


class AwayError(OSError):
    pass


@pytest.fixture
def server_away(monkeypatch):
    def refuse(self):
        raise AwayError("connection refused for reader@example.org")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)


def write(**changes) -> OutgoingMail:
    values = {"to": "reader@example.org", "language": "ar", "context": {"user": None}, **changes}
    return outbox.write("account/email/password_changed", **values)


def test_a_mail_leaves_after_the_commit(db, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        row = write()
        assert mail.outbox == []

    row.refresh_from_db()
    assert [message.to for message in mail.outbox] == [["reader@example.org"]]
    assert (row.status, row.attempts, row.problem) == ("sent", 1, "")
    assert row.sent_at is not None


@pytest.mark.django_db(transaction=True)
def test_a_mail_does_not_leave_when_the_transaction_rolls_back():
    with transaction.atomic():
        write()
        transaction.set_rollback(True)

    assert mail.outbox == []
    assert OutgoingMail.objects.count() == 0


@pytest.mark.parametrize(("language", "name"), [("ar", "مُلتقى"), ("en", "Multaqa")])
def test_a_mail_is_in_its_recipients_language(db, language, name):
    row = write(language=language)

    assert name in row.subject + row.text
    assert row.language == language


def test_a_mail_says_that_a_machine_sent_it_and_keeps_its_id_at_every_try(db):
    row = make_mail()
    first, second = letters.message(row), letters.message(row)

    assert first.extra_headers["Auto-Submitted"] == "auto-generated"
    assert first.extra_headers["Content-Language"] == "ar"
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]


def test_a_mail_is_tried_again_later_and_given_up_in_the_end(db, server_away, caplog):
    row = make_mail()
    pauses = []
    for _attempt in range(8):
        OutgoingMail.objects.update(next_try_at=timezone.now())
        assert outbox.send_waiting() == 0
        row.refresh_from_db()
        pauses.append(round((row.next_try_at - timezone.now()) / timedelta(minutes=1)))

    assert pauses == [1, 5, 15, 60, 240, 720, 1440, 1440]
    assert (row.status, row.attempts, row.problem) == ("failed", 8, "AwayError")
    assert "reader@example.org" not in caplog.text
    assert outbox.send_waiting() == 0
    assert OutgoingMail.objects.get().attempts == 8


def test_a_mail_is_not_tried_before_its_time(db, server_away):
    row = make_mail()
    outbox.send_waiting()
    outbox.send_waiting()

    row.refresh_from_db()
    assert row.attempts == 1


def test_a_mail_that_another_process_has_taken_is_left_alone(db):
    make_mail()
    assert sending.take("one") is not None

    assert sending.take("other") is None


def test_a_personal_link_is_kept_until_the_mail_is_sent_and_shown_nowhere(db, log_in, monkeypatch):
    row = make_mail(is_secret=True, text="https://portal.example.org/secret-link")
    client = log_in(make_user(Role.SECRETARIAT))
    page = client.get(f"/en/admin/core/outgoingmail/{row.pk}/change/").content.decode()
    assert "secret-link" not in page
    assert "Not shown: it holds a personal link." in page

    outbox.send_waiting()

    row.refresh_from_db()
    assert "secret-link" in mail.outbox[0].body
    assert row.text == ""


def test_the_secretariat_sees_what_was_sent(db, log_in):
    row = make_mail(text="<b>نص</b>")
    client = log_in(make_user(Role.SECRETARIAT))

    assert row.subject in client.get("/en/admin/core/outgoingmail/").content.decode()
    assert "&lt;b&gt;نص&lt;/b&gt;" in client.get(f"/en/admin/core/outgoingmail/{row.pk}/change/").content.decode()


@pytest.mark.parametrize("has_account", [True, False])
def test_mails_to_a_protected_person_are_listed_for_her_guardians_only(db, has_account):
    guardian, other = make_user(Role.SECRETARIAT), make_user(Role.SECRETARIAT)
    user = make_user(email="protected@example.org") if has_account else None
    person = make_person(user=user, email="" if has_account else "Protected@example.org", is_at_risk=True)
    person.guardians.add(guardian)
    row, plain = make_mail(to="protected@example.org"), make_mail()
    address = MailAddress.objects.create(email="protected@example.org")

    for reader, knows in ((guardian, True), (other, False)):
        assert set(OutgoingMail.objects.visible_to(reader)) == ({row, plain} if knows else {plain})
        assert set(MailAddress.objects.visible_to(reader)) == ({address} if knows else set())


# Calendar files

FILE = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nX:https://meet.example.org/room اجتماع\r\nEND:VCALENDAR\r\n"


def parts_of(row: OutgoingMail) -> list:
    """As they arrive."""
    return list(message_from_bytes(letters.message(row).message().as_bytes(linesep="\r\n")).walk())


def test_a_calendar_file_goes_beside_the_text_and_attached(db):
    row = write(calendar=outbox.CalendarFile(FILE, "REQUEST"))

    parts = parts_of(row)

    assert [part.get_content_type() for part in parts] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    calendar, attached = parts[-2:]
    assert (calendar.get_param("method"), calendar.get_param("charset")) == ("REQUEST", "utf-8")
    assert calendar.get_filename() is None
    assert attached.get_filename() == "invite.ics"
    for part in (calendar, attached):
        assert part.get_payload(decode=True).decode() == FILE


def test_who_answers_an_invitation_by_mail_reaches_the_secretariat(db, settings):
    row = write(calendar=outbox.CalendarFile(FILE, "REQUEST"))
    assert letters.message(row).message()["Reply-To"] == "secretariat@example.org"

    settings.SECRETARIAT_EMAIL = ""

    assert letters.message(row).message()["Reply-To"] is None
    assert letters.message(write()).message().get_content_type() == "multipart/alternative"


def test_a_calendar_file_goes_when_the_secret_text_goes(db):
    secret = make_mail(is_secret=True, text="link", calendar=FILE, calendar_method="REQUEST")
    plain = make_mail(calendar=FILE, calendar_method="CANCEL")

    outbox.send_waiting()

    for row in (secret, plain):
        row.refresh_from_db()
    assert (secret.text, secret.calendar, secret.calendar_method) == ("", "", "REQUEST")
    assert (plain.text, plain.calendar) == ("النص", FILE)
    assert len(mail.outbox) == 2


def test_a_calendar_file_waits_with_its_mail_while_the_server_is_away(db, server_away):
    row = make_mail(is_secret=True, text="link", calendar=FILE, calendar_method="REQUEST")

    outbox.send_waiting()

    row.refresh_from_db()
    assert (row.status, row.text, row.calendar) == ("waiting", "link", FILE)


@pytest.mark.parametrize(
    ("method", "language", "shown"),
    [
        ("REQUEST", "en", "Invitation"),
        ("CANCEL", "en", "Cancellation"),
        ("REQUEST", "ar", "دعوة"),
        ("", "en", "–"),
    ],
)
def test_the_secretariat_sees_that_there_is_a_calendar_file_and_not_what_is_in_it(db, log_in, method, language, shown):
    row = make_mail(is_secret=True, text="link", calendar=FILE if method else "", calendar_method=method)

    page = log_in(make_user(Role.SECRETARIAT)).get(f"/{language}/admin/core/outgoingmail/{row.pk}/change/")

    field = page.content.decode().split("field-file", 1)[1].split("</fieldset>", 1)[0]
    assert shown in field
    assert "meet.example.org" not in page.content.decode()
