"""Cells of the coverage in which nobody was heard, taken up as tasks."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.models import Record
from apps.stakeholders.models.engagements import Engagement
from apps.stakeholders.models.organisations import KEEPING_ROLES
from apps.stakeholders.models.reference import Constituency, Country, Objective


class GapQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.is_authenticated and user.has_role(*KEEPING_ROLES) else self.none()

    def open(self):
        return self.filter(closed_on=None)


class Gap(Record):
    """That nobody of a constituency has been heard from a country, or on an objective, and who sees to it."""

    constituency = models.ForeignKey(Constituency, verbose_name=_("constituency"), on_delete=models.PROTECT)
    country = models.ForeignKey(Country, verbose_name=_("country"), on_delete=models.PROTECT, null=True, blank=True)
    objective = models.ForeignKey(
        Objective, verbose_name=_("objective"), on_delete=models.PROTECT, null=True, blank=True
    )
    last_heard_on = models.DateField(_("last heard"), null=True, editable=False)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("assigned to"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    note = models.TextField(_("notes"), blank=True)
    closed_on = models.DateField(_("closed on"), null=True, editable=False)
    closed_by = models.ForeignKey(
        Engagement,
        verbose_name=_("closed by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="closed_gaps",
    )

    objects = GapQuerySet.as_manager()

    class Meta:
        verbose_name = _("gap")
        verbose_name_plural = _("gaps in the coverage")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(country__isnull=True, objective__isnull=False)
                | Q(country__isnull=False, objective__isnull=True),
                name="stakeholders_gap_one_axis",
                violation_error_message=_("A gap is about a country or about an objective."),
            ),
            models.UniqueConstraint(
                fields=["constituency", "country"],
                condition=Q(closed_on__isnull=True, objective__isnull=True),
                name="stakeholders_gap_open_once_by_country",
                violation_error_message=_("This gap is a task already."),
            ),
            models.UniqueConstraint(
                fields=["constituency", "objective"],
                condition=Q(closed_on__isnull=True, country__isnull=True),
                name="stakeholders_gap_open_once_by_objective",
                violation_error_message=_("This gap is a task already."),
            ),
        ]

    def __str__(self):
        return sentence(self.constituency, self.country or self.objective, self.last_heard_on)

    @property
    def is_open(self) -> bool:
        return self.closed_on is None

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.due_on is not None and self.due_on < timezone.localdate()


def sentence(constituency: Constituency, place: Country | Objective, last_heard_on) -> str:
    """Says what is missing: from whom, from where or on what, and since when."""
    names = {"constituency": constituency, "place": place}
    if last_heard_on is None:
        return gettext("Never heard: %(constituency)s – %(place)s") % names
    return gettext("Not heard since %(year)s: %(constituency)s – %(place)s") % {**names, "year": last_heard_on.year}
