from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import linebreaks
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.dates import portal_today
from apps.core.formfields import DateField, IntegerField, LtrDate
from apps.core.languages import CODES, columns, direction, name_of
from apps.core.textpolicy import clean_text
from apps.meetings.models import Minutes, MinutesComment, MinutesEntry

_COMMENT_LENGTH = 3000
_WEEKS_FOR_COMMENTS = 2


class CommentForm(forms.Form):
    """What a member says to one entry; the prefix keeps the fields of several entries on a page apart."""

    text = forms.CharField(
        label=_("Your comment"), max_length=_COMMENT_LENGTH, widget=forms.Textarea({"rows": 3, "dir": "auto"})
    )


class ChangeCommentForm(CommentForm):
    """With the revision that she saw, in case she changed it in another window meanwhile."""

    opened_revision = IntegerField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, comment: MinutesComment):
        super().__init__(data, initial={"text": comment.words, "opened_revision": comment.revision})
        self.comment = comment

    def clean(self):
        cleaned = super().clean()
        is_outdated = cleaned.get("opened_revision") != self.comment.revision
        if is_outdated and "text" in cleaned and clean_text(cleaned["text"]).strip() != self.comment.words:
            raise ValidationError(_("You have changed this comment in another window. Open it again."), code="conflict")
        return cleaned


class CirculateForm(forms.Form):
    comments_until = DateField(label=_("Comments until"), widget=LtrDate, help_text=_("This day included."))

    def __init__(self, data=None, *, record: Minutes):
        day = max(record.comments_until or portal_today(), portal_today()) + timedelta(weeks=_WEEKS_FOR_COMMENTS)
        super().__init__(data, initial={"comments_until": day})


class AdoptForm(forms.Form):
    adopted_on = DateField(label=_("Adopted on"), widget=LtrDate)

    def __init__(self, data=None, *, record: Minutes):
        super().__init__(data, initial={"adopted_on": portal_today()})


class CorrectionForm(forms.Form):
    """A correction in each language; an empty line begins a new paragraph."""

    dated_on = DateField(label=_("Dated"), widget=LtrDate)
    entry = forms.ModelChoiceField(
        label=_("About"),
        queryset=MinutesEntry.objects.none(),
        required=False,
        empty_label=_("The minutes as a whole"),
    )

    def __init__(self, data=None, *, record: Minutes):
        super().__init__(data, initial={"dated_on": portal_today()})
        self.fields["entry"].queryset = record.entries.all()
        for code in CODES:
            label = gettext("%(field)s (%(language)s)") % {"field": gettext("Correction"), "language": name_of(code)}
            widget = forms.Textarea({"rows": 5, "lang": code, "dir": direction(code)})
            self.fields[f"text_{code}"] = forms.CharField(label=label, widget=widget)

    def clean(self):
        cleaned = super().clean()
        return cleaned | {
            name: linebreaks(cleaned[name], autoescape=True) for name in columns("text") if name in cleaned
        }


class TakenUpForm(forms.Form):
    answer = forms.CharField(
        label=_("Answer"),
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
        help_text=_("Empty: the member reads that the comment is taken up."),
    )

    def __init__(self, data=None, *, record: MinutesComment):
        super().__init__(data, initial={"answer": record.answer})


class NotTakenForm(TakenUpForm):
    def __init__(self, data=None, *, record: MinutesComment):
        super().__init__(data, record=record)
        self.fields["answer"].required = True
        self.fields["answer"].label = _("Why not?")
        self.fields["answer"].help_text = _("The member reads it.")
