"""Quotations of an article: who said what, in each language, kept with the article's versions."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.languages import CODES, direction, name_of
from apps.core.textpolicy import clean_name, clean_text

PARTS = ("text", "speaker", "title")
LONGEST = {"text": 1000, "speaker": 150, "title": 200}
MOST = 12
_LABELS = {
    "text": gettext_lazy("Quotation"),
    "speaker": gettext_lazy("Speaker"),
    "title": gettext_lazy("Speaker’s title"),
}
_SPARE_ROWS = 2

Quotation = dict[str, str]


def _names() -> list[str]:
    return [f"{part}_{code}" for part in PARTS for code in CODES]


def cleaned(rows) -> list[Quotation]:
    """The rows that say something, each with all its texts. Raises ValidationError with a sentence."""
    if not isinstance(rows, list) or len(rows) > MOST:
        raise ValidationError(_("At most %(count)d quotations are kept.") % {"count": MOST})
    return [row for row in map(_cleaned_row, rows) if any(row.values())]


def _cleaned_row(row) -> Quotation:
    if not isinstance(row, dict):
        raise ValidationError(_("This is not a quotation."))
    found = {}
    for part in PARTS:
        for code in CODES:
            text = str(row.get(f"{part}_{code}") or "").strip()
            found[f"{part}_{code}"] = text = clean_text(text) if part == "text" else clean_name(text)
            if len(text) > LONGEST[part]:
                raise ValidationError(
                    _("%(part)s: at most %(count)d letters.") % {"part": _LABELS[part], "count": LONGEST[part]}
                )
    for code in CODES:
        if found[f"text_{code}"] and not found[f"speaker_{code}"]:
            raise ValidationError(_("A quotation names its speaker in the same language."))
        if not found[f"text_{code}"] and (found[f"speaker_{code}"] or found[f"title_{code}"]):
            raise ValidationError(_("A speaker without a quotation: write what was said, or take the name out."))
    return found


def in_language(rows: list[Quotation], language: str) -> list[Quotation]:
    """The quotations that stand in this language, as ``text``, ``speaker``, ``title``."""
    return [
        {part: row.get(f"{part}_{language}", "") for part in PARTS} for row in rows or [] if row.get(f"text_{language}")
    ]


def readable(rows: list[Quotation]) -> str:
    """As lines, for comparing and for the audit trail."""
    lines = []
    for row in rows or []:
        for code in CODES:
            if row.get(f"text_{code}"):
                who = " – ".join(filter(None, [row.get(f"speaker_{code}"), row.get(f"title_{code}")]))
                lines.append(f"{row[f'text_{code}']}\n{who}")
    return "\n\n".join(lines)


class QuotationsWidget(forms.Widget):
    """The rows that there are and some empty ones: saving gives the next. An emptied row goes."""

    template_name = "admin/widgets/quotations.html"

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        rows = [*(value if isinstance(value, list) else []), *({} for _spare in range(_SPARE_ROWS))]
        context["rows"] = [self._row(name, number, row) for number, row in enumerate(rows[:MOST], start=1)]
        return context

    def _row(self, name: str, number: int, row: Quotation) -> dict:
        texts = [
            {
                "name": f"{name}-{number}-{part}_{code}",
                "label": _("%(field)s (%(language)s)") % {"field": _LABELS[part], "language": name_of(code)},
                "value": row.get(f"{part}_{code}", ""),
                "language": code,
                "direction": direction(code),
                "is_long": part == "text",
                "longest": LONGEST[part],
            }
            for part in PARTS
            for code in CODES
        ]
        return {"number": number, "is_new": not any(row.values()), "texts": texts}

    def value_from_datadict(self, data: MultiValueDict, files, name):
        rows = []
        for number in range(1, MOST + 1):
            row = {part: data.get(f"{name}-{number}-{part}", "") for part in _names()}
            if any(text.strip() for text in row.values()):
                rows.append(row)
        return rows

    def value_omitted_from_data(self, data, files, name):
        return not any(key.startswith(f"{name}-") for key in data)

    def id_for_label(self, id_):
        return ""


class QuotationsFormField(forms.Field):
    widget = QuotationsWidget

    def clean(self, value):
        return cleaned(value or [])

    def has_changed(self, initial, data):
        return (initial or []) != (data or [])


class QuotationsField(models.JSONField):
    def formfield(self, **kwargs):
        return models.Field.formfield(self, **{"form_class": QuotationsFormField, **kwargs})

    def clean(self, value, model_instance):
        return cleaned(value or [])

    def readable(self, value) -> str:
        return readable(value)

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs
