"""What the portal keeps about an account, and how an account is erased: its number stays, the person goes."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.accounts import services
from apps.accounts.models import FactorReset, Invitation, LoginSession, User
from apps.core import audit, privacy
from apps.core.languages import CODES
from apps.core.models import AuditEntry
from apps.core.records import save_record

# Nobody has an address there (RFC 2606).
_ERASED = "@erased.invalid"


def is_erased(user: User) -> bool:
    return user.email.endswith(_ERASED)


@transaction.atomic
def erase(user: User, *, by, reason: str, email: str) -> None:
    """Takes the person out of the portal for good: what she did stays, by nobody. Her seats stay, without a name.

    ``email`` is typed by the officer, against slips. Raises ValidationError for another address, for one's own account
    and for those above one's own rights.
    """
    if email.strip().lower() != user.email:
        raise ValidationError(_("This is not the address of this account."), code="email")
    if by.pk == user.pk or services.stands_above(user, by):
        raise ValidationError(_("This account is not yours to erase. Ask another officer."), code="rights")
    for eraser in privacy.erasers:
        eraser(user, by=by)
    audit.record(AuditEntry.Action.ERASED, by=by, about=user, reason=reason)


def _account(user) -> list[dict]:
    fields = ["email", *(f"display_name_{code}" for code in CODES), "language", "time_zone", "is_active", "date_joined"]
    fields += ["last_login", "welcomed_at"]
    return [{**{name: getattr(user, name) for name in fields}, "roles": sorted(user.roles)}]


def _sessions(user) -> list[dict]:
    return list(LoginSession.objects.filter(user=user).values("device", "started_at", "seen_at", "expire_date"))


def _factors(user) -> list[dict]:
    return list(Authenticator.objects.filter(user=user).values("type", "created_at", "last_used_at"))


def _invitations(user) -> list[dict]:
    invited = Invitation.objects.filter(Q(accepted_by=user) | Q(email=user.email))
    return list(invited.values("email", "role", "language", "sent_at", "accepted_at", "revoked_at"))


def _erase_account(user, *, by) -> None:
    invited = Invitation.objects.filter(Q(accepted_by=user) | Q(email=user.email))
    privacy.forget(invited)
    invited.delete()
    for model in (LoginSession, Authenticator, EmailAddress, FactorReset):
        model.objects.filter(user=user).delete()
    user.groups.clear()
    user.email = f"{user.pk}{_ERASED}"
    for code in CODES:
        setattr(user, f"display_name_{code}", None)
    user.set_unusable_password()
    user.is_active, user.last_login = False, None
    save_record(user, by=by)
    # What this last save and the changes before it have said about the person.
    privacy.forget(User.objects.filter(pk=user.pk))


def _sweep_sessions(now) -> int:
    return LoginSession.objects.filter(expire_date__lt=now).delete()[0]


def _sweep_invitations(now) -> int:
    old = Invitation.objects.filter(expires_at__lt=privacy.before(now, "invitation"))
    privacy.forget(old)
    return old.delete()[1].get("accounts.Invitation", 0)


def register() -> None:
    privacy.sources.update(
        {"account": _account, "sessions": _sessions, "second_factors": _factors, "invitations": _invitations}
    )
    privacy.erasers.append(_erase_account)
    privacy.sweeps.update({"sessions": _sweep_sessions, "invitations": _sweep_invitations})
