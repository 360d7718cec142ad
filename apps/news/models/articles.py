from collections.abc import Callable
from datetime import datetime
from functools import reduce
from operator import and_, or_

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Max, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from apps.accounts.roles import Role
from apps.core import languages
from apps.core.models import Record
from apps.core.richtext import RichTextField
from apps.core.slugs import slug
from apps.meetings.models import Meeting
from apps.news import reading
from apps.news.models.contacts import PressContact
from apps.news.models.pictures import Picture
from apps.news.quotations import QuotationsField
from apps.stakeholders.models import Constituency, Country, Objective

WRITING_ROLES = (Role.SECRETARIAT, Role.EDITOR, Role.TRANSLATOR, Role.AUDITOR)
# What a language version needs before readers get it.
TEXTS = ("title", "lead", "body")
# A place to fill in, in a text that has the structure of its original and not its words yet.
GAP = "[___]"


class ArticleQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Articles this user may read: who writes news sees all, everybody else what is published by now."""
        if user.is_authenticated and user.has_role(*WRITING_ROLES):
            return self
        return self.published(timezone.now())

    def published(self, now: datetime):
        """Published and past its publish time, in at least one language."""
        return self.filter(is_shown=True, published_at__lte=now)

    def years(self) -> list[int]:
        """Those of the datelines, newest first, with all between the first and the last: they are not counted out."""
        ends = self.order_by().aggregate(first=Min("dated_on"), last=Max("dated_on"))
        if ends["first"] is None:
            return []
        return list(range(ends["last"].year, ends["first"].year - 1, -1))

    def taken_back(self):
        """Readers had it, and it was archived: its address says so instead of seeming mistyped."""
        return self.filter(status=Article.Status.ARCHIVED, published_at__isnull=False)

    def readable_in(self, language: str):
        """Those whose version in this language is ready for readers."""
        return self.filter(_ready(language))

    def ready_in_all_languages(self):
        return self.filter(_in_all(_ready))

    def lacking_a_language(self):
        """Not ready for readers in every language."""
        return self.exclude(_in_all(_ready))

    def outdated_in_a_language(self):
        return self.exclude(_in_all(_current))

    def in_all_languages(self):
        """Ready in every language, and none of them behind the original."""
        return self.filter(_in_all(_ready), _in_all(_current))


def _complete(language: str) -> Q:
    """The condition that a language version has all its texts."""
    condition = Q()
    for name in TEXTS:
        condition &= _written(name, language)
    return condition


def _written(name: str, language: str) -> Q:
    return Q(**{f"{name}_{language}__isnull": False, f"{name}_{language}__gt": ""})


def _titled(language: str) -> Q:
    return Q(original_language=language, **{f"title_{language}__isnull": False, f"title_{language}__gt": ""})


def _ready(language: str) -> Q:
    return Q(**{f"ready_{language}": True})


def _corrected(language: str) -> Q:
    return _written("correction", language)


def _current(language: str) -> Q:
    return Q(**{f"outdated_{language}": None})


def _in_all(condition: Callable[[str], Q]) -> Q:
    return reduce(and_, map(condition, languages.CODES))


def _in_any(condition: Callable[[str], Q]) -> Q:
    """The condition that this is true of one of the portal's languages."""
    return reduce(or_, map(condition, languages.CODES))


