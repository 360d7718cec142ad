from django.core.management.base import BaseCommand, CommandError

from apps.core import audit


class Command(BaseCommand):
    help = "Proves that nothing was changed in the audit trail or taken out, and prints the end of its chain."

    def add_arguments(self, parser):
        parser.add_argument("--since", metavar="'POSITION DIGEST'", help="an end of the chain printed earlier")

    def handle(self, *args, since: str | None = None, **options):
        found = [*audit.problems()]
        if since and not audit.holds(since):
            found.append("The chain does not hold the end that was printed earlier.")
        for problem in found:
            self.stderr.write(problem)
        if found:
            raise CommandError(f"The audit trail is not whole: {len(found)} problems.")
        self.stdout.write(f"The audit trail is whole. Its end: {audit.last_digest()}")
