"""Who sits in a group, as a reader may see it."""

from dataclasses import dataclass

from apps.stakeholders.models import AdvisoryGroup, Membership, Person, ReservedSeats, SeatCall


@dataclass(frozen=True)
class Seat:
    """A seat, or a place beside the table. ``membership`` is None for a vacant one, ``reserved`` says for whom it is
    kept and ``call`` which open call fills it; ``shows`` names the fields of the person that the reader may know: none
    of them without the name."""

    membership: Membership | None = None
    shows: frozenset[str] = frozenset()
    reserved: ReservedSeats | None = None
    call: SeatCall | None = None

    @property
    def is_named(self) -> bool:
        return "name" in self.shows


@dataclass(frozen=True)
class Table:
    seats: list[Seat]
    beside: list[Seat]
    vacant: int
    has_calls: bool = False


_RANK = {position: rank for rank, position in enumerate(Membership.Position.values)}


def table(group: AdvisoryGroup, user) -> Table:
    """The group's table today as ``user`` may see it: held seats by rank, then the vacant ones. Four queries."""
    memberships = (
        group.memberships.current()
        .visible_to(user)
        .select_related("person__organisation", "person__country", "constituency")
    )
    named = _named(group, user)
    is_fellow = user.is_authenticated and any(m.person.user_id == user.pk for m in memberships)
    seats = [
        Seat(m, m.person.shown_to(user, is_fellow=is_fellow) if m.person_id in named else frozenset())
        for m in sorted(memberships, key=lambda m: _RANK[m.position])
    ]
    held = [seat for seat in seats if seat.membership.position in Membership.SEATED]
    beside = [seat for seat in seats if seat.membership.position not in Membership.SEATED]
    calls = {call.reserved_id: call for call in group.calls.open().order_by("-closes_on", "-pk")}
    vacant = _vacant(group, [seat.membership for seat in held], calls)
    return Table(held + vacant, beside, len(vacant), has_calls=bool(calls))


def _named(group: AdvisoryGroup, user) -> set[int]:
    """The people who sit or sat in the group whose name this user may read."""
    return set(Person.objects.visible_to(user).filter(memberships__group=group).values_list("pk", flat=True))


def _vacant(group: AdvisoryGroup, held: list[Membership], calls: dict[int | None, SeatCall]) -> list[Seat]:
    """The seats that nobody holds: those that are kept for somebody, then anybody's; with the call that fills them."""
    kept = list(group.reserved_seats.select_related("constituency", "country"))
    empty = []
    for reserved in kept:
        taken = sum(membership.reserved_id == reserved.pk for membership in held)
        seat = Seat(reserved=reserved, call=calls.get(reserved.pk) or calls.get(None))
        empty += [seat] * max(reserved.seats - taken, 0)
    free = max(group.seats - len(held), 0)
    return (empty + [Seat(call=calls.get(None))] * max(free - len(empty), 0))[:free]


@dataclass(frozen=True)
class Term:
    """That somebody sat somewhere for a time; ``is_named`` whether the reader may know who."""

    membership: Membership
    is_named: bool


def history(group: AdvisoryGroup, user) -> list[Term]:
    """Who sat in the group when, the newest first, as ``user`` may know it. Somebody who sat there and is not named in
    public is a person without a name."""
    memberships = group.memberships.visible_to(user).select_related("person", "constituency")
    named = _named(group, user)
    ordered = memberships.order_by("-starts_on", "-pk")
    return [Term(membership, membership.person_id in named) for membership in ordered]
