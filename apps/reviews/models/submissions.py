"""What stakeholders say in a review: as it was written, as it is shown, and what became of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from apps.accounts.roles import Role
from apps.core import languages
from apps.core.arabic import folded
from apps.core.links import ByLink
from apps.core.models import Record
from apps.core.storage import PrivateFileField, RandomName
from apps.core.textpolicy import clean_text
from apps.core.uploads import check_document
from apps.reviews.models.calls import CallForInput, Question
from apps.reviews.models.cycles import ReviewCycle
from apps.stakeholders.models import Constituency, Country, Objective, Organisation, Principle
from apps.stakeholders.models.reaching import SPOKEN, ConsentHow


def may_read_originals(user) -> bool:
    """Who wrote, and what they wrote before anything was taken out: the secretariat alone."""
    return user.is_authenticated and user.has_role(Role.SECRETARIAT)


class SubmissionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Published ones, of reviews that the user may see. The secretariat also reads what was sent and is not
        published; a draft is its writer's alone, unless somebody of the secretariat types it in."""
        if may_read_originals(user):
            return self.exclude(state=Submission.State.DRAFT, entered_by=None)
        return self.public().filter(cycle__in=ReviewCycle.objects.visible_to(user))

    def public(self):
        return self.filter(state=Submission.State.PUBLISHED)

    def counted(self):
        """Those that stand: sent, and neither declined nor taken back nor a double of another."""
        return self.filter(state__in=Submission.COUNTED)

    def waiting(self):
        return self.filter(state__in=Submission.OPEN)


class Submission(ByLink, Record):
    """Written by whoever holds the link that was sent to ``email``, or typed in by the secretariat (``entered_by``).

    The page of a published one shows ``author`` and nothing else of who wrote it.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("being written")
        RECEIVED = "received", pgettext_lazy("submission", "received")
        MODERATION = "moderation", _("being looked at")
        PUBLISHED = "published", pgettext_lazy("submission", "published")
        NOTED = "noted", _("taken in, confidential")
        MERGED = "merged", _("merged into another")
        DUPLICATE = "duplicate", _("sent twice")
        DECLINED = "declined", pgettext_lazy("submission", "not published")
        WITHDRAWN = "withdrawn", pgettext_lazy("submission", "withdrawn")

    class Kind(models.TextChoices):
        PROGRESS = "progress", _("Progress")
        CHALLENGE = "challenge", _("Challenge")
        PRACTICE = "practice", _("Good practice")
        LESSON = "lesson", _("Lesson learned")

    class Attribution(models.TextChoices):
        NAMED = "named", _("With my name and my organisation")
        ORGANISATION = "organisation", _("With the name of the organisation only")
        ANONYMOUS = "anonymous", _("Without any name")
        CONFIDENTIAL = "confidential", _("Not at all: only the secretariat reads it")

    COUNTED = (State.RECEIVED, State.MODERATION, State.PUBLISHED, State.NOTED, State.MERGED)
    OPEN = (State.RECEIVED, State.MODERATION)

    # Who wrote may be at risk: the trail says which columns changed and not how, and from which network nobody knows.
    trail_is_wordless = True
    trail_without_address = True
    link_salt = "reviews.submission"
    link_view = "input:mine"

    call = models.ForeignKey(
        CallForInput, verbose_name=_("call for input"), on_delete=models.PROTECT, related_name="submissions"
    )
    # The call's, so that numbers are counted in a review.
    cycle = models.ForeignKey(
        ReviewCycle, verbose_name=_("review cycle"), on_delete=models.PROTECT, editable=False,
        related_name="submissions",
    )  # fmt: skip
    number = models.PositiveIntegerField(_("number"), null=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    email = models.EmailField(_("e-mail address"), blank=True, editable=False)
    language = models.CharField(_("language of the mails"), max_length=5, choices=settings.LANGUAGES)

    spoken = models.CharField(_("written in"), max_length=10, choices=SPOKEN, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, blank=True)
    headline = models.CharField(_("in one sentence"), max_length=300, blank=True)
    headline_shown = models.CharField(
        _("the sentence as it is shown"),
        max_length=300,
        blank=True,
        help_text=_("Only where something has to be taken out. Empty: as it was written."),
    )
    rendered = models.CharField(_("translation of the sentence"), max_length=400, blank=True)
    countries = models.ManyToManyField(Country, verbose_name=_("countries"), blank=True, related_name="+")
    objectives = models.ManyToManyField(Objective, verbose_name=_("objectives"), blank=True, related_name="submissions")
    principles = models.ManyToManyField(Principle, verbose_name=_("guiding principles"), blank=True, related_name="+")

    attribution = models.CharField(_("how it may be shown"), max_length=15, choices=Attribution.choices, blank=True)
    person_name = models.CharField(_("name of the author"), max_length=150, blank=True)
    organisation_name = models.CharField(_("name of the organisation"), max_length=200, blank=True)
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisation in the portal"), on_delete=models.SET_NULL, null=True, blank=True,
        related_name="submissions",
        help_text=_("So that the coverage counts it. Of anonymous and confidential ones nothing is logged."),
    )  # fmt: skip
    constituency = models.ForeignKey(
        Constituency, verbose_name=_("constituency"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    country = models.ForeignKey(
        Country, verbose_name=_("country of the seat"), on_delete=models.PROTECT, null=True, blank=True,
        related_name="+",
    )  # fmt: skip
    has_agreed = models.BooleanField(_("agreed to this"), default=False)

    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("typed in by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    consent_how = models.CharField(
        _("how consent was given"), max_length=20, choices=ConsentHow.choices, blank=True, editable=False
    )
    given_on = models.DateField(_("given to us on"), null=True, editable=False)

    sent_at = models.DateTimeField(_("sent at"), null=True, editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    answer = models.TextField(_("answer"), blank=True, editable=False)
    # What is shown of the sentence and its translations, as Arabic is compared; for searching.
    folded = models.TextField(editable=False, default="")
    part_of = models.ForeignKey(
        "self", verbose_name=_("stands in"), on_delete=models.SET_NULL, null=True, editable=False, related_name="parts"
    )

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        ordering = ["-sent_at", "-pk"]
        indexes = [models.Index(fields=["cycle", "state"], name="reviews_submission_state")]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "number"], name="reviews_submission_number_once"),
            models.UniqueConstraint(
                fields=["call", "email"], condition=Q(state="draft", email__gt=""), name="reviews_submission_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"]) | Q(sent_at__isnull=False, number__isnull=False),
                name="reviews_submission_sent",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | Q(answer__gt=""), name="reviews_submission_declined_with_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | (Q(attribution__gt="") & ~Q(attribution="confidential")),
                name="reviews_submission_confidential_unpublished",
            ),
        ]

    def __str__(self):
        """Never whose it is."""
        return self.symbol or str(_("A contribution that is not sent yet"))

    @property
    def symbol(self) -> str:
        """``RR2028/S17``; empty until it is sent."""
        return f"{self.cycle.code}/S{self.number}" if self.number else ""

    @property
    def trail_label(self) -> str:
        return f"#{self.pk}"

    def get_absolute_url(self):
        return reverse("reviews:submission", args=[self.cycle.number, self.number])

    @property
    def is_nameless(self) -> bool:
        return self.attribution not in (self.Attribution.NAMED, self.Attribution.ORGANISATION)

    @property
    def author(self) -> str:
        """As its author allows it to be told: a name, an organisation, or that there is none."""
        if self.attribution == self.Attribution.NAMED:
            names = [self.person_name, self.organisation_name]
            return pgettext("list", ", ").join(name for name in names if name)
        if self.attribution == self.Attribution.ORGANISATION:
            return self.organisation_name
        return ""

    @property
    def sentence(self) -> str:
        """The headline as it is shown, in the language in which it was written."""
        return self.headline_shown or clean_text(self.headline)

    def fold(self) -> None:
        texts = [self.sentence, *(languages.field_in(self, "rendered", code) for code in languages.CODES)]
        self.folded = folded(" ".join(texts))

    def save(self, *args, **kwargs):
        self.fold()
        super().save(*args, **kwargs)


class AnswerQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of contributions that the user may read; what is withheld only the secretariat."""
        seen = self.filter(submission__in=Submission.objects.visible_to(user))
        return seen if may_read_originals(user) else seen.shown()

    def shown(self):
        """What everybody reads of a contribution that is published. Files are the secretariat's."""
        return self.filter(is_withheld=False).exclude(kind=Question.Kind.FILE)


