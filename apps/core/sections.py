"""What core adds to the dashboard."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from apps.core import health
from apps.core.models import MailAddress, OutgoingMail
from apps.core.site import Task

# Of what happened in so many days.
_LATELY = timedelta(days=7)


def state(user):
    """Something that the portal needs is not in order."""
    if user.is_staff and not health.is_well():
        yield Task(gettext("Something that the portal needs is not in order."), reverse("status"), is_urgent=True)


def tasks(user):
    """Mails that reached nobody, for who can find another way to these people."""
    lately = timezone.now() - _LATELY
    stopped = MailAddress.objects.visible_to(user).filter(stopped_at__gt=lately).count()
    if stopped:
        text = ngettext(
            "Mails to %(count)s mailbox were stopped: it does not take them.",
            "Mails to %(count)s mailboxes were stopped: they do not take them.",
            stopped,
        )
        yield Task(text % {"count": stopped}, reverse("admin:core_mailaddress_changelist"))
    given_up = OutgoingMail.objects.visible_to(user).filter(status=OutgoingMail.Status.FAILED, created_at__gt=lately)
    if user.has_perm("core.view_mailaddress") and (count := given_up.count()):
        text = ngettext(
            "%(count)s mail was given up: the mail server did not answer.",
            "%(count)s mails were given up: the mail server did not answer.",
            count,
        )
        address = f"{reverse('admin:core_outgoingmail_changelist')}?status__exact={OutgoingMail.Status.FAILED}"
        yield Task(text % {"count": count}, address, is_urgent=True)
