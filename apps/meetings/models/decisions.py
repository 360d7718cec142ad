"""What a meeting decided, how, and what has to be done about it."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core import languages
from apps.core.dates import portal_today
from apps.core.models import Record
from apps.meetings.models.agenda import AgendaItem, on_seen_item
from apps.meetings.models.meetings import PREPARING_ROLES, Audience, Meeting, groups_of, parts_seen, seen_meetings
from apps.stakeholders.models import Membership, Person


def symbol_of(meeting: Meeting, letter: str, number: int | None) -> str:
    """``RSAG/2026/7/D3``: the group's acronym, the year and the number of the meeting, then the record's own."""
    group = meeting.group.acronym or str(meeting.group_id)
    return f"{group}/{meeting.starts_on.year}/{meeting.number or '–'}/{letter}{number or '–'}"


def _meant_for(user) -> Q:
    """Parts of meetings this user may read that are meant for her; none on an item that is hidden from her."""
    return parts_seen(user) & on_seen_item(user)


def _refuse_foreign_item(record) -> None:
    if record.item_id and record.meeting_id and record.item.meeting_id != record.meeting_id:
        raise ValidationError({"item": _("This item is on the agenda of another meeting.")})


class DecisionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Decisions meant for this user, of meetings she may read: who prepares meetings sees drafts, and what is
        being decided by silence is seen inside the group."""
        seen = self.filter(_meant_for(user))
        if user.is_authenticated and user.has_role(*PREPARING_ROLES):
            return seen
        inside = Q(state=Decision.State.OPEN, meeting__group__in=groups_of(user))
        return seen.filter(Q(state__in=[Decision.State.TAKEN, Decision.State.NOT_TAKEN]) | inside)


class Decision(Record):
    class Method(models.TextChoices):
        CONSENSUS = "consensus", _("By consensus")
        SILENCE = "silence", _("By silence procedure")
        HANDS = "hands", _("By show of hands")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        OPEN = "open", _("Silence procedure running")
        TAKEN = "taken", _("Decided")
        NOT_TAKEN = "not_taken", _("Not decided")

    needed_in_a_language = ("text",)

    meeting = models.ForeignKey(Meeting, verbose_name=_("meeting"), on_delete=models.PROTECT, related_name="decisions")
    item = models.ForeignKey(
        AgendaItem,
        verbose_name=_("agenda item"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="decisions",
    )
    number = models.PositiveSmallIntegerField(_("number"), null=True, editable=False)
    text = models.TextField(_("decision"), blank=True)
    method = models.CharField(_("how it is decided"), max_length=20, choices=Method.choices, default=Method.CONSENSUS)
    audience = models.CharField(_("audience"), max_length=20, choices=Audience.choices, default=Audience.MEMBERS)
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.DRAFT, editable=False)
    decided_on = models.DateField(_("decided on"), null=True, editable=False)
    silence_until = models.DateTimeField(_("silence until"), null=True, editable=False)
    in_favour = models.PositiveSmallIntegerField(_("in favour"), null=True, editable=False)
    against = models.PositiveSmallIntegerField(_("against"), null=True, editable=False)
    abstaining = models.PositiveSmallIntegerField(_("abstaining"), null=True, editable=False)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-meeting__starts_at", "number", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(text_ar__isnull=False, text_ar__gt="") | Q(text_en__isnull=False, text_en__gt=""),
                name="meetings_decision_written",
                violation_error_message=_("Write the decision in Arabic, in English or in both."),
            ),
            models.UniqueConstraint(
                fields=["meeting", "number"],
                name="meetings_decision_number_once",
                violation_error_message=_("Another decision of the meeting has this number."),
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(number__isnull=False),
                name="meetings_decision_numbered",
                violation_error_message=_("A decision has its number."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["taken", "not_taken"]) | Q(decided_on__isnull=False),
                name="meetings_decision_decided_when",
                violation_error_message=_("Say on which day it was decided."),
            ),
            models.CheckConstraint(
                condition=~Q(state="open") | Q(method="silence", silence_until__isnull=False),
                name="meetings_decision_silence_until",
                violation_error_message=_("A silence procedure has its deadline."),
            ),
            models.CheckConstraint(
                condition=(Q(method="hands") & ~Q(state="taken"))
                | Q(method="hands", in_favour__isnull=False, against__isnull=False, abstaining__isnull=False)
                | (~Q(method="hands") & Q(in_favour=None, against=None, abstaining=None)),
                name="meetings_decision_counted",
                violation_error_message=_("A show of hands, and nothing else, has its counts."),
            ),
        ]

    def __str__(self):
        return self.symbol

    def get_absolute_url(self) -> str:
        return reverse("meetings:decision", args=[self.pk])

    def clean(self):
        super().clean()
        _refuse_foreign_item(self)

    @property
    def symbol(self) -> str:
        return symbol_of(self.meeting, "D", self.number)

    @property
    def text_version(self) -> languages.Version:
        return languages.version(self, "text")

    @property
    def takes_objections(self) -> bool:
        return self.state == self.State.OPEN and self.silence_until > timezone.now()


class ObjectionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Objections to decisions this user may read: for the group and who prepares its meetings, never in public."""
        if not user.is_authenticated:
            return self.none()
        seen = self.filter(decision__in=Decision.objects.visible_to(user))
        if user.has_role(*PREPARING_ROLES):
            return seen
        return seen.filter(decision__meeting__group__in=groups_of(user))


class Objection(Record):
    """That a member breaks the silence, and why. ``created_by`` is who objects."""

    decision = models.ForeignKey(
        Decision, verbose_name=_("decision"), on_delete=models.CASCADE, related_name="objections", editable=False
    )
    words = models.TextField(_("objection"), editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering = ["decision", "created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "created_by"],
                condition=Q(withdrawn_at=None, created_by__isnull=False),
                name="meetings_objection_once",
                violation_error_message=_("You have objected already."),
            ),
        ]

    def __str__(self):
        return self.words[:80]


def _owned_by(user) -> Q:
    left = Membership.objects.filter(person__user=user, ends_on__lt=portal_today())
    left = left.exclude(group__in=groups_of(user)).order_by().values("group")
    return Q(owner__user=user) & seen_meetings(user, to="meeting") & ~Q(meeting__group__in=left)


class ActionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Actions of meetings this user may read that are meant for her, and those that she owns."""
        meant = _meant_for(user)
        if not meant or not user.is_authenticated:  # an empty condition is true of all
            return self.filter(meant)
        return self.filter(meant | _owned_by(user))

    def of(self, user):
        """Those of which this user is the owner, as long as she may read the meeting. Who left the group owns nothing
        of it any more; somebody from outside may own something."""
        return self.filter(_owned_by(user))

    def unfinished(self):
        return self.filter(state__in=[Action.State.OPEN, Action.State.UNDER_WAY])

    def overdue(self, on=None):
        """Not finished, and due before a day (today by default)."""
        return self.unfinished().filter(due_on__lt=on or portal_today())


class Action(Record):
    """What somebody has to do, from the meeting in which it arose until it is done."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        UNDER_WAY = "under_way", _("Under way")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    needed_in_a_language = ("text",)

    meeting = models.ForeignKey(Meeting, verbose_name=_("meeting"), on_delete=models.PROTECT, related_name="actions")
    item = models.ForeignKey(
        AgendaItem,
        verbose_name=_("agenda item"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="actions",
    )
    decision = models.ForeignKey(
        Decision,
        verbose_name=_("decision"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="actions",
    )
    number = models.PositiveSmallIntegerField(_("number"), editable=False)
    text = models.TextField(_("action"), blank=True)
    owner = models.ForeignKey(
        Person,
        verbose_name=_("who does it"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="actions",
        help_text=_("Empty: the secretariat."),
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.OPEN, editable=False)
    done_on = models.DateField(_("done on"), null=True, editable=False)
    audience = models.CharField(_("audience"), max_length=20, choices=Audience.choices, default=Audience.MEMBERS)
    carried_to = models.ManyToManyField(
        Meeting, verbose_name=_("carried over to"), related_name="carried_actions", blank=True, editable=False
    )

    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        ordering = ["-meeting__starts_at", "number", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(text_ar__isnull=False, text_ar__gt="") | Q(text_en__isnull=False, text_en__gt=""),
                name="meetings_action_written",
                violation_error_message=_("Write the action in Arabic, in English or in both."),
            ),
            models.UniqueConstraint(
                fields=["meeting", "number"],
                name="meetings_action_number_once",
                violation_error_message=_("Another action of the meeting has this number."),
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_on__isnull=False) | (~Q(state="done") & Q(done_on=None)),
                name="meetings_action_done_when",
                violation_error_message=_("An action that is done has its day."),
            ),
        ]

    def __str__(self):
        return self.symbol

    def get_absolute_url(self) -> str:
        return reverse("meetings:action", args=[self.pk])

    def clean(self):
        super().clean()
        _refuse_foreign_item(self)

    @property
    def symbol(self) -> str:
        return symbol_of(self.meeting, "A", self.number)

    @property
    def text_version(self) -> languages.Version:
        return languages.version(self, "text")

    @property
    def is_unfinished(self) -> bool:
        return self.state in (self.State.OPEN, self.State.UNDER_WAY)

    @property
    def is_overdue(self) -> bool:
        return self.is_unfinished and self.due_on is not None and self.due_on < portal_today()


class ActionNoteQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Notes on actions this user may read: for the group, the owner and who prepares meetings, never in public."""
        if not user.is_authenticated:
            return self.none()
        seen = self.filter(action__in=Action.objects.visible_to(user))
        if user.has_role(*PREPARING_ROLES):
            return seen
        return seen.filter(Q(action__meeting__group__in=groups_of(user)) | Q(action__in=Action.objects.of(user)))


class ActionNote(Record):
    """How an action went on: a sentence, and the state that came of it. ``created_by`` is who wrote it."""

    action = models.ForeignKey(
        Action, verbose_name=_("action"), on_delete=models.CASCADE, related_name="notes", editable=False
    )
    words = models.TextField(_("note"), blank=True, editable=False)
    state = models.CharField(_("state"), max_length=20, choices=Action.State.choices, editable=False)

    objects = ActionNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note on an action")
        verbose_name_plural = _("notes on actions")
        ordering = ["action", "created_at", "pk"]

    def __str__(self):
        return self.words[:80]
