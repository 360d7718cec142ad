"""A mail to a segment: written once in both languages, sent to each in her own."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, Q, When
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from apps.core import languages
from apps.core.models import OutgoingMail, Record
from apps.meetings.models import Document
from apps.stakeholders.models import KEEPING_ROLES, Organisation, Person, Segment


class AnnouncementQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The secretariat and the auditor, who see the segments, too."""
        return self if user.is_authenticated and user.has_role(*KEEPING_ROLES) else self.none()


class Announcement(Record):
    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ASKED = "asked", _("Waiting for a second person")
        SENDING = "sending", _("Being sent")
        STOPPED = "stopped", _("Stopped")
        SENT = "sent", _("Sent")

    title = models.CharField(_("subject"), max_length=150, blank=True)
    body = models.TextField(
        _("text"),
        blank=True,
        help_text=_("Plain text: an empty line begins a paragraph, an address alone on its line becomes a link."),
    )
    segment = models.ForeignKey(Segment, verbose_name=_("segment"), on_delete=models.PROTECT, related_name="+")
    documents = models.ManyToManyField(
        Document,
        verbose_name=_("papers"),
        blank=True,
        related_name="+",
        help_text=_("As links. Whoever may not see a paper gets no link to it."),
    )
    per_minute = models.PositiveSmallIntegerField(
        _("mails per minute"), default=60, validators=[MinValueValidator(1), MaxValueValidator(600)]
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("approved by"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    began_at = models.DateTimeField(_("began"), null=True, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "asked"]) | Q(began_at__isnull=False),
                name="outreach_announcement_began",
            ),
        ]

    @cached_property
    def paper_keys(self) -> list[int]:
        return [one.pk for one in self.documents.all()]

    def __str__(self):
        return str(languages.version(self, "title")) or str(_("announcement"))


class RecipientQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Of those who see announcements; somebody who is protected from this user is left out."""
        if not user.is_authenticated or not user.has_role(*KEEPING_ROLES):
            return self.none()
        hidden = Person.objects.hidden_from(user)
        return self.exclude(person__in=hidden)

    def waiting(self):
        return self.filter(mail=None)

    def followed(self):
        """With ``status``: what has become of the mail by now, noted or not; "" while it waits."""
        has_left = Q(mail__isnull=False) & ~Q(mail__status=OutgoingMail.Status.WAITING)
        return self.annotate(status=Case(When(has_left, then=F("mail__status")), default=F("outcome")))


class Recipient(models.Model):
    """Somebody on the list as it was when the sending began; nobody comes to it later."""

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="recipients")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, null=True, related_name="+")
    email = models.EmailField()
    language = models.CharField(max_length=5, choices=settings.LANGUAGES)
    mail = models.OneToOneField(OutgoingMail, on_delete=models.SET_NULL, null=True, related_name="+")
    # What became of the mail, kept after the mail itself is deleted; "" while it waits.
    outcome = models.CharField(max_length=10, blank=True)

    objects = RecipientQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["announcement", "email"], name="outreach_recipient_once"),
            models.CheckConstraint(
                condition=Q(person__isnull=False, organisation=None) | Q(person=None, organisation__isnull=False),
                name="outreach_recipient_one",
            ),
        ]

    def __str__(self):
        return str(self.person or self.organisation)
