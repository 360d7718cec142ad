"""What reviews add to the dashboard of the back office."""

from django.urls import reverse
from django.utils.translation import ngettext

from apps.core.site import Task
from apps.reviews.models import Submission, may_read_originals


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
