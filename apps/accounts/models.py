from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.accounts.roles import STAFF_ROLES, Role
from apps.accounts.sessions import SessionStore
from apps.core import languages
from apps.core.models import Record
from apps.core.zones import ZoneField

# Each gets a user and gives the accounts that are hidden even from those who keep accounts.
hiders: list[Callable] = []


class UserQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Accounts this user may see: the secretariat and the auditor see all that are not hidden from them (other apps
        say which: ``hiders``), everyone else her own."""
        if user.is_authenticated and user.has_role(Role.SECRETARIAT, Role.AUDITOR):
            seen = self
            for hidden_from in hiders:
                seen = seen.exclude(pk__in=hidden_from(user))
            return seen
        return self.filter(pk=user.pk)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_superuser=True, **fields)

    def get_by_natural_key(self, email):
        return self.get(email=email.lower())


class User(Record, AbstractBaseUser, PermissionsMixin):
    """A person who logs in. The e-mail address is the login, kept in lower case."""

    email = models.EmailField(
        _("e-mail address"),
        unique=True,
        error_messages={"unique": _("There is an account with this e-mail address already.")},
    )
    display_name = models.CharField(
        _("display name"), max_length=150, blank=True, help_text=_("As it is to be read in this language.")
    )
    language = models.CharField(
        _("language"),
        max_length=5,
        choices=settings.LANGUAGES,
        default=settings.LANGUAGE_CODE,
        help_text=_("Mails to this person are written in it."),
    )
    time_zone = ZoneField(
        _("time zone"), default="Africa/Cairo", help_text=_("Times are shown to this person in it as well.")
    )
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Untick instead of deleting: the person can no longer log in.")
    )
    date_joined = models.DateTimeField(_("joined"), auto_now_add=True)
    welcomed_at = models.DateTimeField(_("settled in"), null=True, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    objects = UserManager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["email"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")),
                name="accounts_user_email_lower_case",
                violation_error_message=_("An e-mail address is kept in lower case."),
            ),
        ]

    def __str__(self):
        return self.get_full_name() or self.email

    def clean(self):
        super().clean()
        self.email = self.email.lower()

    def get_full_name(self) -> str:
        """The display name in the page's language, or in the other one, or the e-mail address."""
        return str(languages.version(self, "display_name")) or self.email

    get_short_name = get_full_name

    @cached_property
    def roles(self) -> frozenset[str]:
        return frozenset(group.name for group in self.groups.all())

    def has_role(self, *roles: str) -> bool:
        """Whether an active person has one of these roles; a superuser has them all."""
        return self.is_active and (self.is_superuser or not self.roles.isdisjoint(roles))

    @property
    def is_staff(self) -> bool:
        """May open the back office."""
        return self.has_role(*STAFF_ROLES)


class LoginSessionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own; the secretariat, which ends them when a phone is stolen, sees those of all."""
        if user.is_authenticated and user.has_role(Role.SECRETARIAT):
            return self
        return self.filter(user=user.pk)

    def current(self):
        return self.filter(expire_date__gt=timezone.now()).order_by("-seen_at")


class LoginSession(AbstractBaseSession):
    """A browser in which somebody is logged in, or is about to."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="login_sessions")
    device = models.CharField(max_length=60, blank=True)
    started_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)

    objects = BaseSessionManager.from_queryset(LoginSessionQuerySet)()

    class Meta(AbstractBaseSession.Meta):
        default_permissions = ()

    @classmethod
    def get_session_store_class(cls):
        return SessionStore


class InvitationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The secretariat and the auditor; an invited person comes by her link."""
        if user.is_authenticated and user.has_role(Role.SECRETARIAT, Role.AUDITOR):
            return self
        return self.none()

    def open(self):
        """Neither accepted nor revoked; a new link can be sent."""
        return self.filter(accepted_at=None, revoked_at=None)

    def pending(self):
        """Those that somebody may still follow."""
        return self.open().filter(expires_at__gt=timezone.now())


class Invitation(Record):
    """A link to make an account, sent to one address. ``nonce`` is in the link: a new one kills the links before."""

    email = models.EmailField(_("e-mail address"))
    display_name = models.CharField(_("display name"), max_length=150, blank=True)
    language = models.CharField(
        _("language"),
        max_length=5,
        choices=settings.LANGUAGES,
        default=settings.LANGUAGE_CODE,
        help_text=_("Mails to this person are written in it."),
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.MEMBER)
    nonce = models.CharField(max_length=32, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, editable=False)
    expires_at = models.DateTimeField(_("valid until"), editable=False)
    accepted_at = models.DateTimeField(_("accepted"), null=True, editable=False)
    accepted_by = models.ForeignKey(
        User, verbose_name=_("account"), on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")),
                name="accounts_invitation_email_lower_case",
                violation_error_message=_("An e-mail address is kept in lower case."),
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at=None) | models.Q(revoked_at=None),
                name="accounts_invitation_one_end",
            ),
        ]

    def __str__(self):
        return self.email

    def clean(self):
        super().clean()
        self.email = self.email.lower()

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.revoked_at is None

    @property
    def state(self) -> str:
        """How it stands, in the page's language."""
        if self.accepted_at:
            return gettext("accepted")
        if self.revoked_at:
            return gettext("revoked")
        return gettext("pending") if self.expires_at > timezone.now() else gettext("expired")


class FactorReset(models.Model):
    """One officer has asked to take a lost second factor off an account; another has to confirm it."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="factor_reset")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    reason = models.TextField()

    class Meta:
        default_permissions = ()

    def __str__(self):
        return str(self.user)
