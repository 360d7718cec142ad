"""The demonstration's organisations beyond the group, what was said with them, and a gap that somebody sees to."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from apps.accounts.models import User
from apps.core.records import save_record, save_with_links, set_links
from apps.demo import source
from apps.demo.source import by_language
from apps.stakeholders import coverage
from apps.stakeholders.engagements import save_engagement
from apps.stakeholders.models import (
    AdvisoryGroup,
    Commitment,
    Constituency,
    Country,
    Engagement,
    Gap,
    Interest,
    JoinRequest,
    Membership,
    Objective,
    Organisation,
    ReservedSeats,
    SeatCall,
    Segment,
)

_ASKED = ("email", "language", "name_ar", "name_en", "acronym", "languages", "channels", "about", "contact_name")
_ASKED += ("phone", "shown_to")


def load_outreach(*, by: User, today: date) -> None:
    """What is there already stays as it is."""
    data = source.engagements()
    organisations = {row["key"]: _organisation(row, by, today) for row in data["organisation"]}
    for row in _missing(data["engagement"], Engagement, subject="subject_ar"):
        _engagement(row, organisations, by, today)
    for row in _missing(data["join_request"], JoinRequest, email="email"):
        _join_request(row, today)
    for row in _missing(data["segment"], Segment, name_en="name_en"):
        _segment(row, by)
    for row in _missing(data["gap"], Gap, note="note"):
        _gap(row, by, today)
    for row in _missing(data["seat_call"], SeatCall, title_en="title_en"):
        _seat_call(row, by, today)


def _missing(rows: list[dict], model, **known_by: str) -> list[dict]:
    """The rows whose record is not there; ``known_by`` names a column and the entry of the row that says it."""
    ((column, entry),) = known_by.items()
    return [row for row in rows if not model.objects.filter(**{column: row[entry]}).exists()]


def _organisation(row: dict, by: User, today: date) -> Organisation:
    if found := Organisation.objects.filter(name_en=row["name_en"]).first():
        return found
    organisation = Organisation(
        acronym=row["acronym"],
        constituency=Constituency.objects.get(code=row["constituency"]),
        country=Country.objects.get(iso2=row["country"]),
        languages=row["languages"],
        channels=row["channels"],
        connection=row["connection"],
        shown_to=row["shown_to"],
        **by_language(row, "name"),
    )
    if organisation.shown_to != "nobody":
        organisation.consent_given_on, organisation.consent_how = today - timedelta(days=200), "email"
    save_record(organisation, by=by)
    set_links(organisation, "countries", Country.objects.filter(iso2__in=row["countries"]), by=by)
    set_links(organisation, "objectives", Objective.objects.filter(number__in=row["objectives"]), by=by)
    return organisation


def _engagement(row: dict, organisations: dict[str, Organisation], by: User, today: date) -> None:
    engagement = Engagement(
        happened_on=today - timedelta(days=row["days_ago"]),
        kind=row["kind"],
        subject=row["subject_ar"],
        said=row["said"],
        follow_up=row["follow_up"],
        on_behalf_of=row["on_behalf_of"],
    )
    save_engagement(engagement, by=by)
    set_links(engagement, "organisations", [organisations[key] for key in row["organisations"]], by=by)
    set_links(engagement, "objectives", Objective.objects.filter(number__in=row["objectives"]), by=by)
    for promise in row.get("commitment", []):
        due = today + timedelta(days=promise["due_in"])
        commitment = Commitment(
            engagement=engagement, text=promise["text"], owner=by, due_on=due, state=promise["state"]
        )
        save_record(commitment, by=by)


def _join_request(row: dict, today: date) -> None:
    """As if its mails had gone long ago: nobody reads them."""
    request = JoinRequest(
        constituency=Constituency.objects.get(code=row["constituency"]),
        country=Country.objects.get(iso2=row["country"]),
        state=JoinRequest.State.SENT,
        sent_at=timezone.make_aware(datetime.combine(today - timedelta(days=row["days_ago"]), time(9, 30))),
        **{name: row[name] for name in _ASKED},
    )
    save_record(request, by=None)
    set_links(request, "objectives", Objective.objects.filter(number__in=row["objectives"]), by=None)


def _segment(row: dict, by: User) -> None:
    segment = Segment(
        of=row["of"],
        silent_months=row.get("silent_months"),
        channels=row.get("channels", []),
        **by_language(row, "name"),
    )
    links = {
        "constituencies": Constituency.objects.filter(code__in=row["constituencies"]),
        "countries": Country.objects.filter(iso2__in=row["countries"]),
    }
    save_with_links(segment, links, by=by)


def _gap(row: dict, by: User, today: date) -> None:
    gap = coverage.take_up(
        by=by,
        constituency=Constituency.objects.get(code=row["constituency"]),
        place=Country.objects.get(iso2=row["country"]),
        assigned_to=by,
        due_on=today + timedelta(days=row["due_in"]),
    )
    gap.note = row["note"]
    save_record(gap, by=by)


def _seat_call(row: dict, by: User, today: date) -> None:
    """With the seat that it is for, and what one member has declared."""
    group = AdvisoryGroup.objects.first()
    kept = ReservedSeats(group=group, constituency=Constituency.objects.get(code=row["constituency"]))
    save_record(kept, by=by)
    call = SeatCall(
        group=group,
        reserved=kept,
        opens_on=today - timedelta(days=row["days_ago"]),
        closes_on=today + timedelta(days=row["closes_in"]),
        is_published=True,
        **by_language(row, "title"),
        **by_language(row, "text"),
    )
    save_record(call, by=by)
    membership = Membership.objects.current().seated().filter(group=group).first()
    if membership is not None:
        save_record(Interest(membership=membership, says=row["interest"], declared_on=call.opens_on), by=by)
