"""The form behind every change of an existing record: it notices that somebody else saved in between."""

import hashlib
import json
import re
from dataclasses import dataclass

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from apps.core.formfields import Bookkeeping
from apps.core.languages import listed
from apps.core.richtext import RichTextField, plain

BOOKKEEPING = ("opened_revision", "opened_values")


@dataclass(frozen=True)
class Conflict:
    """One field that the two savers left different; ``suggested`` is the side to keep unless the person chooses."""

    label: str
    choice_name: str
    theirs: str
    mine: str
    suggested: str


def _comparable(value) -> str:
    """One spelling for a value, whether it came from the database or from a form."""
    if isinstance(value, Model):
        value = value.pk
    elif isinstance(value, File):
        value = value.name
    elif isinstance(value, dict):
        value = json.dumps(value, sort_keys=True)
    elif hasattr(value, "__iter__") and not isinstance(value, str):
        value = sorted(str(item.pk if isinstance(item, Model) else item) for item in value)
    return str("" if value is None else value).replace("\r\n", "\n").strip()


def _digest(value) -> str:
    return hashlib.sha256(_comparable(value).encode()).hexdigest()[:12]


class VersionedForm(forms.ModelForm):
    """Carries the version it was opened with, and refuses to save on top of another save until a person has chosen.

    On a conflict ``conflicts`` holds, by field name, both versions of each field that differs. The page shows them
    side by side and sends ``keep-<field>`` = ``mine`` or ``theirs`` with the next try.
    """

    opened_revision = forms.IntegerField(label="", required=False, widget=Bookkeeping)
    opened_values = forms.CharField(label="", required=False, widget=Bookkeeping)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.conflicts: dict[str, Conflict] = {}
        if self.instance.pk:
            self.initial["opened_revision"] = self.instance.revision
            self.initial["opened_values"] = json.dumps(
                {name: _digest(self._saved_key(name)) for name in [*self._content, *self._files]}
            )

    @property
    def _content(self) -> list[str]:
        """The fields whose two versions can be shown and chosen; a file has to be sent again."""
        return [
            name
            for name, field in self.fields.items()
            if name not in BOOKKEEPING and name in self._model_fields and not isinstance(field, forms.FileField)
        ]

    @property
    def link_names(self) -> list[str]:
        """The many-to-many fields of the form."""
        return [name for name in self.fields if name in self._model_fields and self._model_fields[name].many_to_many]

    @property
    def _files(self) -> list[str]:
        return [name for name, field in self.fields.items() if isinstance(field, forms.FileField)]

    def _is_sent(self, cleaned: dict, name: str) -> bool:
        """Whether a new file was sent, or the old one ticked to be taken out."""
        return cleaned.get(name) is False or isinstance(cleaned.get(name), UploadedFile)

    @cached_property
    def _model_fields(self) -> dict:
        return {field.name: field for field in (*self._meta.model._meta.fields, *self._meta.model._meta.many_to_many)}

    def _saved(self, name: str):
        """The value in the database, as the form had it before it was filled in; related records as they are."""
        field = self._model_fields[name]
        return self._saved_many[name] if field.many_to_many else getattr(self.instance, field.name)

    @cached_property
    def _saved_many(self) -> dict[str, list]:
        return {name: list(getattr(self.instance, name).all()) for name in self.link_names}

    def _saved_key(self, name: str):
        """The same for comparing, without loading what the record points to."""
        field = self._model_fields[name]
        return self._saved_many[name] if field.many_to_many else field.value_from_object(self.instance)

    @cached_property
    def changed_data(self):
        return [name for name in super().changed_data if name not in BOOKKEEPING]

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk:
            if cleaned.get("opened_revision") == self.instance.revision:
                self._take_chosen(cleaned)
            else:
                self._find_conflicts(cleaned)
        return cleaned

    def _take_chosen(self, cleaned: dict) -> None:
        for name in self._content:
            if self.data.get(self._choice_name(name)) == "theirs":
                cleaned[name] = self._saved(name)
                self._errors.pop(name, None)

    def _find_conflicts(self, cleaned: dict) -> None:
        opened = self._opened_digests()
        refused = [name for name in self._files if self._is_sent(cleaned, name)]
        for name in self._content:
            mine = cleaned.get(name, self[name].data)
            if _comparable(mine) != _comparable(self._saved_key(name)):
                untouched = opened.get(name) == _digest(mine)
                self.conflicts[name] = self._conflict(name, mine, "theirs" if untouched else "mine")
        if self._is_row and all(conflict.suggested == "theirs" for conflict in self.conflicts.values()):
            for name in self.conflicts:
                cleaned[name] = self._saved(name)
            self.conflicts = {}
        refused = [name for name in refused if self.conflicts or opened.get(name) != _digest(self._saved_key(name))]
        for name in refused:
            self.add_error(
                name, _("This was saved by somebody else meanwhile: look at the file there, then send yours again.")
            )
        if self.conflicts or refused:
            self.show_saved_version()
        if self.conflicts:
            raise ValidationError(self._conflict_message(), code="conflict")

    def _post_clean(self):
        """Checks every constraint of the model, also those about fields that the form does not show, as the status."""
        super()._post_clean()
        if not self.errors:
            try:
                self.instance.validate_constraints()
            except ValidationError as error:
                self._update_errors(error)

    def _update_errors(self, errors):
        """What the model says of a field that this person only reads stands above the others; Django knows no place."""
        if hasattr(errors, "error_dict"):
            placed = {}
            for name, found in errors.error_dict.items():
                placed.setdefault(name if name in self.fields else NON_FIELD_ERRORS, []).extend(found)
            errors = ValidationError(placed)
        super()._update_errors(errors)

    @property
    def rows(self) -> list:
        """Each visible field with its conflict, or with None."""
        return [(field, self.conflicts.get(field.name)) for field in self.visible_fields()]

    @property
    def is_outdated(self) -> bool:
        """Somebody saved this record after the form was opened."""
        return bool(self.instance.pk) and str(self["opened_revision"].value()) != str(self.instance.revision)

    @property
    def _is_row(self) -> bool:
        """A row of a table inside another record's page, which most often was sent along untouched."""
        return bool(self.prefix)

    def _conflict_message(self) -> str:
        by = self.instance.updated_by
        return _(
            "%(who)s saved this while you were writing. Nothing is lost: choose what to keep, then save again."
        ) % {
            "who": by.get_full_name() if by else _("Somebody else"),
        }

    def show_saved_version(self) -> None:
        """The next try starts from the version that is saved now."""
        self.data = self.data.copy()
        for name in BOOKKEEPING:
            self.data[self.add_prefix(name)] = self.initial[name]

    def _opened_digests(self) -> dict[str, str]:
        try:
            digests = json.loads(self.data.get(self.add_prefix("opened_values")) or "{}")
        except (ValueError, RecursionError):
            return {}
        return digests if isinstance(digests, dict) else {}

    def _choice_name(self, name: str) -> str:
        return f"keep-{self.add_prefix(name)}"

    def _conflict(self, name: str, mine, suggested: str) -> Conflict:
        return Conflict(
            label=str(self.fields[name].label),
            choice_name=self._choice_name(name),
            theirs=self._readable(name, self._saved(name)),
            mine=self._readable(name, mine),
            suggested=suggested,
        )

    def _readable(self, name: str, value) -> str:
        if self._model_fields[name].many_to_many:
            return listed(value)
        if isinstance(getattr(self._model_fields[name], "translated_field", self._model_fields[name]), RichTextField):
            return plain(value)
        if hasattr(self._model_fields[name], "readable"):
            return self._model_fields[name].readable(value)
        if isinstance(value, list):
            labels = dict(self.fields[name].choices)
            return listed(labels.get(item, item) for item in value)
        choices = dict(self._model_fields[name].flatchoices)
        return str(choices.get(value, "" if value is None else value))


