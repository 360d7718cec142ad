"""What the newsroom keeps about a person, and for how long."""

from apps.core import privacy
from apps.news.models import ArticleImport, ArticleStep, ArticleVersion, PreviewLink


def _versions(user) -> list[dict]:
    return list(ArticleVersion.objects.filter(saved_by=user).values("article", "number", "saved_at", "reason"))


def _steps(user) -> list[dict]:
    return list(ArticleStep.objects.filter(taken_by=user).values("article", "kind", "taken_at", "reason"))


def _sweep_preview_links(now) -> int:
    """The note beside a link may name somebody who has no account."""
    return PreviewLink.objects.filter(expires_at__lt=privacy.before(now, "preview_link")).delete()[0]


def _imports(user) -> list[dict]:
    return list(ArticleImport.objects.filter(sent_by=user).values("name", "sent_at", "state", "new", "changed"))


def _sweep_imports(now) -> int:
    return ArticleImport.objects.filter(sent_at__lt=privacy.before(now, "import")).delete()[0]


def register() -> None:
    privacy.sources.update({"article_versions": _versions, "article_steps": _steps, "article_imports": _imports})
    privacy.sweeps.update({"preview_links": _sweep_preview_links, "imports": _sweep_imports})
