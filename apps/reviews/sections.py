"""What reviews add to the dashboard of the back office and to the home page."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from apps.core.site import Task
from apps.reviews.models import CallForInput, Submission, may_read_originals


def tasks(user):
    if not may_read_originals(user):
        return
    count = Submission.objects.visible_to(user).waiting().count()
    if count:
        text = ngettext(
            "%(count)d contribution to a review waits to be read.",
            "%(count)d contributions to a review wait to be read.",
            count,
        )
        yield Task(text % {"count": count}, reverse("admin:reviews_submission_changelist"))


def open_calls(request) -> dict | None:
    """Nothing while no call is open."""
    today, day = timezone.localdate(), timedelta(days=1)  # in some zone it is already tomorrow, or still yesterday
    near = CallForInput.objects.visible_to(request.user).filter(is_published=True)
    near = near.filter(opens_on__lte=today + day, closes_on__gte=today - day)
    calls = [one for one in near if one.stage == CallForInput.Stage.OPEN]
    return {"calls": calls} if calls else None
