from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Invitation
from apps.accounts.roles import Role
from apps.core import languages
from apps.core.models import Record
from apps.stakeholders.models.reference import Constituency, Country

# Those who keep the records of people and organisations.
KEEPING_ROLES = (Role.SECRETARIAT, Role.AUDITOR)


def _has_a_name(prefix: str) -> models.Q:
    return models.Q(**{f"{prefix}_ar__isnull": False, f"{prefix}_ar__gt": ""}) | models.Q(
        **{f"{prefix}_en__isnull": False, f"{prefix}_en__gt": ""}
    )


class OrganisationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The secretariat and the auditor see all; everyone else those of people whom this user may see."""
        if user.is_authenticated and user.has_role(*KEEPING_ROLES):
            return self
        return self.filter(people__in=Person.objects.visible_to(user)).distinct()


class Organisation(Record):
    needed_in_a_language = ("name",)

    name = models.CharField(_("name"), max_length=200, blank=True)
    acronym = models.CharField(_("acronym"), max_length=30, blank=True)
    constituency = models.ForeignKey(Constituency, verbose_name=_("constituency"), on_delete=models.PROTECT)
    country = models.ForeignKey(Country, verbose_name=_("country"), on_delete=models.PROTECT)
    website = models.URLField(_("website"), blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=_has_a_name("name"),
                name="stakeholders_organisation_named",
                violation_error_message=_("Write the name in Arabic, in English or in both."),
            ),
        ]

    def __str__(self):
        return str(languages.version(self, "name"))


class PersonQuerySet(models.QuerySet):
    def visible_to(self, user):
        """People whose name this user may read.

        The secretariat and the auditor see all. Members see those who sit with them in a group today, and everyone
        sees those who have agreed to be shown in public.
        """
        if user.is_authenticated and user.has_role(*KEEPING_ROLES):
            return self
        seen = models.Q(is_public=True)
        if user.is_authenticated:
            current = apps.get_model("stakeholders", "Membership").objects.current()
            groups = current.filter(person__user=user).values("group")
            seen |= models.Q(user=user) | models.Q(pk__in=current.filter(group__in=groups).values("person"))
        return self.filter(seen)


class Person(Record):
    class ConsentHow(models.TextChoices):
        SIGNED_FORM = "signed_form", _("signed form")
        EMAIL = "email", _("e-mail")
        ORAL = "oral", _("spoken, noted by the secretariat")
        PORTAL = "portal", _("on the portal, by the person")

    needed_in_a_language = ("name",)

    name = models.CharField(_("name"), max_length=150, blank=True)
    function = models.CharField(_("function"), max_length=150, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
    )
    country = models.ForeignKey(Country, verbose_name=_("country"), on_delete=models.PROTECT, null=True, blank=True)
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
    is_public = models.BooleanField(
        _("may be shown in public"),
        default=False,
        help_text=_("Name, function, organisation and country are published. Only with the person's recorded consent."),
    )
    consent_given_on = models.DateField(_("consent given on"), null=True, blank=True)
    consent_how = models.CharField(_("consent given how"), max_length=20, choices=ConsentHow.choices, blank=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=_has_a_name("name"),
                name="stakeholders_person_named",
                violation_error_message=_("Write the name in Arabic, in English or in both."),
            ),
            models.CheckConstraint(
                condition=models.Q(is_public=False)
                | (models.Q(consent_given_on__isnull=False) & models.Q(consent_how__gt="")),
                name="stakeholders_person_public_with_consent",
                violation_error_message=_("To show a person in public, record when and how she or he agreed."),
            ),
        ]

    def __str__(self):
        return str(languages.version(self, "name"))
