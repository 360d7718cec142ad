from apps.news.models.articles import GAP, TEXTS, WRITING_ROLES, Article
from apps.news.models.contacts import PressContact
from apps.news.models.imports import ArticleImport
from apps.news.models.pictures import Picture
from apps.news.models.previews import PreviewLink
from apps.news.models.versions import ArticleStep, ArticleVersion

__all__ = [
    "GAP",
    "TEXTS",
    "WRITING_ROLES",
    "Article",
    "ArticleImport",
    "ArticleStep",
    "ArticleVersion",
    "Picture",
    "PressContact",
    "PreviewLink",
]
