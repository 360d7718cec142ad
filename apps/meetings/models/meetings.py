from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from apps.accounts.roles import Role
from apps.core import current, languages
from apps.core.dates import MissingWallTimeError, instant
from apps.core.models import Record
from apps.core.slugs import slug
from apps.core.zones import ZoneField
from apps.stakeholders.models import AdvisoryGroup, Membership, groups_of

# Those who prepare meetings see them before anybody else does.
PREPARING_ROLES = (Role.SECRETARIAT, Role.EDITOR, Role.TRANSLATOR, Role.AUDITOR)
ALL_PAPERS_ROLES = (Role.SECRETARIAT, Role.AUDITOR)

INTERPRETATION = [
    ("ar", _("Arabic")),
    ("en", _("English")),
    ("fr", _("French")),
    ("es", _("Spanish")),
    ("ku", _("Kurdish")),
    ("ber", _("Amazigh")),
    ("so", _("Somali")),
    ("sign", _("Sign language")),
]


class Audience(models.TextChoices):
    PUBLIC = "public", _("Public")
    MEMBERS = "members", _("Members only")
    SECRETARIAT = "secretariat", _("Secretariat only")


def narrowest(*audiences: str) -> str:
    """The one of these that fewest people are in: a part is shown to whom both it and its item are shown."""
    return max(audiences, key=Audience.values.index)


def _as_a_guest(user) -> list[int]:
    """The meetings to which a person outside the group was asked. Who left the group is no guest of earlier ones."""

    def find():
        participant = apps.get_model("meetings", "Participant")
        asked = participant.objects.asked().filter(capacity=participant.Capacity.GUEST, invited_at__isnull=False)
        return list(asked.filter(person__user=user).order_by().values_list("meeting", flat=True))

    return current.once(("meetings as a guest", user.pk), find)


def seen_meetings(user, *, to: str = "") -> Q:
    """What is true of meetings that this user may read; ``to`` names the way from the queryset's model to them.

    Who prepares meetings sees all; members those of their group once published, and guests those to which they were
    asked; everybody the public ones once published.
    """
    path = f"{to}__" if to else ""
    if user.is_authenticated and user.has_role(*PREPARING_ROLES):
        return Q()
    allowed = Q(**{f"{path}audience": Audience.PUBLIC})
    if user.is_authenticated:
        inside = {f"{path}group__in": groups_of(user)}
        allowed |= Q(**inside) | Q(**{f"{path}pk__in": _as_a_guest(user)})
    return allowed & ~Q(**{f"{path}status": Meeting.Status.DRAFT})


class AgendaState(models.TextChoices):
    PROVISIONAL = "provisional", _("Provisional agenda")
    ADOPTED = "adopted", _("Adopted agenda")


class MeetingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Meetings this user may read: ``seen_meetings``."""
        return self.filter(seen_meetings(user))

    def upcoming(self, now: datetime):
        """Not over yet, soonest first."""
        return self.filter(ends_at__gte=now).order_by("starts_at", "pk")

    def past(self, now: datetime):
        """Over, latest first."""
        return self.filter(ends_at__lt=now).order_by("-starts_at", "-pk")


class Meeting(Record):
    """A meeting as it is called: wall time in a named zone. ``starts_at`` and ``ends_at`` follow from them."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        HELD = "held", _("Held")
        CANCELLED = "cancelled", _("Cancelled")

    class Format(models.TextChoices):
        IN_PERSON = "in_person", _("In person")
        ONLINE = "online", _("Online")
        HYBRID = "hybrid", _("In person and online")

    needed_in_a_language = ("title",)

    group = models.ForeignKey(AdvisoryGroup, verbose_name=_("group"), on_delete=models.PROTECT, related_name="meetings")
    title = models.CharField(_("title"), max_length=200, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    starts_on = models.DateField(_("first day"))
    starts_time = models.TimeField(_("from"))
    ends_on = models.DateField(_("last day"))
    ends_time = models.TimeField(_("to"))
    time_zone = ZoneField(
        _("time zone"), default="Africa/Cairo", help_text=_("The zone of the place: days and times above are in it.")
    )
    starts_at = models.DateTimeField(editable=False)
    ends_at = models.DateTimeField(editable=False)
    # Set when new rules of the zone moved the instants, until the secretariat has looked (apps.meetings.zone_changes).
    rules_changed_at = models.DateTimeField(_("zone rules changed"), null=True, blank=True, editable=False)
    format = models.CharField(_("format"), max_length=20, choices=Format.choices, default=Format.HYBRID)
    place = models.CharField(_("place"), max_length=200, blank=True)
    online_address = models.URLField(
        _("online address"), blank=True, help_text=_("Only members of the group and the back office see it.")
    )
    interpretation = models.JSONField(_("interpretation"), default=list, blank=True)
    reply_until = models.DateField(
        _("replies until"), null=True, blank=True, help_text=_("This day included, in the zone of the place.")
    )
    room_seats = models.PositiveSmallIntegerField(
        _("places in the room"), null=True, blank=True, help_text=_("Empty: as many as come.")
    )
    items_until = models.DateField(
        _("proposals for the agenda until"),
        null=True,
        blank=True,
        help_text=_("Until then members propose items, this day included. Empty: they propose none."),
    )
    agenda_state = models.CharField(
        _("state of the agenda"),
        max_length=20,
        choices=AgendaState.choices,
        default=AgendaState.PROVISIONAL,
        editable=False,
    )
    number = models.PositiveSmallIntegerField(
        _("number"),
        null=True,
        blank=True,
        help_text=_("In the group’s own count; decisions are numbered by it. Empty: the next one, when it is needed."),
    )
    quorum = models.PositiveSmallIntegerField(
        _("quorum"),
        null=True,
        blank=True,
        help_text=_("How many members have to be there. Empty: more than half of the seats."),
    )
    status = models.CharField(_("status"), max_length=20, choices=Status.choices, default=Status.DRAFT, editable=False)
    audience = models.CharField(
        _("audience"),
        max_length=20,
        choices=[choice for choice in Audience.choices if choice[0] != Audience.SECRETARIAT],
        default=Audience.MEMBERS,
    )

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-starts_at", "-pk"]
        indexes = [models.Index(fields=["ends_at", "starts_at"], name="meetings_meeting_when")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="meetings_meeting_ends_after_start",
                violation_error_message=_("A meeting ends after it starts."),
            ),
            models.CheckConstraint(
                condition=Q(status="draft")
                | Q(title_ar__isnull=False, title_ar__gt="", title_en__isnull=False, title_en__gt=""),
                name="meetings_meeting_published_with_titles",
                violation_error_message=_("A published meeting has a title in Arabic and in English."),
            ),
            models.CheckConstraint(
                condition=Q(status="draft")
                | Q(format="online")
                | Q(place_ar__isnull=False, place_ar__gt="", place_en__isnull=False, place_en__gt=""),
                name="meetings_meeting_published_with_place",
                violation_error_message=_("A published meeting in person says where, in Arabic and in English."),
            ),
            models.CheckConstraint(
                condition=Q(reply_until__isnull=True) | Q(reply_until__lte=F("starts_on")),
                name="meetings_meeting_replies_before_start",
                violation_error_message=_("Replies come before the meeting starts."),
            ),
            models.CheckConstraint(
                condition=Q(items_until__isnull=True) | Q(items_until__lte=F("starts_on")),
                name="meetings_meeting_proposals_before_start",
                violation_error_message=_("Items are proposed before the meeting starts."),
            ),
            models.UniqueConstraint(
                fields=["group", "number"],
                name="meetings_meeting_number_once",
                violation_error_message=_("Another meeting of the group has this number."),
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=True) | Q(number__gte=1),
                name="meetings_meeting_counts_from_one",
                violation_error_message=_("Meetings count from 1."),
            ),
            models.CheckConstraint(
                condition=Q(quorum__isnull=True) | Q(quorum__gte=1),
                name="meetings_meeting_quorum",
                violation_error_message=_("A quorum is one person at least."),
            ),
            models.CheckConstraint(
                condition=Q(audience__in=["public", "members"]),
                name="meetings_meeting_audience",
                violation_error_message=_("A meeting is for its members or for the public."),
            ),
        ]

    def __str__(self):
        return str(languages.version(self, "title"))

    def get_absolute_url(self) -> str:
        return reverse("meetings:detail", args=[self.pk, self.slug])

    @property
    def slug(self) -> str:
        """From the title in the page's language."""
        return slug(str(self)) or "meeting"

    def save(self, *args, **kwargs):
        """Raises MissingWallTimeError for an hour that the clock skips. One that vanished by a change of the zone's
        rules keeps its instants, so that the meeting can still be moved or cancelled."""
        try:
            self.derive_instants()
        except MissingWallTimeError:
            if not self._hours_stand_already():
                raise
        super().save(*args, **kwargs)

    def _hours_stand_already(self) -> bool:
        names = ("starts_on", "starts_time", "ends_on", "ends_time", "time_zone")
        return Meeting.objects.filter(pk=self.pk, **{name: getattr(self, name) for name in names}).exists()

    def derive_instants(self) -> None:
        """Sets ``starts_at`` and ``ends_at`` (UTC). Raises MissingWallTimeError."""
        self.starts_at = instant(datetime.combine(self.starts_on, self.starts_time), self.time_zone)
        self.ends_at = instant(datetime.combine(self.ends_on, self.ends_time), self.time_zone)

    def clean(self):
        super().clean()
        self._refuse_gaps_once_published()
        if not all([self.starts_on, self.starts_time, self.ends_on, self.ends_time, self.time_zone]):
            return
        if self.is_cancelled and self._hours_stand_already():
            return
        moments = {}
        for edge in ("starts", "ends"):
            wall = datetime.combine(getattr(self, f"{edge}_on"), getattr(self, f"{edge}_time"))
            try:
                moments[edge] = instant(wall, self.time_zone)
            except MissingWallTimeError:
                message = _("This time does not exist on that day: the clocks are put forward over it.")
                raise ValidationError({f"{edge}_time": message}) from None
        if moments["ends"] <= moments["starts"]:
            field = "ends_on" if self.ends_on < self.starts_on else "ends_time"
            raise ValidationError({field: _("A meeting ends after it starts.")})
        self.starts_at, self.ends_at = moments["starts"], moments["ends"]

    def _refuse_gaps_once_published(self) -> None:
        if self.status == self.Status.DRAFT:
            return
        needed = {"title": _("A published meeting has a title in Arabic and in English.")}
        if self.format != self.Format.ONLINE:
            needed["place"] = _("A published meeting in person says where, in Arabic and in English.")
        problems = {
            f"{name}_{code}": message
            for name, message in needed.items()
            for code in languages.CODES
            if not languages.field_in(self, name, code)
        }
        if problems:
            raise ValidationError(problems)

    @property
    def starts_wall(self) -> datetime:
        return self.starts_at.astimezone(ZoneInfo(self.time_zone))

    @property
    def ends_wall(self) -> datetime:
        return self.ends_at.astimezone(ZoneInfo(self.time_zone))

    @property
    def replies_close_at(self) -> datetime:
        """The end of the last day for replies, in the meeting's zone; the meeting's start when there is none."""
        if self.reply_until is None:
            return self.starts_at
        midnight = datetime.combine(self.reply_until + timedelta(days=1), time())
        return min(midnight.replace(tzinfo=ZoneInfo(self.time_zone)).astimezone(UTC), self.starts_at)

    @property
    def proposals_close_at(self) -> datetime | None:
        """The end of the last day for proposals, in the meeting's zone; None when none are taken."""
        if self.items_until is None:
            return None
        midnight = datetime.combine(self.items_until + timedelta(days=1), time())
        return min(midnight.replace(tzinfo=ZoneInfo(self.time_zone)).astimezone(UTC), self.starts_at)

    @property
    def is_over(self) -> bool:
        return self.ends_at < timezone.now()

    @property
    def is_cancelled(self) -> bool:
        return self.status == self.Status.CANCELLED

    @property
    def interpretation_names(self) -> list[str]:
        names = dict(INTERPRETATION)
        return [str(names[code]) for code in self.interpretation if code in names]

    def may_join_online(self, user) -> bool:
        """Whether this user may read the online address: who is inside, unless the meeting is cancelled."""
        return bool(self.online_address) and not self.is_cancelled and self.is_inside(user)

    def is_inside(self, user) -> bool:
        """Whether this user belongs to the meeting's group today, or prepares meetings."""
        if not user.is_authenticated:
            return False
        return user.has_role(*PREPARING_ROLES) or self.seat_of(user) is not None

    def seat_of(self, user) -> Membership | None:
        """The seat or place that this user has in the meeting's group today; asked once for a page."""
        if not user.is_authenticated:
            return None
        if user.pk not in self._seats:
            held = Membership.objects.current().filter(person__user=user, group=self.group_id)
            self._seats[user.pk] = held.first()
        return self._seats[user.pk]

    @cached_property
    def _seats(self) -> dict[int, Membership | None]:
        return {}


def audience_for(user, *, to: str = "", meeting: str = "meeting") -> Q:
    """Which parts of meetings that this user may read she may read, too.

    ``to`` names the way from the queryset's model to the part with the audience, ``meeting`` that to their meeting.
    """
    path = f"{to}__" if to else ""
    if user.is_authenticated and user.has_role(*ALL_PAPERS_ROLES):
        return Q()
    allowed = Q(**{f"{path}audience": Audience.PUBLIC})
    if user.is_authenticated:
        inside = Q(**{f"{path}audience": Audience.MEMBERS})
        mine = Q(**{f"{meeting}__group__in": groups_of(user)})
        allowed |= inside if user.has_role(*PREPARING_ROLES) else inside & mine
    return allowed


def parts_seen(user) -> Q:
    """Which parts of meetings with an ``audience`` of their own this user may read: of a meeting that she may read, and
    meant for her."""
    return audience_for(user) & seen_meetings(user, to="meeting")
