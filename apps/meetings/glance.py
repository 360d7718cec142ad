"""A meeting in figures, for those who prepare it: replies against places, needs, papers that lack a language."""

from django.db.models import Count, Q

from apps.core.languages import CODES
from apps.meetings.models import Action, Barrier, Decision, Meeting, Minutes, Need, Reply
from apps.meetings.participants import free_places


def of(meeting: Meeting) -> dict:
    """Figures only, without a name."""
    asked = meeting.participants.asked().filter(invited_at__isnull=False)
    counts = asked.aggregate(**{value or "none": Count("pk", filter=Q(reply=value)) for value in Reply.values})
    lacking = Q()
    for code in CODES:
        lacking |= Q(**{f"file_{code}__isnull": True}) | Q(**{f"file_{code}": ""})
    return {
        "meeting": meeting,
        "replies": [(label, counts[value or "none"]) for value, label in Reply.choices],
        "asked": asked.count(),
        "not_asked": meeting.participants.asked().filter(invited_at=None).count(),
        "free_places": free_places(meeting),
        "open_needs": Need.objects.filter(
            participant__meeting=meeting, state__in=[Need.State.ASKED, Need.State.AGREED]
        ).count(),
        "papers": meeting.documents.filter(lacking).count(),
        "minutes": Minutes.objects.filter(meeting=meeting).first(),
        **_outcomes(meeting),
    }


def _outcomes(meeting: Meeting) -> dict:
    decisions = meeting.decisions.aggregate(
        all=Count("pk"),
        drafts=Count("pk", filter=Q(state=Decision.State.DRAFT)),
        silent=Count("pk", filter=Q(state=Decision.State.OPEN)),
    )
    actions = Action.objects.filter(Q(meeting=meeting) | Q(pk__in=meeting.carried_actions.values("pk")))
    return {
        "decisions": decisions,
        "actions_open": actions.unfinished().count(),
        "actions_overdue": actions.overdue().count(),
    }


def needs_by_barrier() -> list[dict]:
    """For every meeting with needs, latest first: how many by barrier and state."""
    found: dict[tuple, dict] = {}
    needs = Need.objects.order_by("-participant__meeting__starts_at", "-participant__meeting")
    for need in needs.select_related("participant__meeting"):
        row = found.setdefault(
            (need.participant.meeting_id, need.barrier),
            {
                "meeting": need.participant.meeting,
                "barrier": Barrier(need.barrier).label,
                "counts": dict.fromkeys(Need.State.values, 0),
            },
        )
        row["counts"][need.state] += 1
    return list(found.values())
