"""Form fields that read numbers, dates and times in the digits people type, shown left to right in any page."""

from datetime import date

from django import forms
from django.contrib.admin import widgets as admin_widgets
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.digits import ascii_digits

_LONGEST_ID = 18


class _AnyDigits:
    """Turns what was typed into 0–9 before the field reads it; the widget still shows what was typed."""

    def to_python(self, value):
        return super().to_python(ascii_digits(value) if isinstance(value, str) else value)

    def has_changed(self, initial, data):
        return super().has_changed(initial, ascii_digits(data) if isinstance(data, str) else data)


class IntegerField(_AnyDigits, forms.IntegerField):
    # A number input refuses ٠–٩ in most browsers: it stays a text input with a number pad.
    widget = forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr", "class": "vIntegerField"})

    def widget_attrs(self, widget):
        return {}


class DecimalField(_AnyDigits, forms.DecimalField):
    widget = forms.TextInput(attrs={"inputmode": "decimal", "dir": "ltr"})

    def widget_attrs(self, widget):
        return {}


class DateField(_AnyDigits, forms.DateField):
    """Years outside living memory and plan are slips of the hand, and some of them no database or clock can hold."""

    default_validators = [MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2200, 12, 31))]


class TimeField(_AnyDigits, forms.TimeField):
    pass


class SplitDateTimeField(forms.SplitDateTimeField):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields = (DateField(), TimeField())


class LtrDate(admin_widgets.AdminDateWidget):
    def __init__(self, attrs=None, format=None):  # noqa: A002 - Django's own name
        super().__init__({"dir": "ltr", **(attrs or {})}, format or "%Y-%m-%d")


class LtrTime(admin_widgets.AdminTimeWidget):
    def __init__(self, attrs=None, format=None):  # noqa: A002 - Django's own name
        super().__init__({"dir": "ltr", **(attrs or {})}, format or "%H:%M")


class LtrDateTime(admin_widgets.AdminSplitDateTime):
    def __init__(self, attrs=None):
        parts = [LtrDate({"aria-label": _("Date")}), LtrTime({"aria-label": _("Time")})]
        forms.MultiWidget.__init__(self, parts, attrs)


class _KnownIds:
    """Leaves out what cannot be a record's number, so that a garbled form is shown again and not an error page."""

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [v for v in value if str(v).isdecimal() and len(str(v)) <= _LONGEST_ID], attr)


class Chooser(_KnownIds, admin_widgets.AutocompleteSelect):
    """With a first choice that is none, as HTML asks of a list of which one is required."""

    def optgroups(self, name, value, attr=None):
        groups = super().optgroups(name, value, attr)
        choices = [choice for choice in groups[0][1] if choice["value"] != ""]
        choices.insert(0, self.create_option(name, "", "–", not choices, 0))
        return [(None, choices, 0)]


class ManyChooser(_KnownIds, admin_widgets.AutocompleteSelectMultiple):
    pass


class Bookkeeping(forms.HiddenInput):
    """Nobody fills it in: a label would name nothing that is on the page."""

    def id_for_label(self, id_):
        return ""


class PrivateFileInput(admin_widgets.AdminFileWidget):
    """Leads to the file that is there and does not show its stored name, which says nothing to anybody."""

    template_name = "admin/widgets/private_file.html"

    def is_initial(self, value) -> bool:
        return bool(value and getattr(value, "_committed", False))


def _ltr(widget_class: type[forms.Widget]) -> forms.Widget:
    return widget_class(attrs={"dir": "ltr"})


# The admin's answer for every kind of column whose content is not running text.
ADMIN_OVERRIDES = {
    models.IntegerField: {"form_class": IntegerField, "widget": IntegerField.widget},
    models.PositiveIntegerField: {"form_class": IntegerField, "widget": IntegerField.widget},
    models.PositiveSmallIntegerField: {"form_class": IntegerField, "widget": IntegerField.widget},
    models.DateField: {"form_class": DateField, "widget": LtrDate},
    models.TimeField: {"form_class": TimeField, "widget": LtrTime},
    models.DateTimeField: {"form_class": SplitDateTimeField, "widget": LtrDateTime},
    models.FileField: {"widget": PrivateFileInput},
    models.ImageField: {"widget": PrivateFileInput},
    models.EmailField: {"widget": _ltr(admin_widgets.AdminEmailInputWidget)},
    models.URLField: {"widget": _ltr(admin_widgets.AdminURLFieldWidget), "assume_scheme": "https"},
}
