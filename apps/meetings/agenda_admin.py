"""The agenda in the back office: its rows in the meeting's page, a page to arrange them, and what members propose."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.roles import Role
from apps.core.admin import STAMPS, PortalAdmin, PortalInline
from apps.core.forms import RowFormSet
from apps.core.steps import Step
from apps.meetings import agenda, papers, proposals
from apps.meetings.forms import ReasonForm, TakeProposalForm
from apps.meetings.models import AgendaItem, AgendaProposal, AgendaState, Meeting


class AgendaItemField(forms.ModelChoiceField):
    """Chooses among items that were read once for all rows of a page."""

    def __init__(self, *, items: list[AgendaItem], **options):
        super().__init__(AgendaItem.objects.none(), **options)
        self.items = {str(item.pk): item for item in items}
        self.choices = [("", "–"), *((key, str(item)) for key, item in self.items.items())]

    def to_python(self, value):
        if value in self.empty_values:
            return None
        item = self.items.get(str(getattr(value, "pk", value)))
        if item is None:
            raise ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": value})
        return item


class PaperInline(PortalInline):
    """Rows whose audience may be narrower than the meeting's."""

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def item_field(self, db_field, request, *, may_be) -> AgendaItemField:
        """A choice among the items of the meeting on whose page the row stands, as far as ``may_be`` says so."""
        items = [item for item in self._items(request) if may_be(item)]
        label = capfirst(db_field.verbose_name)
        return AgendaItemField(items=items, required=False, label=label, help_text=db_field.help_text)

    def _items(self, request) -> list[AgendaItem]:
        """Read once for a page; none while the meeting is new."""
        if not hasattr(request, "agenda_items"):
            key = request.resolver_match.kwargs.get("object_id", "")
            pk = int(key) if key.isdecimal() and len(key) < 18 else None
            request.agenda_items = list(AgendaItem.objects.visible_to(request.user).filter(meeting=pk).in_order())
        return request.agenda_items


class AgendaFormSet(RowFormSet):
    """Rows that were typed while somebody adopted the agenda are refused, and stay typed."""

    def clean(self):
        super().clean()
        if _is_adopted(self.instance) and self.has_changed():
            message = _(
                "The agenda was adopted while you were writing. Take it back to provisional, or open this page anew."
            )
            raise ValidationError(message, code="adopted")


