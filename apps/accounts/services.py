"""Writing accounts."""

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.db import transaction

from apps.accounts.models import User
from apps.accounts.roles import Role
from apps.core.records import save_record


@transaction.atomic
def save_account(user: User, *, by) -> User:
    """Saves an account. An address that it no longer has opens nothing any more: no login, no reset mail."""
    save_record(user, by=by)
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
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
    save_record(user, by=by)
    user.groups.set(Group.objects.filter(name__in=roles))
    return user
