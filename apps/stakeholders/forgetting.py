"""What the trail and the back office's history say in words of people who are protected or erased."""

from django.db.models import Q

from apps.core import privacy
from apps.core.models import AuditDetail
from apps.stakeholders.models import Affiliation, Engagement, Membership, Merge
from apps.stakeholders.models.people import PersonQuerySet


def forget_words(people: PersonQuerySet) -> None:
    """Forgets what is said of these people and of the records whose labels name them; the bare deeds stay."""
    privacy.forget(people)
    for model in (Membership, Affiliation):
        privacy.forget(model.objects.filter(person__in=people))
    privacy.forget(merges_of(people))
    _forget_in_the_log(people)


def merges_of(people: PersonQuerySet):
    return Merge.objects.filter(Q(kept_person__in=people) | Q(gone_person__in=people))


def _forget_in_the_log(people: PersonQuerySet) -> None:
    """An engagement's entries name who was there, and who was taken out since."""
    names = {name for pair in people.values_list("name_ar", "name_en") for name in pair if name}
    keys = set(map(str, Engagement.objects.filter(people__in=people).values_list("pk", flat=True)))
    told = AuditDetail.objects.filter(entry__model=Engagement._meta.label_lower, changes__has_key="people")
    naming = [
        pk
        for pk, key, changes in told.values_list("pk", "entry__object_id", "changes")
        if key in keys or not names.isdisjoint(", ".join(changes["people"]).split(", "))
    ]
    AuditDetail.objects.filter(pk__in=naming).delete()
