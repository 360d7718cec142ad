from datetime import date

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Invitation
from apps.core import current, languages
from apps.core.models import Record
from apps.stakeholders.models.organisations import KEEPING_ROLES, Organisation
from apps.stakeholders.models.reaching import ConsentHow, Reachable, ShownTo, has_a_name
from apps.stakeholders.models.reference import Country, Objective
from apps.stakeholders.models.sitting import current_seats, groups_of


class PersonQuerySet(models.QuerySet):
    def unprotected_for(self, user):
        """All but those whose mark hides them from this user."""
        if not user.is_authenticated:
            return self.filter(is_at_risk=False)
        named = apps.get_model("stakeholders", "Person").guardians.through.objects.filter(user=user)
        return self.filter(Q(is_at_risk=False) | Q(user=user) | Q(pk__in=named.values("person")))

    def visible_to(self, user):
        """People whose name this user may read.

        The secretariat and the auditor see all who are not marked as at risk; of those they see whose guardians they
        are. Members see those who sit with them in a group today, and everyone sees those who have agreed to be shown
        in public. Somebody at risk is seen by her guardians and by herself only, whatever she agreed to before.
        """
        return self.showing("name", user)

    def with_merged(self):
        """These people and the records that were merged into theirs, however often, and not parted again: what is
        done to protect or to erase one is done to all. Asks at once which they are."""
        keys = new = set(self.values_list("pk", flat=True))
        while new:
            gone = Person.objects.filter(merged__kept_person__in=new, merged__undone_at=None)
            new = set(gone.values_list("pk", flat=True)) - keys
            keys = keys | new
        return Person.objects.filter(pk__in=keys)

    def past_keeping(self, on: date | None = None):
        """Those whose data should be erased by a day (today by default)."""
        return self.filter(keep_until__lt=on or timezone.localdate(), erased_at=None)

    def hidden_from(self, user):
        """Those whose mark hides them from this user."""
        return self.filter(is_at_risk=True).exclude(pk__in=self.unprotected_for(user).values("pk"))

    def showing(self, field: str, user):
        """People of whom this user may read ``field``: one of ``Person.SHARED``. Nothing is shown without the name."""
        seen = self.unprotected_for(user)
        if user.is_authenticated and user.has_role(*KEEPING_ROLES):
            return seen
        names = {f"shown_{field}", "shown_name"}
        allowed = Q(is_at_risk=False, **dict.fromkeys(names, ShownTo.PUBLIC))
        if user.is_authenticated:
            seats = current_seats()
            inside = {f"{name}__in": (ShownTo.MEMBERS, ShownTo.PUBLIC) for name in names}
            allowed |= Q(user=user) | Q(pk__in=seats.filter(group__in=groups_of(user)).values("person"), **inside)
        return seen.filter(allowed)


