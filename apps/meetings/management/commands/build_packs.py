from django.core.management.base import BaseCommand

from apps.meetings import packing


class Command(BaseCommand):
    help = "Makes the packs of papers that wait; the portal starts it by itself. At once more than once does no harm."

    def handle(self, *args, **options):
        self.stdout.write(f"{packing.build_waiting()} packs made.")
