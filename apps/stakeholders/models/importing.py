from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.roles import Role
from apps.stakeholders.models.segments import Segment


class StakeholderImportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Only who sent a file, and keeps people still, sees what is in it."""
        if not user.is_authenticated or not user.has_role(Role.SECRETARIAT):
            return self.none()
        return self.filter(sent_by=user)


class StakeholderImport(models.Model):
    """A table of organisations or people that was sent: its rows, what its columns are, and what checking them found.

    Kept for some days; its rows only until they are imported.
    """

    class State(models.TextChoices):
        SENT = "sent", _("sent")
        CHECKED = "checked", _("checked")
        DONE = "done", _("imported")

    of = models.CharField(max_length=20, choices=Segment.Of.choices)
    name = models.CharField(_("file"), max_length=200)
    headings = models.JSONField(default=list)
    rows = models.JSONField(default=list)
    # The field of each heading, "" for a column that is left out.
    columns = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    # By row: the record that may be the same ([key, name]) or an earlier row ([0, number]), and why.
    duplicates = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SENT)
    new = models.PositiveIntegerField(default=0)
    filled = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(auto_now_add=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    objects = StakeholderImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]
        default_permissions = ()

    def __str__(self):
        return self.name


class RememberedColumn(models.Model):
    """What a heading meant the last time, by its folded words."""

    of = models.CharField(max_length=20, choices=Segment.Of.choices)
    words = models.CharField(max_length=200)
    field = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "words"], name="stakeholders_remembered_column_once")]
        default_permissions = ()

    def __str__(self):
        return f"{self.words}: {self.field}"
