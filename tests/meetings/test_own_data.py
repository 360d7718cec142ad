"""What meetings hold of a person: all of it in her copy, and none of it once she is erased."""

from datetime import date

from django.utils import timezone

from apps.core import privacy
from apps.meetings.models import Participant
from apps.stakeholders.privacy import erase_person, person_sources
from tests.factories import make_meeting, make_participant, make_person, make_user

MIXED = "Canary.Guest@Example.org"


def _guest(**fields) -> Participant:
    return make_participant(make_meeting(), email=MIXED.lower(), guest_name="Canary", **fields)


def test_an_address_of_a_person_finds_her_places_however_it_is_spelled(db):
    _guest()
    person = make_person()
    type(person).objects.filter(pk=person.pk).update(email=MIXED)
    person.refresh_from_db()

    assert [place["email"] for place in person_sources["participations"](person)] == [MIXED.lower()]


def test_an_erased_person_takes_the_places_of_her_address_along(secretary):
    place, other = _guest(), make_participant(make_meeting())
    person = make_person()
    type(person).objects.filter(pk=person.pk).update(email=MIXED)
    person.refresh_from_db()

    erase_person(person, by=secretary, reason="She asked.")

    kept = [Participant.objects.get(pk=one.pk) for one in (place, other)]
    assert (kept[0].email, kept[0].guest_name) == (f"erased-{place.pk}@invalid.invalid", "–")
    assert (kept[1].email, kept[1].guest_name) == (other.email, other.guest_name)


def test_the_copy_of_a_guest_says_what_is_kept_and_in_both_languages(db):
    now = timezone.now()
    place = _guest(language="ar", attendance="online", attendance_at=now, attendance_by_self=True)
    user = make_user(email=MIXED)

    assert privacy.sources["participations"](user) == [
        {
            "meeting__title_ar": place.meeting.title_ar,
            "meeting__title_en": place.meeting.title_en,
            "meeting__starts_on": date(2026, 12, 8),
            "capacity": "guest",
            "guest_name": "Canary",
            "email": MIXED.lower(),
            "language": "ar",
            "invited_at": place.invited_at,
            "reply": "",
            "replied_at": None,
            "attendance": "online",
            "attendance_at": now,
            "attendance_by_self": True,
        }
    ]
