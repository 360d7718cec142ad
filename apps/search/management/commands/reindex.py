from django.core.management.base import BaseCommand, CommandError

from apps.search import indexing, registry


class Command(BaseCommand):
    help = "Makes all search documents anew; the search goes on answering meanwhile."

    def add_arguments(self, parser):
        parser.add_argument("kind", nargs="*", help=f"only these: {', '.join(registry.kinds)}")

    def handle(self, *args, kind, verbosity, **options):
        unknown = [name for name in kind if name not in registry.kinds]
        if unknown:
            raise CommandError(f"There is no kind {unknown[0]}. There are: {', '.join(registry.kinds)}.")

        def told(name: str, done: int, of: int) -> None:
            if verbosity > 1 or (verbosity and done == of):
                self.stdout.write(f"{name}: {done} of {of}")

        count = indexing.reindex(kinds=kind, told=told)
        if verbosity:
            self.stdout.write(f"{count} documents.")
