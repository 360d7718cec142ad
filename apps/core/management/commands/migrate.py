import time

from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as Migrate
from django.db import OperationalError, connections

# A change of a table that waits for a lock lets everybody else wait behind it: it gives up, and tries again.
LOCK_TIMEOUT, TRIES, PAUSE = "2s", 10, 3.0


class Command(Migrate):
    """Django's own, that never holds up a portal in use for more than two seconds on PostgreSQL."""

    def handle(self, *args, **options):
        connection = connections[options["database"]]
        if connection.vendor != "postgresql":
            return super().handle(*args, **options)
        for number in range(TRIES):
            try:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT set_config('lock_timeout', %s, false)", [LOCK_TIMEOUT])
                return super().handle(*args, **options)
            except OperationalError as error:
                if getattr(error.__cause__, "pgcode", "") != "55P03":  # lock_not_available
                    raise
                self.stderr.write(f"A lock was not to be had; trying again ({number + 1} of {TRIES}).")
                time.sleep(PAUSE)
            finally:
                if connection.connection and not connection.connection.closed:
                    with connection.cursor() as cursor:
                        cursor.execute("RESET lock_timeout")
        raise CommandError("The locks were not to be had: try again at a quieter hour. What was done is whole.")
