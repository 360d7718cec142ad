"""The content of an article as one value: what a version keeps, what a working copy changes, what a preview shows."""

import unicodedata
from copy import copy

from django.db import models

from apps.core import textpolicy
from apps.core.languages import translated_fields
from apps.core.richtext import RichTextField, clean
from apps.news.models import Article


def columns() -> list[models.Field]:
    """The article's own columns that people write, one per language."""
    left_out = translated_fields(Article)  # these stand in their language columns
    return [
        field
        for field in Article._meta.concrete_fields
        if field.editable and not field.primary_key and field.name not in left_out
    ]


def links() -> list[models.ManyToManyField]:
    return [field for field in Article._meta.many_to_many if field.editable]


def content_of(article: Article, chosen: dict | None = None) -> dict:
    """What the article in memory holds, as JSON can keep it; ``chosen`` are records that many-to-many fields get."""
    textpolicy.clean_record(article)
    content = {field.name: _kept(field, article) for field in columns()}
    chosen = chosen or {}
    for field in links():
        records = chosen[field.name] if field.name in chosen else getattr(article, field.name).all()
        content[field.name] = sorted(record.pk for record in records)
    return content


def _kept(field: models.Field, article: Article):
    value = field.value_from_object(article)
    if isinstance(field, models.JSONField):
        return field.clean(value, article)
    if value is None or value == "":
        return value
    if isinstance(_original(field), RichTextField):
        return clean(value)
    text = field.value_to_string(article)
    return unicodedata.normalize("NFC", text) if isinstance(field, models.CharField | models.TextField) else text


def _original(field: models.Field) -> models.Field:
    return getattr(field, "translated_field", field)


def overlay(article: Article, content: dict) -> Article:
    """Gives the article in memory this content; nothing is saved. What was deleted meanwhile is left out."""
    for field in columns():
        if field.name in content:
            setattr(article, field.attname, _restored(field, content[field.name]))
    kept = article.__dict__.setdefault("_prefetched_objects_cache", {})
    for field in links():
        if field.name in content:
            kept[field.name] = found = field.related_model._base_manager.filter(pk__in=content[field.name])
            len(found)  # read once, here
    return article


def _restored(field: models.Field, value):
    if value is not None and isinstance(field, models.ForeignKey):
        return field.related_model._base_manager.filter(pk=value).values_list("pk", flat=True).first()
    if isinstance(field, models.JSONField):
        return value or []
    return value if value is None or value == "" else field.to_python(value)


def chosen_links(article: Article) -> dict[str, list]:
    """The records that the many-to-many fields of the article in memory point to."""
    return {field.name: list(getattr(article, field.name).all()) for field in links()}


def as_of(article: Article, content: dict) -> Article:
    """A copy of the article with other content, to be shown and never to be saved."""
    shown = copy(article)
    shown._state = copy(article._state)
    shown._state.fields_cache = {}
    shown._prefetched_objects_cache = {}
    return overlay(shown, content)


def readable(content: dict) -> dict[str, str]:
    """The same as text by column, for the audit trail and for comparing."""
    texts = {field.name: _as_text(field, content.get(field.name)) for field in columns()}
    for field in links():
        found = field.related_model._base_manager.filter(pk__in=content.get(field.name, []))
        texts[field.name] = ", ".join(sorted(str(record) for record in found))
    return texts


def _as_text(field: models.Field, value) -> str:
    if hasattr(field, "readable"):
        return field.readable(value)
    return "" if value is None else str(value)
