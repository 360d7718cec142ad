"""The demonstration's organisations beyond the group, what was said with them, and a gap that somebody sees to."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from apps.accounts.models import User
from apps.core.records import save_record, set_links
from apps.demo import source
from apps.demo.source import by_language
from apps.stakeholders import coverage
from apps.stakeholders.engagements import save_engagement
from apps.stakeholders.models import (
    Commitment,
    Constituency,
    Country,
    Engagement,
    Gap,
    JoinRequest,
    Objective,
    Organisation,
)

_ASKED = ("email", "language", "name_ar", "name_en", "acronym", "languages", "channels", "about", "contact_name")
_ASKED += ("phone", "shown_to")


def load_outreach(*, by: User, today: date) -> None:
    """What is there already stays as it is."""
    data = source.engagements()
    organisations = {row["key"]: _organisation(row, by, today) for row in data["organisation"]}
    for row in data["engagement"]:
        if not Engagement.objects.filter(subject=row["subject_ar"]).exists():
            _engagement(row, organisations, by, today)
    for row in data["join_request"]:
        if not JoinRequest.objects.filter(email=row["email"]).exists():
            _join_request(row, today)
    for row in data["gap"]:
        if not Gap.objects.filter(note=row["note"]).exists():
            _gap(row, by, today)


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
