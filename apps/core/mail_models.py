"""Mails as rows, and the mailboxes that do not take any."""

from collections.abc import Callable

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Kind of mail → whether this user may know that somebody got one; each app names its own in ``AppConfig.ready``.
confidential_mails: dict[str, Callable] = {}


# Each gets a user and gives, as a queryset of one column, the mailboxes of people of whom this user may not know.
hidden_mailboxes: list[Callable] = []


def _without_hidden(rows: models.QuerySet, column: str, user) -> models.QuerySet:
    for hidden_from in hidden_mailboxes:
        rows = rows.exclude(**{f"{column}__in": hidden_from(user)})
    return rows


class OutgoingMailQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Who keeps an eye on the mails; of a confidential kind those only who may know its recipients."""
        if not user.has_perm("core.view_outgoingmail"):
            return self.none()
        seen = self.exclude(kind__in=[kind for kind, may_know in confidential_mails.items() if not may_know(user)])
        return _without_hidden(seen, "to", user)

    def read_by(self, user):
        """What was written to this account, the newest first."""
        return self.filter(reader=user.pk).order_by("-pk")


class OutgoingMail(models.Model):
    """A mail as it goes out, in its recipient's language. ``apps.core.outbox`` writes and sends it.

    The text of a mail with a personal link, and its calendar file, are kept only until it is sent; no page shows them.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        HELD = "held", _("waiting for a digest")
        SENT = "sent", _("sent")
        DIGESTED = "digested", _("sent in a digest")
        UNWANTED = "unwanted", _("not wanted by mail")
        DROPPED = "dropped", _("no longer for this reader")
        STOPPED = "stopped", _("stopped")
        BOUNCED = "bounced", _("came back")
        FAILED = "failed", _("given up")

    # Of these the text is not needed for sending any more.
    ENDED = [
        Status.SENT,
        Status.DIGESTED,
        Status.UNWANTED,
        Status.DROPPED,
        Status.STOPPED,
        Status.BOUNCED,
        Status.FAILED,
    ]

    kind = models.CharField(_("kind"), max_length=60, editable=False)
    to = models.EmailField(_("to"), editable=False)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, editable=False)
    subject = models.CharField(_("subject"), max_length=300, editable=False)
    text = models.TextField(_("text"), blank=True, editable=False)
    is_secret = models.BooleanField(_("holds a personal link"), default=False, editable=False)
    calendar = models.TextField(_("calendar file"), blank=True, editable=False)
    calendar_method = models.CharField(_("method of the calendar file"), max_length=10, blank=True, editable=False)
    # By which the same mail is known when it is written a second time.
    key = models.CharField(_("key"), max_length=120, null=True, unique=True, editable=False)
    # What it is about and whose account it is for: both are asked again when it leaves.
    about_model = models.CharField(max_length=100, blank=True, editable=False)
    about_id = models.CharField(max_length=40, blank=True, editable=False)
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.CASCADE,
        null=True,
        editable=False,
        related_name="+",
    )
    # The address that takes the reader off the list with one click (RFC 8058).
    unsubscribe = models.URLField(max_length=500, blank=True, editable=False)
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.WAITING, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, editable=False)
    next_try_at = models.DateTimeField(_("next try"), default=timezone.now, editable=False)
    # The worker that has it in hand; what a dead one left is freed (apps.core.work).
    taken_by = models.CharField(max_length=64, blank=True, editable=False)
    problem = models.CharField(_("problem"), max_length=100, blank=True, editable=False)
    created_at = models.DateTimeField(_("written"), auto_now_add=True, editable=False)
    sent_at = models.DateTimeField(_("sent at"), null=True, editable=False)

    objects = OutgoingMailQuerySet.as_manager()

    # Whether ``outbox.write`` has just written it, or found it by its key.
    is_new = False

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mails")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["next_try_at"], name="core_mail_waiting", condition=models.Q(status="waiting")),
            models.Index(fields=["reader", "next_try_at"], name="core_mail_held", condition=models.Q(status="held")),
            models.Index(fields=["to"], name="core_mail_to"),
        ]
        default_permissions = ("view",)

    def __str__(self):
        return self.subject


class MailAddressQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Who writes to people. Not the auditor: of some, a mail alone tells what they did."""
        return _without_hidden(self, "email", user) if user.has_perm("core.view_mailaddress") else self.none()


class MailAddress(models.Model):
    """A mailbox from which mails have come back. ``stopped_at``: nothing goes there until somebody opens it again."""

    email = models.EmailField(_("e-mail address"), unique=True, editable=False)
    bounces = models.PositiveSmallIntegerField(_("times it came back"), default=0, editable=False)
    last_bounce_at = models.DateTimeField(_("last time"), null=True, editable=False)
    reason = models.CharField(_("reason"), max_length=100, blank=True, editable=False)
    is_complaint = models.BooleanField(_("reported as unwanted"), default=False, editable=False)
    stopped_at = models.DateTimeField(_("stopped"), null=True, editable=False)

    objects = MailAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("mailbox that does not answer")
        verbose_name_plural = _("mailboxes that do not answer")
        ordering = ["-last_bounce_at"]
        default_permissions = ("view", "change")
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="core_mailaddress_lower_case"),
        ]

    def __str__(self):
        return self.email
