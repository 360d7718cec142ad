"""What the trail and the back office's history say in words of people who are protected or erased."""

from collections.abc import Callable

from django.db.models import Q, QuerySet

from apps.core import privacy
from apps.core.models import AuditDetail
from apps.stakeholders.models import Affiliation, Engagement, Membership, Merge, Segment, StakeholderImport
from apps.stakeholders.models.people import PersonQuerySet

# Of other apps: people → the records whose labels name them.
naming: list[Callable[[PersonQuerySet], QuerySet]] = []


def forget_words(people: PersonQuerySet) -> None:
    """Forgets what is said of these people and of the records whose labels name them; the bare deeds stay."""
    privacy.forget(people)
    for model in (Membership, Affiliation):
        privacy.forget(model.objects.filter(person__in=people))
    privacy.forget(merges_of(people))
    for of_these in naming:
        privacy.forget(of_these(people))
    _forget_in_the_log(people)


def check_imports_anew(people: PersonQuerySet) -> None:
    """Takes back the check of tables in which a row looks like one of these people: what was found names her, and
    whoever sent the table may be nobody who is to know her."""
    keys, state = set(people.values_list("pk", flat=True)), StakeholderImport.State
    checked = StakeholderImport.objects.filter(of=Segment.Of.PEOPLE, state=state.CHECKED)
    for run in checked.select_for_update():
        if any(found["other"][0] in keys for found in run.duplicates):
            run.state, run.problems, run.duplicates = state.SENT, [], []
            run.save(update_fields=["state", "problems", "duplicates"])


def merges_of(people: PersonQuerySet):
    return Merge.objects.filter(Q(kept_person__in=people) | Q(gone_person__in=people))


def _forget_in_the_log(people: PersonQuerySet) -> None:
    """An engagement's entries name who was there, and who was taken out since."""
    names = {name for pair in people.values_list("name_ar", "name_en") for name in pair if name}
    keys = set(map(str, Engagement.objects.filter(people__in=people).values_list("pk", flat=True)))
    told = AuditDetail.objects.filter(entry__model=Engagement._meta.label_lower, changes__has_key="people")
    found = [
        pk
        for pk, key, changes in told.values_list("pk", "entry__object_id", "changes")
        if key in keys or any(_is_listed(name, told_of) for name in names for told_of in changes["people"])
    ]
    AuditDetail.objects.filter(pk__in=found).delete()


def _is_listed(name: str, names: str) -> bool:
    """Whether a line of names, each of which may hold a comma itself, has this one."""
    return f", {name}, " in f", {names}, "
