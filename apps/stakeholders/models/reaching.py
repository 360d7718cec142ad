"""How people and organisations are reached, what the secretariat notes about them, and whether they are still there."""

from collections.abc import Callable

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.arabic import folded
from apps.core.digits import ascii_digits
from apps.core.languages import listed
from apps.core.models import Record

# Codes of ISO 639; "sign" stands for the sign languages of the region.
SPOKEN = [
    ("ar", _("Arabic")),
    ("en", _("English")),
    ("fr", _("French")),
    ("es", _("Spanish")),
    ("ku", _("Kurdish")),
    ("ber", _("Amazigh")),
    ("so", _("Somali")),
    ("am", _("Amharic")),
    ("ti", _("Tigrinya")),
    ("ur", _("Urdu")),
    ("bn", _("Bengali")),
    ("tl", _("Tagalog")),
    ("sign", _("Sign language")),
]
CHANNELS = [
    ("mail", _("E-mail")),
    ("phone", _("Phone")),
    ("messaging", _("Messaging on the phone")),
    ("paper", pgettext_lazy("channel", "Paper")),
]


def names_of(codes: list[str], choices) -> str:
    """What the codes stand for, in the page's language, as one line."""
    names = dict(choices)
    return listed(names.get(code, code) for code in codes)


PHONE = RegexValidator(r"\A\+?[\d\s()./-]{5,40}\Z", _("Write the number with its country: +961 1 234567."))

# Called with each saved record, and whether it is new, for what is derived from it (``apps.stakeholders.matching``).
remembering: list[Callable] = []


class Connection(models.TextChoices):
    GOOD = "good", _("Good: meetings with picture work")
    WEAK = "weak", _("Weak: sound works, pictures do not")
    RARE = "rare", _("Rare: reached now and then")
    NONE = "none", _("None: by phone or paper only")


class ShownTo(models.TextChoices):
    NOBODY = "nobody", _("Nobody")
    MEMBERS = "members", _("Members of the group")
    PUBLIC = "public", _("Everybody")


class ConsentHow(models.TextChoices):
    SIGNED_FORM = "signed_form", _("signed form")
    EMAIL = "email", _("e-mail")
    ORAL = "oral", _("spoken, noted by the secretariat")
    PORTAL = "portal", _("on the portal, by the person")


def has_a_name(prefix: str) -> models.Q:
    """For a constraint: this text stands in one of the two languages in which the portal is written. They are named
    here, since constraints are part of the migrations, and those are the same wherever a further language is set."""
    return models.Q(**{f"{prefix}_ar__isnull": False, f"{prefix}_ar__gt": ""}) | models.Q(
        **{f"{prefix}_en__isnull": False, f"{prefix}_en__gt": ""}
    )


class Reachable(Record):
    """Contacts and notes are the secretariat's; of a person she herself may have them shown (``Person``)."""

    needed_in_a_language = ("name",)
    # The columns by which somebody looks for this record, folded together into ``folded``.
    searched: tuple[str, ...] = ("name_ar", "name_en")

    languages = models.JSONField(_("languages"), default=list, blank=True)
    channels = models.JSONField(_("channels that reach them"), default=list, blank=True)
    connection = models.CharField(_("connection"), max_length=10, choices=Connection.choices, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(
        _("phone"),
        max_length=40,
        blank=True,
        validators=[PHONE],
    )
    notes = models.TextField(_("notes"), blank=True, help_text=_("Only those who keep these records read them."))
    sources = models.TextField(
        _("sources"), blank=True, help_text=_("Where this is known from: a link or a document, one on each line.")
    )
    is_active = models.BooleanField(_("active"), default=True, editable=False)
    inactive_since = models.DateField(_("not active since"), null=True, editable=False)
    inactive_why = models.CharField(_("why not active"), max_length=300, blank=True, editable=False)
    folded = models.TextField(blank=True, default="", editable=False)

    class Meta:
        abstract = True

    def save(self, *args, update_fields=None, **kwargs):
        is_new = self._state.adding
        self.phone = ascii_digits(self.phone)
        self.folded = folded(" ".join(filter(None, (getattr(self, name) for name in self.searched))))
        if update_fields is not None:
            update_fields = {*update_fields, "folded"}
        super().save(*args, update_fields=update_fields, **kwargs)
        for remember in remembering:
            remember(self, is_new)

    def clean_fields(self, exclude=None):
        self.phone = ascii_digits(self.phone)
        super().clean_fields(exclude=exclude)
