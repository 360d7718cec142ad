"""What has been done about something since, with its evidence."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.models import Record
from apps.stakeholders.models.reaching import has_a_name


class ProgressQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of what this user may read."""
        about = self.model._meta.get_field(self.model.about)
        return self.filter(**{f"{self.model.about}__in": about.related_model.objects.visible_to(user)})


class ProgressUpdate(Record):
    """``about`` names the field of what was done something about."""

    needed_in_a_language = ("text",)
    about = ""

    happened_on = models.DateField(_("date"), default=timezone.localdate)
    text = models.TextField(_("what was done"), blank=True, max_length=2000)
    source = models.URLField(_("source"), max_length=500, help_text=_("Where the evidence stands."))
    next_due_on = models.DateField(_("next update due"), null=True, blank=True)

    objects = ProgressQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-happened_on", "-pk"]

    def __str__(self):
        return f"{getattr(self, self.about)} · {self.happened_on}"


def is_written(name: str) -> models.CheckConstraint:
    """Of an update: its text stands in a language."""
    return models.CheckConstraint(
        condition=has_a_name("text"),
        name=name,
        violation_error_message=_("Write the text in Arabic, in English or in both."),
    )
