from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class DeskVisit(models.Model):
    """When a member last looked at her page, so that it can tell what is new since the visit before this one."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="desk_visit")
    at = models.DateTimeField()
    before_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("visit of one’s own page")
        verbose_name_plural = _("visits of one’s own page")

    def __str__(self):
        return f"{self.user_id}"
