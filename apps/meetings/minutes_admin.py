"""The minutes in the back office: entries in both languages, steps, comments and their answers."""

import re

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.accounts.roles import Role
from apps.core.admin import STAMPS, PortalAdmin, PortalInline
from apps.core.forms import RowFormSet, VersionedForm
from apps.core.languages import CODES, columns, direction, field_in, own_name
from apps.core.richtext import clean, plain
from apps.core.steps import Step
from apps.meetings import minutes as record
from apps.meetings.minutes_forms import AdoptForm, CirculateForm, CorrectionForm
from apps.meetings.models import Minutes, MinutesComment, MinutesEntry

State = Minutes.State
_ENTRY_TEXT = re.compile(r"entries-(\d{1,4})-((?:heading|text)_\w+)")


class MinutesForm(VersionedForm):
    def clean(self):
        """Who was writing while somebody else adopted the minutes gets her texts back, and is told."""
        if self.instance.is_frozen and (texts := self._texts_too_late()):
            message = gettext(
                "These minutes were adopted while you were writing. Your texts are not kept; add a correction instead:"
            )
            self.add_error(None, [message, *texts])
        return super().clean()

    def _texts_too_late(self) -> list[str]:
        saved = {str(entry.pk): entry for entry in self.instance.entries.all()}
        found = []
        for key, sent in self.data.items():
            if match := _ENTRY_TEXT.fullmatch(key):
                entry = saved.get(self.data.get(f"entries-{match[1]}-id", ""))
                if clean(sent) != (getattr(entry, match[2], "") or ""):
                    found.append(plain(sent))
        return found


class EntryFormSet(RowFormSet):
    def clean(self):
        super().clean()
        for form in self.forms:
            if self.can_delete and self._should_delete_form(form) and form.instance.comments.exists():
                message = gettext("Members have commented on “%(entry)s”: an entry with comments is not deleted.")
                raise ValidationError(message % {"entry": form.instance}, code="commented")


