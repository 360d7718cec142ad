"""Seats that end: the person and the secretariat know two months before; of somebody protected her guardians alone."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from apps.accounts.roles import Role
from apps.accounts.telling import tell, with_role
from apps.core import notices, outbox
from apps.core.languages import isolated, version
from apps.stakeholders.models import Membership, Person

AHEAD = timedelta(days=60)


def remind_of_seats(now: datetime) -> int:
    """Once for each seat and day on which it ends."""
    ending = Membership.objects.ending(AHEAD, timezone.localdate(now)).order_by("ends_on", "pk")
    sent = 0
    for seat in ending.select_related("person__user__notice_settings", "group"):
        account = seat.person.user
        if account is not None and account.is_active:
            sent += _tell(seat, [account], reverse_to=lambda: reverse("meetings:desk"))
        officers = with_role(Role.SECRETARIAT).exclude(pk=account.pk if account else None)
        if seat.person.is_at_risk:
            officers = officers.filter(pk__in=seat.person.guardians.values("pk"))
        sent += _tell(
            seat, officers, reverse_to=lambda seat=seat: reverse("admin:stakeholders_membership_change", args=[seat.pk])
        )
    return sent


def _tell(seat: Membership, users, *, reverse_to) -> int:
    return tell(
        users,
        "stakeholders/mails/seat_ending",
        about=seat,
        key=f"seat {seat.pk} {seat.ends_on}",
        page=reverse_to,
        texts=lambda language: {
            "person": isolated(version(seat.person, "name", language)),
            "group": isolated(version(seat.group, "name", language)),
            "until": isolated(date_format(seat.ends_on, "DATE_FORMAT")),
        },
    )


def may_be_told(seat: Membership, mail) -> bool:
    """Unless it was made longer, or followed, or ended, or the person is protected from the reader meanwhile."""
    reader = mail.reader
    if reader is None or Person.objects.hidden_from(reader).filter(pk=seat.person_id).exists():
        return False
    is_theirs = seat.person.user_id == reader.pk or reader.has_role(Role.SECRETARIAT)
    return is_theirs and Membership.objects.ending(AHEAD).filter(pk=seat.pk).exists()


def register_notices() -> None:
    outbox.gates["stakeholders.membership"] = may_be_told
    notices.register(
        "seat_ending",
        _("Seat that ends"),
        is_for=lambda user: (
            user.has_role(Role.SECRETARIAT) or Membership.objects.current().filter(person__user=user).exists()
        ),
    )
