from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from apps.accounts.models import User
from apps.demo.people import PASSWORD

_SECRETARY = "secretariat@example.org"
_LOGINS = f"""  Demo logins     {_SECRETARY}   the secretariat
                  editor@example.org        writes news
                  translator@example.org    translates
                  samira@example.org        a member of the group
                  auditor@example.org       reads everything, changes nothing
  Password        {PASSWORD}
"""


class Command(BaseCommand):
    help = "Brings the database up to date, loads the demonstration into an empty one, and says where things are."

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args, port: int, **options):
        call_command("migrate", verbosity=0)
        if not User.objects.exists():
            self.stdout.write("Loading the demonstration (once) ...")
            call_command("seed_demo", verbosity=0)
            call_command("reindex", verbosity=0)
        site = f"http://127.0.0.1:{port}"
        self.stdout.write(
            f"""
  The portal      {site}/
  In Arabic       {site}/ar/
  In English      {site}/en/
  Back office     {site}/ar/admin/
"""
        )
        if settings.DEMO_LOGINS and User.objects.filter(email=_SECRETARY, is_active=True).exists():
            self.stdout.write(_LOGINS)
        self.stdout.write("  Stop it with Ctrl-C; everything is kept in var/.\n")
