from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.core.outbox import bounces


class Command(BaseCommand):
    help = "Reads the mailbox to which mails come back, and stops those addresses that take none. Every 10 minutes."

    def handle(self, **options):
        if not settings.BOUNCES_FROM:
            raise CommandError("BOUNCES_FROM is not set.")
        self.stdout.write(f"{bounces.read_mailbox()} mails have come back.")
