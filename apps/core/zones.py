"""Time zones by the name people use: the city, in the reader's language."""

import csv
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from apps.core.languages import active_language

_FILE = Path(__file__).parent / "data" / "zones.csv"


@cache
def _names() -> dict[str, dict[str, str]]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        return {row["zone"]: row for row in csv.DictReader(file)}


@cache
def _known() -> frozenset[str]:
    """All zones of the zone database; reading it from disk takes tens of milliseconds."""
    return frozenset(available_timezones())


def zone_or_none(zone: str) -> ZoneInfo | None:
    """None for one that the zone database does not have, or has no more: then the portal's own zone serves."""
    return ZoneInfo(zone) if zone in _known() else None


def zone_name(zone: str) -> str:
    """The zone's city in the page's language; the city part of the zone's own name where we have no translation."""
    row = _names().get(zone)
    return row[f"name_{active_language()}"] if row else zone.rsplit("/", 1)[-1].replace("_", " ")


def _choices() -> list[tuple]:
    region = [(zone, zone_name(zone)) for zone in _names()]
    rest = sorted(zone for zone in _known() if "/" in zone and zone not in _names())
    shown = [(zone, zone) for zone in rest if not zone.startswith(("Etc/", "SystemV/", "posix/", "right/", "US/"))]
    return [(str(_("Often used")), sorted(region, key=lambda pair: pair[1])), (str(_("All zones")), shown)]


def validate_zone(value: str) -> None:
    if value not in _known():
        raise ValidationError(_("Choose a time zone from the list."), code="zone")


class ZoneField(models.CharField):
    """An IANA time zone name; never an offset, because offsets change with the season and with the law."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 64)
        kwargs["validators"] = [validate_zone]
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("validators", None)
        return name, path, args, kwargs

    def formfield(self, **kwargs):
        kwargs.pop("max_length", None)
        kwargs.pop("widget", None)
        return forms.ChoiceField(
            choices=_choices,
            required=not self.blank,
            label=capfirst(self.verbose_name),
            help_text=self.help_text,
            initial=self.default if self.has_default() else None,
        )
