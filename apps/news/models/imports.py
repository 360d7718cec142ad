from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ArticleImportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Only who sent a file sees what is in it."""
        return self.filter(sent_by=user) if user.is_authenticated else self.none()


class ArticleImport(models.Model):
    """A file that was sent to be imported: its rows, and what checking them found. Kept for some days."""

    class State(models.TextChoices):
        SENT = "sent", _("sent")
        CHECKED = "checked", _("checked")
        DONE = "done", _("imported")

    name = models.CharField(_("file"), max_length=200, editable=False)
    rows = models.JSONField(editable=False)
    problems = models.JSONField(default=list, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SENT, editable=False)
    new = models.PositiveIntegerField(default=0, editable=False)
    changed = models.PositiveIntegerField(default=0, editable=False)
    unchanged = models.PositiveIntegerField(default=0, editable=False)
    sent_at = models.DateTimeField(auto_now_add=True, editable=False)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, editable=False, related_name="+")

    objects = ArticleImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]
        default_permissions = ()

    def __str__(self):
        return self.name
