"""What Django writes in the back office without saying in which language, in English, or in bad Arabic."""

from functools import cache

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.templatetags import admin_list
from django.db import models
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from apps.core.languages import CODES, direction, translated_fields

# In Django's own Arabic the adjective never agrees with the name of the record.
_ADD_ANOTHER = gettext_noop("Add another %(verbose_name)s")
_ICONS = {True: "yes", False: "no", None: "unknown"}


class ListInItsLanguagesMixin:
    """A column of one language is marked with it: a screen reader reads each in its own.

    ``codes`` names the columns that hold no words: addresses, codes, names of zones.
    """

    codes: tuple[str, ...] = ()

    def get_list_display(self, request):
        marked = _columns_of(self.model) | {name: _code(self.model, name) for name in self.codes}
        return [marked.get(name, name) for name in super().get_list_display(request)]


@cache
def _columns_of(model) -> dict:
    """For each column of one language the function that shows it, isolated and marked as of that language."""
    fields = {name: model._meta.get_field(name) for name in translated_fields(model)}
    texts = [name for name, field in fields.items() if isinstance(field, models.CharField | models.TextField)]
    return {f"{name}_{code}": _column(fields[name], code) for name in texts for code in CODES}


def _column(of: models.Field, code: str):
    field = f"{of.name}_{code}"
    label = format_lazy("{} ({})", of.verbose_name, dict(settings.LANGUAGES)[code])

    @admin.display(description=label, ordering=field, empty_value="–")
    def cell(record):
        text = getattr(record, field)
        return format_html('<bdi lang="{}" dir="{}">{}</bdi>', code, direction(code), text) if text else None

    cell.__name__ = field
    return cell


@cache
def _code(model, name: str):
    label = model._meta.get_field(name).verbose_name

    @admin.display(description=label, ordering=name, empty_value="–")
    def cell(record):
        return format_html('<bdi dir="ltr">{}</bdi>', getattr(record, name) or "–")

    cell.__name__ = name
    return cell


def boolean_icon(value) -> str:
    """As Django draws it, with words in the page's language for who does not see it."""
    words = {True: pgettext("answer", "Yes"), False: pgettext("answer", "No"), None: _("Unknown")}[value]
    return format_html('<img src="{}" alt="{}">', static(f"admin/img/icon-{_ICONS[value]}.svg"), words)


def speak_the_language() -> None:
    """Django takes the icon from here, for lists and for what is only read."""
    admin_list._boolean_icon = boolean_icon
