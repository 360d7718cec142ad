"""What was written when: each save of an article is a version, each change of its state a step."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.languages import addresses
from apps.news.models.articles import WRITING_ROLES, Article


class _WritersOnly(models.QuerySet):
    def visible_to(self, user):
        """Whoever writes news; a version may hold what readers were never meant to have."""
        return self if user.is_authenticated and user.has_role(*WRITING_ROLES) else self.none()


class ArticleVersion(models.Model):
    """The whole content of an article as one save left it, in both languages. Never changed afterwards."""

    article = models.ForeignKey(
        Article, verbose_name=_("article"), on_delete=models.CASCADE, related_name="versions", editable=False
    )
    number = models.PositiveIntegerField(_("version"), editable=False)
    # {field: text or null, many-to-many field: [ids]}; apps.news.content reads and writes it.
    content = models.JSONField(_("content"), editable=False)
    saved_at = models.DateTimeField(_("saved"), editable=False)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("saved by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)
    restored_from = models.ForeignKey(
        "self", verbose_name=_("taken from"), on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    is_public = models.BooleanField(_("readers had it"), default=False, editable=False)

    objects = _WritersOnly.as_manager()

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["-number"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="news_version_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="news_version_number_from_one"),
        ]

    def __str__(self):
        return str(_("Version %(number)s") % {"number": self.number})

    @property
    def addresses(self) -> list[tuple[str, str]]:
        """Each language with the address of its preview."""
        return addresses("news:preview", self.article_id, self.number)


class ArticleStep(models.Model):
    """One step in an article's life: who took it, when and why. Never changed afterwards."""

    class Kind(models.TextChoices):
        SENT = "sent", _("Sent to review")
        SENT_BACK = "sent_back", _("Sent back")
        APPROVED = "approved", _("Approved")
        PUBLISHED = "published", _("Published")
        SCHEDULED = "scheduled", _("Scheduled")
        PINNED = "pinned", _("Pinned")
        UNPINNED = "unpinned", _("Unpinned")
        DISCARDED = "discarded", _("Changes discarded")
        CURRENT = "current", _("Translation marked as current")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        ARCHIVED = "archived", _("Archived")
        REOPENED = "reopened", _("Taken up again")

    article = models.ForeignKey(
        Article, verbose_name=_("article"), on_delete=models.CASCADE, related_name="steps", editable=False
    )
    version = models.ForeignKey(
        ArticleVersion, verbose_name=_("version"), on_delete=models.CASCADE, related_name="steps", editable=False
    )
    kind = models.CharField(_("step"), max_length=20, choices=Kind.choices, editable=False)
    taken_at = models.DateTimeField(_("when"), auto_now_add=True, editable=False)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)

    objects = _WritersOnly.as_manager()

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["-pk"]
        default_permissions = ("view",)

    def __str__(self):
        return str(self.get_kind_display())
