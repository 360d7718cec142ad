"""What stakeholders add to the dashboard of the back office."""

from django.urls import reverse
from django.utils.translation import ngettext

from apps.accounts.roles import Role
from apps.core.site import Task
from apps.stakeholders.models import Person


def tasks(user):
    if not user.has_role(Role.SECRETARIAT):
        return
    count = Person.objects.visible_to(user).past_keeping().count()
    if count:
        text = ngettext(
            "The time for which the data of %(count)d person are kept is over.",
            "The time for which the data of %(count)d people are kept is over.",
            count,
        )
        address = reverse("admin:stakeholders_person_changelist") + "?keep=over&active=all"
        yield Task(text % {"count": count}, address, is_urgent=True)
