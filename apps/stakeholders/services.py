"""Writing groups and memberships."""

from django.db import transaction

from apps.core.records import save_record
from apps.stakeholders.models import AdvisoryGroup, Membership


@transaction.atomic
def save_membership(membership: Membership, *, by) -> Membership:
    """Seats somebody, or changes or ends a term. The group is locked meanwhile, so that two cannot take one seat.

    Raises ValidationError when the term overlaps another of the same person, a second chair, or a full table.
    """
    AdvisoryGroup.objects.select_for_update().get(pk=membership.group_id)
    membership.full_clean()
    return save_record(membership, by=by)
