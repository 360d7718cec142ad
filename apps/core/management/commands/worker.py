import secrets

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.core import tasks
from apps.core.work import PortalWorker


class Command(BaseCommand):
    help = "Sends mails, runs what is due each minute, does what pages leave for later. Several at once share the work."

    def add_arguments(self, parser):
        parser.add_argument("--interval", type=float, default=1, help="Seconds between two looks for work.")
        parser.add_argument("--name", default="", help="How it is called in the table of workers; one by chance.")
        parser.add_argument("--batch", action="store_true", help="End when there is nothing left to do.")

    def handle(self, *args, interval: float, batch: bool, name: str, **options):
        if settings.READ_ONLY:
            raise CommandError("READ_ONLY is set: nothing is written now, and a worker has nothing to do.")
        if not tasks.is_queued():
            raise CommandError("These settings do tasks at once; there is nothing for a worker (TASKS_AT_ONCE).")
        worker = PortalWorker(worker_id=name or secrets.token_hex(8), interval=interval, batch=batch)
        worker.configure_signals()
        worker.run()
