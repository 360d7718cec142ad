"""Writing the engagement log, by hand and from what happens elsewhere in the portal."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from apps.core.records import save_record, set_links
from apps.stakeholders.coverage import close_gaps
from apps.stakeholders.models import Engagement, Organisation, Person


def save_engagement(engagement: Engagement, *, by) -> Engagement:
    """Raises ValidationError for a day that has not come: the log tells what has been."""
    engagement.clean()
    return save_record(engagement, by=by)


@transaction.atomic
def log_from(
    source: str,
    *,
    by,
    kind: str,
    happened_on: date,
    subject: str,
    people: Iterable[Person],
    organisations: Iterable[Organisation] = (),
    objectives=(),
) -> Engagement | None:
    """The entry that comes by itself of a record elsewhere, as ``source`` names it: one however often it is told.

    Its people are those given, its organisations those for which they speak and those given. Without anybody there is
    no entry: one that stood goes.
    """
    people, organisations = list(people), list(organisations)
    engagement = Engagement.objects.select_for_update().filter(source=source).first()
    if not people and not organisations:
        unlog(source, by=by)
        return None
    engagement = engagement or Engagement(source=source)
    engagement.kind, engagement.happened_on, engagement.subject = kind, happened_on, subject[:200]
    save_record(engagement, by=by)
    set_links(engagement, "people", people, by=by)
    keys = {person.organisation_id for person in people} | {one.pk for one in organisations}
    set_links(engagement, "organisations", Organisation.objects.filter(pk__in=keys), by=by)
    set_links(engagement, "objectives", objectives, by=by)
    close_gaps(engagement, by=by)
    return engagement


def unlog(source: str, *, by) -> None:
    """Takes out the entry that came of a record elsewhere, if there is one."""
    for engagement in Engagement.objects.filter(source=source):
        engagement.delete(by=by)
