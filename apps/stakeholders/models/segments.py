"""Saved choices of organisations or people, by what they are and by how long ago they were heard."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core import languages
from apps.core.models import Record
from apps.stakeholders.models.organisations import KEEPING_ROLES
from apps.stakeholders.models.reaching import has_a_name
from apps.stakeholders.models.reference import Constituency, Country, Objective

_MONTHS = [MinValueValidator(1), MaxValueValidator(240)]


class SegmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.is_authenticated and user.has_role(*KEEPING_ROLES) else self.none()


class Segment(Record):
    """Somebody belongs to it who fits every line that is filled in, and one of the values of a line.

    Who that is is looked up each time (``apps.stakeholders.segments``): nobody has to keep it up to date.
    """

    class Of(models.TextChoices):
        ORGANISATIONS = "organisations", _("Organisations")
        PEOPLE = "people", _("People")

    needed_in_a_language = ("name",)

    name = models.CharField(_("name"), max_length=150, blank=True)
    of = models.CharField(_("of whom"), max_length=20, choices=Of.choices, default=Of.ORGANISATIONS)
    constituencies = models.ManyToManyField(
        Constituency, verbose_name=_("constituencies"), blank=True, related_name="+"
    )
    countries = models.ManyToManyField(
        Country,
        verbose_name=_("countries"),
        blank=True,
        related_name="+",
        help_text=_("Where they have their seat or work; of a person, her own or her organisation’s."),
    )
    objectives = models.ManyToManyField(Objective, verbose_name=_("objectives"), blank=True, related_name="+")
    languages = models.JSONField(_("languages"), default=list, blank=True)
    channels = models.JSONField(_("channels that reach them"), default=list, blank=True)
    connections = models.JSONField(_("connection"), default=list, blank=True)
    silent_months = models.PositiveSmallIntegerField(
        _("not heard for so many months"),
        null=True,
        blank=True,
        validators=_MONTHS,
        help_text=_("No entry of the engagement log since; those who were never heard are among them."),
    )
    heard_months = models.PositiveSmallIntegerField(
        _("heard within so many months"), null=True, blank=True, validators=_MONTHS
    )

    objects = SegmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=has_a_name("name"),
                name="stakeholders_segment_named",
                violation_error_message=_("Write the name in Arabic, in English or in both."),
            ),
            models.CheckConstraint(
                condition=Q(silent_months=None) | Q(heard_months=None) | Q(heard_months__gt=F("silent_months")),
                name="stakeholders_segment_times",
                violation_error_message=_("Nobody was heard within a time in which nobody was heard."),
            ),
        ]

    def __str__(self):
        return str(languages.version(self, "name"))
