"""What stakeholders add to the dashboard of the back office."""

from django.urls import reverse
from django.utils.translation import ngettext

from apps.accounts.roles import Role
from apps.core.site import Task
from apps.stakeholders import balance
from apps.stakeholders.models import Commitment, Gap, JoinRequest, Person


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
    count = balance.ending_soon().count()
    if count:
        text = ngettext(
            "The term of %(count)d seat ends within 90 days.", "The terms of %(count)d seats end within 90 days.", count
        )
        yield Task(text % {"count": count}, reverse("admin:stakeholders_membership_changelist") + "?ends=soon")
    for group, count in balance.vacancies():
        text = ngettext("%(group)s: %(count)d seat is vacant.", "%(group)s: %(count)d seats are vacant.", count)
        address = reverse("admin:stakeholders_advisorygroup_change", args=[group.pk])
        yield Task(text % {"group": group, "count": count}, address)
    count = JoinRequest.objects.visible_to(user).waiting().count()
    if count:
        text = ngettext("%(count)d organisation asks to be listed.", "%(count)d organisations ask to be listed.", count)
        yield Task(text % {"count": count}, reverse("admin:stakeholders_joinrequest_changelist"))
    count = Gap.objects.open().filter(assigned_to=user).count()
    if count:
        text = ngettext("%(count)d gap in the coverage is yours.", "%(count)d gaps in the coverage are yours.", count)
        yield Task(text % {"count": count}, reverse("admin:stakeholders_gap_changelist") + "?state=mine")
    count = Commitment.objects.overdue().count()
    if count:
        text = ngettext("%(count)d commitment is overdue.", "%(count)d commitments are overdue.", count)
        address = reverse("admin:stakeholders_engagement_changelist") + "?commitments=overdue"
        yield Task(text % {"count": count}, address, is_urgent=True)
