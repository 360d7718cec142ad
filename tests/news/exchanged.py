"""Articles that go out and come in again, for several test modules."""

from apps.news.exchange import runs
from apps.news.models import ArticleImport

IMPORT = "/admin/news/article/import/"


def bring_in(data: bytes, by, name: str = "articles.csv") -> ArticleImport:
    """Everything that the page does: read, check, save."""
    run = runs.keep_file(name, data, by=by)
    list(runs.check(run, by=by))
    if not run.problems:
        list(runs.carry_out(run, by=by))
    return ArticleImport.objects.get(pk=run.pk)


def problems_of(data: bytes, by, name: str = "articles.csv") -> list[tuple[int, str]]:
    return [(found["row"], found["column"]) for found in bring_in(data, by, name).problems]


def export(client, action: str, *articles, language: str = "en"):
    data = {"action": action, "_selected_action": [article.pk for article in articles]}
    return client.post(f"/{language}/admin/news/article/", data)


def body_of(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content
