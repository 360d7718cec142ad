"""Announcements in the back office: written, looked at as three people will read them, sent, followed."""

from datetime import timedelta

from django import forms
from django.contrib import admin
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core import current
from apps.core.admin import STAMPS, PortalAdmin
from apps.core.languages import CODES, columns
from apps.core.mail_models import OutgoingMail
from apps.core.outbox import letters
from apps.core.steps import Step
from apps.meetings.models import Document
from apps.outreach import announcements, audience
from apps.outreach.models import Announcement, Subscription

State = Announcement.State
_SHOWN = 100


def _is(*states):
    return lambda one: bool(one and one.pk and one.state in states)


@admin.register(Announcement)
class AnnouncementAdmin(PortalAdmin):
    list_display = ["__str__", "segment", "state", "began_at", "ended_at", "saved"]
    list_filter = ["state"]
    list_select_related = ["segment"]
    search_fields = [*columns("title")]
    search_help_text = _("Search by subject in either language.")
    autocomplete_fields = ["segment"]
    readonly_fields = ("state", "approved_by", "result", "list", "previews", "who_created", "who_saved")
    fieldsets = [
        (None, {"fields": ["title", "body", "segment", "documents", "per_minute"]}),
        (_("Where it stands"), {"fields": ["state", "approved_by", "result"]}),
        (_("As three of them will read it"), {"fields": ["previews"]}),
        (_("Who gets it"), {"fields": ["list"]}),
        STAMPS,
    ]
    steps = (
        Step(
            name="test",
            label=_("Send it to me"),
            explanation=_("Both versions come to your own address, as the first of each language would get them."),
            service=announcements.send_test,
            offered=_is(State.DRAFT, State.ASKED),
            done=_("On its way to you."),
            is_main=False,
        ),
        Step(
            name="send",
            label=_("Send"),
            explanation=_(
                "The list below is fixed and the mails begin to leave; a long list waits for a second person."
            ),
            service=announcements.ask,
            offered=_is(State.DRAFT),
            done=_("Taken. Follow it here."),
            about=lambda one: AnnouncementAdmin.list_of(one),
        ),
        Step(
            name="approve",
            label=_("Approve and send"),
            explanation=_("You have read both versions and looked at the list. The mails begin to leave."),
            service=announcements.approve,
            offered=_is(State.ASKED),
            done=_("The mails begin to leave."),
            about=lambda one: AnnouncementAdmin.list_of(one),
        ),
        Step(
            name="send-back",
            label=_("Back to draft"),
            explanation=_("Nothing has left. It can be changed again."),
            service=announcements.send_back,
            offered=_is(State.ASKED),
            done=_("It is a draft again."),
            is_main=False,
        ),
        Step(
            name="stop",
            label=_("Stop"),
            explanation=_("Nothing leaves any more. What has left cannot be taken back."),
            service=announcements.stop,
            offered=_is(State.SENDING),
            done=_("Stopped."),
        ),
        Step(
            name="resume",
            label=_("Go on sending"),
            explanation=_("Those who have not got it get it."),
            service=announcements.resume,
            offered=_is(State.STOPPED),
            done=_("The mails leave again."),
        ),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """The papers of the last two years, to be ticked."""
        recent = timezone.now() - timedelta(days=730)
        papers = Document.objects.visible_to(request.user).filter(meeting__starts_at__gt=recent)
        kwargs["queryset"] = papers.select_related("meeting").order_by("-meeting__starts_at", "pk")
        kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_readonly_fields(self, request, obj=None):
        """What somebody approves stays as it is, and so does what has left."""
        if self._is_open(obj):
            return self.readonly_fields
        return ("segment", "documents", "per_minute", *self.readonly_fields)

    def get_fieldsets(self, request, obj=None):
        """The texts as they are read stand below, each in its direction."""
        (label, first), *rest = super().get_fieldsets(request, obj)
        if (obj is not None and not self.has_change_permission(request, obj)) or not self._is_open(obj):
            return [(label, {**first, "fields": ["segment", "documents", "per_minute"]}), *rest]
        return [(label, first), *rest]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """Nothing to save where nothing can be changed."""
        if not self._is_open(obj):
            context |= dict.fromkeys(("show_save", "show_save_and_continue", "show_save_and_add_another"), False)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _is_open(self, obj) -> bool:
        return obj is None or obj.state == State.DRAFT

    def may_take(self, request, step, obj):
        return request.user.has_perm("outreach.change_announcement")

    def has_delete_permission(self, request, obj=None):
        return (obj is None or obj.state == State.DRAFT) and super().has_delete_permission(request, obj)

    @admin.display(description=_("result"))
    def result(self, obj):
        if not obj.pk or obj.began_at is None:
            return "–"
        return render_to_string(
            "admin/outreach/result.html", {"result": announcements.result(obj), "announcement": obj}
        )

    @admin.display(description=_("the list"))
    def list(self, obj):
        return self.list_of(obj)

    @staticmethod
    def list_of(obj):
        """Before the sending: who would get it, and who not and why. Then: who is on it, and what became of it."""
        if not obj.pk:
            return "–"
        if obj.began_at is None:
            reached = audience.of(obj.segment, current.reader())
            rows = [(one.record, one.email, one.language, one.problem) for one in reached]
            count, total = sum(not one.problem for one in reached), len(rows)
        else:
            recipients = obj.recipients.visible_to(current.reader()).followed()
            labels = dict(OutgoingMail.Status.choices)
            rows = [
                (one.person or one.organisation, one.email, one.language, labels.get(one.status, _("waiting")))
                for one in recipients.select_related("person", "organisation")[:_SHOWN]
            ]
            count, total = obj.recipients.count(), recipients.count()
        context = {"rows": rows[:_SHOWN], "count": count, "more": max(0, total - _SHOWN)}
        return render_to_string("admin/outreach/list.html", context)

    @admin.display(description=_("previews"))
    def previews(self, obj):
        """As the first of each language and one more will read it."""
        if not obj.pk:
            return "–"
        reached = [one for one in audience.of(obj.segment, current.reader()) if not one.problem]
        first = [next((one for one in reached if one.language == code), None) for code in CODES]
        chosen = [one for one in first if one] + [one for one in reached if one not in first][:1]
        shown = [(one, self._preview(obj, one)) for one in chosen]
        return render_to_string("admin/outreach/previews.html", {"shown": shown})

    def _preview(self, obj, one):
        context = announcements.letter(obj, one.record, one.language)
        text = announcements.text_of(context, one.language)
        return {"subject": context["subject"], "blocks": letters.blocks(text, one.language)}


@admin.register(Subscription)
class SubscriptionAdmin(PortalAdmin):
    """How many there are and what they want. Whose they are is not shown: nobody needs it to send a newsletter."""

    list_display = ["number", "language", "often", "wants", "confirmed_at"]
    search_fields = ["=id"]
    search_help_text = _("Search by number.")
    list_filter = ["language", "often", ("confirmed_at", admin.EmptyFieldListFilter)]
    fields = readonly_fields = ["number", "language", "often", "wants", "confirmed_at"]

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("number"), ordering="pk")
    def number(self, obj):
        return str(obj.pk)

    @admin.display(description=_("what about"))
    def wants(self, obj):
        return ", ".join(str(label) for value, label in Subscription.Topic.choices if value in obj.topics) or "–"
