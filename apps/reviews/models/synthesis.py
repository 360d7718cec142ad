"""The synthesis of a review: sections that the rapporteur writes, with the passages on which they rest."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core import languages
from apps.core.models import Record
from apps.core.richtext import RichTextField
from apps.core.textpolicy import clean_text
from apps.reviews.models.comments import MemberComment, sits_today
from apps.reviews.models.cycles import PREPARING_ROLES, ReviewCycle
from apps.reviews.models.submissions import Answer, Submission
from apps.stakeholders.models import Objective
from apps.stakeholders.models.reaching import has_a_name


class SectionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Public once published; shared ones also for who sits in a group today. The back office sees all."""
        seen = self.filter(cycle__in=ReviewCycle.objects.visible_to(user))
        if user.is_authenticated and user.has_role(*PREPARING_ROLES):
            return seen
        states = [SynthesisSection.State.PUBLISHED]
        if sits_today(user):
            states.append(SynthesisSection.State.SHARED)
        return seen.filter(state__in=states)


class SynthesisSection(Record):
    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SHARED = "shared", _("Shared with members")
        PUBLISHED = "published", pgettext_lazy("section", "Published")

    needed_in_a_language = ("title",)

    cycle = models.ForeignKey(
        ReviewCycle, verbose_name=_("review cycle"), on_delete=models.PROTECT, related_name="sections"
    )
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    title = models.CharField(_("title"), max_length=200, blank=True)
    body = RichTextField(_("text"), blank=True)
    objectives = models.ManyToManyField(Objective, verbose_name=_("objectives"), blank=True, related_name="+")

    objects = SectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("section of the synthesis")
        verbose_name_plural = _("synthesis")
        ordering = ["cycle", "order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=has_a_name("title"),
                name="reviews_section_titled",
                violation_error_message=_("Write the title in Arabic, in English or in both."),
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | (has_a_name("title") & has_a_name("body")),
                name="reviews_section_published_written",
            ),
        ]

    def __str__(self):
        return str(languages.version(self, "title"))

    def get_absolute_url(self):
        return reverse("reviews:section", args=[self.cycle.number, self.pk])


class PassageQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of contributions that the user may read."""
        return self.filter(submission__in=Submission.objects.visible_to(user))


class Passage(Record):
    """Words of a contribution as it is shown, in the language in which they were written."""

    submission = models.ForeignKey(
        Submission, verbose_name=_("contribution"), on_delete=models.CASCADE, related_name="passages"
    )
    answer = models.ForeignKey(
        Answer,
        verbose_name=_("answer"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("In which it stands. Empty: in the sentence above."),
    )
    quote = models.TextField(
        _("passage"), max_length=2000, help_text=_("Copy it from the contribution as it is shown, word for word.")
    )
    rendered = models.TextField(_("translation"), blank=True, max_length=3000)
    section = models.ForeignKey(
        SynthesisSection,
        verbose_name=_("quoted in"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="passages",
    )

    objects = PassageQuerySet.as_manager()

    class Meta:
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        ordering = ["section", "pk"]
        indexes = [models.Index(fields=["submission", "section"], name="reviews_passage_of")]

    def __str__(self):
        return f"{self.submission.symbol}: {self.quote[:60]}"

    def clean(self):
        super().clean()
        if self.submission_id is None:
            return
        if self.answer is not None and (self.answer.submission_id != self.submission_id or self.answer.is_withheld):
            raise ValidationError({"answer": _("Choose an answer of this contribution that is shown.")})
        source = self.answer.public_text if self.answer else self.submission.sentence
        if _spaced(clean_text(self.quote)) not in _spaced(source):
            raise ValidationError({"quote": _("These words do not stand there. Copy them as they are shown.")})
        if self.section is not None and self.section.cycle_id != self.submission.cycle_id:
            raise ValidationError({"section": _("This section is another review’s.")})


def _spaced(text: str) -> str:
    return " ".join(text.split())


class SectionComment(MemberComment):
    about = "section"

    section = models.ForeignKey(
        SynthesisSection, verbose_name=_("section"), on_delete=models.CASCADE, related_name="comments"
    )

    class Meta(MemberComment.Meta):
        verbose_name = _("comment on the synthesis")
        verbose_name_plural = _("comments on the synthesis")
