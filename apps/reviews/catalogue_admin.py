"""Good practices and pledges in the back office."""

from django import forms
from django.contrib import admin
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from apps.core.admin import STAMPS
from apps.core.forms import VersionedForm
from apps.core.languages import columns
from apps.core.list_tables import download_list
from apps.core.steps import Step
from apps.reviews import practices
from apps.reviews.models import GoodPractice, Pledge, PledgeUpdate, PracticeComment
from apps.reviews.office import DiscussedAdmin, ProgressInline, ReviewAdmin, in_states

State = GoodPractice.State


@admin.register(GoodPractice)
class PracticeAdmin(DiscussedAdmin):
    comments = PracticeComment
    facts = (
        *("carried_by", "source", "objectives", "principles", "countries"),
        *("began_in", "completion", "is_innovative", "is_replicable"),
    )
    actions = [download_list]
    list_display = ["__str__", "carried_by", "state", "saved"]
    list_filter = ["state", "objectives", "countries"]
    search_fields = [*columns("title"), "carried_by"]
    search_help_text = _("Search by title in either language, or by who carries it out.")
    autocomplete_fields = ["objectives", "countries"]
    readonly_fields = ("state", "measured", "said", "submission", "who_created", "who_saved")
    fieldsets = [
        (None, {"fields": ["title", "summary", "results", "carried_by", "source"]}),
        (_("Topics"), {"fields": ["objectives", "principles", "countries"]}),
        (_("Criteria"), {"fields": [("began_in", "completion"), ("is_innovative", "is_replicable"), "measured"]}),
        (_("What became of it"), {"fields": ["state", "submission"]}),
        (_("What members say"), {"fields": ["said"]}),
        STAMPS,
    ]
    steps = (
        Step(
            name="show",
            label=_("Show it to members"),
            explanation=_("Those who sit in a group read it and comment."),
            service=practices.show_members,
            offered=in_states(State.DRAFT),
            done=_("Members read it now."),
        ),
        Step(
            name="publish",
            label=_("Publish"),
            explanation=_("It stands in the catalogue, for everybody."),
            service=practices.publish,
            offered=in_states(State.DRAFT, State.PROPOSED),
            done=_("Published."),
        ),
        Step(
            name="take-back",
            label=_("Back to draft"),
            explanation=_("Only the back office reads it then."),
            service=practices.take_back,
            offered=in_states(State.PROPOSED, State.PUBLISHED),
            done=_("It is a draft again."),
            is_main=False,
        ),
    )

    @admin.display(description=_("what the global repository asks"))
    def measured(self, obj):
        return render_to_string("reviews/criteria.html", {"criteria": obj.criteria()}) if obj.pk else "–"

    def view_on_site(self, obj):
        return obj.get_absolute_url()


class PledgeForm(VersionedForm):
    orientations = forms.MultipleChoiceField(
        label=_("Consists in"), choices=Pledge.ORIENTATIONS, required=False, widget=forms.CheckboxSelectMultiple
    )


class PledgeUpdateInline(ProgressInline):
    model = PledgeUpdate


@admin.register(Pledge)
class PledgeAdmin(ReviewAdmin):
    facts = (
        *("country", "is_published", "form", "paired_with", "objectives"),
        *("made_on", "due_on", "state", "source"),
    )
    ticked = ("orientations",)
    actions = [download_list]
    form = PledgeForm
    list_display = ["__str__", "country", "form", "state", "due_on", "is_published", "saved"]
    list_filter = ["state", "form", "is_published", "country", "objectives"]
    list_select_related = ["country"]
    search_fields = [*columns("made_by", "text")]
    search_help_text = _("Search by who made it and in the text, in either language.")
    autocomplete_fields = ["country", "objectives", "paired_with"]
    readonly_fields = ("who_created", "who_saved")
    inlines = [PledgeUpdateInline]
    fieldsets = [
        (None, {"fields": ["made_by", "country", "text", "is_published"]}),
        (_("Kind"), {"fields": ["form", "paired_with", "orientations", "objectives"]}),
        (_("Days"), {"fields": [("made_on", "due_on"), "state", "source"]}),
        STAMPS,
    ]

    def view_on_site(self, obj):
        return obj.get_absolute_url()
