from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from apps.core import audit, languages, notices, textpolicy
from apps.core.audit_models import AuditDetail, AuditEntry, AuditSeal
from apps.core.held_files import HeldFile
from apps.core.mail_models import MailAddress, OutgoingMail, confidential_mails
from apps.core.work_models import DueRun, WorkerBeat

__all__ = [
    "AuditDetail",
    "AuditEntry",
    "AuditSeal",
    "DueRun",
    "HeldFile",
    "MailAddress",
    "NoticeSettings",
    "OutgoingMail",
    "Record",
    "WorkerBeat",
    "confidential_mails",
]


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
            changes = dict.fromkeys([*changes, *(also_changed or {})], audit.WORDLESS)
        else:
            changes |= also_changed or {}
        if is_new or changes:
            action = AuditEntry.Action.CREATED if is_new else AuditEntry.Action.CHANGED
            audit.record(action, by=by, about=self, changes=changes, reason=reason)

    @transaction.atomic
    def delete(self, *args, by=None, reason="", **kwargs):
        """What goes with it, goes in its name: the trail holds the entry of this record."""
        changes = audit.difference(audit.values_of(self), {})
        if self.trail_is_wordless:
            changes = dict.fromkeys(changes, audit.WORDLESS)
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


class NoticeChoices(models.JSONField):
    """Kind of notice → when."""

    def readable(self, value: dict) -> str:
        return ", ".join(
            f"{kind.label}: {dict(kind.choices)[notices.chosen(kind, value)]}" for kind in notices.kinds.values()
        )


class NoticeSettingsQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own."""
        return self.filter(user=user.pk)


class NoticeSettings(Record):
    """How somebody wants to be told: by kind of notice at once, in a digest, or not by mail; and her quiet hours.

    A kind that does not stand in ``choices`` is told as ``apps.core.notices`` says.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, editable=False, related_name="notice_settings"
    )
    choices = NoticeChoices(_("choices"), default=dict, blank=True)
    quiet_from = models.TimeField(
        _("quiet from"),
        null=True,
        blank=True,
        help_text=_("By your own clock. What comes in these hours waits until they end."),
    )
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)

    objects = NoticeSettingsQuerySet.as_manager()

    class Meta:
        verbose_name = _("choice of notices")
        verbose_name_plural = _("choices of notices")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quiet_from=None, quiet_until=None)
                | models.Q(quiet_from__isnull=False, quiet_until__isnull=False)
                & ~models.Q(quiet_from=models.F("quiet_until")),
                name="core_noticesettings_hours",
                violation_error_message=_("Fill in both hours, two different ones, or neither."),
            ),
        ]

    def __str__(self):
        return str(self.user)
