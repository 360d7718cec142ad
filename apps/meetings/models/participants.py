"""Who is asked to a meeting, what they answered, and what they need to be able to take part."""

from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from apps.accounts.roles import Role
from apps.core.languages import field_in
from apps.core.models import Record
from apps.meetings.models.meetings import Meeting, seen_meetings
from apps.stakeholders.models import Membership, Person

_SALT = "meetings.reply"


class Reply(models.TextChoices):
    NONE = "", _("No reply yet")
    IN_PERSON = "in_person", _("In person")
    ONLINE = "online", _("Online")
    CANNOT = "cannot", _("Cannot come")
    ALTERNATE = "alternate", _("An alternate goes instead")


class Attendance(models.TextChoices):
    """Whether somebody was there, apart from what she had replied."""

    UNKNOWN = "", _("Not noted")
    ON_SITE = "on_site", _("On site")
    ONLINE = "online", _("Online")
    ABSENT = "absent", _("Absent")


class ParticipantQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The secretariat and the auditor see who is asked and what they answered; everybody else only herself."""
        if not user.is_authenticated:
            return self.none()
        if user.has_role(Role.SECRETARIAT, Role.AUDITOR):
            return self
        return self.filter(seen_meetings(user, to="meeting"), person__user=user)

    def asked(self):
        """Those who are on the list still."""
        return self.filter(taken_out_at=None)


class Participant(Record):
    """One person at one meeting: from the group, or a guest by e-mail address."""

    class Capacity(models.TextChoices):
        MEMBER = "member", _("Member")
        ALTERNATE = "alternate", _("Alternate")
        OBSERVER = "observer", _("Observer")
        GUEST = "guest", _("Guest")

    meeting = models.ForeignKey(
        Meeting, verbose_name=_("meeting"), on_delete=models.CASCADE, related_name="participants"
    )
    person = models.ForeignKey(
        Person,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="participations",
    )
    guest_name = models.CharField(_("name"), max_length=150, blank=True, help_text=_("Of a guest who is not recorded."))
    email = models.EmailField(
        _("e-mail address"), blank=True, help_text=_("Empty for who has an account: the account’s address is taken.")
    )
    language = models.CharField(
        _("language of the mails"), max_length=5, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    capacity = models.CharField(
        _("takes part as"), max_length=20, choices=Capacity.choices, default=Capacity.GUEST, editable=False
    )
    invited_at = models.DateTimeField(_("invited"), null=True, editable=False)
    taken_out_at = models.DateTimeField(_("taken out"), null=True, editable=False)
    reply = models.CharField(_("reply"), max_length=20, choices=Reply.choices, blank=True, editable=False)
    replied_at = models.DateTimeField(_("replied"), null=True, editable=False)
    alternate = models.ForeignKey(
        "self",
        verbose_name=_("goes instead"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="goes_for",
    )
    attendance = models.CharField(
        _("attendance"), max_length=10, choices=Attendance.choices, blank=True, editable=False
    )
    attendance_at = models.DateTimeField(_("attendance noted"), null=True, editable=False)
    attendance_by_self = models.BooleanField(_("confirmed by the person"), default=False, editable=False)
    # Counted up when links that were sent must not work any more.
    link_number = models.PositiveSmallIntegerField(default=1, editable=False)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["meeting", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | (Q(guest_name__gt="") & Q(email__gt="")),
                name="meetings_participant_known",
                violation_error_message=_("Choose a person, or write the guest’s name and e-mail address."),
            ),
            models.UniqueConstraint(
                fields=["meeting", "person"],
                name="meetings_participant_once",
                violation_error_message=_("This person is on the list of the meeting already."),
            ),
            models.UniqueConstraint(
                fields=["meeting", "email"],
                condition=Q(email__gt=""),
                name="meetings_participant_email_once",
                violation_error_message=_("This e-mail address is on the list of the meeting already."),
            ),
            models.CheckConstraint(
                condition=Q(reply="alternate", alternate__isnull=False) | (~Q(reply="alternate") & Q(alternate=None)),
                name="meetings_participant_alternate_named",
                violation_error_message=_("Say who goes instead."),
            ),
            models.UniqueConstraint(
                fields=["alternate"],
                name="meetings_participant_alternate_for_one",
                violation_error_message=_("This alternate goes for somebody else already."),
            ),
            models.CheckConstraint(
                condition=Q(reply="", replied_at=None) | (~Q(reply="") & Q(replied_at__isnull=False)),
                name="meetings_participant_replied_when",
                violation_error_message=_("A reply has its time."),
            ),
            models.CheckConstraint(
                condition=Q(attendance="", attendance_at=None) | (~Q(attendance="") & Q(attendance_at__isnull=False)),
                name="meetings_participant_attendance_when",
                violation_error_message=_("An attendance has its time."),
            ),
        ]

    def __str__(self):
        return str(self.person) if self.person_id else self.guest_name

    @property
    def trail_label(self) -> str:
        return self.person.trail_label if self.person_id else self.guest_name

    def save(self, *args, **kwargs):
        self.email = self.email.strip().lower()
        super().save(*args, **kwargs)

    @property
    def user(self):
        return self.person.user if self.person_id else None

    @property
    def address(self) -> str:
        """Where mails go; "" when there is nowhere."""
        if self.user is not None and self.user.is_active:
            return self.user.email
        return self.email

    @property
    def mail_language(self) -> str:
        return self.user.language if self.user is not None else self.language

    @property
    def takes_part(self) -> bool:
        return self.reply in (Reply.IN_PERSON, Reply.ONLINE)

    @property
    def link(self) -> str:
        """The address under which this person, and nobody else, answers without logging in."""
        token = signing.dumps([self.pk, self.link_number], salt=_SALT)
        with override(self.mail_language):
            return settings.SITE_URL + reverse("meetings:reply_by_link", args=[token])

    @staticmethod
    def of_link(token: str) -> "Participant | None":
        """Whose link this is; None for one that was never made, or made worthless since."""
        try:
            pk, number = signing.loads(token, salt=_SALT)
        except (signing.BadSignature, ValueError, TypeError):
            return None
        return Participant.objects.filter(pk=pk, link_number=number).first()

    def membership(self) -> Membership | None:
        """The seat or place in the meeting's group that this person has today."""
        if not self.person_id:
            return None
        if self.user is not None:
            return self.meeting.seat_of(self.user)
        return Membership.objects.current().filter(person=self.person_id, group=self.meeting.group_id).first()


