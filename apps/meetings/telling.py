"""Telling people what concerns them: nobody is told the same thing twice, nor what she may not see (any more).

Mails are named after the kind of notice: ``templates/meetings/mails/<kind>_subject.txt`` and ``…_message.txt``.
"""

from collections.abc import Callable

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from apps.accounts.models import User
from apps.accounts.roles import Role
from apps.core import notices, outbox
from apps.core.languages import field_in
from apps.core.zones import zone_or_none
from apps.meetings import told
from apps.meetings.models import Meeting, Notice, Participant
from apps.meetings.models.participants import named_in
from apps.stakeholders.models import Membership

# What a mail says beyond the facts of the meeting, in the language asked for.
Texts = Callable[[str], dict]
# Makes the calendar file for one participant (apps.meetings.calendar).
CalendarOf = Callable[[Participant], outbox.CalendarFile]


def still_there(meeting: Meeting) -> QuerySet[Participant]:
    """Those on the list who may see the meeting: guests, and who belongs to the group today."""
    today = Membership.objects.current().filter(group=meeting.group_id).values("person")
    there = Q(capacity=Participant.Capacity.GUEST) | Q(person__in=today)
    return meeting.participants.asked().filter(there).select_related("person__user__notice_settings", "meeting")


def not_told(participants: QuerySet[Participant], kind: str, about: str) -> QuerySet[Participant]:
    """Those to whom no such notice went; what runs every minute asks this before it tries to tell."""
    return participants.exclude(pk__in=Notice.objects.filter(kind=kind, about=about).values("participant"))


def accounts_of_the_group(meeting: Meeting) -> QuerySet[User]:
    """The accounts of everybody who belongs to the meeting's group today."""
    today = Membership.objects.current().filter(group=meeting.group_id)
    found = User.objects.filter(person__in=today.values("person"), is_active=True)
    return found.select_related("notice_settings").prefetch_related("groups").order_by("pk")


def tell_participant(
    participant: Participant,
    kind: str,
    *,
    about: str = "",
    texts: Texts | None = None,
    calendar: CalendarOf | None = None,
) -> int:
    """One mail with the participant's own link. Returns how many went: none when there is no address, or sent before.

    With ``calendar`` the mail carries a file for her calendar, and it is kept when and where she was told that it is.
    The caller asks ``still_there`` who may be told.
    """
    known = told.facts(participant.meeting) if calendar else None
    if not participant.address or not _noted_once(kind, about, participant=participant, told=known):
        return 0
    language = participant.mail_language
    with override(language):
        more = texts(language) if texts else {}
    own_zone = participant.user.time_zone if participant.user is not None else ""
    context = {**_facts(participant.meeting, language, own_zone), "name": named_in(participant, language)}
    context |= {"link": participant.link, **more}
    outbox.write(
        f"meetings/mails/{kind}",
        to=participant.address,
        language=language,
        context=context,
        is_secret=True,
        calendar=calendar(participant) if calendar else None,
        about=participant,
        reader=participant.user if participant.user is not None and participant.user.is_active else None,
    )
    return 1


def tell_account(
    user: User, kind: str, *, meeting: Meeting, page: tuple, about: str, texts: Texts | None = None
) -> int:
    """One mail with a link to a page of the portal. Returns how many went.

    ``page`` is the view's name and its arguments: ``("meetings:minutes", 7)``. None goes to an account that is not
    active, may not see the meeting, or was told before.
    """
    may_see = user.is_active and Meeting.objects.visible_to(user).filter(pk=meeting.pk).exists()
    if not may_see or not _noted_once(kind, about, user=user):
        return 0
    language = user.language
    with override(language), timezone.override(zone_or_none(user.time_zone)):
        link = settings.SITE_URL + reverse(page[0], args=page[1:])
        name = field_in(user, "display_name", language) or user.get_full_name()
        context = {
            **_facts(meeting, language, user.time_zone),
            "name": name,
            "link": link,
            **(texts(language) if texts else {}),
        }
        outbox.write(
            f"meetings/mails/{kind}", to=user.email, language=language, context=context, about=meeting, reader=user
        )
    return 1


def may_be_told(participant: Participant, mail) -> bool:
    """Whether a mail about a participation may still go: a cancellation always, anything else to who is still there."""
    if mail.kind == Notice.Kind.CANCELLED:
        return True
    meeting = participant.meeting
    is_there = still_there(meeting).filter(pk=participant.pk).exists()
    return is_there and meeting.status != Meeting.Status.CANCELLED


def register_notices() -> None:
    """What members are told; what carries a file for the calendar, or presses, cannot wait for a digest."""
    outbox.gates["meetings.participant"] = may_be_told
    pressing = {"invitation", "unanswered", "tomorrow", "alternate", "changed", "cancelled"}
    for kind, label in Notice.Kind.choices:
        notices.register(kind, label, can_wait=kind not in pressing, is_for=_IS_FOR.get(kind, _is_in_a_group))


def _is_in_a_group(user) -> bool:
    return Membership.objects.current().filter(person__user=user).exists()


_IS_FOR = {
    Notice.Kind.TO_INVITE: lambda user: user.has_role(Role.SECRETARIAT),
    Notice.Kind.PROPOSAL: lambda user: user.has_role(Role.SECRETARIAT) or _is_in_a_group(user),
    Notice.Kind.ALTERNATE: lambda user: True,
}


def _noted_once(kind: str, about: str, **fields) -> bool:
    try:
        with transaction.atomic():
            Notice.objects.create(kind=kind, about=about, **fields)
    except IntegrityError:
        return False
    return True


def _facts(meeting: Meeting, language: str, own_zone: str = "") -> dict:
    facts = told.facts(meeting)
    return {
        "meeting": meeting,
        "title": field_in(meeting, "title", language) or str(meeting),
        "when": told.when(facts, language),
        "own_when": told.when_elsewhere(meeting, own_zone, language) if own_zone else "",
        "place": field_in(meeting, "place", language),
    }
