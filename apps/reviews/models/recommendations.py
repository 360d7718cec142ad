"""What the group recommends to a review, and what became of it."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core import languages
from apps.core.models import Record
from apps.meetings.models import Decision
from apps.reviews.models.comments import MemberComment, sits_today
from apps.reviews.models.cycles import PREPARING_ROLES, CycleDocument, ReviewCycle
from apps.reviews.models.progress import ProgressUpdate, is_written
from apps.reviews.models.submissions import Submission
from apps.reviews.models.synthesis import Passage
from apps.stakeholders.models import Country, Objective
from apps.stakeholders.models.reaching import has_a_name


class RecommendationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Public from its adoption on; before, those who sit in a group today read what is proposed. The back office
        sees all. None of a cycle that the user may not see."""
        seen = self.filter(cycle__in=ReviewCycle.objects.visible_to(user))
        if user.is_authenticated and user.has_role(*PREPARING_ROLES):
            return seen
        public = Q(state__in=Recommendation.PUBLIC)
        if sits_today(user):
            public |= Q(state__in=Recommendation.INSIDE)
        return seen.filter(public)

    def on_country(self, country: Country):
        """One for the whole region is for each of its countries."""
        return self.filter(Q(countries=country) | Q(countries=None)).distinct()


class Recommendation(Record):
    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PROPOSED = "proposed", pgettext_lazy("recommendation", "Proposed")
        DISCUSSED = "discussed", pgettext_lazy("recommendation", "Discussed")
        ADOPTED = "adopted", pgettext_lazy("recommendation", "Adopted")
        TRANSMITTED = "transmitted", pgettext_lazy("recommendation", "Transmitted")
        REFLECTED = "reflected", _("Reflected in the outcome")
        NOT_REFLECTED = "not_reflected", _("Not reflected")
        FOLLOWED_UP = "followed_up", _("Followed up")

    INSIDE = (State.PROPOSED, State.DISCUSSED)
    PUBLIC = (State.ADOPTED, State.TRANSMITTED, State.REFLECTED, State.NOT_REFLECTED, State.FOLLOWED_UP)

    needed_in_a_language = ("text",)

    cycle = models.ForeignKey(
        ReviewCycle, verbose_name=_("review cycle"), on_delete=models.PROTECT, related_name="recommendations"
    )
    number = models.PositiveSmallIntegerField(_("number"), null=True, editable=False)
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.DRAFT, editable=False)
    text = models.TextField(_("recommendation"), blank=True, max_length=3000)
    addressed_to = models.CharField(
        _("addressed to"), max_length=250, blank=True, help_text=_("For example: States, the conference, the Network.")
    )
    objectives = models.ManyToManyField(
        Objective, verbose_name=_("objectives"), blank=True, related_name="recommendations"
    )
    countries = models.ManyToManyField(
        Country, verbose_name=_("countries"), blank=True, related_name="+", help_text=_("Empty: the whole region.")
    )
    passages = models.ManyToManyField(
        Passage, verbose_name=_("built on passages"), blank=True, related_name="recommendations"
    )
    submissions = models.ManyToManyField(
        Submission, verbose_name=_("built on contributions"), blank=True, related_name="recommendations"
    )
    decision = models.ForeignKey(
        Decision,
        verbose_name=_("decision"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="recommendations",
    )
    adopted_on = models.DateField(_("adopted on"), null=True, editable=False)
    transmitted_on = models.DateField(_("transmitted on"), null=True, editable=False)
    outcome = models.ForeignKey(
        CycleDocument, verbose_name=_("outcome document"), on_delete=models.PROTECT, null=True, editable=False,
        related_name="recommendations",
    )  # fmt: skip
    paragraph = models.CharField(_("paragraph"), max_length=60, blank=True, editable=False)
    because = models.TextField(_("why not reflected"), blank=True, editable=False)

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        ordering = ["cycle", "number", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=has_a_name("text"),
                name="reviews_recommendation_written",
                violation_error_message=_("Write the text in Arabic, in English or in both."),
            ),
            models.UniqueConstraint(fields=["cycle", "number"], name="reviews_recommendation_number_once"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(number__isnull=False), name="reviews_recommendation_numbered"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "proposed", "discussed"]) | Q(adopted_on__isnull=False),
                name="reviews_recommendation_adopted",
            ),
            models.CheckConstraint(
                condition=~Q(state="reflected") | Q(paragraph__gt="", outcome__isnull=False),
                name="reviews_recommendation_reflected_somewhere",
            ),
        ]

    def __str__(self):
        return self.symbol

    @property
    def symbol(self) -> str:
        """``RR2028/R4``; a draft has no number yet."""
        return f"{self.cycle.code}/R{self.number or '–'}"

    def get_absolute_url(self):
        return reverse("reviews:recommendation", args=[self.cycle.number, self.number or 0])

    def clean(self):
        super().clean()
        if self.pk and self.state in self.PUBLIC and self._is_reworded():
            raise ValidationError(
                _("The words of a recommendation that was adopted stay. A missing language is added.")
            )

    def _is_reworded(self) -> bool:
        saved = Recommendation.objects.get(pk=self.pk)
        return any(
            languages.field_in(saved, "text", code) not in ("", languages.field_in(self, "text", code))
            for code in languages.CODES
        )


class RecommendationUpdate(ProgressUpdate):
    about = "recommendation"

    recommendation = models.ForeignKey(
        Recommendation, verbose_name=_("recommendation"), on_delete=models.CASCADE, related_name="updates"
    )

    class Meta(ProgressUpdate.Meta):
        verbose_name = _("progress update")
        verbose_name_plural = _("progress updates")
        constraints = [is_written("reviews_update_written")]


class RecommendationComment(MemberComment):
    """What a member says of a recommendation before it is adopted, in her own language, and how she would word it."""

    about = "recommendation"

    recommendation = models.ForeignKey(
        Recommendation, verbose_name=_("recommendation"), on_delete=models.CASCADE, related_name="comments"
    )
    wording = models.TextField(_("other wording"), blank=True, max_length=3000)

    class Meta(MemberComment.Meta):
        verbose_name = _("comment on a recommendation")
        verbose_name_plural = _("comments on recommendations")
