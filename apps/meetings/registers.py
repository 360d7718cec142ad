"""The registers: decisions and actions over all meetings that a reader may see, filtered, as a page and as a table."""

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.digits import ascii_digits
from apps.core.languages import CODES, field_in, name_of
from apps.meetings.models import Action, Decision, Meeting
from apps.stakeholders.models import AdvisoryGroup, Person

# A page for paper and a table hold so many rows at most.
MOST_ROWS = 2000


class RegisterFilter(forms.Form):
    """What both registers can be asked. A choice that is none of those offered is an error, and nothing is filtered."""

    words = forms.CharField(label=_("Words"), max_length=100, required=False, widget=forms.TextInput({"dir": "auto"}))
    group = forms.ModelChoiceField(
        label=_("Group"), queryset=AdvisoryGroup.objects.none(), required=False, empty_label=_("All")
    )
    year = forms.TypedChoiceField(label=_("Year"), coerce=int, empty_value=None, required=False)
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, data, *, records: QuerySet, user):
        data = data.copy()
        if "year" in data:
            data["year"] = ascii_digits(data["year"])
        super().__init__(data)
        self.user = user
        meetings = Meeting.objects.filter(pk__in=records.order_by().values("meeting"))
        years = [day.year for day in meetings.dates("starts_on", "year", order="DESC")]
        self.fields["year"].choices = [("", _("All")), *((year, str(year)) for year in years)]
        groups = AdvisoryGroup.objects.filter(pk__in=meetings.order_by().values("group"))
        self.fields["group"].queryset = groups
        if groups.count() < 2:
            del self.fields["group"]

    @property
    def is_used(self) -> bool:
        return any(self.data.get(name) for name in self.fields)

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """What is chosen, in words, for the paper on which the form does not stand."""
        found = []
        for name, value in (self.cleaned_data if self.is_valid() else {}).items():
            if value:
                labels = {str(key): label for key, label in getattr(self.fields[name], "choices", ())}
                found.append((self.fields[name].label, labels.get(str(self.data[name]), value)))
        return found

    def apply(self, records: QuerySet) -> QuerySet:
        """The records that fit; all of them when the form is not valid."""
        if not self.is_valid():
            return records
        chosen = self.cleaned_data
        if chosen.get("group"):
            records = records.filter(meeting__group=chosen["group"])
        if chosen.get("year"):
            records = records.filter(meeting__starts_on__year=chosen["year"])
        for word in chosen["words"].split():
            found = Q()
            for code in CODES:
                found |= Q(**{f"text_{code}__icontains": word})
            records = records.filter(found)
        return self.narrow(records, chosen)

    def narrow(self, records: QuerySet, chosen: dict) -> QuerySet:
        return records.filter(state=chosen["state"]) if chosen.get("state") else records


class DecisionFilter(RegisterFilter):
    method = forms.ChoiceField(label=_("How it was decided"), required=False)

    def __init__(self, data, **kwargs):
        super().__init__(data, **kwargs)
        states = [choice for choice in Decision.State.choices if choice[0] != Decision.State.DRAFT]
        self.fields["state"].choices = [("", _("All")), *states]
        self.fields["method"].choices = [("", _("All")), *Decision.Method.choices]

    def narrow(self, records, chosen):
        records = super().narrow(records, chosen)
        return records.filter(method=chosen["method"]) if chosen.get("method") else records


