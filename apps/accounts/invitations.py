"""The one way to an account: a signed link to one address, good once, for seven days.

Inviting, sending again, taking back and accepting. Whoever may invite gives only roles within her or his own rights.
"""

import secrets
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import Group
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from apps.accounts import services
from apps.accounts.models import Invitation, User
from apps.core import audit, outbox
from apps.core.languages import CODES
from apps.core.models import AuditEntry
from apps.core.records import save_record

VALID_FOR = timedelta(days=7)
_SALT = "accounts.invitation"

# What other apps do with an invitation and its new account, in the transaction that makes it.
on_accepted: list[Callable[[Invitation, User], None]] = []


@transaction.atomic
def invite(invitation: Invitation, *, by) -> Invitation:
    """Saves a new invitation and sends its link. Earlier links to the same address are dead from now on.

    Raises ValidationError when the address has an account, or for a role beyond the inviter's own rights; ``by`` is a
    user, or None for the portal itself.
    """
    invitation.email = invitation.email.lower()
    _make_link_new(invitation)
    invitation.full_clean()
    if User.objects.filter(email=invitation.email).exists():
        raise ValidationError({"email": _("There is an account with this e-mail address already.")}, code="exists")
    if by is not None and not services.may_give(by, Group.objects.filter(name=invitation.role)):
        raise ValidationError({"role": _("This role has rights that you do not have yourself.")}, code="beyond")
    for older in Invitation.objects.open().filter(email=invitation.email):
        revoke(older, by=by)
    _send(invitation, by=by)
    audit.record(AuditEntry.Action.INVITED, by=by, about=invitation)
    return invitation


@transaction.atomic
def resend(invitation: Invitation, *, by) -> None:
    """Sends a new link, valid for another seven days; the one before is dead."""
    if not invitation.is_open:
        raise ValidationError(_("This invitation is closed. Write a new one."), code="closed")
    if by is not None and not services.may_give(by, Group.objects.filter(name=invitation.role)):
        raise ValidationError(_("This role has rights that you do not have yourself."), code="beyond")
    _make_link_new(invitation)
    _send(invitation, by=by)
    audit.record(AuditEntry.Action.INVITED, by=by, about=invitation)


@transaction.atomic
def revoke(invitation: Invitation, *, by) -> None:
    if invitation.accepted_at:
        raise ValidationError(_("This invitation was accepted already. Close the account instead."), code="accepted")
    invitation.revoked_at = timezone.now()
    save_record(invitation, by=by)
    audit.record(AuditEntry.Action.INVITATION_REVOKED, by=by, about=invitation)


def open_invitation(token: str) -> Invitation | None:
    """The invitation of a link, or None, whatever is wrong with it."""
    try:
        claim = signing.loads(token, salt=_SALT, max_age=VALID_FOR)
    except signing.BadSignature:
        return None
    found = Invitation.objects.pending().filter(pk=claim["pk"], nonce=claim["nonce"], email=claim["email"]).first()
    if found is None or User.objects.filter(email=found.email).exists():
        return None
    return found


@transaction.atomic
def accept(token: str, *, password: str) -> User | None:
    """Makes the account, or returns None when the link is not good any more. Two at once make one account."""
    claimed = open_invitation(token)
    if claimed is None:
        return None
    Invitation.objects.select_for_update().get(pk=claimed.pk)
    invitation = open_invitation(token)
    if invitation is None:
        return None
    user = services.create_account(
        email=invitation.email,
        names={code: getattr(invitation, f"display_name_{code}") or "" for code in CODES},
        language=invitation.language,
        time_zone=User._meta.get_field("time_zone").default,
        roles=[invitation.role],
        by=None,
        password=password,
    )
    invitation.accepted_at, invitation.accepted_by = timezone.now(), user
    save_record(invitation, by=user)
    audit.record(AuditEntry.Action.INVITATION_ACCEPTED, by=user, about=invitation)
    for follow in on_accepted:
        follow(invitation, user)
    return user


def address_of(invitation: Invitation) -> str:
    """The link, in the language of the person; worth a password."""
    claim = {"pk": invitation.pk, "nonce": invitation.nonce, "email": invitation.email}
    with translation.override(invitation.language):
        return settings.SITE_URL + reverse("accounts:invitation", args=[signing.dumps(claim, salt=_SALT)])


def _make_link_new(invitation: Invitation) -> None:
    invitation.nonce = secrets.token_hex(16)
    invitation.sent_at = timezone.now()
    invitation.expires_at = invitation.sent_at + VALID_FOR


def _send(invitation: Invitation, *, by) -> None:
    save_record(invitation, by=by)
    context = {"invitation": invitation, "address": address_of(invitation), "days": VALID_FOR.days}
    outbox.write(
        "account/email/invitation", to=invitation.email, language=invitation.language, context=context, is_secret=True
    )
