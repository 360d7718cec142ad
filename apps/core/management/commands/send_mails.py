from django.core.management.base import BaseCommand

from apps.core import outbox


class Command(BaseCommand):
    help = "Sends the mails that are due: what a stopped process left behind, and what a mail server refused earlier."

    def handle(self, *args, **options):
        self.stdout.write(f"{outbox.send_waiting()} mails sent.")
