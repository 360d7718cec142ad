"""Who belongs to a segment today."""

from datetime import date

from dateutil.relativedelta import relativedelta
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from apps.stakeholders.models import Engagement, Organisation, Person, Segment


def records(segment: Segment, user) -> QuerySet:
    """The active organisations or people who belong to it, as far as this user may see them."""
    if segment.of == Segment.Of.PEOPLE:
        return _people(segment, Person.objects.visible_to(user).filter(is_active=True))
    return _organisations(segment, Organisation.objects.visible_to(user).filter(is_active=True))


def organisations(segment: Segment, user) -> QuerySet:
    """The same; of a segment of people, the organisations for which they speak."""
    found = records(segment, user)
    if segment.of == Segment.Of.PEOPLE:
        return Organisation.objects.filter(pk__in=found.order_by().values("organisation"))
    return found


def _keys(segment: Segment, name: str) -> list[int]:
    """Of what the segment points to; asked once for a segment that was loaded with its links."""
    return [one.pk for one in getattr(segment, name).all()]


def _organisations(segment: Segment, found: QuerySet) -> QuerySet:
    if keys := _keys(segment, "constituencies"):
        found = found.filter(Q(constituency__in=keys) | _linked(Organisation, "other_constituencies", keys))
    if keys := _keys(segment, "countries"):
        found = found.filter(Q(country__in=keys) | _linked(Organisation, "countries", keys))
    if keys := _keys(segment, "objectives"):
        found = found.filter(_linked(Organisation, "objectives", keys))
    return _in_time(segment, _reachable(segment, found), "organisations")


def _people(segment: Segment, found: QuerySet) -> QuerySet:
    if keys := _keys(segment, "constituencies"):
        groups = Organisation.objects.filter(
            Q(constituency__in=keys) | _linked(Organisation, "other_constituencies", keys)
        )
        found = found.filter(organisation__in=groups.order_by().values("pk"))
    if keys := _keys(segment, "countries"):
        found = found.filter(Q(country__in=keys) | Q(country=None, organisation__country__in=keys))
    if keys := _keys(segment, "objectives"):
        found = found.filter(_linked(Person, "objectives", keys))
    return _in_time(segment, _reachable(segment, found), "people")


def _linked(model: type[Model], name: str, keys: list[int]) -> Q:
    """Those that point to one of these, each once."""
    links = model._meta.get_field(name)
    rows = links.remote_field.through.objects.filter(**{f"{links.m2m_reverse_field_name()}__in": keys})
    return Q(pk__in=rows.values(links.m2m_field_name()))


def _reachable(segment: Segment, found: QuerySet) -> QuerySet:
    for name in ("languages", "channels"):
        if codes := getattr(segment, name):
            wanted = Q()
            for code in codes:
                # A list of codes as JSON; SQLite knows no "contains", and no code is part of another between quotes.
                wanted |= Q(**{f"{name}__icontains": f'"{code}"'})
            found = found.filter(wanted)
    return found.filter(connection__in=segment.connections) if segment.connections else found


def _in_time(segment: Segment, found: QuerySet, name: str) -> QuerySet:
    links = Engagement._meta.get_field(name)
    rows = links.remote_field.through.objects.filter(**{f"{links.m2m_reverse_field_name()}__isnull": False})
    heard = rows.values(links.m2m_reverse_field_name())
    if segment.silent_months:
        found = found.exclude(pk__in=heard.filter(engagement__happened_on__gt=_ago(segment.silent_months)))
    if segment.heard_months:
        found = found.filter(pk__in=heard.filter(engagement__happened_on__gt=_ago(segment.heard_months)))
    return found


def _ago(months: int) -> date:
    return timezone.localdate() - relativedelta(months=months)
