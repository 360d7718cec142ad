"""Good practices of those who are no States, and pledges, with what became of them."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core import languages
from apps.core.models import Record
from apps.reviews.models.comments import MemberComment, sits_today
from apps.reviews.models.cycles import PREPARING_ROLES
from apps.reviews.models.progress import ProgressUpdate, is_written
from apps.reviews.models.submissions import Submission
from apps.stakeholders.models import Country, Objective, Principle
from apps.stakeholders.models.reaching import has_a_name, names_of


class PracticeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Public once published; who sits in a group today also reads what is proposed. The back office sees all."""
        if user.is_authenticated and user.has_role(*PREPARING_ROLES):
            return self
        states = [GoodPractice.State.PUBLISHED]
        if sits_today(user):
            states.append(GoodPractice.State.PROPOSED)
        return self.filter(state__in=states)


class GoodPractice(Record):
    """Measured by what the global repository of practices asks."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PROPOSED = "proposed", pgettext_lazy("practice", "Proposed")
        PUBLISHED = "published", pgettext_lazy("practice", "Published")

    class Completion(models.TextChoices):
        BEGUN = "begun", _("Begun")
        MOSTLY = "mostly", _("Mostly carried out")
        WHOLLY = "wholly", _("Carried out")

    CRITERIA_SOURCE = "https://migrationnetwork.un.org/how-submit-practice"
    needed_in_a_language = ("title",)

    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    title = models.CharField(_("title"), max_length=200, blank=True)
    summary = models.TextField(_("what is done, for whom and how"), blank=True, max_length=3000)
    results = models.TextField(_("what has come of it"), blank=True, max_length=3000)
    carried_by = models.CharField(_("carried out by"), max_length=250)
    countries = models.ManyToManyField(Country, verbose_name=_("countries"), blank=True, related_name="+")
    objectives = models.ManyToManyField(Objective, verbose_name=_("objectives"), blank=True, related_name="practices")
    principles = models.ManyToManyField(Principle, verbose_name=_("guiding principles"), blank=True, related_name="+")
    began_in = models.PositiveSmallIntegerField(_("year in which it began"), null=True, blank=True)
    completion = models.CharField(
        _("how far it is"), max_length=10, choices=Completion.choices, default=Completion.MOSTLY
    )
    is_innovative = models.BooleanField(
        _("innovative"), default=False, help_text=_("It does something that was not done before, or not there.")
    )
    is_replicable = models.BooleanField(
        _("can be repeated elsewhere"), default=False, help_text=_("Others can do the same with what they have.")
    )
    source = models.URLField(_("source"), blank=True, max_length=500)
    submission = models.ForeignKey(
        Submission, verbose_name=_("contribution"), on_delete=models.SET_NULL, null=True, editable=False,
        related_name="practices",
    )  # fmt: skip

    objects = PracticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("good practice")
        verbose_name_plural = _("good practices")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=has_a_name("title"),
                name="reviews_practice_titled",
                violation_error_message=_("Write the title in Arabic, in English or in both."),
            ),
            models.CheckConstraint(
                condition=Q(began_in=None) | Q(began_in__gte=1950, began_in__lte=2100),
                name="reviews_practice_began",
                violation_error_message=_("Write the year with four digits."),
            ),
        ]

    def __str__(self):
        return str(languages.version(self, "title"))

    def get_absolute_url(self):
        return reverse("reviews:practice", args=[self.pk])

    def criteria(self) -> list[tuple[str, bool]]:
        """What the global repository asks (``CRITERIA_SOURCE``), and whether it is met."""
        return [
            (_("It serves at least one objective"), bool(self.objectives.all())),
            (_("It follows the guiding principles"), bool(self.principles.all())),
            (_("It began after December 2018"), self.began_in is not None and self.began_in >= 2019),
            (_("It is carried out, wholly or mostly"), self.completion != self.Completion.BEGUN),
            (_("It is innovative"), self.is_innovative),
            (_("It can be repeated elsewhere"), self.is_replicable),
        ]


class PracticeComment(MemberComment):
    about = "practice"

    practice = models.ForeignKey(
        GoodPractice, verbose_name=_("good practice"), on_delete=models.CASCADE, related_name="comments"
    )

    class Meta(MemberComment.Meta):
        verbose_name = _("comment on a good practice")
        verbose_name_plural = _("comments on good practices")


class PledgeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Public once published; the back office sees all."""
        if user.is_authenticated and user.has_role(*PREPARING_ROLES):
            return self
        return self.filter(is_published=True)


class Pledge(Record):
    """A measurable commitment, in the shape of the global pledging dashboard."""

    class Form(models.TextChoices):
        INDIVIDUAL = "individual", _("Individual")
        JOINT = "joint", _("Joint")
        MATCHING = "matching", _("Matching another")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("pledge", "Under way")
        PARTLY = "partly", _("Partly kept")
        KEPT = "kept", pgettext_lazy("pledge", "Kept")
        DROPPED = "dropped", pgettext_lazy("pledge", "Given up")

    ORIENTATIONS = [
        ("financial", _("Money")),
        ("people", _("People")),
        ("process", _("Procedure")),
        ("policy", _("Policy")),
    ]
    needed_in_a_language = ("made_by", "text")

    made_by = models.CharField(_("made by"), max_length=250, blank=True)
    country = models.ForeignKey(
        Country, verbose_name=_("country"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    text = models.TextField(_("pledge"), blank=True, max_length=3000)
    form = models.CharField(_("form"), max_length=12, choices=Form.choices, default=Form.INDIVIDUAL)
    # Not "matches": a form's field of that name hides the browser's own method.
    paired_with = models.ForeignKey(
        "self", verbose_name=_("matches the pledge"), on_delete=models.SET_NULL, null=True, blank=True,
        related_name="matched_by",
    )  # fmt: skip
    orientations = models.JSONField(_("consists in"), default=list, blank=True)
    objectives = models.ManyToManyField(Objective, verbose_name=_("objectives"), blank=True, related_name="pledges")
    made_on = models.DateField(_("made on"), null=True, blank=True)
    due_on = models.DateField(_("to be kept by"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    source = models.URLField(_("source"), max_length=500)
    is_published = models.BooleanField(_("published"), default=False)

    objects = PledgeQuerySet.as_manager()

    class Meta:
        verbose_name = _("pledge")
        verbose_name_plural = _("pledges")
        ordering = ["-made_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=has_a_name("made_by") & has_a_name("text"),
                name="reviews_pledge_written",
                violation_error_message=_("Write who made it and what it says, in Arabic, in English or in both."),
            ),
            models.CheckConstraint(
                condition=Q(form="matching") | Q(paired_with=None),
                name="reviews_pledge_matching",
                violation_error_message=_("Only a matching pledge matches another."),
            ),
        ]

    def __str__(self):
        return str(languages.version(self, "text"))[:80]

    def get_absolute_url(self):
        return reverse("reviews:pledge", args=[self.pk])

    @property
    def orientation_names(self) -> str:
        return names_of(self.orientations, self.ORIENTATIONS)


class PledgeUpdate(ProgressUpdate):
    about = "pledge"

    pledge = models.ForeignKey(Pledge, verbose_name=_("pledge"), on_delete=models.CASCADE, related_name="updates")

    class Meta(ProgressUpdate.Meta):
        verbose_name = _("progress update")
        verbose_name_plural = _("progress updates")
        constraints = [is_written("reviews_pledgeupdate_written")]
