from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.core import backups


class Command(BaseCommand):
    help = "Makes a backup now, of the database and the files, encrypted for BACKUP_KEY; the worker makes one each day."

    def handle(self, *args, **options):
        if not settings.BACKUP_TO:
            raise CommandError("BACKUP_TO is not set: name a folder or s3://bucket/prefix.")
        backups.back_up()
        self.stdout.write("Made: {} and {}".format(*backups.newest()))