class Person(Reachable):
    class Gender(models.TextChoices):
        WOMAN = "woman", _("Woman")
        MAN = "man", _("Man")
        OTHER = "other", _("Another")

    # What a person decides about, field by field; the last two are shown to nobody unless she says so.
    SHARED = ("name", "function", "organisation", "country", "email", "phone")

    name = models.CharField(_("name"), max_length=150, blank=True)
    function = models.CharField(_("function"), max_length=150, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        help_text=_("For which the person speaks today. A change is kept among the affiliations."),
    )
    country = models.ForeignKey(Country, verbose_name=_("country"), on_delete=models.PROTECT, null=True, blank=True)
    objectives = models.ManyToManyField(Objective, verbose_name=_("objectives"), blank=True, related_name="people")
    gender = models.CharField(
        _("gender"),
        max_length=10,
        choices=Gender.choices,
        blank=True,
        help_text=_("If the person gives it; counted only, never shown with the name."),
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="person",
        help_text=_("The account this person logs in with, if any."),
    )
    invitation = models.OneToOneField(
        Invitation,
        verbose_name=_("invitation"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="person",
    )
    shown_name = models.CharField(
        _("who may see the name"), max_length=10, choices=ShownTo.choices, default=ShownTo.MEMBERS
    )
    shown_function = models.CharField(
        _("who may see the function"), max_length=10, choices=ShownTo.choices, default=ShownTo.MEMBERS
    )
    shown_organisation = models.CharField(
        _("who may see the organisation"), max_length=10, choices=ShownTo.choices, default=ShownTo.MEMBERS
    )
    shown_country = models.CharField(
        _("who may see the country"), max_length=10, choices=ShownTo.choices, default=ShownTo.MEMBERS
    )
    shown_email = models.CharField(
        _("who may see the e-mail address"), max_length=10, choices=ShownTo.choices, default=ShownTo.NOBODY
    )
    shown_phone = models.CharField(
        _("who may see the phone"), max_length=10, choices=ShownTo.choices, default=ShownTo.NOBODY
    )
    consent_given_by = models.CharField(
        _("consent given by"), max_length=150, blank=True, help_text=_("Empty: by the person herself or himself.")
    )
    consent_given_on = models.DateField(_("consent given on"), null=True, blank=True)
    consent_how = models.CharField(_("consent given how"), max_length=20, choices=ConsentHow.choices, blank=True)
    is_at_risk = models.BooleanField(_("at risk"), default=False, editable=False)
    guardians = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("who may see this person"), editable=False, related_name="+"
    )
    keep_until = models.DateField(
        _("kept until"),
        null=True,
        blank=True,
        help_text=_("After this day the dashboard asks for the erasure. Thirty days later it is done by itself."),
    )
    erased_at = models.DateTimeField(_("erased"), null=True, editable=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=has_a_name("name"),
                name="stakeholders_person_named",
                violation_error_message=_("Write the name in Arabic, in English or in both."),
            ),
            models.CheckConstraint(
                condition=(
                    ~Q(shown_name="public")
                    & ~Q(shown_function="public")
                    & ~Q(shown_organisation="public")
                    & ~Q(shown_country="public")
                    & Q(shown_email="nobody", shown_phone="nobody")
                )
                | (Q(consent_given_on__isnull=False) & Q(consent_how__gt="")),
                name="stakeholders_person_shown_with_consent",
                violation_error_message=_("To show a person to more people, record when and how she or he agreed."),
            ),
        ]

    def __str__(self):
        """The name, or, for whom the mark hides it from, that it is protected. Who reads is taken from the request."""
        mask = self.mask("name")
        return str(languages.version(self, "name")) if mask is None else mask

    def clean(self):
        super().clean()
        if self.consent_given_on and self.consent_given_on > timezone.localdate():
            raise ValidationError({"consent_given_on": _("A consent is recorded on the day it is given, or later.")})

    def all_records(self) -> PersonQuerySet:
        """This record and those that were merged into it."""
        return Person.objects.filter(pk=self.pk).with_merged()

    def mask(self, field: str) -> str | None:
        """What stands on a page instead of a protected person's field; None for whoever may read it."""
        if not self.is_at_risk or self._reader_is_named():
            return None
        return str(_("A protected person")) if field == "name" else ""

    @property
    def trail_label(self) -> str:
        """What the audit trail calls this record: others read it than those who may know the name."""
        return str(_("A protected person")) if self.is_at_risk else str(languages.version(self, "name"))

    @property
    def trail_is_wordless(self) -> bool:
        return self.is_at_risk

    def shown_to(self, user, *, is_fellow: bool) -> frozenset[str]:
        """The fields that this user may read, needing no query; ``is_fellow`` tells whether they sit together today.

        The name has to be among them for anything else to be shown, as in ``PersonQuerySet.showing``.
        """
        if user.is_authenticated and (self.user_id == user.pk or user.has_role(*KEEPING_ROLES)):
            return frozenset(self.SHARED)
        levels = {ShownTo.PUBLIC, ShownTo.MEMBERS} if is_fellow else {ShownTo.PUBLIC}
        shown = frozenset(field for field in self.SHARED if getattr(self, f"shown_{field}") in levels)
        return shown if "name" in shown else frozenset()

    def _reader_is_named(self) -> bool:
        reader = current.reader()
        if reader is None or self.pk is None:
            return False
        return self.user_id == reader.pk or self.guardians.filter(pk=reader.pk).exists()


class ConsentQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(person__in=Person.objects.visible_to(user)) if user.is_authenticated else self.none()


class Consent(models.Model):
    """That one field of a person may be read by some, or no more: who said so, how and when. Rows are only added."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents")
    field = models.CharField(
        _("field"),
        max_length=20,
        choices=[
            ("name", _("Name")),
            ("function", _("Function")),
            ("organisation", _("Organisation")),
            ("country", _("Country")),
            ("email", _("E-mail address")),
            ("phone", _("Phone")),
        ],
    )
    shown_to = models.CharField(_("who may see it"), max_length=10, choices=ShownTo.choices)
    given_by = models.CharField(_("consent given by"), max_length=150, blank=True)
    given_on = models.DateField(_("consent given on"), null=True)
    how = models.CharField(_("consent given how"), max_length=20, choices=ConsentHow.choices, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-recorded_at", "-pk"]

    def __str__(self):
        return f"{self.get_field_display()}: {self.get_shown_to_display()}"


class AffiliationQuerySet(models.QuerySet):
    def current(self, on: date | None = None):
        """Those that hold on a day (today by default); a beginning that nobody knows has been."""
        day = on or timezone.localdate()
        return self.filter(Q(starts_on=None) | Q(starts_on__lte=day)).filter(Q(ends_on=None) | Q(ends_on__gte=day))

    def visible_to(self, user):
        """Those of the people and organisations that this user keeps; nobody else reads them."""
        if not user.is_authenticated or not user.has_role(*KEEPING_ROLES):
            return self.none()
        return self.filter(person__in=Person.objects.visible_to(user))


class Affiliation(Record):
    """That a person works, or worked, for an organisation."""

    person = models.ForeignKey(Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="affiliations")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="affiliations"
    )
    function = models.CharField(_("function"), max_length=150, blank=True)
    starts_on = models.DateField(_("since"), null=True, blank=True, help_text=_("Empty: nobody knows."))
    ends_on = models.DateField(_("until"), null=True, blank=True, help_text=_("The last day. Empty while it lasts."))

    objects = AffiliationQuerySet.as_manager()

    class Meta:
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        ordering = [F("ends_on").desc(nulls_first=True), "-starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="stakeholders_affiliation_ends_after_start",
                violation_error_message=_("An affiliation ends on or after the day it begins."),
            ),
            models.UniqueConstraint(
                fields=["person", "organisation"],
                condition=Q(ends_on__isnull=True),
                name="stakeholders_affiliation_one_at_a_time",
                violation_error_message=_("This person works for this organisation already."),
            ),
        ]

    def __str__(self):
        return f"{self.person} · {self.organisation}"

    @property
    def trail_label(self) -> str:
        return f"{self.person.trail_label} · {self.organisation}"
