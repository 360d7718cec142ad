"""Keys by which two records of the same person or organisation meet, and merges that can be undone."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.models import Record
from apps.stakeholders.models.organisations import KEEPING_ROLES, Organisation
from apps.stakeholders.models.people import Person


class MatchKey(models.Model):
    """One way in which a record may be met again. ``apps.stakeholders.matching`` writes them whenever it is saved."""

    class Kind(models.TextChoices):
        NAME = "name", _("the same name")
        WORDS = "words", _("the same words in the name")
        ACRONYM = "acronym", _("the same acronym")
        MAIL = "mail", _("the same mail or web address")
        PHONE = "phone", _("the same phone")

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, null=True, related_name="match_keys")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="match_keys")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    key = models.CharField(max_length=250)

    class Meta:
        indexes = [models.Index(fields=["key", "kind"], name="stakeholders_matchkey_key")]
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=True, person__isnull=False)
                | Q(organisation__isnull=False, person__isnull=True),
                name="stakeholders_matchkey_of_one",
            ),
        ]
        default_permissions = ()

    def __str__(self):
        return f"{self.kind}: {self.key}"


class MergeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those who keep people, unless one of the two is protected from them."""
        if not user.is_authenticated or not user.has_role(*KEEPING_ROLES):
            return self.none()
        hidden = Person.objects.hidden_from(user)
        return self.exclude(kept_person__in=hidden).exclude(gone_person__in=hidden)


class Merge(Record):
    """Two records of the same became one. ``before`` is what undoing needs, and goes when the time for it is over."""

    kept_organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, null=True, related_name="merges")
    gone_organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, null=True, related_name="merged")
    kept_person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="merges")
    gone_person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="merged")
    before = models.JSONField(default=dict)
    undone_at = models.DateTimeField(_("undone"), null=True)

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kept_person__isnull=True,
                    gone_person__isnull=True,
                    kept_organisation__isnull=False,
                    gone_organisation__isnull=False,
                )
                | Q(
                    kept_organisation__isnull=True,
                    gone_organisation__isnull=True,
                    kept_person__isnull=False,
                    gone_person__isnull=False,
                ),
                name="stakeholders_merge_of_two_alike",
            ),
            models.CheckConstraint(
                condition=(Q(kept_person=None) | ~Q(kept_person=F("gone_person")))
                & (Q(kept_organisation=None) | ~Q(kept_organisation=F("gone_organisation"))),
                name="stakeholders_merge_of_two",
                violation_error_message=_("A record is not merged with itself."),
            ),
            models.UniqueConstraint(
                fields=["gone_person"],
                condition=Q(undone_at__isnull=True),
                name="stakeholders_merge_person_gone_once",
            ),
            models.UniqueConstraint(
                fields=["gone_organisation"],
                condition=Q(undone_at__isnull=True),
                name="stakeholders_merge_organisation_gone_once",
            ),
        ]

    def __str__(self):
        return f"{self.gone} → {self.kept}"

    # The trail has its own names for those who are protected, and nothing of what ``before`` holds.
    trail_is_wordless = True

    @property
    def trail_label(self) -> str:
        return " → ".join(str(getattr(one, "trail_label", one)) for one in (self.gone, self.kept))

    @property
    def kept(self) -> Person | Organisation:
        return self.kept_person or self.kept_organisation

    @property
    def gone(self) -> Person | Organisation:
        return self.gone_person or self.gone_organisation

    @property
    def may_be_undone(self) -> bool:
        age = timezone.now() - self.created_at
        return self.undone_at is None and age.days < settings.RETENTION_DAYS["merge"] and bool(self.before)
