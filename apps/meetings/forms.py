from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.formfields import IntegerField
from apps.core.textpolicy import clean_name, clean_text
from apps.meetings import participants
from apps.meetings.models import Action, Audience, Barrier, Need, Participant, Reply

_NOTE_LENGTH = 300


class AlternateField(forms.ModelChoiceField):
    def label_from_instance(self, obj):
        return str(obj)


class ReplyForm(forms.Form):
    """What somebody answers, and what she needs; needs count only for who takes part."""

    answer = forms.ChoiceField(label=_("Do you take part?"), widget=forms.RadioSelect)
    alternate = AlternateField(
        label=_("Who goes instead of you?"), queryset=Participant.objects.none(), required=False, empty_label="–"
    )

    def __init__(self, *args, participant: Participant, **kwargs):
        super().__init__(*args, **kwargs)
        self.participant = participant
        labels = dict(Reply.choices)
        answers = participants.answers_for(participant)
        self.fields["answer"].choices = [(answer.value, labels[answer]) for answer in answers]
        alternates = participants.alternates_for(participant)
        self.fields["alternate"].queryset = alternates
        if Reply.ALTERNATE not in answers or not alternates:
            del self.fields["alternate"]
            choices = self.fields["answer"].choices
            self.fields["answer"].choices = [choice for choice in choices if choice[0] != Reply.ALTERNATE]
        asked = {need.kind: need.note for need in participant.needs.all()} if participant.pk else {}
        self.barriers = []
        for barrier, kinds in Need.BARRIERS.items():
            name = f"needs_{barrier.value}"
            self.fields[name] = forms.MultipleChoiceField(
                label=Barrier(barrier).label,
                choices=[(kind.value, kind.label) for kind in kinds],
                required=False,
                widget=forms.CheckboxSelectMultiple,
                initial=[kind for kind in kinds if kind in asked],
            )
            self.barriers.append(name)
        self.fields["note"] = forms.CharField(
            label=_("What should we know about it?"),
            max_length=_NOTE_LENGTH,
            required=False,
            widget=forms.Textarea({"rows": 3, "dir": "auto"}),
            initial=next(filter(None, asked.values()), ""),
        )
        self.initial.setdefault("answer", participant.reply)
        self.initial.setdefault("alternate", participant.alternate_id)

    def clean_note(self):
        return clean_text(self.cleaned_data["note"])

    def needs(self) -> dict[str, str]:
        """The note by kind of need."""
        note = self.cleaned_data.get("note", "")
        return {kind: note for name in self.barriers for kind in self.cleaned_data.get(name, [])}


class EnterReplyForm(ReplyForm):
    """What somebody said on the phone, entered by the secretariat."""

    def __init__(self, data=None, *, record: Participant):
        super().__init__(data, participant=record)


class ProposalForm(forms.Form):
    """An item that a member proposes, in the language of the page."""

    subject = forms.CharField(label=_("Title of the item"), max_length=250, widget=forms.TextInput({"dir": "auto"}))
    reason = forms.CharField(
        label=_("Why should the meeting speak about it?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 4, "dir": "auto"}),
    )
    minutes = IntegerField(label=_("How many minutes does it need?"), min_value=1, max_value=240, initial=15)

    def clean_subject(self):
        return clean_name(self.cleaned_data["subject"])

    def clean_reason(self):
        return clean_text(self.cleaned_data["reason"])


class ObjectionForm(forms.Form):
    words = forms.CharField(
        label=_("What do you object to, and why?"), max_length=2000, widget=forms.Textarea({"rows": 4, "dir": "auto"})
    )

    def clean_words(self):
        return clean_text(self.cleaned_data["words"])


class NoteForm(forms.Form):
    """How an action goes on. ``revision`` tells whether somebody else wrote in between."""

    words = forms.CharField(
        label=_("Note"), max_length=2000, required=False, widget=forms.Textarea({"rows": 3, "dir": "auto"})
    )
    state = forms.ChoiceField(label=_("State"), choices=Action.State.choices, widget=forms.RadioSelect)
    revision = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, action: Action):
        super().__init__(data, initial={"state": action.state, "revision": action.revision})

    def clean_words(self):
        return clean_text(self.cleaned_data["words"])

    def clean_revision(self) -> int:
        """0, which no record has, for whatever is no number: it counts as an old one."""
        sent = self.cleaned_data["revision"]
        return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 10 else 0

    def show_saved(self, action: Action) -> None:
        """The next try starts from what is saved now."""
        self.data = self.data.copy()
        self.data["revision"] = action.revision


class TakeProposalForm(forms.Form):
    audience = forms.ChoiceField(label=_("Audience"), choices=Audience.choices, initial=Audience.MEMBERS)

    def __init__(self, data=None, *, record=None):
        super().__init__(data)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea({"rows": 2, "dir": "auto"}))

    def __init__(self, data=None, *, record=None):
        super().__init__(data)

    def clean_reason(self):
        return clean_text(self.cleaned_data["reason"])
