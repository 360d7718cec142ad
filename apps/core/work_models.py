"""What workers leave about themselves."""

from django.db import models


class WorkerBeat(models.Model):
    """A worker that lives; ``seen_at`` is written every few seconds."""

    name = models.CharField(max_length=64, unique=True)
    seen_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self):
        return self.name


class DueRun(models.Model):
    """When a due service that has a pause ran last."""

    name = models.CharField(max_length=60, unique=True)
    ran_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self):
        return self.name
