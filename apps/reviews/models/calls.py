"""Calls for input: what stakeholders are asked in a review, in questions that the secretariat builds."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core import languages
from apps.core.models import Record
from apps.core.richtext import RichTextField
from apps.core.zones import ZoneField
from apps.reviews.models.cycles import PREPARING_ROLES, Phase, ReviewCycle
from apps.stakeholders.models.reaching import SPOKEN, has_a_name, names_of


class CallQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Published calls of reviews that the user may see; the back office sees all."""
        if user.is_authenticated and user.has_role(*PREPARING_ROLES):
            return self
        return self.filter(is_published=True, cycle__in=ReviewCycle.objects.visible_to(user))


def _every_language() -> list[str]:
    return ["ar", "en", "fr"]


def _zone_of_the_portal() -> str:
    return settings.TIME_ZONE


class CallForInput(Record):
    """Open from the first moment of ``opens_on`` to the last of ``closes_on``, both in ``time_zone``."""

    class Stage(models.TextChoices):
        AHEAD = "ahead", _("Not open yet")
        OPEN = "open", _("Open")
        GRACE = "grace", _("Closed; drafts can still be sent")
        CLOSED = "closed", _("Closed")

    needed_in_a_language = ("title",)

    cycle = models.ForeignKey(
        ReviewCycle, verbose_name=_("review cycle"), on_delete=models.PROTECT, related_name="calls"
    )
    title = models.CharField(_("title"), max_length=200, blank=True)
    introduction = RichTextField(_("introduction"), blank=True)
    opens_on = models.DateField(_("opens on"))
    closes_on = models.DateField(_("closes on"), help_text=_("This day included, in the zone below."))
    time_zone = ZoneField(_("time zone"), default=_zone_of_the_portal)
    grace_days = models.PositiveSmallIntegerField(
        _("days of grace"),
        default=2,
        validators=[MaxValueValidator(60)],
        help_text=_("So long after the closing a draft that was begun in time can still be finished and sent."),
    )
    spoken = models.JSONField(
        _("languages accepted"),
        default=_every_language,
        help_text=_("In which contributions can be written. The questions stand in Arabic and English."),
    )
    once_per_organisation = models.BooleanField(
        _("one contribution per organisation"), default=False, help_text=_("Otherwise as many as it likes.")
    )
    is_published = models.BooleanField(_("published"), default=False)

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call for input")
        verbose_name_plural = _("calls for input")
        ordering = ["-closes_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=has_a_name("title"),
                name="reviews_call_titled",
                violation_error_message=_("Write the title in Arabic, in English or in both."),
            ),
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")),
                name="reviews_call_in_order",
                violation_error_message=_("The last day is the first one or comes after it."),
            ),
        ]

    def __str__(self):
        return str(languages.version(self, "title"))

    def get_absolute_url(self):
        return reverse("input:call", args=[self.pk])

    def clean(self):
        super().clean()
        if not self.spoken:
            raise ValidationError({"spoken": _("Choose at least one language.")})
        self._check_phase()

    def _check_phase(self) -> None:
        """A call is open in the phase of the review that is for it, where its days are announced."""
        if self.cycle_id is None or self.opens_on is None:
            return
        phase = self.cycle.phases.filter(kind=Phase.Kind.CALL, starts_on__isnull=False).first()
        if phase is not None and (self.opens_on < phase.starts_on or (phase.ends_on and self.opens_on > phase.ends_on)):
            raise ValidationError({"opens_on": _("The review has another phase on this day: see its phases.")})

    def _beginning_of(self, day: date) -> datetime:
        """Where the clock jumps over midnight, the moment of the jump."""
        return datetime.combine(day, time(), ZoneInfo(self.time_zone)).astimezone(UTC)

    @property
    def opens_at(self) -> datetime:
        return self._beginning_of(self.opens_on)

    @property
    def closes_at(self) -> datetime:
        return self._beginning_of(self.closes_on + timedelta(days=1))

    @property
    def grace_ends_on(self) -> date:
        """The last day on which a draft can be sent."""
        return self.closes_on + timedelta(days=self.grace_days)

    @property
    def stage(self) -> str:
        now = timezone.now()
        if now < self.opens_at:
            return self.Stage.AHEAD
        if now < self.closes_at:
            return self.Stage.OPEN
        ends = self._beginning_of(self.grace_ends_on + timedelta(days=1))
        return self.Stage.GRACE if now < ends else self.Stage.CLOSED

    @property
    def spoken_names(self) -> str:
        return names_of(self.spoken, SPOKEN)


class QuestionQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(call__in=CallForInput.objects.visible_to(user))


class Question(Record):
    """Something that is asked. Answers keep the wording that stood when they were given."""

    class Kind(models.TextChoices):
        TEXT = "text", _("Long text")
        CHOICE = "choice", _("One of several")
        CHOICES = "choices", _("Some of several")
        NUMBER = "number", _("Number")
        TABLE = "table", _("Table")
        FILE = "file", _("File")

    WITH_OPTIONS = (Kind.CHOICE, Kind.CHOICES, Kind.TABLE)
    needed_in_a_language = ("wording",)

    call = models.ForeignKey(
        CallForInput, verbose_name=_("call for input"), on_delete=models.CASCADE, related_name="questions"
    )
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    kind = models.CharField(_("kind of answer"), max_length=10, choices=Kind.choices, default=Kind.TEXT)
    wording = models.TextField(_("question"), blank=True, max_length=1000)
    hint = models.TextField(_("help"), blank=True, max_length=1000)
    options = models.TextField(
        _("choices or columns"),
        blank=True,
        max_length=3000,
        help_text=_("One per line, in the same order in both languages. Of a table: its columns."),
    )
    is_required = models.BooleanField(_("has to be answered"), default=False)
    only_if = models.ForeignKey(
        "self",
        verbose_name=_("only if this question"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("An earlier question with choices; save it first. Empty: everybody is asked."),
    )
    only_if_choice = models.PositiveSmallIntegerField(
        _("was answered with choice number"), null=True, blank=True, help_text=_("1 for the first in its list.")
    )

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=has_a_name("wording"),
                name="reviews_question_written",
                violation_error_message=_("Write the question in Arabic, in English or in both."),
            ),
            models.CheckConstraint(
                condition=Q(only_if=None) | Q(only_if_choice__isnull=False),
                name="reviews_question_condition_whole",
                violation_error_message=_("Say which choice opens this question."),
            ),
        ]

    def __str__(self):
        return str(languages.version(self, "wording"))[:80]

    def options_in(self, language: str) -> list[str]:
        """In exactly this language, in their order; empty where it has none."""
        text = languages.field_in(self, "options", language)
        return [line.strip() for line in text.splitlines() if line.strip()]

    def labels(self) -> list[dict[str, str]]:
        """Each choice or column by language; a language that lacks it has the other's."""
        by_language = {code: self.options_in(code) for code in languages.CODES}
        count = max(map(len, by_language.values()), default=0)
        found = []
        for place in range(count):
            texts = {code: lines[place] for code, lines in by_language.items() if place < len(lines)}
            any_text = next(iter(texts.values()))
            found.append({code: texts.get(code, any_text) for code in languages.CODES})
        return found

    @property
    def labels_here(self) -> list[str]:
        """Its choices or columns in the page's language."""
        return [label[languages.active_language()] for label in self.labels()]

    @property
    def opening_choice(self) -> str:
        """The choice of the other question that opens this one, in the page's language."""
        labels = self.only_if.labels_here if self.only_if else []
        place = (self.only_if_choice or 0) - 1
        return labels[place] if 0 <= place < len(labels) else "–"

    def clean(self):
        super().clean()
        lists = [lines for code in languages.CODES if (lines := self.options_in(code))]
        if self.kind in self.WITH_OPTIONS and not lists:
            raise ValidationError({"options_ar": _("Write the choices or columns, one per line.")})
        if len({len(lines) for lines in lists}) > 1:
            raise ValidationError({"options_ar": _("The two languages have different numbers of lines.")})
        self._check_condition()

    def _check_condition(self) -> None:
        other = self.only_if
        if other is None:
            return
        if other.call_id != self.call_id or other.kind not in (self.Kind.CHOICE, self.Kind.CHOICES):
            raise ValidationError({"only_if": _("Choose a question of this call that has choices.")})
        if other.pk == self.pk or other.order >= self.order:
            raise ValidationError({"only_if": _("The other question has to come first.")})
        if self.only_if_choice is not None and not 1 <= self.only_if_choice <= len(other.labels()):
            raise ValidationError({"only_if_choice": _("That question has no choice with this number.")})
