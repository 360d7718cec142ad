from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core import audit, languages, textpolicy
from apps.core.audit_models import AuditDetail, AuditEntry, AuditSeal
from apps.core.held_files import HeldFile

__all__ = ["AuditDetail", "AuditEntry", "AuditSeal", "HeldFile", "OutgoingMail", "Record"]


# What the trail says of a column of which it may not say more than that it changed: before and after.
WORDLESS = ["–", "–"]


class Record(models.Model):
    """What people write together: who and when is kept, each save counts up ``revision`` and is in the audit trail.

    A form carries the revision it was opened with; a save on top of somebody else's save is refused (apps.core.admin).
    """

    # Texts that must stand in at least one language; a constraint of the model says the same to the database.
    needed_in_a_language: tuple[str, ...] = ()

    # Whether the trail says only which columns changed and not how: for what its readers may not know.
    trail_is_wordless = False
    # Whether the trail does not keep from which network a stranger wrote it, not even shortened.
    trail_without_address = False

    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    updated_at = models.DateTimeField(_("last saved"), auto_now=True, editable=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("last saved by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        abstract = True

    @transaction.atomic
    def save(self, *args, update_fields=None, by=None, reason="", also_changed=None, **kwargs):
        """``by`` is a user, or None for the portal itself (a command, a migration); services say who it is.

        ``also_changed`` goes into the same entry of the trail: ``{field: [before, after]}`` of what stands elsewhere.
        Raises ValidationError for a name with letters that deceive, whoever writes it.
        """
        textpolicy.clean_record(self)
        if update_fields and audit.NOT_KEPT.issuperset(update_fields):
            super().save(*args, update_fields=update_fields, **kwargs)
            return
        is_new = self._state.adding
        before = {} if is_new else audit.saved_values(self)
        if is_new:
            self.created_by = by
        else:
            self.revision += 1
        self.updated_by = by
        if update_fields is not None:
            update_fields = {*update_fields, "revision", "updated_at", "updated_by"}
        super().save(*args, update_fields=update_fields, **kwargs)
        changes = audit.difference(before, audit.values_of(self))
        if update_fields is not None:
            changes = {name: pair for name, pair in changes.items() if name in update_fields}
        if self.trail_is_wordless:
            changes = dict.fromkeys([*changes, *(also_changed or {})], WORDLESS)
        else:
            changes |= also_changed or {}
        if is_new or changes:
            action = AuditEntry.Action.CREATED if is_new else AuditEntry.Action.CHANGED
            audit.record(action, by=by, about=self, changes=changes, reason=reason)

    @transaction.atomic
    def delete(self, *args, by=None, reason="", **kwargs):
        """What goes with it, goes in its name: the trail holds the entry of this record."""
        changes = audit.difference(audit.values_of(self), {})
        audit.record(AuditEntry.Action.DELETED, by=by, about=self, changes=changes, reason=reason)
        return super().delete(*args, **kwargs)

    def clean_fields(self, exclude=None):
        textpolicy.clean_record(self, exclude)
        super().clean_fields(exclude=exclude)

    def clean(self):
        super().clean()
        for name in self.needed_in_a_language:
            if not any(languages.field_in(self, name, code) for code in languages.CODES):
                message = _("Write this in Arabic, in English or in both.")
                raise ValidationError({f"{name}_{settings.LANGUAGE_CODE}": message})


# Kind of mail → whether this user may know that somebody got one; each app names its own in ``AppConfig.ready``.
confidential_mails: dict[str, Callable] = {}


class OutgoingMailQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Who keeps an eye on the mails; of a confidential kind those only who may know its recipients."""
        if not user.has_perm("core.view_outgoingmail"):
            return self.none()
        return self.exclude(kind__in=[kind for kind, may_know in confidential_mails.items() if not may_know(user)])


class OutgoingMail(models.Model):
    """A mail as it goes out, in its recipient's language. ``apps.core.outbox`` writes and sends it.

    The text of a mail with a personal link, and its calendar file, are kept only until it is sent; no page shows them.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        FAILED = "failed", _("given up")

    kind = models.CharField(_("kind"), max_length=60, editable=False)
    to = models.EmailField(_("to"), editable=False)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, editable=False)
    subject = models.CharField(_("subject"), max_length=300, editable=False)
    text = models.TextField(_("text"), blank=True, editable=False)
    is_secret = models.BooleanField(_("holds a personal link"), default=False, editable=False)
    calendar = models.TextField(_("calendar file"), blank=True, editable=False)
    calendar_method = models.CharField(_("method of the calendar file"), max_length=10, blank=True, editable=False)
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.WAITING, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, editable=False)
    next_try_at = models.DateTimeField(_("next try"), default=timezone.now, editable=False)
    problem = models.CharField(_("problem"), max_length=100, blank=True, editable=False)
    created_at = models.DateTimeField(_("written"), auto_now_add=True, editable=False)
    sent_at = models.DateTimeField(_("sent at"), null=True, editable=False)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mails")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["next_try_at"], name="core_mail_waiting", condition=models.Q(status="waiting")),
        ]
        default_permissions = ("view",)

    def __str__(self):
        return self.subject
