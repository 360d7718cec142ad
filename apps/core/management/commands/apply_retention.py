from django.core.management.base import BaseCommand

from apps.core.privacy import sweep_all


class Command(BaseCommand):
    help = "Deletes what has been kept long enough, by the periods of RETENTION_DAYS. Every night."

    def handle(self, **options):
        for name, count in sweep_all().items():
            self.stdout.write(f"{name}: {count}")
