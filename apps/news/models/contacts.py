from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core import languages
from apps.core.digits import ascii_digits
from apps.core.models import Record


class PressContactQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Everybody: press contacts are there to be reached."""
        return self


class PressContact(Record):
    city = models.CharField(_("city"), max_length=100)
    name = models.CharField(_("name or unit"), max_length=150)
    email = models.EmailField(_("e-mail address"))
    phone = models.CharField(_("phone"), max_length=40, blank=True)

    objects = PressContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("press contact")
        verbose_name_plural = _("press contacts")
        ordering = ["pk"]

    def clean(self):
        super().clean()
        self.phone = ascii_digits(self.phone)

    def __str__(self):
        return f"{languages.version(self, 'city')}: {languages.version(self, 'name')}"
