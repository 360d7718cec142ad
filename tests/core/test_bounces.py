"""What comes back: reports in a mailbox and a provider's word stop an address; what is made up stops nobody."""

import mailbox
from email.message import EmailMessage

import pytest
from anymail.signals import AnymailTrackingEvent, tracking
from django.core.management import CommandError, call_command
from django.test import Client

from apps.accounts.roles import Role
from apps.core.models import MailAddress
from apps.core.outbox import bounces, letters
from tests.factories import make_mail, make_user

REPORT = """\
From: MAILER-DAEMON@example.org
Content-Type: multipart/report; report-type={kind}; boundary=x

--x
Content-Type: text/plain

Undelivered.
--x
Content-Type: message/{kind}

{fields}
--x
Content-Type: text/rfc822-headers

Message-ID: {message_id}
To: reader@example.org

--x--
"""
FAILED = "Reporting-MTA: dns; mx.example.org\n\nFinal-Recipient: rfc822; reader@example.org\nAction: {}\nStatus: {}\n"
GONE = FAILED.format("failed", "5.1.1")


@pytest.fixture
def inbox(settings, tmp_path):
    settings.BOUNCES_FROM = f"maildir://{tmp_path}/inbox"
    return mailbox.Maildir(tmp_path / "inbox")


def report(row, kind="delivery-status", fields=GONE, message_id=None) -> str:
    return REPORT.format(kind=kind, fields=fields, message_id=message_id or letters.message_id(row))


def test_a_report_marks_the_mail_and_counts_for_its_address(db, inbox, capsys):
    row = make_mail(status="sent")
    for _time in range(2):  # told twice is once
        inbox.add(report(row))

    call_command("read_bounces")

    row.refresh_from_db()
    assert (row.status, row.problem) == ("bounced", "returned: 5.1.1")
    assert MailAddress.objects.get().bounces == 1
    assert len(mailbox.Maildir(inbox._path)) == 0
    assert capsys.readouterr().out == "2 mails have come back.\n"


def test_a_complaint_stops_at_once(db, inbox):
    inbox.add(report(make_mail(status="sent"), kind="feedback-report", fields="Feedback-Type: abuse\nVersion: 1\n"))

    call_command("read_bounces")

    address = MailAddress.objects.get()
    assert (address.is_complaint, address.stopped_at is not None) == (True, True)


@pytest.mark.parametrize("fields", [FAILED.format("delayed", "4.2.2"), FAILED.format("delivered", "2.0.0"), ""])
def test_a_delay_or_a_success_is_no_return(db, inbox, fields):
    inbox.add(report(make_mail(status="sent"), fields=fields))

    call_command("read_bounces")

    assert not MailAddress.objects.exists()


def test_what_is_made_up_stops_nobody(db, inbox):
    row = make_mail(status="sent")
    inbox.add(report(row, message_id=f"<outbox-{row.pk}-0123456789abcdef@portal.example.org>"))
    inbox.add(report(row, message_id="<outbox-99999999999999999999999999-0123456789abcdef@x>"))
    plain = EmailMessage()
    plain.set_content(f"5.1.1 failed {letters.message_id(row)}")
    inbox.add(plain)
    inbox.add(b"\xff\x00" * 500)

    call_command("read_bounces")

    assert not MailAddress.objects.exists()


def test_without_a_mailbox_the_command_says_so(db):
    with pytest.raises(CommandError, match="BOUNCES_FROM is not set"):
        call_command("read_bounces")


class Imap:
    """A mailbox at a server, as far as the portal speaks with it."""

    calls: list = []
    unread: list[bytes] = []

    def __init__(self, host, port, timeout):
        self.calls.append(("open", host, port))

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.calls.append(("close",))

    def login(self, user, password):
        self.calls.append(("login", user, password))

    def select(self, folder):
        self.calls.append(("select", folder))

    def search(self, _charset, wanted):
        return "OK", [b" ".join(str(number).encode() for number in range(1, len(self.unread) + 1))]

    def fetch(self, number, parts):
        self.calls.append((number, parts))
        return "OK", [(b"1 (BODY[] {9}", self.unread[int(number) - 1]), b")"]

    def store(self, number, command, flags):
        self.calls.append((number, command, flags))

    def expunge(self):
        self.calls.append(("expunge",))


def test_a_mailbox_at_a_server_is_read_and_emptied(db, settings, monkeypatch):
    row = make_mail(status="sent")
    monkeypatch.setattr("imaplib.IMAP4_SSL", Imap)
    monkeypatch.setattr(Imap, "calls", [])
    monkeypatch.setattr(Imap, "unread", [b"Subject: hello\r\n\r\n", report(row).encode()])
    settings.BOUNCES_FROM = "imaps://bounces%40example.org:se%3Acret@mail.example.org/Returned"

    assert bounces.read_mailbox() == 1

    row.refresh_from_db()
    assert row.status == "bounced"
    flags = "(\\Seen \\Deleted)"
    assert Imap.calls == [
        ("open", "mail.example.org", 993),
        ("login", "bounces@example.org", "se:cret"),
        ("select", "Returned"),
        (b"1", "(BODY.PEEK[])"),
        (b"1", "+FLAGS", flags),
        (b"2", "(BODY.PEEK[])"),
        (b"2", "+FLAGS", flags),
        ("expunge",),
        ("close",),
    ]


@pytest.mark.parametrize(
    ("kind", "status", "stopped"),
    [
        ("bounced", "bounced", False),
        ("complained", "bounced", True),
        ("deferred", "sent", None),
        ("opened", "sent", None),
    ],
)
def test_a_provider_says_what_came_back(db, kind, status, stopped):
    row = make_mail(status="sent")
    event = AnymailTrackingEvent(event_type=kind, metadata={"mail": str(row.pk)}, recipient=row.to)

    tracking.send(sender=object, event=event, esp_name="Test")

    row.refresh_from_db()
    assert row.status == status
    assert [one.stopped_at is not None for one in MailAddress.objects.all()] == ([] if stopped is None else [stopped])


def test_without_a_secret_there_is_no_address_for_providers(db):
    assert Client().post("/webhooks/mailgun/tracking/").status_code == 404


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Mails go to 1 address again."), ("ar", "عاد إرسال الرسائل إلى عنوان واحد.")]
)
def test_the_secretariat_opens_a_mailbox_again(db, log_in, language, said):
    address = MailAddress.objects.create(email="reader@example.org", bounces=3)
    client = log_in(make_user(Role.SECRETARIAT, language=language))

    page = client.post(
        f"/{language}/admin/core/mailaddress/",
        {"action": "open_again", "_selected_action": [address.pk]},
        follow=True,
    )

    assert said in page.content.decode()
    assert not MailAddress.objects.exists()


def test_the_auditor_does_not_see_whose_mails_came_back(db, log_in):
    assert log_in(make_user(Role.AUDITOR)).get("/en/admin/core/mailaddress/").status_code == 403
