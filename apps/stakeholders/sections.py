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
    yield from _of_people(user)
    yield from _of_seats()
    yield from _of_engagement(user)


def _of_people(user):
    if count := Person.objects.visible_to(user).past_keeping().count():
        text = ngettext(
            "The time for which the data of %(count)d person are kept is over.",
            "The time for which the data of %(count)d people are kept is over.",
            count,
        )
        yield _task(text, count, "person", "?keep=over&active=all", is_urgent=True)


def _of_seats():
    if count := balance.ending_soon().count():
        text = ngettext(
            "The term of %(count)d seat ends within 90 days.", "The terms of %(count)d seats end within 90 days.", count
        )
        yield _task(text, count, "membership", "?ends=soon")
    for group, count in balance.vacancies():
        text = ngettext("%(group)s: %(count)d seat is vacant.", "%(group)s: %(count)d seats are vacant.", count)
        address = reverse("admin:stakeholders_advisorygroup_change", args=[group.pk])
        yield Task(text % {"group": group, "count": count}, address)


def _of_engagement(user):
    if count := JoinRequest.objects.visible_to(user).waiting().count():
        text = ngettext("%(count)d organisation asks to be listed.", "%(count)d organisations ask to be listed.", count)
        yield _task(text, count, "joinrequest")
    if count := Gap.objects.open().filter(assigned_to=user).count():
        text = ngettext("%(count)d gap in the coverage is yours.", "%(count)d gaps in the coverage are yours.", count)
        yield _task(text, count, "gap", "?state=mine")
    if count := Commitment.objects.overdue().count():
        text = ngettext("%(count)d commitment is overdue.", "%(count)d commitments are overdue.", count)
        yield _task(text, count, "engagement", "?commitments=overdue", is_urgent=True)


def _task(text: str, count: int, model: str, query: str = "", *, is_urgent: bool = False) -> Task:
    address = reverse(f"admin:stakeholders_{model}_changelist") + query
    return Task(text % {"count": count}, address, is_urgent=is_urgent)
