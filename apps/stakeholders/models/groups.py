from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core import languages
from apps.core.dates import portal_today
from apps.core.models import Record
from apps.core.richtext import RichTextField
from apps.stakeholders.models.organisations import KEEPING_ROLES
from apps.stakeholders.models.people import Person
from apps.stakeholders.models.reaching import has_a_name
from apps.stakeholders.models.reference import Constituency, Country, PublicList


class AdvisoryGroup(Record):
    name = models.CharField(_("name"), max_length=200)
    acronym = models.CharField(_("acronym"), max_length=30, blank=True)
    mandate = RichTextField(_("mandate"), blank=True)
    seats = models.PositiveSmallIntegerField(_("seats"), validators=[MaxValueValidator(200)])

    objects = PublicList.as_manager()

    class Meta:
        verbose_name = _("advisory group")
        verbose_name_plural = _("advisory groups")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(seats__gte=1),
                name="stakeholders_advisorygroup_has_seats",
                violation_error_message=_("A group has at least one seat."),
            ),
        ]

    def __str__(self):
        return str(languages.version(self, "name"))


class ReservedSeats(Record):
    """Seats of a group that are kept for a constituency, for a country or for both; the others are anybody's."""

    group = models.ForeignKey(
        AdvisoryGroup, verbose_name=_("group"), on_delete=models.CASCADE, related_name="reserved_seats"
    )
    constituency = models.ForeignKey(
        Constituency, verbose_name=_("constituency"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    country = models.ForeignKey(
        Country, verbose_name=_("country"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    seats = models.PositiveSmallIntegerField(_("seats"), default=1, validators=[MaxValueValidator(200)])

    objects = PublicList.as_manager()

    class Meta:
        verbose_name = _("reserved seats")
        verbose_name_plural = _("reserved seats")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(constituency__isnull=False) | Q(country__isnull=False),
                name="stakeholders_reservedseats_for_somebody",
                violation_error_message=_("Say for which constituency or country the seats are kept."),
            ),
            models.CheckConstraint(
                condition=Q(seats__gte=1),
                name="stakeholders_reservedseats_some",
                violation_error_message=_("Keep at least one seat."),
            ),
        ]

    def __str__(self):
        return " · ".join(str(one) for one in (self.constituency, self.country) if one is not None)

    def clean(self):
        super().clean()
        if self.group_id and self.seats:
            others = self.group.reserved_seats.exclude(pk=self.pk).aggregate(sum=models.Sum("seats"))["sum"] or 0
            if others + self.seats > self.group.seats:
                raise ValidationError({"seats": _("More seats are kept than the group has.")})


class SeatCallQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Published calls are public from the day they open; the secretariat and the auditor see all."""
        if user.is_authenticated and user.has_role(*KEEPING_ROLES):
            return self
        return self.filter(is_published=True, opens_on__lte=timezone.localdate())

    def open(self, on: date | None = None):
        day = on or timezone.localdate()
        return self.filter(is_published=True, opens_on__lte=day, closes_on__gte=day)


class SeatCall(Record):
    """Invites people to take a vacant seat. Those who took it by this call are named by their memberships."""

    needed_in_a_language = ("title",)

    group = models.ForeignKey(AdvisoryGroup, verbose_name=_("group"), on_delete=models.PROTECT, related_name="calls")
    reserved = models.ForeignKey(
        ReservedSeats,
        verbose_name=_("reserved seats"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="calls",
        help_text=_("Empty: anybody’s seat."),
    )
    seats = models.PositiveSmallIntegerField(_("seats"), default=1, validators=[MaxValueValidator(200)])
    title = models.CharField(_("title"), max_length=200, blank=True)
    text = RichTextField(_("text"), blank=True, help_text=_("Who can apply, how, with what, and who decides."))
    opens_on = models.DateField(_("opens on"), default=timezone.localdate)
    closes_on = models.DateField(_("closes on"), help_text=_("The last day on which one can apply."))
    is_published = models.BooleanField(_("published"), default=False)

    objects = SeatCallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call for a seat")
        verbose_name_plural = _("calls for seats")
        ordering = ["-closes_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")),
                name="stakeholders_seatcall_closes_after_opening",
                violation_error_message=_("A call closes on or after the day it opens."),
            ),
            models.CheckConstraint(
                condition=has_a_name("title"),
                name="stakeholders_seatcall_titled",
                violation_error_message=_("Write the title in Arabic, in English or in both."),
            ),
        ]

    def __str__(self):
        return str(languages.version(self, "title"))

    def clean(self):
        super().clean()
        if self.reserved and self.reserved.group_id != self.group_id:
            raise ValidationError({"reserved": _("These seats are another group’s.")})

    @property
    def is_open(self) -> bool:
        return self.is_published and self.opens_on <= timezone.localdate() <= self.closes_on

    def get_absolute_url(self):
        return reverse("stakeholders:call", args=[self.pk])


class MembershipQuerySet(models.QuerySet):
    def current(self, on: date | None = None):
        """Memberships that hold on a day (today on the portal's clock by default), first and last day included."""
        day = on or portal_today()
        return self.filter(Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day)))

    def seated(self):
        """Those who hold one of the group's seats; alternates and observers do not."""
        return self.filter(position__in=Membership.SEATED)

    def ending(self, within: timedelta, on: date | None = None):
        """Those of a day (today by default) whose last day comes within this time, and which are not followed by
        another of the same person in the group: of the same position, or a seat."""
        day = on or portal_today()
        later = Membership.objects.filter(
            Q(position=OuterRef("position")) | Q(position__in=Membership.SEATED),
            group=OuterRef("group"),
            person=OuterRef("person"),
            starts_on__gt=OuterRef("ends_on"),
        )
        return self.current(day).filter(~Exists(later), ends_on__lte=day + within)

    def visible_to(self, user):
        """That a seat is held is public; by whom follows from ``Person.objects.visible_to``."""
        return self


class Membership(Record):
    class Position(models.TextChoices):
        CHAIR = "chair", _("Chair")
        VICE_CHAIR = "vice_chair", _("Vice-chair")
        MEMBER = "member", _("Group member")
        ALTERNATE = "alternate", _("Alternate")
        OBSERVER = "observer", _("Group observer")

    SEATED = (Position.CHAIR, Position.VICE_CHAIR, Position.MEMBER)

    group = models.ForeignKey(
        AdvisoryGroup, verbose_name=_("group"), on_delete=models.PROTECT, related_name="memberships"
    )
    person = models.ForeignKey(Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="memberships")
    position = models.CharField(_("position"), max_length=20, choices=Position.choices, default=Position.MEMBER)
    constituency = models.ForeignKey(Constituency, verbose_name=_("constituency"), on_delete=models.PROTECT)
    alternate_of = models.ForeignKey(
        "self",
        verbose_name=_("alternate of"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="alternates",
        help_text=_("Whose place an alternate takes. Empty: anybody’s in the group."),
    )
    reserved = models.ForeignKey(
        ReservedSeats,
        verbose_name=_("reserved seats"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="memberships",
        help_text=_("When the seat is one that is kept for somebody."),
    )
    call = models.ForeignKey(
        SeatCall,
        verbose_name=_("call for a seat"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="memberships",
        help_text=_("The call that filled the seat."),
    )
    starts_on = models.DateField(_("since"))
    ends_on = models.DateField(_("until"), null=True, blank=True, help_text=_("The last day. Empty while it lasts."))

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["group", "starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="stakeholders_membership_ends_after_start",
                violation_error_message=_("A membership ends on or after the day it starts."),
            ),
            models.CheckConstraint(
                condition=Q(alternate_of__isnull=True) | Q(position="alternate"),
                name="stakeholders_membership_alternate_of",
                violation_error_message=_("Only an alternate takes somebody’s place."),
            ),
            models.UniqueConstraint(
                fields=["group", "person"],
                condition=Q(ends_on__isnull=True),
                name="stakeholders_membership_one_current_seat",
                violation_error_message=_("This person holds a seat in this group already."),
            ),
            models.UniqueConstraint(
                fields=["group"],
                condition=Q(ends_on__isnull=True, position="chair"),
                name="stakeholders_membership_one_chair",
                violation_error_message=_("The group has a chair already. End that term first."),
            ),
        ]

    def __str__(self):
        return f"{self.person} · {self.get_position_display()}"

    @property
    def trail_label(self) -> str:
        return f"{self.person.trail_label} · {self.get_position_display()}"

    def clean(self):
        super().clean()
        if self.alternate_of and (self.alternate_of.group_id != self.group_id or not self.alternate_of.is_seated):
            raise ValidationError({"alternate_of": _("An alternate takes the place of somebody seated in the group.")})
        self._refuse_others_seats()
        if self.group_id and self.starts_on and (self.ends_on is None or self.ends_on >= self.starts_on):
            self._refuse_second_seat()
            self._refuse_second_chair()
            self._refuse_more_than_seats()

    def _refuse_others_seats(self):
        for name in ("reserved", "call"):
            one = getattr(self, name)
            if one and one.group_id != self.group_id:
                raise ValidationError({name: _("These seats are another group’s.")})
        if not self.reserved:
            return
        if not self.is_seated:
            raise ValidationError({"reserved": _("Alternates and observers hold no seat.")})
        if self.reserved.constituency_id not in (None, self.constituency_id):
            raise ValidationError({"reserved": _("This seat is kept for another constituency.")})
        if self.starts_on and (self.ends_on is None or self.ends_on >= self.starts_on):
            taken = self._at_the_same_time().seated().filter(reserved=self.reserved_id).count()
            if taken >= self.reserved.seats:
                raise ValidationError({"reserved": _("These seats are taken at that time.")})

    @property
    def is_seated(self) -> bool:
        return self.position in self.SEATED

    def _at_the_same_time(self):
        """Other memberships of the group that share a day with this one."""
        others = Membership.objects.filter(group=self.group_id).exclude(pk=self.pk)
        others = others.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=self.starts_on))
        return others.filter(starts_on__lte=self.ends_on) if self.ends_on else others

    def _refuse_second_seat(self):
        if self.person_id and self._at_the_same_time().filter(person=self.person_id).exists():
            raise ValidationError({"person": _("This person holds a seat in this group already.")})

    def _refuse_second_chair(self):
        chairs = self._at_the_same_time().filter(position=self.Position.CHAIR)
        if self.position == self.Position.CHAIR and chairs.exists():
            raise ValidationError({"position": _("The group has a chair already. End that term first.")})

    def _refuse_more_than_seats(self):
        if self.position in self.SEATED and self._at_the_same_time().seated().count() >= self.group.seats:
            raise ValidationError({"position": _("All seats of the group are taken at that time.")})


class InterestQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The person herself, those who sit in the group with her today, the secretariat and the auditor; of somebody
        at risk only herself and her guardians."""
        if not user.is_authenticated:
            return self.none()
        seen = self.exclude(membership__person__in=Person.objects.hidden_from(user))
        if user.has_role(*KEEPING_ROLES):
            return seen
        groups = Membership.objects.current().filter(person__user=user).values("group")
        return seen.filter(Q(membership__person__user=user) | Q(membership__group__in=groups))

    def current(self):
        return self.filter(ended_on=None)


class Interest(Record):
    """An interest that may conflict with somebody's seat, as she declared it; or that there is none."""

    trail_is_wordless = True

    membership = models.ForeignKey(
        Membership, verbose_name=_("membership"), on_delete=models.CASCADE, related_name="interests"
    )
    says = models.TextField(
        _("interest"),
        blank=True,
        max_length=2000,
        help_text=_("A post, a contract, a grant or a kinship that others should know of. Empty: there is none."),
    )
    declared_on = models.DateField(_("declared on"), default=timezone.localdate)
    ended_on = models.DateField(_("no longer since"), null=True, blank=True)

    objects = InterestQuerySet.as_manager()

    class Meta:
        verbose_name = _("declaration of interests")
        verbose_name_plural = _("declarations of interests")
        ordering = ["-declared_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("declared_on")),
                name="stakeholders_interest_ends_after_start",
                violation_error_message=_("An interest ends on or after the day it was declared."),
            ),
        ]

    def __str__(self):
        return str(self.membership.person)

    @property
    def trail_label(self) -> str:
        return f"#{self.pk}"
