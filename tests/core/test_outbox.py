"""Mails: a row first, sent after the commit, tried again, never twice, no personal link kept or shown."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from apps.accounts.roles import Role
from apps.core import outbox
from apps.core.models import OutgoingMail
from tests.factories import make_mail, make_user


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
    first, second = outbox._message(row), outbox._message(row)

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
    row = make_mail()
    OutgoingMail.objects.filter(pk=row.pk).update(attempts=1)

    assert outbox._claim(row) is False


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
