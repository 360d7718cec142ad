from datetime import datetime, time

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core import languages
from apps.search import registry
from apps.search.fields import StemsField


class DocumentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Documents of records that this user may see, as the record's own ``visible_to`` says.

        For what everybody may see the answer is kept with the document until ``check_at``. After that, and for the rest
        when somebody has logged in, the records are asked.
        """
        now = timezone.now()
        known = Q(is_public=True) & (Q(check_at=None) | Q(check_at__gt=now))
        seen = Q(pk__in=[])
        for kind in registry.kinds if user.is_authenticated else self._late_kinds(now):
            records = registry.kinds[kind].model.objects.visible_to(user).order_by().values("pk")
            seen |= Q(kind=kind, object_id__in=records)
        return self.filter(known | seen)

    def _late_kinds(self, now: datetime) -> list[str]:
        """Kinds of documents that have to be asked anew: mostly none."""
        late = self.model.objects.filter(check_at__lte=now, kind__in=registry.kinds)
        return list(late.order_by().values_list("kind", flat=True).distinct())

    def public(self):
        return self.filter(is_public=True)

    def of(self, keys):
        """Those of records named as (kind, pk)."""
        condition = Q(pk__in=[])
        by_kind: dict[str, list[int]] = {}
        for kind, pk in keys:
            by_kind.setdefault(kind, []).append(pk)
        for kind, found in by_kind.items():
            condition |= Q(kind=kind, object_id__in=found)
        return self.filter(condition)


class SearchDocument(models.Model):
    """A record in one language, as it is found. Derived: ``manage.py reindex`` makes all of them anew.

    The texts stand as they were written, for showing; ``heads`` and ``words`` hold their stems. Codes of the facets are
    kept between blanks: `` 7 23 ``.
    """

    kind = models.CharField(max_length=30)
    object_id = models.PositiveBigIntegerField()
    language = models.CharField(max_length=5)
    heading = models.TextField()
    opening = models.TextField(blank=True)
    names = models.TextField(blank=True)
    content = models.TextField(blank=True)
    objectives = models.TextField(blank=True)
    countries = models.TextField(blank=True)
    constituencies = models.TextField(blank=True)
    on = models.DateField(null=True)
    address = models.CharField(max_length=600)
    # Whether everybody may see the record, as it was when it was indexed; until ``check_at``.
    is_public = models.BooleanField(default=False)
    check_at = models.DateTimeField(null=True)
    # The stored file whose text is in ``content``, and whether it was read already.
    stored_name = models.CharField(max_length=200, blank=True)
    is_read = models.BooleanField(default=True)
    heads = StemsField()
    words = StemsField()
    indexed_at = models.DateTimeField()

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("search document")
        verbose_name_plural = _("search documents")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id", "language"], name="search_document_once"),
        ]
        indexes = [
            models.Index(fields=["check_at"], name="search_document_check", condition=Q(check_at__isnull=False)),
            models.Index(fields=["is_read"], name="search_document_unread", condition=Q(is_read=False)),
        ]

    def __str__(self):
        return f"{self.kind}/{self.object_id}/{self.language}"

    @property
    def moment(self) -> datetime:
        """Its day as a moment of the portal's own zone, for feeds."""
        return timezone.make_aware(datetime.combine(self.on, time()), timezone.get_default_timezone())

    @property
    def direction(self) -> str:
        return languages.direction(self.language)


class Spelling(models.Model):
    """A word of a document that everybody may see: folded, and as it is written there. For words typed amiss."""

    folded = models.CharField(max_length=60, unique=True)
    written = models.CharField(max_length=60)
    seen_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self):
        return self.written


class MissedSearchQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever may read them in the back office."""
        return self if user.has_perm("search.view_missedsearch") else self.none()


class MissedSearch(models.Model):
    """How often on a day something was looked for and nothing was found. Nobody's: who looked is not known."""

    words = models.CharField(_("looked for"), max_length=100)
    language = models.CharField(_("on pages in"), max_length=5)
    day = models.DateField(_("day"))
    count = models.PositiveIntegerField(_("how often"), default=1)

    objects = MissedSearchQuerySet.as_manager()

    class Meta:
        verbose_name = _("search without results")
        verbose_name_plural = _("searches without results")
        default_permissions = ("view",)
        ordering = ["-day", "-count", "words"]
        constraints = [
            models.UniqueConstraint(fields=["words", "language", "day"], name="search_missed_once"),
            models.CheckConstraint(condition=Q(count__gte=1), name="search_missed_counted"),
        ]

    def __str__(self):
        return self.words
