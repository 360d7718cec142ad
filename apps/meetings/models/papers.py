from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.accounts.roles import Role
from apps.core import languages
from apps.core.dates import portal_today
from apps.core.models import Record
from apps.core.storage import PrivateFileField, RandomName
from apps.core.uploads import check_document, extension_of
from apps.meetings.models.agenda import AgendaItem, on_seen_item
from apps.meetings.models.meetings import Audience, Meeting, narrowest, parts_seen


class DocumentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Papers of meetings this user may read that are meant for her; none of an item that is hidden from her."""
        return self.filter(parts_seen(user), on_seen_item(user))

    def with_all_shown(self):
        """With what a page says of each: who may see it, and what it was before."""
        return self.select_related("meeting", "item__parent").prefetch_related("versions")

    def overdue_in(self, language: str):
        """Whose file in this language should be there by now; a cancelled meeting waits for none."""
        lacking = Q(**{f"file_{language}__isnull": True}) | Q(**{f"file_{language}": ""})
        due = Q(**{f"due_{language}__lt": portal_today()})
        return self.filter(lacking, due).exclude(meeting__status=Meeting.Status.CANCELLED)


class Document(Record):
    """A paper of a meeting: one file per language."""

    class Kind(models.TextChoices):
        AGENDA = "agenda", _("Agenda")
        PAPER = "paper", _("Paper")
        PRESENTATION = "presentation", _("Presentation")
        MINUTES = "minutes", _("Minutes")
        REPORT = "report", _("Report")
        OTHER = "other", _("Other document")

    needed_in_a_language = ("title",)

    meeting = models.ForeignKey(Meeting, verbose_name=_("meeting"), on_delete=models.PROTECT, related_name="documents")
    title = models.CharField(_("title"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.PAPER)
    item = models.ForeignKey(
        AgendaItem,
        verbose_name=_("for the item"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="papers",
        help_text=_("Empty: for the whole meeting."),
    )
    version = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    is_final = models.BooleanField(_("final"), default=False, help_text=_("No further version is expected."))
    due = models.DateField(_("due on"), null=True, blank=True, help_text=_("When a file that is not there yet comes."))
    audience = models.CharField(_("audience"), max_length=20, choices=Audience.choices, default=Audience.MEMBERS)
    file = PrivateFileField(_("file"), upload_to=RandomName("documents"), blank=True, max_length=150)
    size = models.PositiveIntegerField(null=True, editable=False)
    pages = models.PositiveSmallIntegerField(null=True, editable=False)
    posted = models.DateTimeField(null=True, editable=False)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(title_ar__isnull=False, title_ar__gt="") | Q(title_en__isnull=False, title_en__gt=""),
                name="meetings_document_titled",
                violation_error_message=_("Write the title in Arabic, in English or in both."),
            ),
            models.CheckConstraint(
                condition=Q(file_ar__isnull=False, file_ar__gt="") | Q(file_en__isnull=False, file_en__gt=""),
                name="meetings_document_has_file",
                violation_error_message=_("Add the file in Arabic, in English or in both."),
            ),
            models.CheckConstraint(
                condition=Q(version__gte=1),
                name="meetings_document_version",
                violation_error_message=_("Versions count from 1."),
            ),
        ]

    def __str__(self):
        return str(languages.version(self, "title"))

    def save(self, *args, **kwargs):
        for code in languages.CODES:
            stored = getattr(self, f"file_{code}")
            if not stored:
                continue
            is_unmeasured = getattr(self, f"size_{code}") is None and stored.storage.exists(stored.name)
            if is_unmeasured or not stored._committed:
                setattr(self, f"size_{code}", stored.size)
        super().save(*args, **kwargs)

    def clean(self):
        super().clean()
        problems = {}
        if self.item_id and self.meeting_id and self.item.meeting_id != self.meeting_id:
            problems["item"] = _("This item is on the agenda of another meeting.")
        for code in languages.CODES:
            stored = getattr(self, f"file_{code}")
            if stored and not stored._committed:
                try:
                    check_document(stored.file)
                except ValidationError as error:
                    problems[f"file_{code}"] = error
        if problems:
            raise ValidationError(problems)

    def file_address(self, field_name: str) -> str:
        return DocumentFile(self, field_name.removeprefix("file_")).get_absolute_url()

    @property
    def files(self) -> list["DocumentFile"]:
        """Its files, the page's language first."""
        active = languages.active_language()
        order = [active, *languages.others(active)]
        return [DocumentFile(self, code) for code in order if getattr(self, f"file_{code}")]

    @property
    def audience_inside(self) -> str:
        """Who of those that may see the meeting may see the paper: no more than may see its item."""
        return narrowest(self.audience, self.item.audience_inside if self.item else Audience.PUBLIC)

    @property
    def shown_to(self) -> str:
        """Who may see it at all."""
        return narrowest(self.audience_inside, self.meeting.audience)

    @property
    def shown_to_name(self) -> str:
        return str(Audience(self.shown_to).label)

    @property
    def readers(self):
        """The same in words; "" for everybody."""
        if self.audience_inside == Audience.SECRETARIAT:
            return _("The secretariat and the auditor see it.")
        if self.audience_inside == Audience.MEMBERS:
            return _("The group and those who prepare its meetings see it.")
        if self.meeting.audience == Audience.MEMBERS:
            return _("The group, the meeting’s guests and those who prepare it see it.")
        return ""

    @property
    def lacking(self) -> list["LackingFile"]:
        """The languages in which there is no file."""
        return [
            LackingFile(code, getattr(self, f"due_{code}"))
            for code in languages.CODES
            if not getattr(self, f"file_{code}")
        ]

    @property
    def earlier(self) -> list["DocumentVersion"]:
        """Files that were replaced, newest first. Each knows its paper, so that its address asks nothing."""
        found = list(self.versions.all())
        for former in found:
            former.document = self
        return found


