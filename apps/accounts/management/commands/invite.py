from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from apps.accounts.invitations import address_of, invite
from apps.accounts.models import Invitation
from apps.accounts.roles import Role


class Command(BaseCommand):
    help = (
        "Invites somebody to an account with a role, as the first secretary and the auditor are; those who work on the "
        "portal invite all others. The link is mailed, and printed for portals that cannot mail yet: pass it on safely."
    )

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("role", choices=Role.values)
        parser.add_argument("--language", choices=dict(settings.LANGUAGES), default=settings.LANGUAGE_CODE)

    def handle(self, *, email, role, language, **options):
        try:
            invitation = invite(Invitation(email=email, role=role, language=language), by=None)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(address_of(invitation))
