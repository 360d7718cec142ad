"""Lists of the Global Compact and of the region, loaded by a migration and corrected in the back office.

English titles of objectives: resolution A/RES/73/195, paragraph 16. Constituencies: paragraph 44. Arabic titles count
as unverified until a person has compared them with the official text.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core import languages
from apps.core.models import Record
from apps.core.zones import ZoneField


class PublicList(models.QuerySet):
    def visible_to(self, user):
        """Everybody: these lists are public."""
        return self


class Country(Record):
    iso2 = models.CharField(_("ISO code"), max_length=2, unique=True)
    name = models.CharField(_("name"), max_length=100)
    time_zone = ZoneField(_("time zone"))

    objects = PublicList.as_manager()

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ["iso2"]

    def __str__(self):
        return str(languages.version(self, "name"))


class Constituency(Record):
    order = models.PositiveSmallIntegerField(_("order"), unique=True)
    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=150)

    objects = PublicList.as_manager()

    class Meta:
        verbose_name = _("constituency")
        verbose_name_plural = _("constituencies")
        ordering = ["order"]

    def __str__(self):
        return str(languages.version(self, "name"))


class Objective(Record):
    number = models.PositiveSmallIntegerField(_("number"), unique=True)
    title = models.CharField(_("title"), max_length=300)
    short_title = models.CharField(_("short title"), max_length=100, blank=True)
    round_table = models.PositiveSmallIntegerField(
        _("round table"),
        help_text=_("The round table of the International Migration Review Forum that took it up."),
    )
    arabic_verified = models.BooleanField(
        _("Arabic verified"),
        default=False,
        help_text=_("Tick when a person has compared the Arabic with the official text."),
    )

    objects = PublicList.as_manager()

    class Meta:
        verbose_name = _("objective")
        verbose_name_plural = _("objectives")
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(number__range=(1, 23)),
                name="stakeholders_objective_number_1_to_23",
                violation_error_message=_("The Global Compact has objectives 1 to 23."),
            ),
        ]

    def __str__(self):
        return f"{self.number}. {languages.version(self, 'title')}"


class Principle(Record):
    code = models.CharField(_("code"), max_length=1, unique=True)
    name = models.CharField(_("name"), max_length=150)
    arabic_verified = models.BooleanField(
        _("Arabic verified"),
        default=False,
        help_text=_("Tick when a person has compared the Arabic with the official text."),
    )

    objects = PublicList.as_manager()

    class Meta:
        verbose_name = _("guiding principle")
        verbose_name_plural = _("guiding principles")
        ordering = ["code"]

    def __str__(self):
        return str(languages.version(self, "name"))
