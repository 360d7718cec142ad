from django.core.management.base import BaseCommand, CommandError

from apps.accounts.models import User
from apps.accounts.services import reset_factors


class Command(BaseCommand):
    help = (
        "Takes all second factors off an account, for the auditor and for a secretariat without a second officer. "
        "Make sure first, outside the portal, that the person is who she says she is. The person gets a mail."
    )

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--reason", required=True, help="stays in the audit trail")

    def handle(self, *, email, reason, **options):
        user = User.objects.filter(email=email.lower()).first()
        if user is None:
            raise CommandError("There is no account with this address.")
        reset_factors(user, by=None, reason=reason)
        self.stdout.write("Done.")
