"""What somebody without an account writes and follows by a signed link that was sent to her mailbox."""

from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.db import models, transaction
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods


class ByLink(models.Model):
    """A record with ``language``, the one of the mails. ``link_number`` counts up when old links shall end."""

    link_salt = ""
    link_view = ""

    link_number = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    @property
    def token(self) -> str:
        return signing.Signer(salt=self.link_salt).sign_object([self.pk, self.link_number])

    @property
    def link(self) -> str:
        """The whole address, in the language of the mails."""
        with override(self.language):
            return settings.SITE_URL + reverse(self.link_view, args=[self.token])

    @classmethod
    def of_token(cls, token: str) -> models.QuerySet:
        """The record of a link, or none for a link that was never made or leads nowhere any more."""
        try:
            pk, number = signing.Signer(salt=cls.link_salt).unsign_object(token)
        except (signing.BadSignature, ValueError, TypeError):
            return cls._default_manager.none()
        return cls._default_manager.filter(pk=pk, link_number=number)


def by_link(model: type[ByLink], *, gone: str):
    """Gives a view the record of the link, or shows the page ``gone``; neither is kept by any cache."""

    def decorate(view):
        @login_not_required
        @require_http_methods(["GET", "HEAD", "POST"])
        @sensitive_post_parameters()
        @transaction.atomic
        @wraps(view)
        def with_record(request, token: str, **kwargs):
            rows = model.of_token(token)
            found = (rows.select_for_update() if request.method == "POST" else rows).first()
            response = render(request, gone, status=404) if found is None else view(request, found, **kwargs)
            response["Cache-Control"] = "private, no-store"
            return response

        return with_record

    return decorate
