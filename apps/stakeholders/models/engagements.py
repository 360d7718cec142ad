"""What was said with whom: the engagement log. It is the secretariat's; the public reads the figures that follow."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.models import Record
from apps.core.storage import PrivateFileField, RandomName
from apps.core.uploads import check_document, extension_of
from apps.stakeholders.models.organisations import KEEPING_ROLES, Organisation
from apps.stakeholders.models.people import Person
from apps.stakeholders.models.reference import Country, Objective


class EngagementQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The secretariat and the auditor. Of whom they may not know, the entry says only that somebody was there."""
        return self if user.is_authenticated and user.has_role(*KEEPING_ROLES) else self.none()

    def since(self, day):
        return self.filter(happened_on__gte=day)


class Engagement(Record):
    """One contact with stakeholders. ``source`` names the record elsewhere of which it came by itself, once."""

    class Kind(models.TextChoices):
        MEETING = "meeting", _("Meeting")
        CALL = "call", pgettext_lazy("by phone", "Call")
        LETTER = "letter", _("Letter or message")
        EVENT = "event", _("Event")
        VISIT = "visit", _("Visit")
        SUBMISSION = "submission", _("Submission")

    happened_on = models.DateField(_("date"), default=timezone.localdate)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.MEETING)
    subject = models.CharField(_("subject"), max_length=200)
    organisations = models.ManyToManyField(
        Organisation, verbose_name=_("organisations"), blank=True, related_name="engagements"
    )
    people = models.ManyToManyField(Person, verbose_name=_("people"), blank=True, related_name="engagements")
    objectives = models.ManyToManyField(Objective, verbose_name=_("objectives"), blank=True, related_name="engagements")
    countries = models.ManyToManyField(
        Country,
        verbose_name=_("countries"),
        blank=True,
        related_name="engagements",
        help_text=_("Which were spoken of. Empty: the countries of the organisations."),
    )
    said = models.TextField(_("what was said"), blank=True)
    follow_up = models.TextField(_("follow-up"), blank=True)
    on_behalf_of = models.CharField(
        _("on behalf of"),
        max_length=150,
        blank=True,
        help_text=_("Who spoke with them, when somebody else types it in."),
    )
    source = models.CharField(max_length=60, null=True, unique=True, editable=False)

    objects = EngagementQuerySet.as_manager()

    class Meta:
        verbose_name = _("engagement")
        verbose_name_plural = _("engagement log")
        ordering = ["-happened_on", "-pk"]
        indexes = [models.Index(fields=["-happened_on", "-id"], name="stakeholders_engaged_on")]
        constraints = [
            models.CheckConstraint(
                condition=Q(subject__gt=""),
                name="stakeholders_engagement_about_something",
                violation_error_message=_("Say in a few words what it was about."),
            ),
        ]

    def __str__(self):
        return self.subject

    def clean(self):
        super().clean()
        if self.happened_on and self.happened_on > timezone.localdate():
            raise ValidationError({"happened_on": _("The log tells what has been. Choose today or an earlier day.")})


class CommitmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(engagement__in=Engagement.objects.visible_to(user))

    def open(self):
        return self.filter(state=Commitment.State.OPEN)

    def overdue(self, on=None):
        return self.open().filter(due_on__lt=on or timezone.localdate())


class Commitment(Record):
    """What was promised in an engagement, by whom, until when."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        KEPT = "kept", _("Kept")
        DROPPED = "dropped", _("Dropped")

    engagement = models.ForeignKey(
        Engagement, verbose_name=_("engagement"), on_delete=models.CASCADE, related_name="commitments"
    )
    text = models.CharField(_("commitment"), max_length=300)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("An officer of the secretariat. Empty: the organisation itself."),
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ["due_on", "pk"]

    def __str__(self):
        return self.text


class EngagementFileQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(engagement__in=Engagement.objects.visible_to(user))


class EngagementFile(Record):
    """A letter, a list of who was there, a picture: read by those who keep the log."""

    engagement = models.ForeignKey(
        Engagement, verbose_name=_("engagement"), on_delete=models.CASCADE, related_name="files"
    )
    title = models.CharField(_("title"), max_length=200)
    file = PrivateFileField(_("file"), upload_to=RandomName("engagements"), max_length=150, validators=[check_document])

    objects = EngagementFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["pk"]

    def __str__(self):
        return self.title

    @property
    def extension(self) -> str:
        return extension_of(self.file.name)

    def file_address(self, field: str) -> str:
        return reverse("admin:stakeholders_engagement_file", args=[self.engagement_id, self.pk])
