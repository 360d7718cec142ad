"""Workers: what a killed one left is done again, a poisoned task is given up, and everything happens once.

With real processes and a real mail server, on PostgreSQL; the rest on either database.
"""

import os
import secrets
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings as django_settings
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from apps.core import due, outbox, tasks, work
from apps.core.models import DueRun, OutgoingMail, WorkerBeat
from apps.core.outbox import letters
from tests.core.test_sending import Server, _free_port
from tests.factories import make_mail


@pytest.fixture
def queued(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}


def left_by(*workers: str) -> DBTaskResult:
    """A task that runs, as far as the table knows."""
    tasks.wake(tasks.run_due)
    task = DBTaskResult.objects.latest("enqueued_at")
    task.status, task.worker_ids = TaskResultStatus.RUNNING, list(workers)
    task.save()
    return task


def test_what_waits_is_asked_for_once(db, queued):
    for _time in range(3):
        tasks.wake(tasks.send_mails)

    assert DBTaskResult.objects.count() == 1


def test_r07_no_request_waits_for_a_mail_server(db, queued, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(3):
            outbox.write("account/email/password_changed", to=f"reader{number}@example.org", language="en", context={})

    assert mail.outbox == []
    assert [task.task_path for task in DBTaskResult.objects.all()] == [tasks.send_mails.module_path]


def test_r09_the_task_of_a_dead_worker_is_given_to_another(db, queued):
    now = timezone.now()
    WorkerBeat.objects.create(name="dead", seen_at=now - work.DEAD_AFTER - timedelta(seconds=1))
    WorkerBeat.objects.create(name="living", seen_at=now)
    dead, living = left_by("dead"), left_by("living")

    assert work.reap(now) == 1

    for task in (dead, living):
        task.refresh_from_db()
    assert (dead.status, living.status) == ("READY", "RUNNING")
    assert [beat.name for beat in WorkerBeat.objects.all()] == ["living"]


def test_r09_a_task_that_takes_every_worker_with_it_is_given_up(db, queued):
    task = left_by(*"abcde")

    work.reap(timezone.now())

    task.refresh_from_db()
    assert task.status == "FAILED"


def test_a_mail_in_the_hands_of_a_dead_worker_leaves_at_once(db, queued):
    row = make_mail(taken_by="dead", next_try_at=timezone.now() + timedelta(minutes=10), attempts=1)

    work.reap(timezone.now())

    row.refresh_from_db()
    assert (row.taken_by, row.next_try_at <= timezone.now()) == ("", True)
    assert DBTaskResult.objects.get().task_path == tasks.send_mails.module_path


def test_after_an_outage_of_the_database_nobody_is_taken_for_dead(db, queued):
    WorkerBeat.objects.create(name="other", seen_at=timezone.now() - timedelta(minutes=5))
    task = left_by("other")
    pulse = work.Pulse("own")

    pulse.once(timezone.now() + timedelta(seconds=10))
    task.refresh_from_db()
    assert task.status == "RUNNING"

    pulse.once(timezone.now() + work.DEAD_AFTER + timedelta(seconds=1))
    task.refresh_from_db()
    assert task.status == "READY"


def test_what_is_due_with_a_pause_runs_once_in_it(db, monkeypatch):
    seen = []
    service = due.Service(lambda now: seen.append(now) or 1, timedelta(hours=24))
    monkeypatch.setattr(due, "services", {"nightly": service})
    start = timezone.now()

    counts = [due.run_due(now=start + timedelta(hours=hours)) for hours in (0, 1, 23, 24, 25)]

    assert counts == [{"nightly": 1}, {}, {}, {"nightly": 1}, {}]
    assert DueRun.objects.get().ran_at == seen[1]


def test_traces_of_tasks_go_after_a_day(db, queued):
    task = left_by("x")
    task.set_successful(1)
    DBTaskResult.objects.update(finished_at=timezone.now() - timedelta(hours=25))

    assert tasks.sweep(timezone.now()) == 1


def test_where_tasks_are_done_at_once_there_is_nothing_for_a_worker(db):
    with pytest.raises(CommandError, match="TASKS_AT_ONCE"):
        call_command("worker")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="several processes at work need PostgreSQL")
@pytest.mark.django_db(transaction=True)
def test_r09_two_workers_send_everything_once_while_one_is_killed(queued, settings):
    """Killed three times at any point; ``bench/outbox.py`` does it ten times with ten thousand mails."""
    # A key that production starts with; ids of mails are signed with it.
    settings.SECRET_KEY = secrets.token_urlsafe(50)
    server = Server()
    controller = Controller(server, hostname="127.0.0.1", port=_free_port())
    controller.start()
    with transaction.atomic():
        rows = [make_mail(to=f"reader{number}@example.org") for number in range(400)]
        transaction.on_commit(lambda: tasks.wake(tasks.send_mails))
    workers = [_start(controller.port, name) for name in ("first", "other")]
    try:
        for number in range(3):
            before = len(server.messages)
            _until(lambda before=before: len(server.messages) > before + 20)
            workers[0].send_signal(signal.SIGKILL)
            workers[0].wait()
            workers[0] = _start(controller.port, f"after {number}")
        # What they had in hand would be free after half a minute without a beat; the test does not wait so long.
        WorkerBeat.objects.filter(name__in=["first", "after 0", "after 1"]).delete()
        _until(lambda: WorkerBeat.objects.filter(name="after 2").exists())
        work.reap(timezone.now())
        _until(lambda: not OutgoingMail.objects.exclude(status="sent").exists())
    finally:
        for worker in workers:
            worker.terminate()
            worker.wait()
        controller.stop()
    assert set(server.ids) == {letters.message_id(row) for row in rows}
    # At most the one mail that each killed worker had handed over and not noted yet, under the same id.
    assert len(server.ids) - len(set(server.ids)) <= 3


def _start(port: int, name: str) -> subprocess.Popen:
    environment = {
        **os.environ,
        "DATABASE_URL": _address(),
        "DJANGO_SETTINGS_MODULE": "config.settings.base",
        "SECRET_KEY": django_settings.SECRET_KEY,
        "ALLOWED_HOSTS": "testserver",
        "DEFAULT_FROM_EMAIL": django_settings.DEFAULT_FROM_EMAIL,
        "TASKS_AT_ONCE": "false",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(port),
    }
    command = [sys.executable, "manage.py", "worker", "--interval", "0.1", "--name", name]
    return subprocess.Popen(command, cwd=django_settings.BASE_DIR, env=environment)


def _address() -> str:
    facts = connection.settings_dict
    return f"postgres://{facts['USER']}:{facts['PASSWORD']}@{facts['HOST']}:{facts['PORT']}/{facts['NAME']}"


def _until(is_so) -> None:
    for _time in range(600):
        if is_so():
            return
        time.sleep(0.1)
    raise AssertionError("it did not happen within a minute")
