"""Workers: each says every few seconds that it lives, frees what a dead one left, and wakes what is due each minute."""

import logging
import threading
import time
from datetime import datetime, timedelta

from django.db import DatabaseError, InterfaceError, close_old_connections, connection, transaction
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from apps.core import tasks
from apps.core.models import WorkerBeat
from apps.core.outbox import sending

log = logging.getLogger(__name__)
BEAT = timedelta(seconds=5)
DEAD_AFTER = timedelta(seconds=30)
DUE_EVERY = timedelta(minutes=1)
# A task that has taken so many workers with it is not given to another one.
TRIES = 5


class PortalWorker(Worker):
    """django-tasks' worker that outlives a restart of the database and shows that it lives."""

    def __init__(self, *, worker_id: str, interval: float, batch: bool = False):
        super().__init__(
            queue_names=["*"],
            interval=interval,
            batch=batch,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=worker_id,
            excluded_queue_names=[],
        )

    def run(self) -> None:
        pulse = Pulse(self.worker_id)
        pulse.start()
        try:
            while self.running:
                try:
                    super().run()
                except (DatabaseError, InterfaceError) as error:
                    log.warning("worker: the database does not answer: %s", type(error).__name__)
                    connection.close()
                    time.sleep(1)
                else:
                    return
        finally:
            pulse.stop()


class Pulse(threading.Thread):
    """Beside the work, on a connection of its own, so that a long task does not look like death."""

    def __init__(self, name: str):
        super().__init__(name="pulse", daemon=True)
        self.worker, self.ended = name, threading.Event()
        self.steady_since = timezone.now()
        self.due_at = timezone.now()
        beat(name)

    def run(self) -> None:
        while not self.ended.wait(BEAT.total_seconds()):
            try:
                close_old_connections()
                self.once(timezone.now())
            except (DatabaseError, InterfaceError) as error:
                log.warning("worker: no beat: %s", type(error).__name__)
                connection.close()
                # The others' beats are old now as well: nobody is judged by that.
                self.steady_since = timezone.now()
        connection.close()

    def once(self, now: datetime) -> None:
        beat(self.worker)
        if now - self.steady_since > DEAD_AFTER:
            reap(now)
        if now >= self.due_at:
            self.due_at = now + DUE_EVERY
            tasks.wake(tasks.run_due)

    def stop(self) -> None:
        self.ended.set()
        self.join(BEAT.total_seconds())
        WorkerBeat.objects.filter(name=self.worker).delete()


def beat(name: str) -> None:
    WorkerBeat.objects.update_or_create(name=name, defaults={"seen_at": timezone.now()})


def reap(now: datetime) -> int:
    """Gives back what workers had in hand that have not been seen for half a minute. Returns how many tasks and mails.

    django-tasks has nothing of the kind: there, the task of a killed worker would be running for ever.
    """
    WorkerBeat.objects.filter(seen_at__lt=now - DEAD_AFTER).delete()
    living = list(WorkerBeat.objects.values_list("name", flat=True))
    freed = sending.free_what_was_left(living)
    if freed:
        tasks.wake(tasks.send_mails)
    return freed + _requeue(living)


@transaction.atomic
def _requeue(living: list[str]) -> int:
    running = DBTaskResult.objects.running().select_for_update(skip_locked=True)
    left = [one for one in running if not one.worker_ids or one.worker_ids[-1] not in living]
    for one in left:
        is_poison = len(one.worker_ids) >= TRIES
        one.status = TaskResultStatus.FAILED if is_poison else TaskResultStatus.READY
        one.finished_at = timezone.now() if is_poison else None
        one.save(update_fields=["status", "finished_at"])
        log.warning("task %s was left by a dead worker: %s", one.pk, one.status)
    return len(left)
