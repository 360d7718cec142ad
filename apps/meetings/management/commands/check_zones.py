from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.meetings import tidings
from apps.meetings.zone_changes import rederive_instants, without_wall_time


class Command(BaseCommand):
    help = (
        "Derives meetings' instants anew after zone rules were updated, and tells who was invited. Safe to run twice."
    )

    def handle(self, *args, **options):
        now = timezone.now()
        for meeting in rederive_instants(now=now, tell=tidings.tell_of_change):
            self.stdout.write(f"meeting {meeting.pk}: begins at {meeting.starts_at:%Y-%m-%d %H:%M} UTC now")
        for meeting in without_wall_time(now):
            self.stdout.write(f"meeting {meeting.pk}: its hour does not exist any more, choose another one")