@dataclass(frozen=True)
class LackingFile:
    language: str
    due: date | None

    @property
    def is_overdue(self) -> bool:
        return self.due is not None and self.due < portal_today()


class DocumentFile:
    """One language's file of a document."""

    def __init__(self, document: Document, language: str):
        self.document = document
        self.language = language
        self.stored = getattr(document, f"file_{language}")
        self.size = getattr(document, f"size_{language}") or 0
        self.pages = getattr(document, f"pages_{language}")
        self.posted_at = getattr(document, f"posted_{language}")

    @property
    def extension(self) -> str:
        return extension_of(self.stored.name)

    def get_absolute_url(self) -> str:
        return reverse("meetings:document", args=[self.document.meeting_id, self.document.pk, self.language])


class DocumentVersionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Who may read the paper may read what it was before."""
        return self.filter(document__in=Document.objects.visible_to(user))


class DocumentVersion(models.Model):
    """A file that another one replaced. ``number`` is the paper's version while it was the newest."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="versions")
    language = models.CharField(max_length=5, choices=settings.LANGUAGES)
    number = models.PositiveSmallIntegerField(_("version"))
    file = PrivateFileField(_("file"), upload_to=RandomName("documents"), max_length=150)
    size = models.PositiveIntegerField(null=True)
    pages = models.PositiveSmallIntegerField(null=True)
    replaced_at = models.DateTimeField(auto_now_add=True)
    replaced_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = DocumentVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("earlier version of a document")
        verbose_name_plural = _("earlier versions of documents")
        ordering = ["document", "-number", "language"]
        constraints = [
            models.UniqueConstraint(fields=["document", "language", "number"], name="meetings_documentversion_once"),
        ]

    def __str__(self):
        return f"{self.document} {self.number}"

    def get_absolute_url(self) -> str:
        arguments = [self.document.meeting_id, self.document_id, self.language, self.number]
        return reverse("meetings:document_version", args=arguments)

    @property
    def extension(self) -> str:
        return extension_of(self.file.name)


class DocumentOpeningQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The secretariat sees who opened a paper, and everybody what she opened herself."""
        if not user.is_authenticated:
            return self.none()
        return self if user.has_role(Role.SECRETARIAT) else self.filter(user=user)


class DocumentOpening(models.Model):
    """That somebody who had logged in opened a paper that is not for everybody; its page says that this is kept."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="openings")
    language = models.CharField(max_length=5, choices=settings.LANGUAGES)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="document_openings")
    first_at = models.DateTimeField(auto_now_add=True)
    last_at = models.DateTimeField(auto_now=True)
    times = models.PositiveIntegerField(default=1)

    objects = DocumentOpeningQuerySet.as_manager()

    class Meta:
        verbose_name = _("opening of a document")
        verbose_name_plural = _("openings of documents")
        ordering = ["document", "first_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["document", "language", "user"], name="meetings_documentopening_once"),
        ]

    def __str__(self):
        return f"{self.document_id}/{self.language}"
