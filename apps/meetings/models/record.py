"""The record of a meeting: minutes by item, comments on the draft, and dated corrections of what is adopted."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core import languages
from apps.core.dates import portal_today
from apps.core.models import Record
from apps.core.richtext import RichTextField
from apps.meetings.models.agenda import AgendaItem, on_seen_item
from apps.meetings.models.meetings import ALL_PAPERS_ROLES, PREPARING_ROLES, Audience, Meeting, groups_of, seen_meetings

# Not the minutes of time, which have another word in Arabic.
_MINUTES = pgettext_lazy("record of a meeting", "minutes")


class MinutesQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Minutes this user may read: drafts are for those who prepare meetings; once circulated they are for the
        members of the group. Everybody else reads the published summary only (``with_summary_for``)."""
        if not user.is_authenticated:
            return self.none()
        if user.has_role(*PREPARING_ROLES):
            return self
        circulated = self.exclude(state=Minutes.State.DRAFT)
        return circulated.filter(seen_meetings(user, to="meeting"), meeting__group__in=groups_of(user))

    def with_summary_for(self, user):
        """Those whose published summary this user may read: that of each meeting she may see."""
        return self.filter(seen_meetings(user, to="meeting"), summary_published_at__isnull=False)

    def open_for_comments(self):
        return self.filter(state=Minutes.State.CIRCULATED, comments_until__gte=portal_today())


class Minutes(Record):
    """The minutes of one meeting: draft → circulated for comments → adopted. Adopted ones are not changed any more."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        CIRCULATED = "circulated", _("Circulated for comments")
        ADOPTED = "adopted", _("Adopted")

    # What stays as it was when the minutes were adopted; their summary does not.
    _FROZEN = ("meeting_id", "state", "comments_until", "circulated_at", "adopted_on")

    meeting = models.OneToOneField(Meeting, verbose_name=_("meeting"), on_delete=models.PROTECT, related_name="minutes")
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.DRAFT, editable=False)
    comments_until = models.DateField(_("comments until"), null=True, editable=False)
    circulated_at = models.DateTimeField(_("circulated"), null=True, editable=False)
    adopted_on = models.DateField(_("adopted on"), null=True, editable=False)
    summary = RichTextField(
        _("summary for the public"), blank=True, help_text=_("Without names, unless they have agreed to be named.")
    )
    summary_published_at = models.DateTimeField(_("summary published"), null=True, editable=False)

    objects = MinutesQuerySet.as_manager()

    class Meta:
        verbose_name = _MINUTES
        verbose_name_plural = pgettext_lazy("records of several meetings", "minutes")
        ordering = ["-meeting__starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft") | Q(circulated_at__isnull=False, comments_until__isnull=False),
                name="meetings_minutes_circulated_until",
                violation_error_message=_("Say until when comments are taken."),
            ),
            models.CheckConstraint(
                condition=~Q(state="adopted") | Q(adopted_on__isnull=False),
                name="meetings_minutes_adopted_when",
                violation_error_message=_("Say on which day the minutes were adopted."),
            ),
        ]

    def __str__(self):
        return str(self.meeting)

    def save(self, *args, **kwargs):
        """Raises ValidationError when adopted minutes would become anything else."""
        kept = Minutes.objects.filter(pk=self.pk, state=self.State.ADOPTED).values_list(*self._FROZEN).first()
        if kept is not None and kept != tuple(getattr(self, name) for name in self._FROZEN):
            raise _frozen()
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        refuse_frozen(self.pk)
        return super().delete(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("meetings:minutes", args=[self.meeting_id])

    @property
    def is_frozen(self) -> bool:
        return self.state == self.State.ADOPTED

    @property
    def takes_comments(self) -> bool:
        """Until the end of the last day, on the portal's clock."""
        return self.state == self.State.CIRCULATED and self.comments_until >= portal_today()


def _frozen() -> ValidationError:
    message = _("These minutes are adopted and do not change any more. Add a correction instead.")
    return ValidationError(message, code="frozen")


def refuse_frozen(minutes_id: int) -> None:
    """Raises ValidationError when these minutes are adopted."""
    if Minutes.objects.filter(pk=minutes_id, state=Minutes.State.ADOPTED).exists():
        raise _frozen()


class MinutesEntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Entries of minutes this user may read that are meant for her; none on an item that is hidden from her."""
        seen = self.filter(minutes__in=Minutes.objects.visible_to(user))
        if not (user.is_authenticated and user.has_role(*ALL_PAPERS_ROLES)):
            seen = seen.exclude(audience=Audience.SECRETARIAT)
        return seen.filter(on_seen_item(user, meeting="minutes__meeting"))


class MinutesEntry(Record):
    """What was said on one item. The heading is the item's title when the minutes were begun, and stays.

    An entry of adopted minutes is neither written nor deleted any more, whoever tries.
    """

    needed_in_a_language = ("heading",)

    minutes = models.ForeignKey(
        Minutes,
        verbose_name=_MINUTES,
        on_delete=models.CASCADE,
        related_name="entries",
    )
    item = models.ForeignKey(
        AgendaItem,
        verbose_name=_("agenda item"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="entries",
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    heading = models.CharField(_("heading"), max_length=250, blank=True)
    text = RichTextField(_("text"), blank=True)
    audience = models.CharField(
        _("audience"),
        max_length=20,
        choices=[choice for choice in Audience.choices if choice[0] != Audience.PUBLIC],
        default=Audience.MEMBERS,
    )

    objects = MinutesEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the minutes")
        verbose_name_plural = _("entries of the minutes")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(heading_ar__isnull=False, heading_ar__gt="")
                | Q(heading_en__isnull=False, heading_en__gt=""),
                name="meetings_minutesentry_headed",
                violation_error_message=_("Write the heading in Arabic, in English or in both."),
            ),
            models.UniqueConstraint(
                fields=["minutes", "item"],
                name="meetings_minutesentry_once",
                violation_error_message=_("The minutes have an entry for this item already."),
            ),
        ]

    def __str__(self):
        return str(languages.version(self, "heading"))

    def save(self, *args, **kwargs):
        refuse_frozen(self.minutes_id)
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        refuse_frozen(self.minutes_id)
        return super().delete(*args, **kwargs)


class MinutesCommentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Comments on entries this user may read: members read each other's."""
        return self.filter(entry__in=MinutesEntry.objects.visible_to(user))

    def unanswered(self):
        return self.filter(state=MinutesComment.State.OPEN)


class MinutesComment(Record):
    """What a member says to an entry while the minutes circulate. ``created_by`` is who says it."""

    class State(models.TextChoices):
        OPEN = "open", _("Not answered yet")
        TAKEN_UP = "taken_up", _("Taken up")
        NOT_TAKEN = "not_taken", _("Not taken up")

    entry = models.ForeignKey(
        MinutesEntry, verbose_name=_("entry"), on_delete=models.CASCADE, related_name="comments", editable=False
    )
    words = models.TextField(_("comment"), editable=False)
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.OPEN, editable=False)
    answer = models.CharField(_("answer"), max_length=300, blank=True, editable=False)

    objects = MinutesCommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment on minutes")
        verbose_name_plural = _("comments on minutes")
        ordering = ["entry", "created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="not_taken") | Q(answer__gt=""),
                name="meetings_minutescomment_not_taken_says_why",
                violation_error_message=_("Say why the comment is not taken up."),
            ),
        ]

    def __str__(self):
        return self.words[:80]


class MinutesCorrectionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Corrections of minutes this user may read; one to an entry only with the entry."""
        own = Q(entry=None) | Q(entry__in=MinutesEntry.objects.visible_to(user))
        return self.filter(own, minutes__in=Minutes.objects.visible_to(user))


class MinutesCorrection(Record):
    """A dated addition to adopted minutes, which themselves stay as they are."""

    needed_in_a_language = ("text",)

    minutes = models.ForeignKey(
        Minutes,
        verbose_name=_MINUTES,
        on_delete=models.CASCADE,
        related_name="corrections",
        editable=False,
    )
    entry = models.ForeignKey(
        MinutesEntry, verbose_name=_("entry"), on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    dated_on = models.DateField(_("dated"))
    text = RichTextField(_("correction"), blank=True)

    objects = MinutesCorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction of minutes")
        verbose_name_plural = _("corrections of minutes")
        ordering = ["minutes", "dated_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(text_ar__isnull=False, text_ar__gt="") | Q(text_en__isnull=False, text_en__gt=""),
                name="meetings_minutescorrection_written",
                violation_error_message=_("Write the correction in Arabic, in English or in both."),
            ),
        ]

    def __str__(self):
        return f"{self.minutes} {self.dated_on}"
