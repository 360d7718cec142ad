"""Mails leave to a real server on this machine, which is away, slow, refusing, or cuts the line; each arrives once."""

import asyncio
import socket
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller
from django.core.exceptions import ValidationError
from django.utils import timezone

from apps.core import outbox
from apps.core.models import MailAddress, OutgoingMail
from apps.core.outbox import addresses, letters, sending, writing
from tests.factories import make_mail, make_meeting, make_user


class Server:
    """What arrives, and what to answer: ``answers`` gives the next ones by step."""

    def __init__(self):
        self.messages, self.answers = [], {"rcpt": [], "data": []}

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name
        if self.answers["rcpt"]:
            answer = self.answers["rcpt"].pop(0)
            if answer != "250 OK":
                return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        answer = self.answers["data"].pop(0) if self.answers["data"] else "250 OK"
        if answer in ("250 OK", "cut"):
            self.messages.append(message_from_bytes(envelope.content))
        if answer == "slow":
            await asyncio.sleep(3)
        if answer == "cut":
            server.transport.close()
        return answer

    @property
    def ids(self) -> list[str]:
        return [message["Message-ID"] for message in self.messages]


@pytest.fixture
def server(settings):
    handler = Server()
    controller = Controller(handler, hostname="127.0.0.1", port=_free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", controller.port, 2
    yield handler
    controller.stop()


def _free_port() -> int:
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return place.getsockname()[1]


def again() -> int:
    """The next try, as if its time had come."""
    OutgoingMail.objects.filter(status="waiting").update(next_try_at=timezone.now())
    return outbox.send_waiting()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_mail_arrives_as_text_and_html_in_its_language(db, server, language):
    text = "عزيزتي ليلى،\n\n– الأول\n– الثاني\n\nOnly English here\n\nاقرأ هنا:\nhttps://portal.example.org/ar/x/?a=1&b=2\n"
    row = make_mail(language=language, text=text, subject="دعوة · Invitation")

    assert outbox.send_waiting() == 1

    (message,) = server.messages
    plain, html = (part.get_payload(decode=True).decode() for part in message.get_payload())
    own = {"ar": "rtl", "en": "ltr"}[language]
    assert plain.replace("\r\n", "\n") == text
    assert f'<html lang="{language}" dir="{own}">' in html
    assert '<ul dir="rtl"><li dir="rtl">الأول</li><li dir="rtl">الثاني</li></ul>' in html
    assert '<p dir="ltr">Only English here</p>' in html
    assert '<a href="https://portal.example.org/ar/x/?a=1&amp;b=2">' in html
    assert "<img" not in html
    assert "<script" not in html
    assert message["Content-Language"] == language
    row.refresh_from_db()
    assert row.status == "sent"


def test_a_title_over_an_address_is_its_link_and_no_address_is_a_wall_of_signs(db, settings):
    settings.SITE_URL = "https://portal.example.org"
    address = "https://portal.example.org/ar/news/20-%D8%A7%D9%84/"
    text = writing._readable(f"خبر\n{address}\n\nاقرأ هنا:\n{address}\nhttps://elsewhere.example/7-%D8%A7/\n", "ar")

    found = [(block.kind, block.lines) for block in letters.blocks(text, "ar")]

    assert found == [
        ("title", ["خبر", "https://portal.example.org/ar/news/20-ar/"]),
        ("text", ["اقرأ هنا:"]),
        ("link", ["https://portal.example.org/ar/news/20-ar/"]),
        ("link", ["https://elsewhere.example/7-%D8%A7/"]),
    ]


def test_somebodys_words_run_their_own_way_and_a_symbol_stays_where_it_is():
    text = "تعليقكم:\nA word is wrong.\n\nRSAG/2026/7/D1\nالقرار 1\n"

    found = [(block.lines, block.direction) for block in letters.blocks(text, "ar")]

    assert found == [(["تعليقكم:"], "rtl"), (["A word is wrong."], "ltr"), (["RSAG/2026/7/D1", "القرار 1"], "rtl")]


def test_r07_a_server_that_is_away_loses_nothing_and_doubles_nothing(db, server, settings):
    rows = [make_mail(to=f"reader{number}@example.org") for number in range(20)]
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, _free_port()
    assert again() == 0
    settings.EMAIL_PORT = port

    assert [again(), again()] == [20, 0]

    assert len(set(server.ids)) == len(server.ids) == len(rows)


@pytest.mark.parametrize("step", ["rcpt", "data"])
def test_r07_a_server_that_refuses_for_now_gets_it_later(db, server, step):
    server.answers[step] = ["451 Try again later"]
    make_mail()

    assert [again(), again()] == [0, 1]
    assert len(server.messages) == 1
    assert not MailAddress.objects.exists()


def test_r07_a_line_cut_after_the_text_makes_no_second_mail(db, server):
    """The portal cannot know whether it arrived and sends it again under the same id, by which a mailbox drops it."""
    server.answers["data"] = ["cut"]
    make_mail()

    assert [again(), again()] == [0, 1]
    assert len(server.ids) == 2
    assert len(set(server.ids)) == 1


def test_r07_a_server_that_is_slower_than_patience_gets_it_again_later(db, server):
    server.answers["data"] = ["slow"]
    make_mail()

    assert [again(), again()] == [0, 1]
    assert len(server.messages) == 1


def test_a_mailbox_that_is_not_there_stops_after_the_third_time(db, server):
    for _time in range(addresses.TOO_OFTEN):
        server.answers["rcpt"] = ["550 No such user"]
        row = make_mail()
        outbox.send_waiting()
        row.refresh_from_db()
        assert row.status == "bounced"

    row = make_mail(to="Reader@example.org")
    assert outbox.send_waiting() == 0

    row.refresh_from_db()
    assert (row.status, server.messages) == ("stopped", [])
    assert MailAddress.objects.get().bounces == addresses.TOO_OFTEN


def test_many_go_over_one_connection_and_one_refusal_spoils_no_other(db, server):
    server.answers["rcpt"] = ["250 OK", "550 No such user"]
    rows = [make_mail(to=f"reader{number}@example.org") for number in range(5)]

    outbox.send_waiting()

    assert [OutgoingMail.objects.get(pk=row.pk).status for row in rows] == ["sent", "bounced", "sent", "sent", "sent"]


# At the last moment


def test_who_may_not_see_the_thing_any_more_gets_nothing(member, server):
    meeting = make_meeting()
    row = make_mail(reader=member, about_model="meetings.meeting", about_id=meeting.pk)
    type(meeting).objects.filter(pk=meeting.pk).update(status="draft")

    assert outbox.send_waiting() == 0

    row.refresh_from_db()
    assert (row.status, server.messages) == ("dropped", [])


def test_who_has_no_account_any_more_gets_nothing(member, server):
    row = make_mail(reader=member)
    type(member).objects.filter(pk=member.pk).update(is_active=False)

    outbox.send_waiting()

    row.refresh_from_db()
    assert (row.status, server.messages) == ("dropped", [])


def test_a_mail_about_what_is_deleted_goes_nowhere(db, server):
    row = make_mail(about_model="meetings.meeting", about_id="999999")

    outbox.send_waiting()

    row.refresh_from_db()
    assert row.status == "dropped"


def test_a_mail_goes_where_its_reader_is_today(member, server):
    make_mail(reader=member, to="former@example.org")

    outbox.send_waiting()

    assert server.messages[0]["To"] == member.email


# Written once, to one address


def write(**changes) -> OutgoingMail:
    values = {"to": "reader@example.org", "language": "en", "context": {}, **changes}
    return outbox.write("account/email/password_changed", **values)


def test_the_same_key_is_the_same_mail(db):
    first = write(key="once")

    assert write(key="once", to="other@example.org") == first
    assert OutgoingMail.objects.count() == 1


@pytest.mark.parametrize(
    "address",
    [
        "a@example.org\nBcc: b@example.org",
        "a@example.org\r\n",
        "a@example.org, b@example.org",
        "a@example.org;b@example.org",
        '"sec@un.org" <x@example.org>',
        "a\u202egro.elpmaxe@example.org",
        "a\u200b@example.org",
        "a" * 60 + "@" + "b" * 240 + ".org",
        "no address",
        "",
    ],
)
def test_s53_what_is_not_one_plain_address_is_refused(db, address):
    with pytest.raises(ValidationError):
        write(to=address)
    assert not OutgoingMail.objects.exists()


def test_s53_a_line_break_in_a_name_opens_no_header(db, server):
    make_mail(subject=" ".join(["Hello", "Bcc:", "x@example.org"]))

    outbox.send_waiting()

    assert server.messages[0]["Bcc"] is None
    assert server.messages[0]["To"] == "reader@example.org"


def test_nobody_is_in_the_way_of_a_mail_that_another_has_in_hand(db):
    make_mail()
    assert sending.take("one") is not None

    assert sending.take("two") is None
    assert sending.free_what_was_left(["one"]) == 0
    assert sending.free_what_was_left(["two"]) == 1
    assert sending.take("two") is not None


def test_one_click_takes_a_reader_off_the_list(db, server):
    make_mail(unsubscribe="https://portal.example.org/en/off/abc/")

    outbox.send_waiting()

    assert server.messages[0]["List-Unsubscribe"] == "<https://portal.example.org/en/off/abc/>"
    assert server.messages[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert make_user().email not in str(server.messages[0])
