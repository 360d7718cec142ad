from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.storage import PrivateFileField, RandomName
from apps.meetings.models.meetings import Meeting


class Pack(models.Model):
    """All papers of a meeting in one file. ``key`` stands for what exactly is in it: who may see just this gets it."""

    class Kind(models.TextChoices):
        PDF = "pdf", _("One PDF")
        ZIP = "zip", _("All files in a ZIP")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        BUILDING = "building", _("Being made")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="packs")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    language = models.CharField(max_length=5, choices=settings.LANGUAGES)
    key = models.CharField(max_length=64, unique=True)
    # What goes in, as the reader who asked for it may see it: the builder looks at nothing else.
    contents = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    done = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveSmallIntegerField(default=0)
    file = PrivateFileField(upload_to=RandomName("packs"), blank=True, max_length=150)
    size = models.PositiveIntegerField(null=True)
    pages = models.PositiveIntegerField(null=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    heartbeat_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("pack of papers")
        verbose_name_plural = _("packs of papers")
        ordering = ["pk"]
        indexes = [models.Index(fields=["state", "heartbeat_at"], name="meetings_pack_open")]

    def __str__(self):
        return f"{self.meeting_id}/{self.language}.{self.kind}"
