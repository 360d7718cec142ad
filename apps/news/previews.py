"""Preview links: made, revoked and opened. Each of the three is in the audit trail."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from apps.core import audit
from apps.core.models import AuditEntry
from apps.news import rights, services
from apps.news.models import Article, PreviewLink


def _named(link: PreviewLink) -> str:
    """For the trail, which keeps for good: without the note, which may name somebody."""
    return f"{link.pk}, version {link.version.number}, until {link.expires_at:%Y-%m-%d %H:%M} UTC"


@transaction.atomic
def share_preview(article: Article, *, by, days: int, note: str) -> PreviewLink:
    """A link to the newest version as it stands now, valid for so many days (31 at most)."""
    rights.require(rights.may_write(by))
    link = PreviewLink.objects.create(
        article=article,
        version=services.newest_version(article),
        note=note,
        expires_at=timezone.now() + timedelta(days=days),
        created_by=by,
    )
    changes = {"preview_link": ["", _named(link)]}
    audit.record(AuditEntry.Action.CHANGED, by=by, about=article, changes=changes)
    return link


@transaction.atomic
def revoke_preview(link: PreviewLink, *, by) -> None:
    rights.require(rights.may_write(by))
    if not link.is_open:
        return
    link.revoked_at = timezone.now()
    link.save(update_fields=["revoked_at"])
    changes = {"preview_link": [_named(link), ""]}
    audit.record(AuditEntry.Action.CHANGED, by=by, about=link.article, changes=changes)