class Barrier(models.TextChoices):
    """What keeps people out of such processes; the group exists to lower it."""

    LANGUAGE = "language", _("Language")
    DISTANCE = "distance", _("Distance")
    TECHNOLOGY = "technology", _("Technology")
    MONEY = "money", _("Money")
    SOCIAL = "social", _("Social standing")


class NeedQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The secretariat sees all needs; everybody else her own."""
        if not user.is_authenticated:
            return self.none()
        if user.has_role(Role.SECRETARIAT):
            return self
        return self.filter(participant__person__user=user)


class Need(Record):
    """What somebody asked for with the reply, and the measure that came of it."""

    class Kind(models.TextChoices):
        INTO_ARABIC = "into_arabic", _("Interpretation into Arabic")
        INTO_ENGLISH = "into_english", _("Interpretation into English")
        INTO_FRENCH = "into_french", _("Interpretation into French")
        SIGN = "sign", _("Sign language")
        TRAVEL = "travel", _("Travel")
        VISA = "visa", _("Letter for a visa")
        DATA = "data", _("Data bundle")
        LOW_BANDWIDTH = "low_bandwidth", _("Low bandwidth: sound without video")
        PHONE_IN = "phone_in", _("Taking part by phone")
        ALLOWANCE = "allowance", _("Daily allowance")
        ACCESS = "access", _("Accessibility")
        CHILDCARE = "childcare", _("Childcare")
        SAFETY = "safety", _("Safety")
        UNNAMED = "unnamed", _("My name is not shown")

    BARRIERS = {
        Barrier.LANGUAGE: (Kind.INTO_ARABIC, Kind.INTO_ENGLISH, Kind.INTO_FRENCH, Kind.SIGN),
        Barrier.DISTANCE: (Kind.TRAVEL, Kind.VISA),
        Barrier.TECHNOLOGY: (Kind.DATA, Kind.LOW_BANDWIDTH, Kind.PHONE_IN),
        Barrier.MONEY: (Kind.ALLOWANCE,),
        Barrier.SOCIAL: (Kind.ACCESS, Kind.CHILDCARE, Kind.SAFETY, Kind.UNNAMED),
    }

    class State(models.TextChoices):
        ASKED = "asked", _("Asked")
        AGREED = "agreed", _("Agreed")
        MET = "met", _("Met")
        NOT_MET = "not_met", _("Not met")

    participant = models.ForeignKey(
        Participant, verbose_name=_("participant"), on_delete=models.CASCADE, related_name="needs", editable=False
    )
    kind = models.CharField(_("need"), max_length=20, choices=Kind.choices, editable=False)
    note = models.CharField(_("note"), max_length=300, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.ASKED, editable=False)
    reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("need")
        verbose_name_plural = _("needs")
        ordering = ["participant", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["participant", "kind"], name="meetings_need_once"),
            models.CheckConstraint(
                condition=~Q(state="not_met") | Q(reason__gt=""),
                name="meetings_need_not_met_says_why",
                violation_error_message=_("Say why the need was not met."),
            ),
        ]

    def __str__(self):
        return self.get_kind_display()

    @property
    def barrier(self) -> str:
        return next(barrier for barrier, kinds in self.BARRIERS.items() if self.kind in kinds)


def named_in(participant: Participant, language: str) -> str:
    """The participant's name as a mail in this language writes it."""
    return (field_in(participant.person, "name", language) if participant.person_id else "") or str(participant)
