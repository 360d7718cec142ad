"""What accounts add to the dashboard."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import FactorReset
from apps.accounts.services import RESET_STANDS_FOR, stands_above
from apps.core.site import Task


def tasks(user):
    """Resets of second factors that this officer may confirm."""
    if not user.has_perm("accounts.change_user"):
        return
    waiting = FactorReset.objects.filter(asked_at__gt=timezone.now() - RESET_STANDS_FOR).select_related("user")
    for reset in waiting.exclude(asked_by=user).exclude(user=user):
        if not stands_above(reset.user, user):
            text = _("The reset of a second factor waits for you: %(who)s.") % {"who": reset.user}
            yield Task(text, reverse("admin:accounts_user_change", args=[reset.user_id]), is_urgent=True)