class Answer(Record):
    """An answer with the question as it stood. ``value`` is what was written, kept as it was typed.

    By kind: ``{"text": …}``, ``{"number": "12.5"}``, ``{"options": [{"number": 2, "ar": …, "en": …}]}``,
    ``{"columns": [{"ar": …, "en": …}], "rows": [[…]]}``, ``{}`` beside a file.
    """

    trail_is_wordless = True
    trail_without_address = True

    submission = models.ForeignKey(
        Submission, verbose_name=_("contribution"), on_delete=models.CASCADE, related_name="answers"
    )
    question = models.ForeignKey(
        Question, verbose_name=_("question"), on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    order = models.PositiveSmallIntegerField(editable=False, default=1)
    kind = models.CharField(max_length=10, choices=Question.Kind.choices, editable=False)
    asked = models.TextField(_("question"), blank=True, editable=False)
    value = models.JSONField(_("answer"), default=dict, editable=False)
    file = PrivateFileField(
        _("file"), upload_to=RandomName("contributions"), max_length=150, blank=True, validators=[check_document]
    )
    shown = models.TextField(
        _("as it is shown"),
        blank=True,
        help_text=_("Only where something has to be taken out. Empty: as it was written."),
    )
    is_withheld = models.BooleanField(_("not shown at all"), default=False)
    rendered = models.TextField(_("translation"), blank=True)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "question"], name="reviews_answer_once"),
        ]

    def __str__(self):
        return str(languages.version(self, "asked"))[:80]

    @property
    def trail_label(self) -> str:
        return f"#{self.pk}"

    def file_address(self, _name: str) -> str:
        return reverse("admin:reviews_submission_file", args=[self.pk])

    def kept(self, name: str, missing):
        """A part of what was written, or what stands for one that its kind does not have."""
        return self.value.get(name, missing)

    def labels(self, language: str | None = None) -> list[str]:
        """The choices that were made, as they stood, in this language (the page's by default)."""
        code = language or languages.active_language()
        return [option.get(code, "") for option in self.kept("options", [])]

    @property
    def said(self) -> str:
        """What was written, as plain text. Empty for a table and a file."""
        if self.kind in (Question.Kind.CHOICE, Question.Kind.CHOICES):
            return pgettext("list", ", ").join(self.labels())
        return self.kept("number", "") or self.kept("text", "")

    @property
    def columns(self) -> list[str]:
        code = languages.active_language()
        return [column.get(code, "") for column in self.kept("columns", [])]

    @property
    def public_text(self) -> str:
        """As it is shown, in the language in which it was written."""
        return self.shown or clean_text(self.said)

    @property
    def as_text(self) -> str:
        """What is shown, of a table too, for a cell of a table."""
        if self.kind == Question.Kind.TABLE and not self.shown:
            return clean_text("\n".join(" | ".join(row) for row in self.kept("rows", [])))
        return self.public_text

    @property
    def is_filled(self) -> bool:
        return bool(self.value or self.file)
