"""What meetings keep about a person: that she was asked, what she answered, and what she needs."""

from django.db.models import Q

from apps.core import privacy
from apps.core.records import save_record
from apps.meetings import packs
from apps.meetings.models import (
    Action,
    ActionNote,
    AgendaProposal,
    CalendarAddress,
    DeskVisit,
    DocumentOpening,
    MinutesComment,
    Need,
    Objection,
    Participant,
)


def _participations(user) -> list[dict]:
    own = Participant.objects.filter(Q(person__user=user) | Q(email=user.email))
    return list(own.values("meeting__title_en", "meeting__starts_on", "capacity", "invited_at", "reply", "replied_at"))


def _needs(user) -> list[dict]:
    own = Need.objects.filter(Q(participant__person__user=user) | Q(participant__email=user.email))
    return list(own.values("participant__meeting__title_en", "kind", "note", "state", "reason"))


def _proposals(user) -> list[dict]:
    own = AgendaProposal.objects.filter(created_by=user)
    return list(own.values("meeting__title_en", "subject", "reason", "state", "answer", "created_at"))


def _objections(user) -> list[dict]:
    own = Objection.objects.filter(created_by=user)
    return list(own.values("decision__text_en", "words", "created_at", "withdrawn_at"))


def _actions(user) -> list[dict]:
    own = Action.objects.filter(owner__user=user)
    return list(own.values("meeting__title_en", "text_ar", "text_en", "due_on", "state"))


def _notes(user) -> list[dict]:
    return list(ActionNote.objects.filter(created_by=user).values("action__text_en", "words", "state", "created_at"))


def _openings(user) -> list[dict]:
    return list(user.document_openings.values("document__title_en", "language", "first_at", "last_at", "times"))


def _sweep_openings(now) -> int:
    """Who opened a paper says something only while the meeting is near."""
    old = DocumentOpening.objects.filter(document__meeting__ends_at__lt=privacy.before(now, "opening"))
    return old.delete()[0]


def _comments(user) -> list[dict]:
    own = MinutesComment.objects.filter(created_by=user)
    return list(own.values("entry__minutes__meeting__title_en", "words", "created_at", "state", "answer"))


def _erase_texts(user) -> None:
    """What she proposed goes; an item that came of it stays, as the agenda's own. That somebody objected, noted
    or commented stays, without her words."""
    proposals = AgendaProposal.objects.filter(created_by=user)
    privacy.forget(proposals)
    proposals.delete()
    for model in (Objection, ActionNote, MinutesComment):
        own = model.objects.filter(created_by=user)
        privacy.forget(own)
        own.update(words="–", created_by=None, updated_by=None)


def _erase(user, *, by) -> None:
    _erase_texts(user)
    own = Participant.objects.filter(Q(person__user=user) | Q(email=user.email))
    privacy.forget(own)
    needs = Need.objects.filter(participant__in=own)
    privacy.forget(needs)
    needs.delete()
    CalendarAddress.objects.filter(user=user).delete()
    DocumentOpening.objects.filter(user=user).delete()
    DeskVisit.objects.filter(user=user).delete()
    for participant in own.filter(person=None):
        participant.guest_name, participant.email = "–", f"erased-{participant.pk}@invalid.invalid"
        save_record(participant, by=by)
        privacy.forget(own.model.objects.filter(pk=participant.pk))


def _sweep_needs(now) -> int:
    """What was needed is of no use when the meeting is long over; the report counts it until then."""
    old = Need.objects.filter(participant__meeting__ends_at__lt=privacy.before(now, "need"))
    privacy.forget(old)
    return old.delete()[0]


def _sweep_guests(now) -> int:
    """Guests who are in no other record of the portal."""
    old = Participant.objects.filter(person=None, meeting__ends_at__lt=privacy.before(now, "guest"))
    privacy.forget(old)
    return old.delete()[1].get("meetings.Participant", 0)


def register() -> None:
    privacy.sources.update(
        {
            "participations": _participations,
            "needs": _needs,
            "proposals": _proposals,
            "objections": _objections,
            "actions": _actions,
            "action_notes": _notes,
            "openings": _openings,
            "minutes_comments": _comments,
        }
    )
    privacy.erasers.insert(0, _erase)  # before the person's record lets go of the account
    privacy.sweeps.update({"needs": _sweep_needs, "guests": _sweep_guests, "openings": _sweep_openings})
    privacy.sweeps["packs"] = packs.sweep
