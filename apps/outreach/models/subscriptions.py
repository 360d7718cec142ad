"""Who gets the newsletter, and what of it."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from apps.accounts.roles import Role
from apps.core.links import ByLink
from apps.core.models import Record
from apps.stakeholders.models import Country, Objective


class SubscriptionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The secretariat, as a number of people; whoever holds the link comes by it."""
        return self if user.is_authenticated and user.has_role(Role.SECRETARIAT) else self.none()

    def confirmed(self):
        return self.filter(confirmed_at__isnull=False)


class Subscription(ByLink, Record):
    """One mailbox. Nothing is sent to it before its owner has confirmed; it is deleted when she leaves."""

    class Topic(models.TextChoices):
        NEWS = "news", _("News")
        MEETINGS = "meetings", _("Meetings")
        CALLS = "calls", _("Calls for input and for seats")

    class Often(models.TextChoices):
        DAILY = "daily", _("Once a day")
        WEEKLY = "weekly", _("Once a week")

    trail_is_wordless = True
    trail_without_address = True
    link_salt = "outreach.subscription"
    link_view = "outreach:subscription"

    email = models.EmailField(_("e-mail address"), editable=False)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    topics = models.JSONField(_("what about"), default=list, blank=True)
    countries = models.ManyToManyField(Country, verbose_name=_("countries"), blank=True, related_name="+")
    objectives = models.ManyToManyField(Objective, verbose_name=_("objectives"), blank=True, related_name="+")
    often = models.CharField(_("how often"), max_length=10, choices=Often.choices, default=Often.WEEKLY)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)
    # What is newer than this has not been sent yet; when the next one leaves.
    sent_until = models.DateTimeField(null=True, editable=False)
    next_at = models.DateTimeField(null=True, editable=False)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        default_permissions = ("view",)
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["email"], name="outreach_subscription_once"),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="outreach_subscription_lower_case"),
        ]
        indexes = [
            models.Index(
                fields=["next_at"], name="outreach_newsletter_due", condition=models.Q(confirmed_at__isnull=False)
            ),
        ]

    def __str__(self):
        """Without the address: the trail keeps it."""
        return f"{self._meta.verbose_name} {self.pk}"
