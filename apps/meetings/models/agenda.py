"""The agenda: items and sub-items, their hours, its versions, and what members propose for it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from apps.accounts.roles import Role
from apps.core import audit, languages
from apps.core.models import AuditEntry, Record
from apps.meetings.models.meetings import (
    AgendaState,
    Audience,
    Meeting,
    audience_for,
    narrowest,
    parts_seen,
    seen_meetings,
)


def _on_seen(user, *ways: str, meeting: str = "meeting") -> Q:
    """Of what is on an item (or its part), by these ways to them: what is on none that is hidden from this user."""
    found = Q()
    for way in ways:
        audience = audience_for(user, to=way, meeting=meeting)
        found &= (Q(**{way: None}) | audience) if audience else Q()
    return found


def on_seen_item(user, *, meeting: str = "meeting") -> Q:
    """Which parts of a meeting stand on no ``item`` that is hidden from this user; ``meeting`` is the way to it."""
    return _on_seen(user, "item", "item__parent", meeting=meeting)


class AgendaItemQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Items of meetings this user may read that are meant for her; of a hidden item no part is seen."""
        return self.filter(parts_seen(user), _on_seen(user, "parent"))

    def in_order(self):
        """As they are called: each item, then its parts. ``order`` counts through the whole agenda."""
        return self.order_by("order", "pk")

    def with_offset(self):
        """Each with ``offset``: the minutes before it, items that the reader does not see included."""
        before = (
            AgendaItem.objects.filter(meeting=OuterRef("meeting"))
            .filter(Q(order__lt=OuterRef("order")) | Q(order=OuterRef("order"), pk__lt=OuterRef("pk")))
            .order_by()
            .values("meeting")
            .annotate(total=Sum("minutes"))
            .values("total")
        )
        return self.annotate(offset=Coalesce(Subquery(before), 0))


class AgendaItem(Record):
    """One line of the agenda. ``order`` counts through the whole agenda, parts after their item (services keep it so);
    an item's own ``minutes`` come before those of its parts."""

    class Kind(models.TextChoices):
        ITEM = "item", _("Item")
        BREAK = "break", _("Break")

    class Purpose(models.TextChoices):
        INFORMATION = "information", _("For information")
        DISCUSSION = "discussion", _("For discussion")
        DECISION = "decision", _("For decision")

    needed_in_a_language = ("title",)

    meeting = models.ForeignKey(Meeting, verbose_name=_("meeting"), on_delete=models.CASCADE, related_name="items")
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="parts",
        help_text=_("The item of which this is a part. Empty: it stands by itself."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.ITEM)
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose.choices, blank=True)
    title = models.CharField(_("title"), max_length=250, blank=True)
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=15, help_text=_("Its own, before those of its parts. 0 for an item that has only parts.")
    )
    presenter = models.CharField(_("presenter"), max_length=200, blank=True)
    audience = models.CharField(_("audience"), max_length=20, choices=Audience.choices, default=Audience.PUBLIC)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(title_ar__isnull=False, title_ar__gt="") | Q(title_en__isnull=False, title_en__gt=""),
                name="meetings_agendaitem_titled",
                violation_error_message=_("Write the title in Arabic, in English or in both."),
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=0, minutes__lte=1440),
                name="meetings_agendaitem_minutes",
                violation_error_message=_("An item takes 1440 minutes at most."),
            ),
            models.CheckConstraint(
                condition=Q(kind="item") | Q(purpose="", parent=None),
                name="meetings_agendaitem_break",
                violation_error_message=_("A break has no purpose and is part of no item."),
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="meetings_agendaitem_not_its_own_part",
                violation_error_message=_("An item is no part of itself."),
            ),
        ]

    def __str__(self):
        return str(languages.version(self, "title"))

    def clean(self):
        super().clean()
        parent = self.parent
        if parent is None:
            return
        if parent.meeting_id != self.meeting_id or parent.parent_id or parent.kind == self.Kind.BREAK:
            raise ValidationError({"parent": _("Choose an item of the same agenda that is no part and no break.")})
        if self.pk and self.parts.exists():
            raise ValidationError({"parent": _("This item has parts of its own. Take them out of it first.")})

    @transaction.atomic
    def delete(self, *args, **kwargs):
        """What few see when it goes is shown to nobody else afterwards: what stands on it, and earlier versions."""
        for item in (*self.parts.select_related("parent"), self):
            item._leave_hidden(by=kwargs.get("by"))
        return super().delete(*args, **kwargs)

    @property
    def audience_inside(self) -> str:
        """Who of those that may see the meeting may see the item: no more than may see the one it is part of."""
        return narrowest(self.audience, self.parent.audience if self.parent else Audience.PUBLIC)

    def _leave_hidden(self, *, by) -> None:
        shown_to = self.audience_inside
        for records in (self.entries, self.papers, self.decisions, self.actions):
            for record in records.all():
                _narrow(record, shown_to, by=by)
        for version in AgendaVersion.objects.filter(meeting=self.meeting_id):
            rows = [row for row in version.rows if row["item"] == self.pk]
            if any(narrowest(row["shown_to"], shown_to) != row["shown_to"] for row in rows):
                for row in rows:
                    row["shown_to"] = narrowest(row["shown_to"], shown_to)
                version.save(update_fields=["rows"])

    def starts_wall(self, meeting: Meeting) -> datetime:
        """When it starts in the meeting's zone. Needs ``with_offset()``; ``meeting`` spares a query per item."""
        return (meeting.starts_at + timedelta(minutes=self.offset)).astimezone(ZoneInfo(meeting.time_zone))

    def ends_wall(self, meeting: Meeting) -> datetime:
        """When its own minutes are over, before those of its parts; as ``starts_wall``."""
        end = meeting.starts_at + timedelta(minutes=self.offset + self.minutes)
        return end.astimezone(ZoneInfo(meeting.time_zone))


