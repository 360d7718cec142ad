"""Second factors: whether this session has passed one, and what happens when one is added or taken away.

allauth keeps and checks them; it tells of a change by its signals.
"""

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY, get_authentication_records
from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from django.dispatch import receiver

from apps.accounts import services
from apps.core import audit
from apps.core.models import AuditEntry

_ADDED_HERE = "factor_added"


def has_passed_factor(request) -> bool:
    """Whether a code or a passkey was given in this session, or was set up in it. Asks no database."""
    if request.session.get(_ADDED_HERE):
        return True
    return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))


def has_factor(user) -> bool:
    return Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


@receiver(signals.authenticator_added, dispatch_uid="accounts")
def _added(sender, request, user, authenticator, **kwargs):
    """Sessions that others may have opened with the password alone end here."""
    request.session[_ADDED_HERE] = True
    services.end_sessions(user, by=user, but=request.session.session_key)
    _note(AuditEntry.Action.FACTOR_ADDED, user, authenticator)


@receiver(signals.authenticator_removed, dispatch_uid="accounts")
def _removed(sender, request, user, authenticator, **kwargs):
    if not has_factor(user):
        request.session.pop(_ADDED_HERE, None)
        records = get_authentication_records(request, user)
        request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [
            record for record in records if record.get("method") != "mfa"
        ]
    _note(AuditEntry.Action.FACTOR_REMOVED, user, authenticator)


def _note(action: str, user, authenticator) -> None:
    audit.record(action, by=user, about=user, changes={"method": ["", authenticator.type]})
