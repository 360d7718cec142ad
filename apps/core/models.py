from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core import languages


class Record(models.Model):
    """What people write together: who and when is kept, and each save counts up ``revision``.

    A form carries the revision it was opened with; a save on top of somebody else's save is refused (apps.core.admin).
    """

    # Texts that must stand in at least one language; a constraint of the model says the same to the database.
    needed_in_a_language: tuple[str, ...] = ()

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

    def save(self, *args, update_fields=None, **kwargs):
        if not self._state.adding:
            self.revision += 1
        if update_fields is not None:
            update_fields = {*update_fields, "revision", "updated_at", "updated_by"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def clean(self):
        super().clean()
        for name in self.needed_in_a_language:
            if not any(languages.field_in(self, name, code) for code in languages.CODES):
                message = _("Write this in Arabic, in English or in both.")
                raise ValidationError({f"{name}_{settings.LANGUAGE_CODE}": message})
