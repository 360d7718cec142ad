"""Mails by two workers to a mail server on this machine while one worker is killed; digests; what writing one costs.

    .venv/bin/python bench/outbox.py [mails] [kills]        10000 10 without

In a scratch PostgreSQL database made and dropped at BENCH_DATABASE_ADMIN_URL (this machine); production settings, two
processes of ``manage.py worker``, an aiosmtpd in this one. The peer hands the same letters to the same server by
Django's own ``send`` over one connection, without a row for each.
"""

import os
import random
import signal
import statistics
import subprocess
import sys
import time

from aiosmtpd.controller import Controller
from scratch import scratch, took

MAILS, KILLS = (int(sys.argv[at]) if len(sys.argv) > at else default for at, default in ((1, 10_000), (2, 10)))
DIGESTS = 500


class Sink:
    def __init__(self):
        self.ids = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        head = envelope.content.split(b"\r\n\r\n", 1)[0].decode("latin-1")
        self.ids.append(next(line for line in head.splitlines() if line.lower().startswith("message-id")))
        return "250 OK"


def worker(name: str) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "manage.py", "worker", "--name", name, "--interval", "0.2"])


def write(number: int):
    from apps.core import outbox

    return outbox.write(
        "outreach/mails/announcement",
        to=f"reader{number}@example.org",
        language="ar" if number % 2 else "en",
        context={"subject": "دعوة إلى المشاورة", "name": f"شخص {number}", "body": "ندعوكم إلى المشاورة. " * 40},
    )


def send_all(sink: Sink) -> None:
    from django.db import transaction

    from apps.core.models import OutgoingMail

    start = time.perf_counter()
    with transaction.atomic():
        for number in range(MAILS):
            write(number)
    rendered = time.perf_counter() - start
    pick, workers, kills = random.Random(1), [worker("first"), worker("second")], 0
    start = time.perf_counter()
    killed_at = [MAILS * (number + 1) // (KILLS + 1) for number in range(KILLS)]
    while OutgoingMail.objects.filter(status="waiting").exists():
        if kills < KILLS and len(sink.ids) >= killed_at[kills]:
            time.sleep(pick.random() / 20)
            workers[0].send_signal(signal.SIGKILL)
            workers[0].wait()
            kills += 1
            workers[0] = worker(f"after {kills}")
        time.sleep(0.05)
    spent = time.perf_counter() - start
    for one in workers:
        one.terminate()
        one.wait()
    sent = OutgoingMail.objects.filter(status="sent").count()
    print(
        f"{MAILS:,} rendered and stored in {rendered:.1f} s; sent in {spent:.1f} s by two workers, "
        f"one of them killed {kills} times"
    )
    print(
        f"sent by the table {sent:,}; at the server {len(set(sink.ids)):,} ids, "
        f"{len(sink.ids) - len(set(sink.ids))} twice"
    )


def peer(sink: Sink) -> None:
    """In one process, over one connection, the same letters; nothing is kept about them."""
    from django.core.mail import get_connection

    from apps.core.models import OutgoingMail
    from apps.core.outbox import letters

    rows = list(OutgoingMail.objects.order_by("pk")[:2000])

    def send():
        with get_connection() as connection:
            for row in rows:
                message = letters.message(row)
                message.connection = connection
                message.send()

    spent = took(send) / 1000
    print(
        f"peer: {len(rows):,} by Django's send over one connection in {spent:.1f} s ({len(rows) / spent:.0f} a second)"
    )


def one_request() -> None:
    from django.db import transaction

    times = []
    for number in range(200):
        with transaction.atomic():
            times.append(took(lambda number=number: write(number)))
    print(f"writing one mail: median {statistics.median(times):.1f} ms, slowest of 200 {max(times):.1f} ms")


def digests() -> None:
    from datetime import timedelta

    from django.utils import timezone

    from apps.accounts.services import create_account
    from apps.core.models import OutgoingMail
    from apps.core.outbox.digests import send_digests

    now = timezone.now()
    for number in range(DIGESTS):
        user = create_account(
            email=f"member{number}@example.org", names={"ar": f"عضو {number}", "en": f"Member {number}"},
            language="ar" if number % 2 else "en", time_zone="Africa/Cairo", roles=[], by=None, password=None,
        )  # fmt: skip
        OutgoingMail.objects.bulk_create(
            OutgoingMail(
                kind="papers", to=user.email, language=user.language, subject=f"ورقة {item}", reader=user,
                status="held", next_try_at=now, text="نص\n\nhttps://portal.example.org/ar/meetings/1/\n",
            )
            for item in range(10)
        )  # fmt: skip
    spent = took(lambda: send_digests(now + timedelta(seconds=1))) / 1000
    print(f"digests of ten notices for {DIGESTS} members: {spent:.1f} s")


def run() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=int(os.environ["EMAIL_PORT"]))
    controller.start()
    send_all(sink)
    peer(sink)
    one_request()
    digests()
    controller.stop()


if __name__ == "__main__":
    os.environ.update(EMAIL_HOST="127.0.0.1", EMAIL_PORT="18025")
    with scratch():
        run()
