"""A review of the region, from its preparation to its follow-up. Days are data; what nobody has announced is empty."""

from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.accounts.roles import Role
from apps.core import languages
from apps.core.models import Record
from apps.core.richtext import RichTextField
from apps.stakeholders.models import Country, Objective
from apps.stakeholders.models.reaching import has_a_name

PREPARING_ROLES = (Role.TRANSLATOR, Role.EDITOR, Role.SECRETARIAT, Role.AUDITOR)
_TITLED = _("Write the title in Arabic, in English or in both.")
_IN_ORDER = _("The last day is the first one or comes after it.")


class ReviewCycleQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Published cycles are public; the back office sees all."""
        if user.is_authenticated and user.has_role(*PREPARING_ROLES):
            return self
        return self.filter(is_published=True)


class ReviewCycle(Record):
    needed_in_a_language = ("title",)

    number = models.PositiveSmallIntegerField(
        _("number"),
        unique=True,
        validators=[MinValueValidator(1), MaxValueValidator(99)],
        help_text=_("1 for the first review of the region; stands in the address of the page."),
    )
    year = models.PositiveSmallIntegerField(
        _("year of the conference"),
        null=True,
        blank=True,
        validators=[MinValueValidator(2018), MaxValueValidator(2100)],
        help_text=_("Empty until it is announced."),
    )
    title = models.CharField(_("title"), max_length=200, blank=True)
    summary = RichTextField(_("summary"), blank=True)
    host = models.CharField(_("host"), max_length=200, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    conference_starts_on = models.DateField(_("conference from"), null=True, blank=True)
    conference_ends_on = models.DateField(_("conference to"), null=True, blank=True)
    forum = models.CharField(_("global forum"), max_length=200, blank=True)
    forum_starts_on = models.DateField(_("forum from"), null=True, blank=True)
    forum_ends_on = models.DateField(_("forum to"), null=True, blank=True)
    forum_address = models.URLField(_("page of the forum"), blank=True)
    source = models.URLField(_("source"), blank=True, help_text=_("Where these facts are known from."))
    is_published = models.BooleanField(_("published"), default=False)

    objects = ReviewCycleQuerySet.as_manager()

    class Meta:
        verbose_name = _("review cycle")
        verbose_name_plural = _("review cycles")
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                condition=has_a_name("title"), name="reviews_cycle_titled", violation_error_message=_TITLED
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}_ends_on": None})
                    | Q(**{f"{name}_starts_on__isnull": False, f"{name}_ends_on__gte": F(f"{name}_starts_on")}),
                    name=f"reviews_cycle_{name}_in_order",
                    violation_error_message=_IN_ORDER,
                )
                for name in ("conference", "forum")
            ),
        ]

    def __str__(self):
        return str(languages.version(self, "title"))

    def get_absolute_url(self):
        return reverse("reviews:cycle", args=[self.number])

    @property
    def code(self) -> str:
        """How its recommendations are numbered: ``RR2024``; by its number while the year is not known."""
        return f"RR{self.year}" if self.year else f"RR-{self.number}"


class PartQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What belongs to a cycle that this user may see."""
        return self.filter(cycle__in=ReviewCycle.objects.visible_to(user))


class Part(Record):
    """Something of a cycle."""

    objects = PartQuerySet.as_manager()

    class Meta:
        abstract = True


