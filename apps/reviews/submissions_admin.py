"""Contributions in the back office: read, shortened beside the original, translated, quoted, decided. Never rewritten.

Only the secretariat comes here: who wrote, and what was taken out, nobody else learns.
"""

from django import forms
from django.contrib import admin
from django.http import Http404
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core import audit
from apps.core.admin import STAMPS, PortalAdmin, PortalInline
from apps.core.languages import columns, direction, name_of
from apps.core.list_filters import BeginningFilter
from apps.core.list_tables import download_list
from apps.core.models import AuditEntry
from apps.core.steps import Step
from apps.core.storage import is_held, safe_filename, send_file
from apps.core.textpolicy import clean_text
from apps.core.uploads import extension_of
from apps.reviews import moderation, practices
from apps.reviews.models import Answer, Passage, Submission
from apps.reviews.synthesis import save_passage

State, Attribution = Submission.State, Submission.Attribution


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=2000, widget=forms.Textarea({"rows": 5}))

    def __init__(self, *args, record: Submission, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["reason"]
        field.label = gettext("Reason, in this language: %(language)s") % {"language": name_of(record.language)}
        field.help_text = _("Its author reads it as you write it here.")
        field.widget.attrs |= {"lang": record.language, "dir": direction(record.language)}

    def clean_reason(self):
        return clean_text(self.cleaned_data["reason"])


class IntoForm(forms.Form):
    into = forms.IntegerField(
        label=_("Number of the other contribution"),
        help_text=_("Of the same review: 17 for the one that ends in S17."),
        widget=forms.TextInput({"inputmode": "numeric", "dir": "ltr"}),
    )

    def __init__(self, *args, record: Submission, **kwargs):
        super().__init__(*args, **kwargs)
        self.record = record

    def clean_into(self):
        others = Submission.objects.filter(cycle=self.record.cycle_id).exclude(pk=self.record.pk)
        found = others.filter(number=self.cleaned_data["into"]).first()
        if found is None:
            raise forms.ValidationError(_("There is no other contribution with this number."))
        return found


class FixedRows(PortalInline):
    def has_add_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class AnswerInline(FixedRows):
    model = Answer
    readonly_fields = ["as_written"]
    fieldsets = [(None, {"fields": ["as_written", "shown", "is_withheld", "rendered"]})]

    @admin.display(description=_("as it was written"))
    def as_written(self, obj):
        return render_to_string("admin/reviews/answer.html", {"answer": obj})

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.base_fields["shown"].widget.attrs |= {"rows": 4, "dir": "auto"}
        return formset


class PassageInline(PortalInline):
    model = Passage
    fieldsets = [(None, {"fields": ["answer", "quote", "rendered", "section"]})]

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        fields = formset.form.base_fields
        fields["answer"].queryset = Answer.objects.filter(submission=obj)
        fields["section"].queryset = fields["section"].queryset.filter(cycle=obj.cycle_id if obj else None)
        return formset

    def save_record(self, row, *, by):
        save_passage(row, by=by)


class StateFilter(BeginningFilter):
    """The list begins with what waits for the secretariat."""

    title = _("state")
    parameter_name = "state"
    beginning = _("Waiting")

    def lookups(self, request, model_admin):
        return [*(one for one in State.choices if one[0] not in Submission.OPEN), ("all", _("All"))]

    def queryset(self, request, queryset):
        if self.value() == "all":
            return queryset
        return queryset.filter(state=self.value()) if self.value() else queryset.waiting()


def _waits(submission) -> bool:
    return bool(submission and submission.state in Submission.OPEN)


@admin.register(Submission)
class SubmissionAdmin(PortalAdmin):
    actions = [download_list]
    list_display = ["numbered", "in_short", "kind", "attribution", "constituency", "state", "sent_at"]
    list_display_links = ["numbered", "in_short"]
    list_filter = [StateFilter, "cycle", "call", "kind", "objectives", "countries", "constituency"]
    list_select_related = ["cycle", "constituency"]
    search_fields = [*columns("rendered"), "headline", "organisation_name"]
    search_help_text = _("Search in the sentence, its translation, and the name of the organisation.")
    autocomplete_fields = ["organisation"]
    readonly_fields = (
        *("written", "call", "state", "sent_at", "decided_at", "answer", "part_of"),
        *("typed_in", "who_created", "who_saved"),
    )
    inlines = [AnswerInline, PassageInline]
    fieldsets = [
        (None, {"fields": ["written", "typed_in"]}),
        (_("What is shown"), {"fields": ["headline_shown", "rendered"]}),
        (_("Belongs to"), {"fields": ["call", "organisation"]}),
        (_("What became of it"), {"fields": ["state", ("sent_at", "decided_at"), "answer", "part_of"]}),
        STAMPS,
    ]
    steps = (
        Step(
            name="look-at",
            label=_("Begin to read it"),
            explanation=_("Its author is told that the secretariat is reading it."),
            service=moderation.look_at,
            offered=lambda one: bool(one and one.state == State.RECEIVED),
            done=_("Its author is told."),
            in_bulk=lambda _one: {},
        ),
        Step(
            name="publish",
            label=_("Publish"),
            explanation=_(
                "Shown as its author allows. Have you taken out what endangers somebody: names, places, numbers of "
                "cases? Anonymous ones show neither name nor organisation nor constituency."
            ),
            service=moderation.publish,
            offered=lambda one: _waits(one) and one.attribution != Attribution.CONFIDENTIAL,
            done=_("Published. Its author is told."),
        ),
        Step(
            name="note",
            label=_("Take in as confidential"),
            explanation=_("It counts in the figures; nobody but the secretariat reads it."),
            service=moderation.note,
            offered=lambda one: _waits(one) and one.attribution == Attribution.CONFIDENTIAL,
            done=_("Taken in. Its author is told."),
        ),
        Step(
            name="practice",
            label=_("Make a good practice of it"),
            explanation=_("A draft for the catalogue, with what is shown of it. You complete and publish it there."),
            service=practices.take_from,
            offered=lambda one: (
                bool(one and one.state == State.PUBLISHED and one.kind == Submission.Kind.PRACTICE)
                and not one.practices.exists()
            ),
            done=_("Taken over into the catalogue, as a draft."),
            leads_to=lambda practice: reverse("admin:reviews_goodpractice_change", args=[practice.pk]),
        ),
        Step(
            name="merge",
            label=_("Join with another"),
            explanation=_("It says what another says. It counts, and what becomes of the other becomes of it."),
            service=moderation.merge,
            offered=_waits,
            done=_("Joined. Its author is told."),
            form=IntoForm,
            is_main=False,
        ),
        Step(
            name="set-aside",
            label=_("It was sent twice"),
            explanation=_("The other one counts. What this one says is deleted after a year."),
            service=moderation.set_aside,
            offered=_waits,
            done=_("Set aside. Its author is told."),
            form=IntoForm,
            is_main=False,
        ),
        Step(
            name="decline",
            label=_("Do not publish"),
            explanation=_("Its author is told why, by mail and on the page of the link."),
            service=moderation.decline,
            offered=_waits,
            done=_("Its author is told why."),
            form=ReasonForm,
            is_main=False,
        ),
    )

    def save_record(self, obj, *, by):
        moderation.keep(obj, by=by)

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user).exclude(state=State.DRAFT)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("number"), ordering="number")
    def numbered(self, obj):
        return format_html('<bdi dir="ltr">{}</bdi>', obj.symbol)

    @admin.display(description=_("in one sentence"))
    def in_short(self, obj):
        return format_html('<bdi dir="auto">{}</bdi>', obj.headline)

    @admin.display(description=_("as it was written"))
    def written(self, obj):
        return render_to_string("admin/reviews/submission.html", {"found": obj})

    @admin.display(description=_("typed in"))
    def typed_in(self, obj):
        return render_to_string("admin/reviews/typed_in.html", {"found": obj})

    def get_urls(self):
        file = path("files/<int:pk>/", self.admin_site.admin_view(self.file_view), name="reviews_submission_file")
        return [file, *super().get_urls()]

    def file_view(self, request, pk: int):
        """A file that came with a contribution; named by the contribution and not as its author named it."""
        found = Answer.objects.visible_to(request.user).select_related("submission__cycle").filter(pk=pk).first()
        if found is None or not found.file or not self.has_view_permission(request) or is_held(found.file):
            raise Http404
        name = safe_filename(found.submission.symbol, extension_of(found.file.name))
        try:
            response = send_file(found.file, name, restricted=True)
        except FileNotFoundError:
            raise Http404 from None
        audit.record(AuditEntry.Action.DOWNLOADED, by=request.user, about=found)
        return response

    def view_on_site(self, obj):
        return obj.get_absolute_url() if obj.state == State.PUBLISHED else None