class ActionFilter(RegisterFilter):
    OVERDUE, UNFINISHED = "overdue", "unfinished"
    MINE, SECRETARIAT = "mine", "secretariat"

    owner = forms.ChoiceField(label=_("Who does it"), required=False)

    def __init__(self, data, **kwargs):
        super().__init__(data, **kwargs)
        states = [(self.UNFINISHED, _("Not finished")), (self.OVERDUE, _("Overdue")), *Action.State.choices]
        self.fields["state"].choices = [("", _("All")), *states]
        mine = [(self.MINE, _("I do"))] if self.user.is_authenticated else []
        fixed = [("", _("All")), *mine, (self.SECRETARIAT, _("The secretariat"))]
        self.fields["owner"].choices = [*fixed, *self._people(kwargs["records"])]

    def _people(self, records: QuerySet) -> list[tuple[str, str]]:
        """Those who own one of these actions and whose names the reader may know."""
        owners = Person.objects.visible_to(self.user).filter(pk__in=records.order_by().values("owner"))
        return sorted(((str(person.pk), str(person)) for person in owners), key=lambda choice: choice[1])

    def narrow(self, records, chosen):
        states = {self.OVERDUE: Action.objects.overdue, self.UNFINISHED: Action.objects.unfinished}
        if chosen.get("state") in states:
            records = records.filter(pk__in=states[chosen["state"]]().values("pk"))
        else:
            records = super().narrow(records, chosen)
        owners = {"": {}, self.MINE: {"owner__user": self.user}, self.SECRETARIAT: {"owner": None}}
        owner = chosen.get("owner", "")
        return records.filter(**owners.get(owner, {"owner": owner}))


def decisions_of(user) -> QuerySet[Decision]:
    """Decisions this reader may see, without drafts: those are not decisions yet."""
    found = Decision.objects.visible_to(user).exclude(state=Decision.State.DRAFT)
    return found.select_related("meeting__group").order_by("-meeting__starts_at", "-number", "pk")


def actions_of(user) -> QuerySet[Action]:
    """Actions this reader may see, each with ``knows_owner``."""
    found = with_known_owner(Action.objects.visible_to(user), user).select_related("meeting__group", "owner")
    return found.order_by("-meeting__starts_at", "-number", "pk")


def with_known_owner(actions: QuerySet[Action], user) -> QuerySet[Action]:
    """Each with ``knows_owner``: whether this reader may know who does it."""
    known = Person.objects.visible_to(user).filter(pk=OuterRef("owner"))
    return actions.annotate(knows_owner=Exists(known))


def decision_rows(decisions: list[Decision]) -> list[list]:
    return [
        [
            decision.symbol,
            *(field_in(decision, "text", code) for code in CODES),
            decision.get_method_display(),
            decision.get_state_display(),
            decision.decided_on or "",
            *("" if count is None else count for count in (decision.in_favour, decision.against, decision.abstaining)),
            str(decision.meeting),
            decision.meeting.starts_on,
        ]
        for decision in decisions
    ]


def _in_each_language(field: str, **headings: str) -> list[str]:
    """The headings that are written out, and one for each further language."""
    further = {code: {"field": field, "language": name_of(code)} for code in CODES if code not in headings}
    headings |= {code: capfirst(_("%(field)s (%(language)s)") % texts) for code, texts in further.items()}
    return [headings[code] for code in CODES]


def decision_columns() -> list[str]:
    return [
        _("Number"),
        *_in_each_language(_("decision"), ar=_("Decision in Arabic"), en=_("Decision in English")),
        _("How it was decided"),
        _("State"),
        _("Decided on"),
        _("In favour"),
        _("Against"),
        _("Abstaining"),
        _("Meeting"),
        _("Day of the meeting"),
    ]


def action_columns() -> list[str]:
    return [
        _("Number"),
        *_in_each_language(_("action"), ar=_("Action in Arabic"), en=_("Action in English")),
        _("Who does it"),
        capfirst(_("due on")),
        _("State"),
        capfirst(_("done on")),
        _("Meeting"),
        _("Day of the meeting"),
    ]


def action_rows(actions: list[Action]) -> list[list]:
    return [
        [
            action.symbol,
            *(field_in(action, "text", code) for code in CODES),
            owner_name(action),
            action.due_on or "",
            action.get_state_display(),
            action.done_on or "",
            str(action.meeting),
            action.meeting.starts_on,
        ]
        for action in actions
    ]


def owner_name(action: Action) -> str:
    """Of an action as ``actions_of`` gives it. Whom the reader may not know is "a member"."""
    if action.owner_id is None:
        return str(_("The secretariat"))
    return str(action.owner) if action.knows_owner else str(pgettext_lazy("owner of an action", "A member"))