class Phase(Part):
    class Kind(models.TextChoices):
        PREPARATION = "preparation", _("Preparation")
        CALL = "call", _("Call for input")
        CONSULTATIONS = "consultations", _("Consultations")
        SYNTHESIS = "synthesis", _("Synthesis")
        RECOMMENDATIONS = "recommendations", _("Recommendations")
        CONFERENCE = "conference", _("Conference")
        OUTCOME = "outcome", _("Outcome")
        FOLLOW_UP = "follow_up", _("Follow-up")

    cycle = models.ForeignKey(
        ReviewCycle, verbose_name=_("review cycle"), on_delete=models.CASCADE, related_name="phases"
    )
    kind = models.CharField(_("phase"), max_length=20, choices=Kind.choices)
    starts_on = models.DateField(_("from"), null=True, blank=True, help_text=_("Empty until it is announced."))
    ends_on = models.DateField(_("to"), null=True, blank=True, help_text=_("The last day."))
    remark = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("phase")
        verbose_name_plural = _("phases")
        ordering = ["cycle", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "kind"],
                name="reviews_phase_once",
                violation_error_message=_("The cycle has this phase already."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on__isnull=False, ends_on__gte=F("starts_on")),
                name="reviews_phase_in_order",
                violation_error_message=_IN_ORDER,
            ),
        ]

    def __str__(self):
        return self.get_kind_display()

    def is_now(self, on: date) -> bool:
        return self.starts_on is not None and self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)

    def is_over(self, on: date) -> bool:
        return self.ends_on is not None and self.ends_on < on


class KeyDate(Part):
    """Something that happened, or will, on a day of a cycle."""

    needed_in_a_language = ("title",)

    cycle = models.ForeignKey(
        ReviewCycle, verbose_name=_("review cycle"), on_delete=models.CASCADE, related_name="key_dates"
    )
    happens_on = models.DateField(_("date"))
    ends_on = models.DateField(_("to"), null=True, blank=True, help_text=_("Empty: one day."))
    title = models.CharField(_("title"), max_length=200, blank=True)
    remark = models.CharField(_("note"), max_length=300, blank=True)
    source = models.URLField(_("source"), blank=True)

    class Meta:
        verbose_name = _("key date")
        verbose_name_plural = _("key dates")
        ordering = ["happens_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=has_a_name("title"), name="reviews_keydate_titled", violation_error_message=_TITLED
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("happens_on")),
                name="reviews_keydate_in_order",
                violation_error_message=_IN_ORDER,
            ),
        ]

    def __str__(self):
        return str(languages.version(self, "title"))


class CycleDocument(Part):
    """A paper of a cycle that stands elsewhere: an outcome, a template, a country's voluntary report."""

    needed_in_a_language = ("title",)

    class Kind(models.TextChoices):
        PAPER = "paper", _("Paper")
        NATIONAL_REPORT = "national_report", _("National report")

    cycle = models.ForeignKey(
        ReviewCycle, verbose_name=_("review cycle"), on_delete=models.CASCADE, related_name="documents"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.PAPER)
    country = models.ForeignKey(
        Country,
        verbose_name=_("country"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Of a national report."),
    )
    title = models.CharField(_("title"), max_length=250, blank=True)
    address = models.URLField(_("address"), max_length=500)
    dated_on = models.DateField(_("date"), null=True, blank=True)

    class Meta:
        verbose_name = _("document of a review")
        verbose_name_plural = _("documents of a review")
        ordering = ["kind", "dated_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=has_a_name("title"), name="reviews_document_titled", violation_error_message=_TITLED
            ),
            models.CheckConstraint(
                condition=~Q(kind="national_report") | Q(country__isnull=False),
                name="reviews_document_report_of_a_country",
                violation_error_message=_("Say whose report it is."),
            ),
        ]

    def __str__(self):
        return str(languages.version(self, "title"))


class PriorityArea(Part):
    needed_in_a_language = ("title",)

    cycle = models.ForeignKey(
        ReviewCycle, verbose_name=_("review cycle"), on_delete=models.CASCADE, related_name="priority_areas"
    )
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    title = models.CharField(_("title"), max_length=250, blank=True)
    objectives = models.ManyToManyField(Objective, verbose_name=_("objectives"), blank=True, related_name="+")
    source = models.URLField(_("source"), blank=True)

    class Meta:
        verbose_name = _("priority area")
        verbose_name_plural = _("priority areas")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=has_a_name("title"), name="reviews_priorityarea_titled", violation_error_message=_TITLED
            ),
        ]

    def __str__(self):
        return str(languages.version(self, "title"))
