"""Recommendations in the back office: written, then led step by step."""

from django import forms
from django.contrib import admin
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.admin import STAMPS
from apps.core.formfields import DateField, LtrDate
from apps.core.languages import CODES, columns, direction, name_of
from apps.core.list_tables import download_list
from apps.core.steps import Step
from apps.core.textpolicy import clean_name, clean_text
from apps.meetings.models import Decision
from apps.reviews import recommendations
from apps.reviews.models import (
    CycleDocument,
    Recommendation,
    RecommendationComment,
    RecommendationUpdate,
    may_read_originals,
)
from apps.reviews.office import DiscussedAdmin, ProgressInline, in_states

State = Recommendation.State


class AdoptForm(forms.Form):
    decision = forms.ModelChoiceField(label=_("By which decision?"), queryset=Decision.objects.none())

    def __init__(self, *args, record: Recommendation, **kwargs):
        super().__init__(*args, **kwargs)
        taken = Decision.objects.filter(state=Decision.State.TAKEN).select_related("meeting__group")
        self.fields["decision"].queryset = taken.order_by("-decided_on", "-pk")
        self.fields["decision"].label_from_instance = lambda decision: f"{decision.symbol} – {decision}"


class TransmitForm(forms.Form):
    on = DateField(label=_("On which day?"), widget=LtrDate)

    def __init__(self, *args, record: Recommendation, **kwargs):
        super().__init__(*args, **kwargs)


class ReflectForm(forms.Form):
    outcome = forms.ModelChoiceField(label=_("In which document?"), queryset=CycleDocument.objects.none())
    paragraph = forms.CharField(label=_("In which paragraph?"), max_length=60, widget=forms.TextInput({"dir": "auto"}))

    def __init__(self, *args, record: Recommendation, **kwargs):
        super().__init__(*args, **kwargs)
        papers = CycleDocument.objects.filter(cycle=record.cycle_id, kind=CycleDocument.Kind.PAPER)
        self.fields["outcome"].queryset = papers

    def clean_paragraph(self):
        return clean_name(self.cleaned_data["paragraph"])


class LeaveOutForm(forms.Form):
    def __init__(self, *args, record: Recommendation, **kwargs):
        super().__init__(*args, **kwargs)
        for code in CODES:
            self.fields[f"because_{code}"] = forms.CharField(
                label=gettext("Why not, in this language: %(language)s") % {"language": name_of(code)},
                required=False,
                max_length=2000,
                widget=forms.Textarea({"rows": 3, "lang": code, "dir": direction(code)}),
            )

    def clean(self):
        return {name: clean_text(text) for name, text in super().clean().items()}


class UpdateInline(ProgressInline):
    model = RecommendationUpdate


@admin.register(Recommendation)
class RecommendationAdmin(DiscussedAdmin):
    comments = RecommendationComment
    facts = ("cycle", "objectives", "countries")
    actions = [download_list]
    list_display = ["numbered", "in_short", "cycle", "state", "saved"]
    list_display_links = ["numbered", "in_short"]
    list_filter = ["cycle", "state", "objectives", "countries"]
    list_select_related = ["cycle"]
    search_fields = [*columns("text")]
    search_help_text = _("Search in the text in either language.")
    autocomplete_fields = ["cycle", "objectives", "countries", "submissions"]
    readonly_fields = (
        *("state", "decision", "adopted_on", "transmitted_on", "outcome", "paragraph", "said"),
        *("who_created", "who_saved"),
    )
    inlines = [UpdateInline]
    fieldsets = [
        (None, {"fields": ["cycle", "text", "addressed_to", "objectives", "countries"]}),
        (_("Built on"), {"fields": ["passages", "submissions"]}),
        (
            _("What became of it"),
            {"fields": ["state", ("decision", "adopted_on", "transmitted_on"), ("outcome", "paragraph")]},
        ),
        (_("What members say"), {"fields": ["said"]}),
        STAMPS,
    ]
    steps = (
        Step(
            name="propose",
            label=_("Propose"),
            explanation=_("It gets its number. Those who sit in a group read it, comment, and propose other words."),
            service=recommendations.propose,
            offered=in_states(State.DRAFT),
            done=_("Proposed."),
        ),
        Step(
            name="discuss",
            label=_("It was discussed"),
            explanation=_("Members go on commenting until it is adopted."),
            service=recommendations.discuss,
            offered=in_states(State.PROPOSED),
            done=_("Noted as discussed."),
            is_main=False,
        ),
        Step(
            name="adopt",
            label=_("It was adopted"),
            explanation=_("By a decision of a meeting. From now on everybody reads it, and its words stay."),
            service=recommendations.adopt,
            offered=in_states(State.PROPOSED, State.DISCUSSED),
            done=_("Adopted: everybody reads it."),
            form=AdoptForm,
        ),
        Step(
            name="transmit",
            label=_("It was transmitted"),
            explanation=_("To those to whom it is addressed."),
            service=recommendations.transmit,
            offered=in_states(State.ADOPTED),
            done=_("Noted as transmitted."),
            form=TransmitForm,
        ),
        Step(
            name="reflect",
            label=_("The outcome reflects it"),
            explanation=_(
                "Readers are led to the document and told the paragraph. Add the document to the cycle first."
            ),
            service=recommendations.reflect,
            offered=in_states(State.TRANSMITTED),
            done=_("Noted where it is reflected."),
            form=ReflectForm,
        ),
        Step(
            name="leave-out",
            label=_("The outcome does not reflect it"),
            explanation=_("Readers are told why."),
            service=recommendations.leave_out,
            offered=in_states(State.TRANSMITTED),
            done=_("Noted, with the reason."),
            form=LeaveOutForm,
            is_main=False,
        ),
        Step(
            name="follow-up",
            label=_("Follow up"),
            explanation=_("What is done about it is reported from now on, in progress updates."),
            service=recommendations.follow_up,
            offered=in_states(State.REFLECTED, State.NOT_REFLECTED),
            done=_("It is followed up."),
        ),
    )

    @admin.display(description=_("number"), ordering="number")
    def numbered(self, obj):
        return format_html('<bdi dir="ltr">{}</bdi>', obj.symbol)

    @admin.display(description=_("text"))
    def in_short(self, obj):
        return render_to_string("admin/reviews/in_short.html", {"recommendation": obj})

    def get_readonly_fields(self, request, obj=None):
        """A record that was proposed stays in its cycle."""
        fields = super().get_readonly_fields(request, obj)
        return ("cycle", *fields) if obj is not None and obj.state != State.DRAFT else fields

    def get_fieldsets(self, request, obj=None):
        """What contributions say before they are published is the secretariat's."""
        fieldsets = super().get_fieldsets(request, obj)
        if may_read_originals(request.user):
            return fieldsets
        return [one for one in fieldsets if "passages" not in one[1]["fields"]]

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "passages":  # the stock widget with two lists has violations of accessibility
            kwargs["widget"] = forms.CheckboxSelectMultiple
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "passages":
            field.queryset = field.queryset.select_related("submission__cycle")
        return field

    def save_links(self, obj, name, chosen, *, by):
        if name in ("passages", "submissions"):
            recommendations.build_on(obj, name, chosen, by=by)
        else:
            super().save_links(obj, name, chosen, by=by)

    def may_go(self, obj):
        """What has a number stays."""
        return obj.state == State.DRAFT

    def view_on_site(self, obj):
        return obj.get_absolute_url() if obj.number else None