def _narrow(record: Record, shown_to: str, *, by) -> None:
    """Also an entry of adopted minutes. The revision stays, for a page on which the record stands open to be saved."""
    audience = narrowest(record.audience, shown_to)
    if audience != record.audience:
        type(record).objects.filter(pk=record.pk).update(audience=audience)
        changes = {"audience": [record.audience, audience]}
        audit.record(AuditEntry.Action.CHANGED, by=by, about=record, changes=changes)


class AgendaVersionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Versions of the agendas of meetings this user may read; which rows of it are hers, ``rows_for`` tells."""
        return self.filter(seen_meetings(user, to="meeting"))


class AgendaVersion(models.Model):
    """The agenda as it stood when it was sent out or adopted. ``rows`` are its items in order, each with its audience
    (``shown_to``: the narrower of its own and its item's), as ``agenda.snapshot`` writes them."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="agenda_versions")
    number = models.PositiveSmallIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=20, choices=AgendaState.choices)
    rows = models.JSONField(default=list)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = AgendaVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of an agenda")
        verbose_name_plural = _("versions of agendas")
        ordering = ["meeting", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="meetings_agendaversion_once"),
        ]

    def __str__(self):
        return f"{self.get_state_display()} {self.number}"


class AgendaProposalQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The secretariat and the auditor see all; everybody else her own, of meetings she may read."""
        if not user.is_authenticated:
            return self.none()
        if user.has_role(Role.SECRETARIAT, Role.AUDITOR):
            return self
        return self.filter(seen_meetings(user, to="meeting"), created_by=user)

    def waiting(self):
        return self.filter(state=AgendaProposal.State.PROPOSED)


class AgendaProposal(Record):
    """An item that a member proposes, in the language in which she wrote it. ``created_by`` is who proposes."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        TAKEN = "taken", _("On the agenda")
        DECLINED = "declined", _("Not taken")

    meeting = models.ForeignKey(
        Meeting, verbose_name=_("meeting"), on_delete=models.CASCADE, related_name="proposals", editable=False
    )
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, editable=False)
    subject = models.CharField(_("title"), max_length=250)
    reason = models.TextField(_("why"), blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=15)
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.PROPOSED, editable=False)
    answer = models.CharField(_("answer"), max_length=300, blank=True, editable=False)
    item = models.OneToOneField(
        AgendaItem,
        verbose_name=_("agenda item"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="proposal",
    )

    objects = AgendaProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal for an agenda")
        verbose_name_plural = _("proposals for agendas")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=1440),
                name="meetings_agendaproposal_minutes",
                violation_error_message=_("An item takes between 1 and 1440 minutes."),
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | Q(answer__gt=""),
                name="meetings_agendaproposal_declined_says_why",
                violation_error_message=_("Say why the proposal is not taken."),
            ),
        ]

    def __str__(self):
        return self.subject
