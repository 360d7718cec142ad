"""Writing groups and memberships, and the way from a person to her account."""

from django.db import transaction
from django.dispatch import receiver

from apps.accounts.invitations import accepted, invite
from apps.accounts.models import Invitation
from apps.core.languages import CODES
from apps.core.records import save_record
from apps.stakeholders.models import AdvisoryGroup, Membership, Person


@transaction.atomic
def save_membership(membership: Membership, *, by) -> Membership:
    """Seats somebody, or changes or ends a term. The group is locked meanwhile, so that two cannot take one seat.

    Raises ValidationError when the term overlaps another of the same person, a second chair, or a full table.
    """
    AdvisoryGroup.objects.select_for_update().get(pk=membership.group_id)
    membership.full_clean()
    return save_record(membership, by=by)


@transaction.atomic
def invite_person(person: Person, *, by, email: str, language: str, role: str) -> Invitation:
    """Sends this person a link; the account made with it is hers. Raises ValidationError as ``invite`` does."""
    invitation = Invitation(email=email, language=language, role=role)
    for code in CODES:
        setattr(invitation, f"display_name_{code}", getattr(person, f"name_{code}") or "")
    person.invitation = invite(invitation, by=by)
    save_record(person, by=by)
    return invitation


@receiver(accepted, dispatch_uid="stakeholders")
def _give_account(sender, invitation, user, **kwargs):
    person = Person.objects.filter(invitation=invitation, user=None).first()
    if person:
        person.user = user
        save_record(person, by=user)
