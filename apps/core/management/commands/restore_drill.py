from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from apps.core import backups
from config import env


class Command(BaseCommand):
    help = "Restores the newest backup into an empty database, compares it with what was saved, and deletes it again."

    def add_arguments(self, parser):
        parser.add_argument(
            "--into",
            default="",
            help="Name of a variable with an empty database's address; by default one is made beside the portal's.",
        )

    def handle(self, *args, into: str, **options):
        try:
            result = backups.drill(env.database(into, "") if into else None)
        except (backups.BackupError, ImproperlyConfigured) as error:
            raise CommandError(str(error)) from None
        for problem in result.problems:
            self.stderr.write(problem)
        if result.problems:
            raise CommandError(f"The backup {result.dump} does not give back what was saved.")
        self.stdout.write(
            f"{result.dump}: {result.rows} rows and {result.files} files came back as they were,"
            f" in {result.seconds:.1f} s."
        )