class EntryInline(PortalInline):
    """Texts to write while the minutes are not adopted, and to read for everybody and always."""

    model = MinutesEntry
    formset = EntryFormSet
    verbose_name_plural = _("entries of the minutes")
    readonly_fields = ["as_read", "comments_shown"]

    def get_queryset(self, request):
        entries = super().get_queryset(request).visible_to(request.user)
        return entries.prefetch_related("comments__created_by")

    def get_fieldsets(self, request, obj=None):
        written = [("order", "audience"), "heading_ar", "heading_en", "text_ar", "text_en"]
        fields = written if self.has_change_permission(request, obj) else ["as_read"]
        if request.user.has_perm("meetings.view_minutescomment"):
            fields = [*fields, "comments_shown"]
        return [
            (None, {"fields": self._side_by_side(fields)}),
            self._bookkeeping,
        ]

    def has_add_permission(self, request, obj=None):
        return _is_open(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return _is_open(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return _is_open(obj) and super().has_delete_permission(request, obj)

    @admin.display(description=_("text"))
    def as_read(self, obj):
        texts = [(code, field_in(obj, "heading", code), field_in(obj, "text", code)) for code in CODES]
        return texts_side_by_side(texts)

    @admin.display(description=_("comments"))
    def comments_shown(self, obj):
        comments = obj.comments.all() if obj.pk else []
        return render_to_string("admin/meetings/minutes/comments.html", {"comments": comments}) if comments else "–"


def texts_side_by_side(texts: list[tuple[str, str, str]]) -> str:
    """Language, heading and rich text of each."""
    versions = [
        {"language": code, "name": own_name(code), "direction": direction(code), "heading": heading, "text": text}
        for code, heading, text in texts
    ]
    return render_to_string("admin/meetings/minutes/versions.html", {"versions": versions})


def _is_open(minutes) -> bool:
    return minutes is None or not minutes.is_frozen


def _is(*states: str):
    return lambda minutes: bool(minutes and minutes.state in states)


def _lacking_shown(minutes: Minutes) -> str:
    return render_to_string("admin/meetings/minutes/lacking.html", {"lacking": record.lacking(minutes)})


@admin.register(Minutes)
class MinutesAdmin(PortalAdmin):
    form = MinutesForm
    inlines = [EntryInline]
    list_display = ["__str__", "state", "comments_until", "adopted_on", "saved"]
    list_filter = ["state"]
    list_select_related = ["meeting"]
    search_fields = [*columns("meeting__title")]
    search_help_text = _("Search by the meeting’s title in either language.")
    readonly_fields = [
        "meeting",
        "state",
        "portal_page",
        "comments_until",
        "circulated_at",
        "adopted_on",
        "summary_published_at",
        "corrections_shown",
        "who_created",
        "who_saved",
    ]
    fieldsets = [
        (None, {"fields": ["meeting", "state", "portal_page", ("circulated_at", "comments_until", "adopted_on")]}),
        (_("Summary for the public"), {"fields": ["summary", "summary_published_at"]}),
        (_("Corrections"), {"fields": ["corrections_shown"]}),
        STAMPS,
    ]
    steps = (
        Step(
            name="circulate",
            label=_("Circulate for comments"),
            explanation=_(
                "Everybody in the group gets a mail and reads the minutes; the members comment until that day."
            ),
            service=record.circulate_minutes,
            offered=_is(State.DRAFT),
            done=_("The minutes are circulated."),
            form=CirculateForm,
            about=_lacking_shown,
        ),
        Step(
            name="take-in",
            label=_("Take in new items"),
            explanation=_("Items that came to the agenda after the minutes were begun get an entry."),
            service=record.take_in_new_items,
            offered=lambda minutes: bool(minutes and minutes.state == State.DRAFT and record.new_items(minutes)),
            done=_("The new items have their entries."),
            is_main=False,
        ),
        Step(
            name="adopt",
            label=_("Adopt"),
            explanation=_(
                "The minutes do not change any more; what is wrong in them is corrected by a dated addition. "
                "Everybody in the group gets a mail."
            ),
            service=record.adopt_minutes,
            offered=lambda minutes: _is(State.CIRCULATED)(minutes) and not record.why_not_adopted(minutes),
            done=_("The minutes are adopted."),
            form=AdoptForm,
        ),
        Step(
            name="prolong",
            label=_("Prolong the time for comments"),
            explanation=_("Everybody in the group gets a mail with the new day."),
            service=record.circulate_minutes,
            offered=_is(State.CIRCULATED),
            done=_("The time for comments is prolonged."),
            form=CirculateForm,
            is_main=False,
        ),
        Step(
            name="draft",
            label=_("Back to draft"),
            explanation=_("Members see the minutes no more until they are circulated again; the comments stay."),
            service=record.back_to_draft,
            offered=_is(State.CIRCULATED),
            done=_("The minutes are a draft again."),
            is_main=False,
        ),
        Step(
            name="publish-summary",
            label=_("Publish the summary"),
            explanation=_("The summary appears on the meeting’s page for everybody who sees the meeting."),
            service=record.publish_summary,
            offered=lambda minutes: _is(State.ADOPTED)(minutes) and not minutes.summary_published_at,
            done=_("The summary is published."),
        ),
        Step(
            name="correct",
            label=_("Add a correction"),
            explanation=_("It stands with the minutes, with its day; the adopted text stays as it is."),
            service=record.correct_minutes,
            offered=_is(State.ADOPTED),
            done=_("The correction is added."),
            form=CorrectionForm,
            is_main=False,
        ),
        Step(
            name="withdraw-summary",
            label=_("Withdraw the summary"),
            explanation=_("The summary disappears from the meeting’s page; its text stays here."),
            service=record.withdraw_summary,
            offered=lambda minutes: bool(minutes and minutes.summary_published_at),
            done=_("The summary is withdrawn."),
            is_main=False,
        ),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def may_take(self, request, step, obj):
        """Translators write; the secretariat decides what is circulated, adopted and published."""
        return request.user.has_role(Role.SECRETARIAT)

    def steps_note(self, request, obj):
        if obj is None or obj.state != State.CIRCULATED or not request.user.has_role(Role.SECRETARIAT):
            return ""
        return record.why_not_adopted(obj)

    def has_add_permission(self, request):
        """They are begun from the meeting, which gives them their entries."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Only a draft on which nobody has commented."""
        if obj and (obj.state != State.DRAFT or MinutesComment.objects.filter(entry__minutes=obj).exists()):
            return False
        return super().has_delete_permission(request, obj)

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    @admin.display(description=_("page on the portal"))
    def portal_page(self, obj):
        meeting = reverse("admin:meetings_meeting_change", args=[obj.meeting_id])
        return format_html(
            '<a href="{}">{}</a> · <a href="{}">{}</a>',
            obj.get_absolute_url(),
            _("See it as readers do"),
            meeting,
            _("The meeting in the back office"),
        )

    @admin.display(description=_("corrections"))
    def corrections_shown(self, obj):
        corrections = obj.corrections.select_related("entry")
        for correction in corrections:
            texts = [(code, "", field_in(correction, "text", code)) for code in CODES]
            correction.shown = texts_side_by_side(texts)
        context = {"corrections": corrections}
        return render_to_string("admin/meetings/minutes/corrections.html", context) if corrections else "–"
