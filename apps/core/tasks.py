"""What the worker does (``manage.py worker``): tasks of django-tasks, in the database in production, done at once where
the settings say so. Each is idempotent, since what a killed worker had in hand is done again (``apps.core.work``)."""

import time
from datetime import timedelta

from django.conf import settings
from django_tasks import TaskContext, task
from django_tasks_db.models import DBTaskResult

from apps.core import due, outbox

# A worker sends for so many seconds, then looks what else there is.
SENDS_FOR = 20


@task(takes_context=True)
def send_mails(context: TaskContext) -> int:
    """Sends what waits; when much waits, other workers are woken, too."""
    ends = time.monotonic() + SENDS_FOR
    if is_queued() and outbox.many_wait():
        wake(send_mails)
    worker = context.task_result.worker_ids[-1] if is_queued() else ""
    sent = outbox.send_waiting(worker=worker, may_go_on=lambda: time.monotonic() < ends)
    if is_queued() and outbox.some_wait():
        wake(send_mails)
    return sent


@task(priority=10)
def run_due() -> dict:
    return due.run_due()


def is_queued() -> bool:
    """Whether tasks wait in the database for a worker; otherwise they are done at once."""
    return settings.TASKS["default"]["BACKEND"].endswith("DatabaseBackend")


def wake(what) -> None:
    """Puts a task without arguments into the queue, unless it waits there already."""
    if is_queued():
        there = DBTaskResult.objects.ready().filter(task_path=what.module_path)
        if there.exists():
            return
    what.enqueue()


def sweep(now) -> int:
    """What tasks have left of themselves goes after a day."""
    old = DBTaskResult.objects.finished().filter(finished_at__lt=now - timedelta(days=1))
    return old.delete()[0]


def wake_for_mails(now) -> int:
    """Mails whose next try has come. Returns 1 when there are any."""
    if not outbox.some_wait():
        return 0
    wake(send_mails)
    return 1
