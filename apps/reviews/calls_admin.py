"""Calls for input in the back office: built from questions, without a programmer."""

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.admin import STAMPS
from apps.core.forms import VersionedForm
from apps.core.languages import columns
from apps.core.steps import Step
from apps.reviews.models import CallForInput, Question
from apps.reviews.office import FactsInline, ReviewAdmin
from apps.reviews.submitting import services
from apps.reviews.submitting.forms import OnBehalfForm
from apps.stakeholders.models.reaching import SPOKEN


class QuestionInline(FactsInline):
    model = Question
    facts = ("order", "kind", "is_required", "only_if", "only_if_choice")
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("order", "kind", "is_required"),
                    *("wording", "hint", "options"),
                    ("only_if", "only_if_choice"),
                ]
            },
        )
    ]

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        openers = Question.objects.filter(call=obj, kind__in=[Question.Kind.CHOICE, Question.Kind.CHOICES])
        if "only_if" in formset.form.base_fields:  # not for whom it is read-only
            formset.form.base_fields["only_if"].queryset = openers if obj else Question.objects.none()
        return formset


class CallForm(VersionedForm):
    spoken = forms.MultipleChoiceField(
        label=_("Languages accepted"),
        choices=SPOKEN,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("In which contributions can be written. The questions stand in Arabic and English."),
    )


@admin.register(CallForInput)
class CallAdmin(ReviewAdmin):
    facts = ("cycle", "is_published", "opens_on", "closes_on", "grace_days", "time_zone", "once_per_organisation")
    ticked = ("spoken",)
    form = CallForm
    list_display = ["__str__", "cycle", "opens_on", "closes_on", "is_published", "saved"]
    list_filter = ["cycle", "is_published"]
    list_select_related = ["cycle"]
    search_fields = [*columns("title")]
    search_help_text = _("Search by title in either language.")
    autocomplete_fields = ["cycle"]
    readonly_fields = ("who_created", "who_saved")
    inlines = [QuestionInline]
    fieldsets = [
        (None, {"fields": ["cycle", "title", "introduction", "is_published"]}),
        (_("Days"), {"fields": [("opens_on", "closes_on", "grace_days"), "time_zone"]}),
        (_("Who and how"), {"fields": ["spoken", "once_per_organisation"]}),
        STAMPS,
    ]
    steps = (
        Step(
            name="type-in",
            label=_("Type in a contribution for somebody"),
            explanation=_(
                "For what came on paper, by phone or in a message. You write it on the same pages as its author "
                "would; that you typed it in, and how consent was given, stands beside it."
            ),
            service=services.begin_on_behalf,
            offered=lambda call: bool(call and call.pk and call.is_published),
            done=_("Begun. Write what they said."),
            form=OnBehalfForm,
            is_main=False,
            leads_to=lambda submission: reverse("input:mine", args=[submission.token]),
        ),
    )

    def get_readonly_fields(self, request, obj=None):
        """A call with contributions stays in its review."""
        fields = super().get_readonly_fields(request, obj)
        return ("cycle", *fields) if obj is not None and obj.submissions.exists() else fields

    def may_go(self, obj):
        """A call to which somebody has answered stays."""
        return not obj.submissions.exists()

    def view_on_site(self, obj):
        return obj.get_absolute_url()
