"""What meetings keep about a person: that she was asked, what she answered, and what she needs."""

from django.db.models import Q

from apps.core import privacy
from apps.core.languages import CODES
from apps.core.models import OutgoingMail
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
from apps.stakeholders.forgetting import naming
from apps.stakeholders.privacy import person_erasers, person_sources


def _places_of(user):
    return Participant.objects.filter(Q(person__user=user) | Q(email=user.email))


def _places_of_person(person):
    """Of somebody without an account, who was asked by her address."""
    same_address = Q(email=person.email.lower()) if person.email else Q()
    return Participant.objects.filter(Q(person=person) | same_address)


def _in_languages(name: str) -> list[str]:
    return [f"{name}_{code}" for code in CODES]


def _participations(places) -> list[dict]:
    asked = ("meeting__starts_on", "capacity", "guest_name", "email", "language", "invited_at", "reply", "replied_at")
    was_there = ("attendance", "attendance_at", "attendance_by_self")
    return list(places.values(*_in_languages("meeting__title"), *asked, *was_there))


def _needs(places) -> list[dict]:
    own = Need.objects.filter(participant__in=places)
    return list(own.values(*_in_languages("participant__meeting__title"), "kind", "note", "state", "reason"))


def _proposals(user) -> list[dict]:
    own = AgendaProposal.objects.filter(created_by=user)
    said = ("subject", "reason", "state", "answer", "created_at")
    return list(own.values(*_in_languages("meeting__title"), *said))


def _objections(user) -> list[dict]:
    own = Objection.objects.filter(created_by=user)
    return list(own.values(*_in_languages("decision__text"), "words", "created_at", "withdrawn_at"))


def _actions(user) -> list[dict]:
    own = Action.objects.filter(owner__user=user)
    return list(own.values(*_in_languages("meeting__title"), *_in_languages("text"), "due_on", "state"))


def _notes(user) -> list[dict]:
    own = ActionNote.objects.filter(created_by=user)
    return list(own.values(*_in_languages("action__text"), "words", "state", "created_at"))


def _openings(user) -> list[dict]:
    own = user.document_openings
    return list(own.values(*_in_languages("document__title"), "language", "first_at", "last_at", "times"))


def _sweep_openings(now) -> int:
    """Who opened a paper says something only while the meeting is near."""
    old = DocumentOpening.objects.filter(document__meeting__ends_at__lt=privacy.before(now, "opening"))
    return old.delete()[0]


def _comments(user) -> list[dict]:
    own = MinutesComment.objects.filter(created_by=user)
    said = ("words", "created_at", "state", "answer")
    return list(own.values(*_in_languages("entry__minutes__meeting__title"), *said))


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
    _erase_places(_places_of(user), by=by)
    CalendarAddress.objects.filter(user=user).delete()
    DocumentOpening.objects.filter(user=user).delete()
    DeskVisit.objects.filter(user=user).delete()


def _erase_places(places, *, by) -> None:
    """That somebody was asked and what she answered stays; her name, her address and what she needed go."""
    places = Participant.objects.filter(pk__in=list(places.values_list("pk", flat=True)))
    privacy.forget(places)
    needs = Need.objects.filter(participant__in=places)
    privacy.forget(needs)
    needs.delete()
    for participant in places.exclude(email=""):
        OutgoingMail.objects.filter(to=participant.email).delete()
        participant.email = f"erased-{participant.pk}@invalid.invalid"
        if participant.person_id is None:
            participant.guest_name = "–"
        save_record(participant, by=by)
        privacy.forget(Participant.objects.filter(pk=participant.pk))


def _erase_of_person(person, *, by) -> None:
    _erase_places(_places_of_person(person), by=by)


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
            "participations": lambda user: _participations(_places_of(user)),
            "needs": lambda user: _needs(_places_of(user)),
            "proposals": _proposals,
            "objections": _objections,
            "actions": _actions,
            "action_notes": _notes,
            "openings": _openings,
            "minutes_comments": _comments,
        }
    )
    person_sources["participations"] = lambda person: _participations(_places_of_person(person))
    person_sources["needs"] = lambda person: _needs(_places_of_person(person))
    person_erasers.append(_erase_of_person)
    naming.append(lambda people: Participant.objects.filter(person__in=people))
    privacy.erasers.insert(0, _erase)  # before the person's record lets go of the account
    privacy.sweeps.update({"needs": _sweep_needs, "guests": _sweep_guests, "openings": _sweep_openings})
    privacy.sweeps["packs"] = packs.sweep
