"""What outreach adds to the shared pages."""

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.accounts.roles import Role
from apps.core.languages import isolated
from apps.core.site import Task
from apps.outreach.models import Announcement


def tasks(user):
    """Announcements that wait for a second person, who is not the one that asked."""
    if not user.has_role(Role.SECRETARIAT):
        return
    waiting = Announcement.objects.visible_to(user).filter(state=Announcement.State.ASKED)
    for one in waiting.exclude(asked_by=user).exclude(updated_by=user):
        text = _("An announcement waits for a second person: “%(subject)s”") % {"subject": isolated(str(one))}
        yield Task(text, reverse("admin:outreach_announcement_change", args=[one.pk]), is_urgent=True)


def subscribe(request):
    """For readers without an account; members get notices."""
    return None if request.user.is_authenticated else {}
