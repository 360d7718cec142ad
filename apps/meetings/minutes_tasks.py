"""What the minutes ask of the secretariat."""

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import ngettext

from apps.accounts.roles import Role
from apps.core.dates import portal_today
from apps.core.site import Task
from apps.meetings.models import Minutes, MinutesComment


def tasks(user):
    if not user.has_role(Role.SECRETARIAT):
        return
    waiting = MinutesComment.objects.visible_to(user).unanswered()
    count = waiting.count()
    if count:
        text = ngettext(
            "%(count)d comment on minutes waits for an answer.",
            "%(count)d comments on minutes wait for an answer.",
            count,
        )
        address = reverse("admin:meetings_minutescomment_changelist")
        yield Task(text % {"count": count}, f"{address}?state__exact=open", is_urgent=True)
    over = Minutes.objects.visible_to(user).filter(state=Minutes.State.CIRCULATED, comments_until__lt=portal_today())
    ready = over.exclude(Exists(waiting.filter(entry__minutes=OuterRef("pk")))).count()
    if ready:
        text = ngettext(
            "The minutes of %(count)d meeting can be adopted: the time for comments is over.",
            "The minutes of %(count)d meetings can be adopted: the time for comments is over.",
            ready,
        )
        address = reverse("admin:meetings_minutes_changelist")
        yield Task(text % {"count": ready}, f"{address}?state__exact=circulated")
