"""A notice to an account, once, in its language: what the apps tell people beside the mails of meetings."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import override

from apps.accounts.models import User
from apps.core import outbox
from apps.core.languages import field_in, isolated
from apps.core.zones import zone_or_none


def with_role(*roles: str) -> QuerySet[User]:
    """The active accounts with one of these roles."""
    found = User.objects.filter(groups__name__in=roles, is_active=True).distinct()
    return found.select_related("notice_settings").prefetch_related("groups").order_by("pk")


def tell(users: Iterable[User], kind: str, *, about: Model, key: str, page: Callable, texts: Callable) -> int:
    """Writes ``kind`` to each of them; whoever was told of this ``key`` before gets nothing. Returns to how many.

    ``page`` gives the address, ``texts(language)`` what the templates say beyond the name; both are called in the
    reader's language.
    """
    count = 0
    for user in users:
        with override(user.language), timezone.override(zone_or_none(user.time_zone)):
            name = field_in(user, "display_name", user.language) or user.get_full_name()
            context = {"name": isolated(name), "link": settings.SITE_URL + page(), **texts(user.language)}
        written = outbox.write(
            kind,
            to=user.email,
            language=user.language,
            context=context,
            about=about,
            reader=user,
            key=f"{key} {user.pk}",
        )
        count += written.is_new
    return count
