"""A link by which somebody without an account reads one version before readers do."""

from django.conf import settings
from django.core import signing
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.languages import addresses
from apps.news.models.articles import WRITING_ROLES, Article
from apps.news.models.versions import ArticleVersion


def _signer() -> signing.Signer:
    """Without a time in it: a link reads the same whenever it is shown, and the row says how long it works."""
    return signing.Signer(salt="news.preview")


class PreviewLinkQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.is_authenticated and user.has_role(*WRITING_ROLES) else self.none()

    def open(self):
        """Neither over nor revoked."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())

    def of_token(self, token: str):
        """The open link that the token names, if it is one of ours."""
        try:
            pk = _signer().unsign_object(token)
        except signing.BadSignature:
            return self.none()
        return self.open().filter(pk=pk)


class PreviewLink(models.Model):
    """Shows one version in both languages until it expires or is revoked. It stays with that version."""

    article = models.ForeignKey(
        Article, verbose_name=_("article"), on_delete=models.CASCADE, related_name="preview_links", editable=False
    )
    version = models.ForeignKey(
        ArticleVersion, verbose_name=_("version"), on_delete=models.CASCADE, related_name="+", editable=False
    )
    note = models.CharField(_("for whom"), max_length=150, editable=False)
    expires_at = models.DateTimeField(_("valid until"), editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")
        ordering = ["-pk"]
        default_permissions = ("view",)

    def __str__(self):
        return self.note

    @property
    def is_open(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()

    @property
    def token(self) -> str:
        return _signer().sign_object(self.pk)

    @property
    def addresses(self) -> list[tuple[str, str]]:
        """Each language with the whole address, to be sent to somebody."""
        return [(code, settings.SITE_URL + address) for code, address in addresses("news:shared", self.token)]
