from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core import languages
from apps.core.digits import ascii_digits
from apps.core.links import ByLink
from apps.core.models import Record
from apps.stakeholders.models.organisations import KEEPING_ROLES, Organisation
from apps.stakeholders.models.reaching import CHANNELS, PHONE, SPOKEN, ShownTo, names_of
from apps.stakeholders.models.reference import Constituency, Country, Objective


class JoinRequestQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Requests that were sent, for those who keep organisations; a draft is its writer's alone."""
        if not user.is_authenticated or not user.has_role(*KEEPING_ROLES):
            return self.none()
        return self.exclude(state=JoinRequest.State.DRAFT)

    def waiting(self):
        return self.filter(state=JoinRequest.State.SENT)


class JoinRequest(ByLink, Record):
    """An organisation asks to be listed. Written by whoever holds the link that was sent to ``email``, part by part;
    nothing is needed before it is sent."""

    class State(models.TextChoices):
        DRAFT = "draft", _("being written")
        SENT = "sent", _("waits for an answer")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    # Strangers' contacts: the trail says which columns changed and not how.
    trail_is_wordless = True
    link_salt = "stakeholders.joining"
    link_view = "stakeholders:join_request"

    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    email = models.EmailField(_("e-mail address"), editable=False)
    language = models.CharField(_("language of the mails"), max_length=5, choices=settings.LANGUAGES)

    name = models.CharField(_("name"), max_length=200, blank=True)
    acronym = models.CharField(_("acronym"), max_length=30, blank=True)
    constituency = models.ForeignKey(
        Constituency, verbose_name=_("constituency"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    other_constituencies = models.ManyToManyField(
        Constituency, verbose_name=_("other constituencies"), blank=True, related_name="+"
    )
    country = models.ForeignKey(
        Country, verbose_name=_("country"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    countries = models.ManyToManyField(Country, verbose_name=_("countries of work"), blank=True, related_name="+")
    objectives = models.ManyToManyField(Objective, verbose_name=_("objectives"), blank=True, related_name="+")
    languages = models.JSONField(_("languages"), default=list, blank=True)
    about = models.TextField(_("what it does"), blank=True, max_length=2000)
    website = models.URLField(_("website"), blank=True)
    contact_name = models.CharField(_("contact person"), max_length=150, blank=True)
    contact_function = models.CharField(_("function"), max_length=150, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True, validators=[PHONE])
    channels = models.JSONField(_("channels that reach them"), default=list, blank=True)
    shown_to = models.CharField(_("listed for"), max_length=10, choices=ShownTo.choices, blank=True)

    sent_at = models.DateTimeField(_("sent at"), null=True, editable=False)
    decided_at = models.DateTimeField(_("answered"), null=True, editable=False)
    answer = models.TextField(_("answer"), blank=True, editable=False)
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="join_requests",
    )

    objects = JoinRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to be listed")
        verbose_name_plural = _("requests to be listed")
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["email"], condition=Q(state="draft"), name="stakeholders_joinrequest_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"]) | Q(sent_at__isnull=False),
                name="stakeholders_joinrequest_sent",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "refused"]) | Q(decided_at__isnull=False),
                name="stakeholders_joinrequest_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | Q(answer__gt=""), name="stakeholders_joinrequest_refused_with_reason"
            ),
        ]

    def clean_fields(self, exclude=None):
        self.phone = ascii_digits(self.phone)
        super().clean_fields(exclude=exclude)

    def __str__(self):
        return str(languages.version(self, "name")) or str(_("An organisation without a name yet"))

    @property
    def language_names(self) -> str:
        return names_of(self.languages, SPOKEN)

    @property
    def channel_names(self) -> str:
        return names_of(self.channels, CHANNELS)

    @property
    def trail_label(self) -> str:
        return f"#{self.pk}"
