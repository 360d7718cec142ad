"""Who sits in a group, as a reader may see it."""

from dataclasses import dataclass

from apps.stakeholders.models import AdvisoryGroup, Membership, Person


@dataclass(frozen=True)
class Seat:
    """A seat, or a place beside the table. ``membership`` is None for a vacant one; ``shows`` names the fields of the
    person that the reader may know: none of them without the name."""

    membership: Membership | None = None
    shows: frozenset[str] = frozenset()

    @property
    def is_named(self) -> bool:
        return "name" in self.shows


@dataclass(frozen=True)
class Table:
    seats: list[Seat]
    beside: list[Seat]
    vacant: int


_RANK = {position: rank for rank, position in enumerate(Membership.Position.values)}


def table(group: AdvisoryGroup, user) -> Table:
    """The group's table today as ``user`` may see it: held seats by rank, then the vacant ones. Two queries."""
    memberships = (
        group.memberships.current()
        .visible_to(user)
        .select_related("person__organisation", "person__country", "constituency")
    )
    named = set(Person.objects.visible_to(user).filter(memberships__group=group).values_list("pk", flat=True))
    is_fellow = user.is_authenticated and any(m.person.user_id == user.pk for m in memberships)
    seats = [
        Seat(m, m.person.shown_to(user, is_fellow=is_fellow) if m.person_id in named else frozenset())
        for m in sorted(memberships, key=lambda m: _RANK[m.position])
    ]
    held = [seat for seat in seats if seat.membership.position in Membership.SEATED]
    beside = [seat for seat in seats if seat.membership.position not in Membership.SEATED]
    vacant = max(group.seats - len(held), 0)
    return Table(held + [Seat()] * vacant, beside, vacant)