class AgendaItemInline(PaperInline):
    """An adopted agenda is read and not written."""

    model = AgendaItem
    formset = AgendaFormSet
    fieldsets = [
        (None, {"fields": [("order", "minutes", "audience"), ("kind", "purpose", "parent"), "title", "presenter"]})
    ]
    verbose_name_plural = gettext_lazy("agenda")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("parent")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "parent":
            return self.item_field(db_field, request, may_be=_may_have_parts)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and _is_open(request, obj)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and _is_open(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and _is_open(request, obj)


def _may_have_parts(item: AgendaItem) -> bool:
    return item.parent_id is None and item.kind == AgendaItem.Kind.ITEM


def _is_adopted(meeting) -> bool:
    return isinstance(meeting, Meeting) and meeting.agenda_state == AgendaState.ADOPTED


def _is_open(request, meeting) -> bool:
    """Whether rows can be written; also when they were sent by who saw them so, for the form to say what happened."""
    return not _is_adopted(meeting) or any(name.endswith("-opened_revision") for name in _names_of_rows(request))


def _names_of_rows(request) -> list[str]:
    return [name for name in request.POST if name.startswith("items-")]


def _is_provisional(meeting) -> bool:
    shown = (Meeting.Status.PUBLISHED, Meeting.Status.HELD)
    return bool(meeting and meeting.status in shown and not _is_adopted(meeting))


AGENDA_STEPS = (
    Step(
        name="send-agenda",
        label=gettext_lazy("Send out the agenda anew"),
        explanation=gettext_lazy("The agenda as it stands now is kept as the next version."),
        service=agenda.send_out,
        offered=lambda meeting: _is_provisional(meeting) and agenda.has_changed(meeting),
        done=gettext_lazy("The version is kept."),
    ),
    Step(
        name="adopt-agenda",
        label=gettext_lazy("Adopt the agenda"),
        explanation=gettext_lazy("From now on its items stay as they are."),
        service=agenda.adopt,
        offered=lambda meeting: _is_provisional(meeting) and meeting.items.exists(),
        done=gettext_lazy("The agenda is adopted."),
        is_main=False,
    ),
    Step(
        name="reopen-agenda",
        label=gettext_lazy("Change the agenda again"),
        explanation=gettext_lazy("The adopted version is kept. The agenda is provisional until it is adopted anew."),
        service=agenda.reopen,
        offered=_is_adopted,
        done=gettext_lazy("The agenda is provisional again."),
        form=ReasonForm,
        is_main=False,
    ),
)


class AgendaMixin:
    """Adds the page for arranging to the admin of meetings."""

    def get_urls(self):
        page = path("<int:pk>/agenda/", self.admin_site.admin_view(self.arrange_view), name="meetings_meeting_agenda")
        return [page, *super().get_urls()]

    def save_related(self, request, form, formsets, change):
        """An item that is shown to more people shows its papers to them."""
        kept_back = papers.kept_back(form.instance)
        super().save_related(request, form, formsets, change)
        agenda.arrange(form.instance, by=request.user)
        papers.post_opened(form.instance, kept_back, by=request.user)

    @transaction.atomic
    def arrange_view(self, request, pk: int):
        """Each press moves one item. ``seen`` is the order in which the person saw the items."""
        if not request.user.has_role(Role.SECRETARIAT):
            raise PermissionDenied
        meeting = Meeting.objects.visible_to(request.user).select_for_update(of=("self",)).filter(pk=pk).first()
        if meeting is None:
            raise Http404
        rows = agenda.for_reader(meeting, request.user)
        if request.method == "POST":
            self._move(request, rows)
            return HttpResponseRedirect(reverse("admin:meetings_meeting_agenda", args=[pk]) + "#agenda")
        taken, length = agenda.length(meeting)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Arrange the agenda"),
            "meeting": meeting,
            "rows": rows,
            "seen": _seen(rows),
            "is_adopted": _is_adopted(meeting),
            "taken": taken,
            "over": taken - length,
            "under": length - taken,
        }
        return TemplateResponse(request, "admin/meetings/meeting/arrange.html", context)

    def _move(self, request, rows) -> None:
        """``move`` is the item and where to: ``up``, ``down`` or a place among its siblings, from 0."""
        key, _space, to = request.POST.get("move", "").partition(" ")
        place = dict(_places(rows)).get(int(key) if key.isascii() and key.isdecimal() and len(key) < 18 else None)
        if place is None or request.POST.get("seen") != _seen(rows):
            messages.warning(request, _("Somebody changed the agenda meanwhile. Here it is as it stands now."))
            return
        if to.isascii() and to.isdecimal() and len(to) < 5:
            place = int(to)
        else:
            place += {"up": -1, "down": 1}.get(to, 0)
        row = next(row for row in rows if row.item.pk == int(key))
        try:
            agenda.move_item(row.item, by=request.user, to=place)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))


def _seen(rows) -> str:
    return ",".join(f"{row.item.pk}" for row in rows)


def _places(rows) -> list[tuple[int, int]]:
    """Each item with its place among its siblings, from 0."""
    counts: dict[int, int] = {}
    places = []
    for row in rows:
        place = counts.get(row.item.parent_id or 0, 0)
        counts[row.item.parent_id or 0] = place + 1
        places.append((row.item.pk, place))
    return places


def _waits(proposal: AgendaProposal | None) -> bool:
    return bool(proposal and proposal.state == AgendaProposal.State.PROPOSED)


@admin.register(AgendaProposal)
class AgendaProposalAdmin(PortalAdmin):
    list_display = ["subject", "meeting", "minutes", "state", "who_proposes", "created_at"]
    list_filter = ["state"]
    list_select_related = ["meeting", "created_by"]
    search_fields = ["subject", "reason"]
    search_help_text = gettext_lazy("Search in the title and the reason.")
    readonly_fields = ["meeting", "language", "subject", "reason", "minutes", "state", "answer", "item", "who_proposes"]
    readonly_fields += ["who_created", "who_saved"]
    fieldsets = [
        (None, {"fields": ["meeting", "subject", "reason", "minutes", "language", "state", "answer", "item"]}),
        (None, {"fields": ["who_proposes"]}),
        STAMPS,
    ]
    steps = (
        Step(
            name="take",
            label=gettext_lazy("Put on the agenda"),
            explanation=gettext_lazy(
                "It stands at the end of the agenda in its language: translate and place it there."
            ),
            service=proposals.take,
            offered=_waits,
            done=gettext_lazy("The item is on the agenda."),
            form=TakeProposalForm,
        ),
        Step(
            name="decline",
            label=gettext_lazy("Do not take it"),
            explanation=gettext_lazy("Who proposed it gets your reason by mail."),
            service=proposals.decline,
            offered=_waits,
            done=gettext_lazy("The proposal is answered."),
            form=ReasonForm,
            is_main=False,
        ),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    @admin.display(description=gettext_lazy("proposed by"))
    def who_proposes(self, obj):
        return obj.created_by.get_full_name() if obj.created_by else "–"