class Article(Record):
    """A news item. Each language is a version of its own, which readers get when it is marked ready."""

    class Category(models.TextChoices):
        NEWS = "news", _("News item")
        PRESS_RELEASE = "press_release", _("Press release")
        STATEMENT = "statement", _("Statement")
        STORY = "story", _("Story")
        CALL = "call", _("Call")

    class Scope(models.TextChoices):
        LOCAL = "local", _("Local")
        REGIONAL = "regional", _("Regional")
        GLOBAL = "global", _("Global")

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("In review")
        APPROVED = "approved", _("Approved")
        PUBLISHED = "published", _("Published")
        ARCHIVED = "archived", _("Archived")

    original_language = models.CharField(
        _("original language"), max_length=5, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    title = models.CharField(_("title"), max_length=200, blank=True)
    lead = models.TextField(_("lead"), blank=True, help_text=_("One or two sentences: lists and feeds show them."))
    body = RichTextField(_("text"), blank=True)
    category = models.CharField(_("category"), max_length=20, choices=Category.choices, default=Category.NEWS)
    scope = models.CharField(_("scope"), max_length=20, choices=Scope.choices, default=Scope.REGIONAL)
    place = models.CharField(_("dateline: place"), max_length=100, blank=True)
    dated_on = models.DateField(_("dateline: date"), default=timezone.localdate)
    contacts = models.ManyToManyField(PressContact, verbose_name=_("press contacts"), blank=True)
    picture = models.ForeignKey(
        Picture,
        verbose_name=_("picture"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="articles",
    )
    quotations = QuotationsField(_("quotations"), default=list, blank=True)
    objectives = models.ManyToManyField(Objective, verbose_name=_("objectives"), blank=True)
    countries = models.ManyToManyField(Country, verbose_name=_("countries"), blank=True)
    constituencies = models.ManyToManyField(Constituency, verbose_name=_("constituencies"), blank=True)
    meetings = models.ManyToManyField(Meeting, verbose_name=_("related meetings"), blank=True, related_name="articles")
    related = models.ManyToManyField(
        "self", verbose_name=_("related articles"), symmetrical=False, blank=True, related_name="+"
    )
    correction = models.TextField(
        _("correction"), blank=True, help_text=_("What was wrong and how it stands now. Readers see it with its date.")
    )
    corrected_on = models.DateField(_("corrected on"), null=True, blank=True)
    # On top of lists, whatever is newer; not part of what is written.
    is_pinned = models.BooleanField(_("pinned"), default=False, editable=False)
    # Where the newest version stands. What readers have may be an earlier one: these columns hold it as long as
    # ``is_shown`` is set, and ``working_version`` is the newest then.
    status = models.CharField(_("status"), max_length=20, choices=Status.choices, default=Status.DRAFT, editable=False)
    is_shown = models.BooleanField(_("readers have it"), default=False, editable=False)
    working_version = models.OneToOneField(
        "news.ArticleVersion",
        verbose_name=_("version in work"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    published_at = models.DateTimeField(_("publish time"), null=True, editable=False)
    changed_at = models.DateTimeField(_("readers got another text"), null=True, editable=False)
    ready_ar = models.BooleanField(_("Arabic version is ready for readers"), default=False, editable=False)
    ready_en = models.BooleanField(_("English version is ready for readers"), default=False, editable=False)

    # About how often its page was opened (apps.news.parity.count_read).
    reads = models.PositiveIntegerField(_("opened about so often"), default=0, editable=False)
    # Since when the translation is behind its original.
    outdated_ar = models.DateTimeField(_("Arabic version is outdated since"), null=True, editable=False)
    outdated_en = models.DateTimeField(_("English version is outdated since"), null=True, editable=False)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["-published_at", "-pk"]
        indexes = [
            models.Index(fields=["is_shown", "-published_at", "-id"], name="news_article_latest"),
            models.Index(fields=["is_shown", "-is_pinned", "-published_at", "-id"], name="news_article_pinned"),
            models.Index(fields=["is_shown", "category", "-published_at"], name="news_article_category"),
            models.Index(fields=["is_shown", "dated_on"], name="news_article_years"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=_in_any(_titled),
                name="news_article_titled",
                violation_error_message=_("An article has at least a title in its original language."),
            ),
            models.CheckConstraint(
                condition=Q(ready_ar=False) | _complete("ar"),
                name="news_article_ready_ar_complete",
                violation_error_message=_("The Arabic version lacks its title, lead or text."),
            ),
            models.CheckConstraint(
                condition=Q(ready_en=False) | _complete("en"),
                name="news_article_ready_en_complete",
                violation_error_message=_("The English version lacks its title, lead or text."),
            ),
            models.CheckConstraint(
                condition=Q(is_shown=False) | (Q(published_at__isnull=False) & _in_any(_ready)),
                name="news_article_shown_readable",
                violation_error_message=_("A published article has a publish time and a language that is ready."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "in_review", "approved"])
                | Q(status="published", is_shown=True)
                | Q(status="archived", is_shown=False),
                name="news_article_status_shown",
                violation_error_message=_("Readers have what is published, and nothing of what is archived."),
            ),
            models.CheckConstraint(
                condition=Q(is_shown=True) | Q(working_version=None),
                name="news_article_working_version",
                violation_error_message=_("Only an article that readers have keeps its newest version apart."),
            ),
            models.CheckConstraint(
                condition=Q(corrected_on__isnull=False) | ~_in_any(_corrected),
                name="news_article_correction_dated",
                violation_error_message=_("A correction has its date."),
            ),
        ]

    def __str__(self):
        return str(languages.version(self, "title"))

    def get_absolute_url(self) -> str:
        return reverse("news:detail", args=[self.pk, self.slug_in(languages.active_language())])

    def address_in(self, language: str) -> str:
        with override(language):
            return self.get_absolute_url()

    def slug_in(self, language: str) -> str:
        """From this language's title when readers may have it, or else from one that they may have."""
        for code in [language, *languages.others(language)]:
            if self.is_ready(code) and (text := slug(languages.field_in(self, "title", code))):
                return text
        return "article"

    def clean(self):
        super().clean()
        if not languages.field_in(self, "title", self.original_language):
            message = _("An article has at least a title in its original language.")
            raise ValidationError({f"title_{self.original_language}": message})
        self._refuse_gaps_in_what_readers_have()

    def _refuse_gaps_in_what_readers_have(self) -> None:
        problems = {}
        for code in self.ready_languages:
            for name in TEXTS:
                if not languages.field_in(self, name, code):
                    problems[f"{name}_{code}"] = _("Readers have this version: it needs this text.")
            if self.has_gaps(code):
                problems[f"body_{code}"] = _("Readers have this version: fill in each %(gap)s.") % {"gap": GAP}
            if self.picture and not languages.field_in(self.picture, "text", code):
                problems["picture"] = _("Describe the picture in %(language)s for readers who cannot see it.") % {
                    "language": languages.name_of(code)
                }
        if problems:
            raise ValidationError(problems)

    def is_ready(self, language: str) -> bool:
        return getattr(self, f"ready_{language}")

    def is_complete(self, language: str) -> bool:
        """All texts of this language are written, and no place in them waits to be filled in."""
        return all(languages.field_in(self, name, language) for name in TEXTS) and not self.has_gaps(language)

    def has_gaps(self, language: str) -> bool:
        return GAP in languages.field_in(self, "body", language)

    @property
    def ready_languages(self) -> list[str]:
        return [code for code in languages.CODES if self.is_ready(code)]

    @property
    def outdated_languages(self) -> list[str]:
        return [code for code in languages.CODES if getattr(self, f"outdated_{code}")]

    @property
    def last_changed(self) -> datetime:
        """When readers last got another text; the publish time at first."""
        return max(self.changed_at or self.published_at, self.published_at)

    @property
    def is_scheduled(self) -> bool:
        return self.is_shown and self.published_at > timezone.now()

    @property
    def is_out(self) -> bool:
        """Readers have it by now, in at least one language."""
        return self.is_shown and self.published_at <= timezone.now()

    def reading_minutes(self, language: str) -> int:
        return reading.minutes(languages.field_in(self, "body", language), language)


# Arabic and English have their columns above; a further language of the portal has the same ones.
for _code in languages.CODES:
    if not hasattr(Article, f"ready_{_code}"):
        _is_ready = models.BooleanField(_("ready for readers"), default=False, editable=False)
        Article.add_to_class(f"ready_{_code}", _is_ready)
        Article.add_to_class(f"outdated_{_code}", models.DateTimeField(_("outdated since"), null=True, editable=False))
        _has_texts = ~_ready(_code) | _complete(_code)
        _name = f"news_article_ready_{_code}_complete"
        Article._meta.constraints.append(models.CheckConstraint(condition=_has_texts, name=_name))
