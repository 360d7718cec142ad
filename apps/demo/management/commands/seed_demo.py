from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from apps.core.models import OutgoingMail
from apps.demo.announcements import load_announcements
from apps.demo.articles import load_articles
from apps.demo.bulk import load_many
from apps.demo.events import load_meetings
from apps.demo.input import load_input
from apps.demo.outreach import load_outreach
from apps.demo.people import PASSWORD, load_group, load_staff
from apps.demo.record import load_record
from apps.demo.reviews import load_catalogue, load_reviews


class Command(BaseCommand):
    help = "Loads the demonstration: a group, its meetings and its news. What is there already stays as it is."

    def add_arguments(self, parser):
        parser.add_argument("--scale", type=int, default=0, help="also N synthetic articles and N/20 meetings")

    @transaction.atomic
    def handle(self, *args, scale: int, **options):
        today, begun = timezone.localdate(), timezone.now()
        secretary = load_staff()
        group = load_group(by=secretary, today=today)
        meetings = load_meetings(group, by=secretary, today=today)
        load_record(meetings, by=secretary, today=today)
        load_outreach(by=secretary, today=today)
        load_reviews(by=secretary, today=today)
        load_input(by=secretary, today=today)
        load_catalogue(by=secretary, today=today)
        load_articles(meetings, by=secretary, today=today)
        load_announcements(by=secretary, site=settings.SITE_URL)
        # Nobody of the demonstration is written to for having been made.
        OutgoingMail.objects.filter(status=OutgoingMail.Status.WAITING, created_at__gte=begun).delete()
        if scale:
            load_many(scale, group)
        if not options["verbosity"]:
            return
        self.stdout.write("The demonstration is loaded.")
        if settings.DEMO_LOGINS:
            self.stdout.write("  secretary  secretariat@example.org")
            self.stdout.write("  member     samira@example.org")
            self.stdout.write(f"  password   {PASSWORD}")
