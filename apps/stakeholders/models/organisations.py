from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.roles import Role
from apps.core import languages
from apps.stakeholders.models.reaching import ConsentHow, Reachable, ShownTo, has_a_name
from apps.stakeholders.models.reference import Constituency, Country, Objective
from apps.stakeholders.models.sitting import groups_of

# Those who keep the records of people and organisations.
KEEPING_ROLES = (Role.SECRETARIAT, Role.AUDITOR)


class OrganisationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The secretariat and the auditor see all; everybody else those that agreed to be listed, for the members those
        who sit in a group today, and those of people who show this user for whom they speak."""
        if user.is_authenticated and user.has_role(*KEEPING_ROLES):
            return self
        people = apps.get_model("stakeholders", "Person").objects.showing("organisation", user)
        seen = Q(shown_to=ShownTo.PUBLIC) | Q(pk__in=people.values("organisation"))
        if groups_of(user):
            seen |= Q(shown_to=ShownTo.MEMBERS)
        return self.filter(seen)

    def listed(self):
        """Those of the public directory."""
        return self.filter(shown_to=ShownTo.PUBLIC, is_active=True)


class Organisation(Reachable):
    searched = ("name_ar", "name_en", "acronym", "other_names")

    name = models.CharField(_("name"), max_length=200, blank=True)
    acronym = models.CharField(_("acronym"), max_length=30, blank=True)
    other_names = models.TextField(
        _("other names"), blank=True, help_text=_("Earlier names and other spellings, one on each line.")
    )
    constituency = models.ForeignKey(
        Constituency, verbose_name=_("constituency"), on_delete=models.PROTECT, related_name="organisations"
    )
    other_constituencies = models.ManyToManyField(
        Constituency, verbose_name=_("other constituencies"), blank=True, related_name="also_organisations"
    )
    country = models.ForeignKey(
        Country,
        verbose_name=_("country"),
        on_delete=models.PROTECT,
        related_name="organisations",
        help_text=_("Where it has its seat."),
    )
    countries = models.ManyToManyField(
        Country,
        verbose_name=_("countries of work"),
        blank=True,
        related_name="working_organisations",
        help_text=_("Where it works besides."),
    )
    objectives = models.ManyToManyField(
        Objective, verbose_name=_("objectives"), blank=True, related_name="organisations"
    )
    website = models.URLField(_("website"), blank=True)
    shown_to = models.CharField(
        _("listed for"),
        max_length=10,
        choices=ShownTo.choices,
        default=ShownTo.NOBODY,
        help_text=_("Name, constituencies, countries, objectives and website are shown; contacts and notes never."),
    )
    consent_given_by = models.CharField(_("consent given by"), max_length=150, blank=True)
    consent_given_on = models.DateField(_("consent given on"), null=True, blank=True)
    consent_how = models.CharField(_("consent given how"), max_length=20, choices=ConsentHow.choices, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=has_a_name("name"),
                name="stakeholders_organisation_named",
                violation_error_message=_("Write the name in Arabic, in English or in both."),
            ),
            models.CheckConstraint(
                condition=Q(shown_to="nobody") | (Q(consent_given_on__isnull=False) & Q(consent_how__gt="")),
                name="stakeholders_organisation_listed_with_consent",
                violation_error_message=_("To list an organisation, record when and how it agreed."),
            ),
        ]

    def __str__(self):
        return str(languages.version(self, "name"))