class _RowKey(forms.ModelChoiceField):
    """Which row a form is about: one that its table has loaded already, and no other."""

    def __init__(self, row: Model):
        super().__init__(type(row)._default_manager.none(), required=False, widget=forms.HiddenInput, initial=row.pk)
        self.row = row

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if str(getattr(value, "pk", value)) != str(self.row.pk):
            raise ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": value})
        return self.row


class RowFormSet(forms.models.BaseInlineFormSet):
    """Rows inside a record's page. A row that somebody removed meanwhile comes back as a new one, and this is said."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.removed: list[int] = []
        if self.is_bound and self.instance.pk:
            self._move_removed_rows()

    def add_fields(self, form, index):
        """Django would look each row up once more."""
        super().add_fields(form, index)
        name = self._pk_field.name
        if form.instance.pk and name in form.fields:
            form.fields[name] = _RowKey(form.instance)

    def clean(self):
        super().clean()
        for form in self.forms:
            if self.can_delete and self._should_delete_form(form) and form.is_outdated:
                form.show_saved_version()
                message = _("Somebody changed a row that you are deleting. Look at it, then save again to delete it.")
                raise ValidationError(message, code="conflict")
        if self.removed:
            message = _(
                "Somebody removed rows while you were writing. They stand at the end as new rows: save to keep them."
            )
            raise ValidationError(message, code="removed")

    def _move_removed_rows(self) -> None:
        """Renumbers what was sent: first the rows that are still there, then the removed ones and the new ones."""
        total, initial = (self._count(name) for name in ("TOTAL_FORMS", "INITIAL_FORMS"))
        known = {str(pk) for pk in self.get_queryset().values_list("pk", flat=True)}
        pk_name = self.model._meta.pk.name
        self.removed = [i for i in range(initial) if self.data.get(f"{self.prefix}-{i}-{pk_name}") not in known]
        if not self.removed:
            return
        kept = [i for i in range(initial) if i not in self.removed]
        order = [*kept, *self.removed, *range(initial, total)]
        forgotten = {pk_name, *BOOKKEEPING}
        self.data = self._renumbered(self.data, order, dict.fromkeys(self.removed, forgotten))
        if self.files:
            self.files = self._renumbered(self.files, order, {})
        self.data[f"{self.prefix}-INITIAL_FORMS"] = str(len(kept))

    def _count(self, name: str) -> int:
        value = self.data.get(f"{self.prefix}-{name}", "")
        return min(int(value), self.absolute_max) if value.isdecimal() and len(value) < 6 else 0

    def _renumbered(self, sent, order: list[int], forgotten: dict[int, set]):
        place = {old: new for new, old in enumerate(order)}
        renumbered = sent.copy()
        cells = [(key, re.fullmatch(rf"{re.escape(self.prefix)}-(\d{{1,5}})-(\w+)", key)) for key in sent]
        cells = [(key, int(found[1]), found[2]) for key, found in cells if found and int(found[1]) in place]
        for key, _number, _name in cells:
            renumbered.pop(key)
        for key, number, name in cells:
            if name not in forgotten.get(number, ()):
                renumbered.setlist(f"{self.prefix}-{place[number]}-{name}", sent.getlist(key))
        return renumbered
