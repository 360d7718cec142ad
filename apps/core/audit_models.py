"""The tables of the audit trail; ``apps.core.audit`` writes and proves them."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AppendOnlyError(Exception):
    """Somebody tried to change or delete what is only ever added."""


class AppendOnlyQuerySet(models.QuerySet):
    def update(self, **changes):
        raise AppendOnlyError

    def delete(self):
        raise AppendOnlyError


class AppendOnly(models.Model):
    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise AppendOnlyError
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise AppendOnlyError


class AuditEntryQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user):
        """The trail is read by the auditor alone: it tells of what the secretariat does, too."""
        return self if user.has_perm("core.view_auditentry") else self.none()


class AuditEntry(AppendOnly):
    """One thing that somebody did. Names nobody by itself: numbers here, names and values in the detail."""

    class Action(models.TextChoices):
        CREATED = "created", _("created")
        CHANGED = "changed", _("changed")
        DELETED = "deleted", _("deleted")
        ROLES_CHANGED = "roles_changed", _("roles changed")
        LOGGED_IN = "logged_in", _("logged in")
        LOGIN_FAILED = "login_failed", _("log-in failed")
        LOGGED_OUT = "logged_out", _("logged out")
        PASSWORD_CHANGED = "password_changed", _("password changed")
        FACTOR_ADDED = "factor_added", _("second factor added")
        FACTOR_REMOVED = "factor_removed", _("second factor removed")
        FACTOR_RESET_ASKED = "factor_reset_asked", _("reset of a second factor asked for")
        FACTOR_RESET = "factor_reset", _("second factor reset")
        SESSIONS_ENDED = "sessions_ended", _("sessions ended")
        INVITED = "invited", _("invitation sent")
        INVITATION_REVOKED = "invitation_revoked", _("invitation revoked")
        INVITATION_ACCEPTED = "invitation_accepted", _("invitation accepted")
        REFUSED = "refused", _("refused")
        DOWNLOADED = "downloaded", _("restricted paper downloaded")
        EXPORTED = "exported", _("exported")
        ERASED = "erased", _("personal data erased")

    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True, editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        help_text=_("Empty: the portal itself, or somebody who had not logged in."),
    )
    action = models.CharField(_("what"), max_length=30, choices=Action.choices, db_index=True, editable=False)
    model = models.CharField(_("kind of record"), max_length=100, blank=True, editable=False)
    object_id = models.CharField(_("number of the record"), max_length=40, blank=True, editable=False)
    detail_digest = models.CharField(max_length=64, editable=False)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit trail")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["model", "object_id"], name="core_audit_about")]
        default_permissions = ("view",)

    def __str__(self):
        return f"{self.pk} {self.action}"


class AuditDetail(models.Model):
    """What may name a person. Its row can be deleted and its address emptied; nothing else of it can be changed."""

    entry = models.OneToOneField(AuditEntry, on_delete=models.PROTECT, primary_key=True, related_name="detail")
    salt = models.CharField(max_length=32)
    label = models.CharField(max_length=300)
    changes = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    address = models.CharField(max_length=50, blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return self.label


class AuditSeal(AppendOnly):
    """The chain: each digest covers the one before it and the entry at its position."""

    position = models.PositiveBigIntegerField(primary_key=True)
    entry = models.OneToOneField(AuditEntry, on_delete=models.PROTECT, related_name="seal")
    digest = models.CharField(max_length=64)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self):
        return str(self.position)
