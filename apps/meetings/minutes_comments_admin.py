"""Comments on minutes in the back office, and the steps that answer them."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from apps.accounts.roles import Role
from apps.core.admin import STAMPS, PortalAdmin
from apps.core.languages import CODES, field_in
from apps.core.steps import Step
from apps.meetings.minutes_admin import texts_side_by_side
from apps.meetings.minutes_comments import answer_comment
from apps.meetings.minutes_forms import NotTakenForm, TakenUpForm
from apps.meetings.models import MinutesComment


def _answer(state: str):
    def service(comment: MinutesComment, *, by, answer: str = ""):
        return answer_comment(comment, by=by, state=state, answer=answer)

    return service


def _may_be_answered(comment) -> bool:
    return bool(comment and not comment.entry.minutes.is_frozen)


@admin.register(MinutesComment)
class MinutesCommentAdmin(PortalAdmin):
    list_display = ["first_words", "state", "author", "entry", "meeting"]
    list_filter = ["state"]
    list_select_related = ["entry__minutes__meeting", "created_by"]
    search_fields = ["words", "answer"]
    search_help_text = _("Search in comments and answers.")
    readonly_fields = ["said", "author", "minutes_page", "entry_shown", "state", "answer", "who_created", "who_saved"]
    fieldsets = [
        (None, {"fields": ["said", "author", "state", "answer"]}),
        (_("What it is about"), {"fields": ["minutes_page", "entry_shown"]}),
        STAMPS,
    ]
    steps = (
        Step(
            name="taken-up",
            label=_("Taken up"),
            explanation=_("Change the text of the minutes first. The author gets a mail."),
            service=_answer(MinutesComment.State.TAKEN_UP),
            offered=_may_be_answered,
            done=_("The comment is taken up."),
            form=TakenUpForm,
            in_bulk=lambda comment: {},
        ),
        Step(
            name="not-taken",
            label=_("Not taken up"),
            explanation=_("Say why. The author gets a mail."),
            service=_answer(MinutesComment.State.NOT_TAKEN),
            offered=_may_be_answered,
            done=_("The comment is answered."),
            form=NotTakenForm,
            is_main=False,
        ),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def may_take(self, request, step, obj):
        return request.user.has_role(Role.SECRETARIAT)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    @admin.display(description=_("comment"))
    def first_words(self, obj):
        return format_html('<span dir="auto">{}</span>', obj)

    @admin.display(description=_("author"))
    def author(self, obj):
        return obj.created_by.get_full_name() if obj.created_by else _("Somebody")

    @admin.display(description=_("meeting"))
    def meeting(self, obj):
        return obj.entry.minutes.meeting

    @admin.display(description=_("comment"))
    def said(self, obj):
        words = obj.words if obj.created_by else _("A comment was erased.")
        return format_html('<div class="as-written" dir="auto">{}</div>', words)

    @admin.display(description=_("minutes of the meeting"))
    def minutes_page(self, obj):
        address = reverse("admin:meetings_minutes_change", args=[obj.entry.minutes_id])
        return format_html('<a href="{}">{}</a>', address, self.meeting(obj))

    @admin.display(description=_("entry"))
    def entry_shown(self, obj):
        texts = [(code, field_in(obj.entry, "heading", code), field_in(obj.entry, "text", code)) for code in CODES]
        return texts_side_by_side(texts)
