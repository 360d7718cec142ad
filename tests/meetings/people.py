from datetime import date

from apps.meetings.models import Participant

LATER = date(2031, 12, 9)


def kept(participant: Participant) -> Participant:
    return Participant.objects.get(pk=participant.pk)


def token(participant: Participant) -> str:
    return participant.link.rstrip("/").rsplit("/", 1)[-1]
