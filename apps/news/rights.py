"""Who may do what to an article. Services ask here, and so do the pages that offer the steps."""

from django.conf import settings
from django.core.exceptions import PermissionDenied

from apps.accounts.roles import Role
from apps.news.models import Article, ArticleVersion

WRITERS = (Role.SECRETARIAT, Role.EDITOR, Role.TRANSLATOR)
DECIDERS = (Role.SECRETARIAT, Role.EDITOR)


def may_write(user) -> bool:
    """``None`` is the portal itself: a command, a migration."""
    return user is None or user.has_role(*WRITERS)


def may_decide(user) -> bool:
    """Approve, publish, take back: what readers get."""
    return user is None or user.has_role(*DECIDERS)


def may_approve(user, article: Article) -> bool:
    """With ``FOUR_EYES``, nobody approves what they wrote themselves."""
    return may_decide(user) and not (settings.FOUR_EYES and user is not None and wrote(user, article))


def wrote(user, article: Article) -> bool:
    """Whether the user saved any version since readers last got one."""
    versions = ArticleVersion.objects.filter(article=article)
    last_public = versions.filter(is_public=True).order_by("-number").values_list("number", flat=True).first() or 0
    return versions.filter(number__gt=last_public, saved_by=user).exists()


def require(is_allowed: bool) -> None:
    if not is_allowed:
        raise PermissionDenied
