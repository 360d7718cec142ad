"""Writing accounts, their roles, sessions and second factors."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import FactorReset, LoginSession, User
from apps.accounts.roles import Role
from apps.core import audit, outbox
from apps.core.models import AuditEntry
from apps.core.records import save_record, set_links

RESET_STANDS_FOR = timedelta(hours=48)


@transaction.atomic
def save_account(user: User, *, by, reason: str = "") -> User:
    """Saves an account. When its address or its being active changes, its sessions end.

    An address that it no longer has opens nothing any more – no login, no reset mail – and is told of the change.
    """
    old = User.objects.filter(pk=user.pk).values("email", "is_active").first()
    save_record(user, by=by, reason=reason)
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    if old and old != {"email": user.email, "is_active": user.is_active}:
        end_sessions(user, by=by)
    if old and old["email"] != user.email:
        context = {"user": user}
        outbox.write("account/email/address_changed", to=old["email"], language=user.language, context=context)
    return user


@transaction.atomic
def create_account(
    *, email: str, names: dict[str, str], language: str, time_zone: str, roles: list[Role], by, password: str | None
) -> User:
    """A new account. ``names`` is the display name by language; without a password it is set by a reset mail."""
    user = User(email=email.lower(), language=language, time_zone=time_zone)
    for code, name in names.items():
        setattr(user, f"display_name_{code}", name)
    user.set_password(password)
    user.full_clean(exclude=["password"])
    save_account(user, by=by)
    if roles:
        groups = Group.objects.filter(name__in=roles)
        set_links(user, "groups", groups, by=by, action=AuditEntry.Action.ROLES_CHANGED)
    return user


@transaction.atomic
def set_password(user: User, password: str, *, here: str | None = None) -> None:
    """The person's own new password. Links to set one die with the old one, and all sessions but the one ``here``."""
    user.set_password(password)
    save_record(user, by=user)
    end_sessions(user, by=user, but=here)
    audit.record(AuditEntry.Action.PASSWORD_CHANGED, by=user, about=user)


def settle_in(user: User) -> None:
    """The first login is over: the pages that greet the person do not come back."""
    if user.welcomed_at is None:
        user.welcomed_at = timezone.now()
        save_record(user, by=user)


# Roles


def permissions_of(groups) -> set[int]:
    return set(Permission.objects.filter(group__in=groups).values_list("pk", flat=True))


def may_give(by: User, groups) -> bool:
    """Whether these roles hold no right that the giver lacks."""
    return by.is_superuser or permissions_of(groups) <= permissions_of(by.groups.all())


def roles_to_give(by: User) -> list[Group]:
    """The roles that ``by`` may give, in their order."""
    groups = Group.objects.order_by("pk")
    if by.is_superuser:
        return list(groups)
    own = permissions_of(by.groups.all())
    return [group for group in groups.prefetch_related("permissions") if _rights(group) <= own]


def _rights(group: Group) -> set[int]:
    return {permission.pk for permission in group.permissions.all()}


def stands_above(other: User, by: User) -> bool:
    """Whether the other account has a right that ``by`` lacks, so that taking it over would be a step up."""
    return not by.is_superuser and (other.is_superuser or not may_give(by, other.groups.all()))


@transaction.atomic
def set_roles(user: User, groups, *, by, reason: str = "") -> None:
    """Gives and takes roles, and ends the person's sessions: what she may do is settled at her next log-in.

    Raises ValidationError for one's own account and for roles beyond one's own rights; ``by`` is a user, or None for
    the portal itself.
    """
    groups = set(groups)
    changed = groups ^ set(user.groups.all())
    if not changed:
        return
    if by is not None and by.pk == user.pk:
        raise ValidationError(_("Nobody changes her or his own roles. Ask another officer."), code="own")
    if by is not None and not may_give(by, changed):
        raise ValidationError(_("This role has rights that you do not have yourself."), code="beyond")
    set_links(user, "groups", groups, by=by, reason=reason, action=AuditEntry.Action.ROLES_CHANGED)
    end_sessions(user, by=by)


# Sessions


@transaction.atomic
def end_sessions(user: User, *, by, only: list[str] | None = None, but: str | None = None) -> int:
    """Ends the person's sessions on all devices, or those whose keys ``only`` lists, or all ``but`` one.

    Returns how many.
    """
    sessions = LoginSession.objects.filter(user=user)
    if only is not None:
        sessions = sessions.filter(session_key__in=only)
    if but is not None:
        sessions = sessions.exclude(session_key=but)
    count, _rows = sessions.delete()
    if count:
        audit.record(AuditEntry.Action.SESSIONS_ENDED, by=by, about=user, changes={"rows": ["", str(count)]})
    return count


# Second factors


def open_reset(user: User) -> FactorReset | None:
    return FactorReset.objects.filter(user=user, asked_at__gt=timezone.now() - RESET_STANDS_FOR).first()


@transaction.atomic
def ask_factor_reset(user: User, *, by: User, reason: str) -> FactorReset:
    """The first of two officers, who has made sure outside the portal that the person is who she says she is."""
    if by.pk == user.pk or stands_above(user, by):
        raise ValidationError(_("This account is not yours to reset. Ask another officer."), code="rights")
    FactorReset.objects.filter(user=user).delete()
    request = FactorReset.objects.create(user=user, asked_by=by, reason=reason)
    audit.record(AuditEntry.Action.FACTOR_RESET_ASKED, by=by, about=user, reason=reason)
    return request


@transaction.atomic
def confirm_factor_reset(user: User, *, by: User) -> None:
    """The second officer, on whose word the reset is done.

    Raises ValidationError when nobody asked within the last 48 hours, and for whoever asked or owns the account.
    """
    request = open_reset(user)
    if request is None:
        raise ValidationError(_("Nobody has asked for this in the last 48 hours."), code="late")
    if by.pk in (request.asked_by_id, user.pk):
        raise ValidationError(_("A second officer has to confirm this."), code="same")
    if stands_above(user, by):
        raise ValidationError(_("This account is not yours to reset. Ask another officer."), code="rights")
    request.delete()
    reset_factors(user, by=by, reason=request.reason)


@transaction.atomic
def reset_factors(user: User, *, by: User | None, reason: str) -> None:
    """Takes every second factor off an account and ends its sessions; the person is told. For officers and operators.

    Officers come by ``confirm_factor_reset``.
    """
    Authenticator.objects.filter(user=user).delete()
    end_sessions(user, by=by)
    audit.record(AuditEntry.Action.FACTOR_RESET, by=by, about=user, reason=reason)
    outbox.write("account/email/factor_reset", to=user.email, language=user.language, context={"user": user})
