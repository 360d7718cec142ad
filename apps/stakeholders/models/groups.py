from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core import languages
from apps.core.models import Record
from apps.core.richtext import RichTextField
from apps.stakeholders.models.people import Person
from apps.stakeholders.models.reference import Constituency, PublicList


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


class MembershipQuerySet(models.QuerySet):
    def current(self, on: date | None = None):
        """Memberships that hold on a day (today by default), first and last day included."""
        day = on or timezone.localdate()
        return self.filter(Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day)))

    def seated(self):
        """Those who hold one of the group's seats; alternates and observers do not."""
        return self.filter(position__in=Membership.SEATED)

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
        if self.group_id and self.starts_on and (self.ends_on is None or self.ends_on >= self.starts_on):
            self._refuse_second_seat()
            self._refuse_second_chair()
            self._refuse_more_than_seats()

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
