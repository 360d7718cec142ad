"""The form of a call's questions: a field for each, by kind; what was typed is kept as it was typed."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from apps.accounts.forms import CrispyFormMixin
from apps.core.formfields import Bookkeeping, DecimalField, IntegerField
from apps.core.languages import version
from apps.core.uploads import DOCUMENT_EXTENSIONS, check_document
from apps.reviews.models import Answer, Question, Submission
from apps.reviews.submitting.services import asked

Kind = Question.Kind
_LONGEST = 400_000
_ROWS, _MORE_ROWS = 4, 3


class TableInput(forms.Widget):
    """A table of inputs: some empty rows always stand below what is filled in, so that no script has to add any."""

    template_name = "reviews/widgets/table.html"
    use_fieldset = True

    def __init__(self, columns: list[str]):
        super().__init__()
        self.columns = columns

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        rows = value or []
        count = min(max(_ROWS, len(rows) + _MORE_ROWS), Table.most)
        empty = [""] * len(self.columns)
        context["widget"] |= {
            "columns": self.columns,
            "rows": [
                [
                    (f"{name}-{down}-{across}", cell, column)
                    for across, (cell, column) in enumerate(zip(row, self.columns, strict=False))
                ]
                for down, row in enumerate([*rows, *[empty] * (count - len(rows))])
            ],
        }
        return context

    def value_from_datadict(self, data, files, name):
        rows = [
            [data.get(f"{name}-{down}-{across}", "") for across in range(len(self.columns))]
            for down in range(Table.most)
        ]
        return [row for row in rows if any(cell.strip() for cell in row)]

    def value_omitted_from_data(self, data, files, name):
        return f"{name}-0-0" not in data

    def id_for_label(self, id_):
        return ""


class Table(forms.Field):
    """Rows of cells, those that are filled."""

    most = 100

    def __init__(self, *, columns: list[str], **kwargs):
        super().__init__(widget=TableInput(columns), **kwargs)


def _field(question: Question) -> forms.Field:
    labels = question.labels_here
    common = {
        "label": version(question, "wording").text,
        "help_text": version(question, "hint").text,
        "required": False,
    }
    choices = [(str(place), label) for place, label in enumerate(labels, start=1)]
    match question.kind:
        case Kind.CHOICE:
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
        case Kind.CHOICES:
            return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common)
        case Kind.NUMBER:
            return DecimalField(max_digits=20, **common)
        case Kind.TABLE:
            return Table(columns=labels, **common)
        case Kind.FILE:
            return _file_field(common)
    return forms.CharField(
        strip=False, max_length=_LONGEST, widget=forms.Textarea({"rows": 7, "dir": "auto"}), **common
    )


def _file_field(common: dict) -> forms.Field:
    kinds = ", ".join(f".{kind}" for kind in DOCUMENT_EXTENSIONS)
    common["help_text"] = common["help_text"] or _(
        "A PDF or a document of an office program. Take out names of people who could be in danger."
    )
    return forms.FileField(validators=[check_document], widget=forms.FileInput({"accept": kinds}), **common)


class AnswersForm(CrispyFormMixin, forms.Form):
    """Notices that somebody saved answers since it was opened: then ``stored`` has, by field, what stands now, and
    what was typed is saved with the next try."""

    opened_revision = IntegerField(required=False, widget=Bookkeeping)

    def __init__(self, *args, submission: Submission, **kwargs):
        self.submission = submission
        self.questions = asked(submission)
        self.kept = {answer.question_id: answer for answer in submission.answers.all()}
        initial = {self.name_of(one): _initial(self.kept.get(one.pk)) for one in self.questions}
        super().__init__(*args, initial={"opened_revision": submission.revision, **initial}, **kwargs)
        for question in self.questions:
            self.fields[self.name_of(question)] = _field(question)
            if question.kind == Kind.FILE and question.pk in self.kept:
                self.fields[f"{self.name_of(question)}-out"] = forms.BooleanField(
                    label=_("Take out the file that was sent"), required=False
                )
        self.stored: dict[str, str] = {}

    @staticmethod
    def name_of(question: Question) -> str:
        return f"q{question.pk}"

    def clean(self):
        cleaned = super().clean()
        for question in self.questions:
            if question.kind == Kind.TEXT and (text := cleaned.get(self.name_of(question))):
                cleaned[self.name_of(question)] = text.replace("\r\n", "\n").replace("\r", "\n")
        if cleaned.get("opened_revision") != self.submission.revision and not self.errors:
            self._notice(cleaned)
        return cleaned

    def _notice(self, cleaned: dict) -> None:
        for question in self.questions:
            name, answer = self.name_of(question), self.kept.get(question.pk)
            if question.kind != Kind.FILE and _value(question, cleaned.get(name)) != (answer.value if answer else {}):
                self.stored[name] = _readable(answer)
        if self.stored:
            self.data = self.data.copy()
            self.data["opened_revision"] = self.submission.revision
            raise forms.ValidationError(
                _("Somebody saved answers meanwhile, perhaps you on another device. Look at both, then save again."),
                code="conflict",
            )

    @property
    def rows(self) -> list[tuple]:
        """Each field with what stands now where it differs, and the name under which a sent file is known."""
        return [
            (self[name], self.stored.get(name), self.kept.get(question.pk), question)
            for question in self.questions
            for name in [self.name_of(question), f"{self.name_of(question)}-out"]
            if name in self.fields
        ]

    def values(self) -> dict[Question, dict]:
        cleaned = self.cleaned_data
        return {one: _value(one, cleaned.get(self.name_of(one))) for one in self.questions if one.kind != Kind.FILE}

    def sent_files(self) -> dict[Question, object]:
        found = {}
        for question in self.questions:
            name = self.name_of(question)
            if question.kind == Kind.FILE and isinstance(self.cleaned_data.get(name), UploadedFile):
                found[question] = self.cleaned_data[name]
            elif self.cleaned_data.get(f"{name}-out"):
                found[question] = False
        return found


def _value(question: Question, cleaned) -> dict:
    """What is kept of what was typed; empty when nothing was."""
    if question.kind == Kind.NUMBER:
        return {} if cleaned is None else {"number": str(cleaned)}
    if not cleaned or (isinstance(cleaned, str) and not cleaned.strip()):
        return {}
    if question.kind == Kind.TEXT:
        return {"text": cleaned}
    labels = question.labels()
    if question.kind == Kind.TABLE:
        return {"columns": labels, "rows": cleaned}
    numbers = [cleaned] if question.kind == Kind.CHOICE else cleaned
    return {"options": [{"number": int(number), **labels[int(number) - 1]} for number in numbers]}


def _initial(answer: Answer | None):
    if answer is None:
        return None
    if answer.kind == Kind.TABLE:
        return answer.kept("rows", [])
    numbers = [str(option["number"]) for option in answer.kept("options", [])]
    if answer.kind == Kind.CHOICE:
        return numbers[0] if numbers else None
    return numbers if answer.kind == Kind.CHOICES else answer.said


def _readable(answer: Answer | None) -> str:
    if answer is None:
        return ""
    if answer.kind == Kind.TABLE:
        return "\n".join(" | ".join(row) for row in answer.kept("rows", []))
    return answer.said
