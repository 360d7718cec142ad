from django.core.management.base import BaseCommand, CommandError

from apps.core.due import run_due


class Command(BaseCommand):
    help = "Sends the reminders that are due and ends what a deadline ends. Every minute; safe to run twice or late."

    def handle(self, *args, verbosity: int, **options):
        done = run_due()
        if verbosity > 0:
            for name, count in done.items():
                self.stdout.write(f"{name}: {'failed' if count is None else count}")
        failed = [name for name, count in done.items() if count is None]
        if failed:
            raise CommandError(f"Failed: {', '.join(failed)}. The log has the kind of error.")
