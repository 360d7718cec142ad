"""Organisations, groups and calls for seats as they are found; the names of objectives and countries; the glossary.

People are found by the page of their group, those who show their name to everybody.
"""

from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.languages import CODES, active_language, field_in, version
from apps.core.richtext import plain
from apps.search import indexing, registry
from apps.search.registry import Content, Searchable, first_words
from apps.stakeholders.models import (
    AdvisoryGroup,
    Country,
    Membership,
    Objective,
    Organisation,
    Person,
    SeatCall,
    ShownTo,
    Term,
)


def _organisation(organisation: Organisation, language: str) -> Content | None:
    name = field_in(organisation, "name", language)
    if not name or not organisation.is_active or organisation.shown_to != ShownTo.PUBLIC:
        return None
    places = [organisation.country, *organisation.countries.all()]
    kinds = [organisation.constituency, *organisation.other_constituencies.all()]
    query = urlencode({"words": name})
    return Content(
        title=name,
        names=" ".join([organisation.acronym, *(version(one, "name", language).text for one in (*places, *kinds))]),
        objectives=[objective.number for objective in organisation.objectives.all()],
        countries=dict.fromkeys(country.iso2 for country in places),
        constituencies=[constituency.code for constituency in kinds],
        address=f"{reverse('stakeholders:directory')}?{query}",
    )


def _group(group: AdvisoryGroup, language: str) -> Content | None:
    name = field_in(group, "name", language)
    if not name:
        return None
    today = timezone.localdate()
    seats = Membership.objects.filter(group=group)
    people = Person.objects.visible_to(AnonymousUser()).filter(memberships__in=seats.current(today)).distinct()
    names = (version(person, "name", language).text for person in people)
    return Content(
        title=name,
        lead=group.acronym,
        body=plain(field_in(group, "mandate", language)),
        names="\n".join(names),
        check_at=_next_change(seats, today),
        address=reverse("stakeholders:other_group", args=[group.pk]),
    )


def _next_change(seats, today: date) -> datetime | None:
    """The first midnight after which somebody else sits in the group."""
    begins = seats.filter(starts_on__gt=today).order_by("starts_on").values_list("starts_on", flat=True).first()
    ends = seats.filter(ends_on__gte=today).order_by("ends_on").values_list("ends_on", flat=True).first()
    days = [day for day in (begins, ends and ends + timedelta(days=1)) if day]
    return _midnight(min(days)) if days else None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _seat_call(call: SeatCall, language: str) -> Content | None:
    title = field_in(call, "title", language)
    if not title or not call.is_published:
        return None
    return Content(
        title=title,
        body=plain(field_in(call, "text", language)),
        on=call.opens_on,
        check_at=_midnight(call.opens_on) if call.opens_on > timezone.localdate() else None,
    )


def _objectives() -> dict[str, str]:
    return {str(one.number): f"{one.number}. {_short(one)}" for one in Objective.objects.order_by("number")}


def _short(objective: Objective) -> str:
    """In the page's language, rather the beginning of the long title than a short one in the other."""
    language = active_language()
    short = field_in(objective, "short_title", language)
    return short or first_words(version(objective, "title", language).text, 60)


def _countries() -> dict[str, str]:
    return {country.iso2: version(country, "name").text for country in Country.objects.all()}


def _names(term: Term) -> list[str]:
    return [form for code in CODES for form in (field_in(term, "name", code), *term.forms_in(code)) if form]


def _glossary():
    """Asked for with each search: texts alone."""
    columns = [f"{name}_{code}" for code in CODES for name in ("name", "other_forms")]
    for texts in Term.objects.order_by("pk").values_list(*columns):
        yield [form for text in texts for form in (text or "").splitlines() if form.strip()]


def register() -> None:
    related = ("countries", "objectives", "other_constituencies")
    registry.register(
        Searchable(
            kind="organisation",
            label=_("Organisations"),
            model=Organisation,
            content=_organisation,
            prepare=lambda rows: rows.select_related("country", "constituency").prefetch_related(*related),
        )
    )
    registry.register(Searchable("group", _("Advisory groups"), AdvisoryGroup, _group))
    registry.register(Searchable("seat_call", _("Calls for seats"), SeatCall, _seat_call))
    registry.follow(Membership, lambda membership: [("group", membership.group_id)])
    registry.follow(Person, lambda person: [("group", AdvisoryGroup.objects.filter(memberships__person=person))])
    registry.topics.update({"objective": _objectives, "country": _countries})
    registry.synonyms.append(_glossary)
    registry.follow(Term, lambda term: indexing.keys_holding(_names(term)))
