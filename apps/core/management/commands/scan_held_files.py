from django.core.management.base import BaseCommand, CommandError

from apps.core.held_files import scan_held
from apps.core.scanner import ScannerAwayError, is_on


class Command(BaseCommand):
    help = "Scans the files that came while the virus scanner was away, and releases the clean ones. Every 10 minutes."

    def handle(self, **options):
        if not is_on():
            raise CommandError("CLAMD_ADDRESS is not set.")
        try:
            released, bad = scan_held()
        except ScannerAwayError:
            raise CommandError("The virus scanner does not answer.") from None
        self.stdout.write(f"released: {released}, found bad: {bad}")
