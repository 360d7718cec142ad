"""An article's history to be read: its versions and steps by time, and what changed from one version to another."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models
from django.utils import dateformat, formats
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from apps.core import languages, textdiff
from apps.core.richtext import RichTextField, plain
from apps.news import content
from apps.news.models import Article, ArticleStep, ArticleVersion


@dataclass(frozen=True)
class Entry:
    """A version or a step, on one line of time."""

    version: ArticleVersion | None = None
    step: ArticleStep | None = None

    @property
    def at(self):
        return self.version.saved_at if self.version else self.step.taken_at

    @property
    def by(self):
        return self.version.saved_by if self.version else self.step.taken_by

    @property
    def reason(self) -> str:
        return self.version.reason if self.version else self.step.reason


def timeline(article: Article, user) -> list[Entry]:
    """Latest first; a step stands after the version that it was taken on."""
    versions = ArticleVersion.objects.visible_to(user).filter(article=article).defer("content")
    steps = ArticleStep.objects.visible_to(user).filter(article=article)
    entries = [Entry(version=version) for version in versions.select_related("saved_by", "restored_from")]
    entries += [Entry(step=step) for step in steps.select_related("taken_by", "version")]
    return sorted(entries, key=lambda entry: (entry.at, entry.step is not None), reverse=True)


def public_version(article: Article) -> ArticleVersion | None:
    """What readers have now."""
    return article.versions.filter(is_public=True).order_by("-number").first() if article.is_shown else None


@dataclass(frozen=True)
class Difference:
    """One field that two versions have different; ``language`` is empty for what has none."""

    label: str
    language: str
    pieces: list[textdiff.Piece]
    # The words are the same: emphasis, links or structure changed, and the pieces are those of the markup.
    is_markup: bool = False

    @property
    def direction(self) -> str:
        if self.is_markup:
            return "ltr"
        return languages.direction(self.language) if self.language else "auto"


def differences(before: dict, after: dict) -> list[Difference]:
    return list(_differences(before, after))


def _differences(before: dict, after: dict) -> Iterator[Difference]:
    for field in (*content.columns(), *content.links()):
        pair = [_shown(field, kept.get(field.name)) for kept in (before, after)]
        markup = [str(kept.get(field.name) or "") for kept in (before, after)]
        if pair[0] != pair[1]:
            yield Difference(_label(field), getattr(field, "language", ""), textdiff.compare(*pair))
        elif _is_rich(field) and markup[0] != markup[1]:
            pieces = textdiff.compare(*(text.replace("><", ">\n<") for text in markup))
            yield Difference(_label(field), field.language, pieces, is_markup=True)


def _label(field: models.Field) -> str:
    language = getattr(field, "language", "")
    if not language:
        return capfirst(str(field.verbose_name))
    texts = {"field": field.translated_field.verbose_name, "language": languages.name_of(language)}
    return capfirst(_("%(field)s (%(language)s)") % texts)


def _is_rich(field: models.Field) -> bool:
    return isinstance(getattr(field, "translated_field", field), RichTextField)


def _shown(field: models.Field, value) -> str:
    """A kept value as a person reads it."""
    if value is None or value in ("", []):
        return ""
    if field.many_to_many or isinstance(field, models.ForeignKey):
        chosen = value if field.many_to_many else [value]
        found = field.related_model._base_manager.filter(pk__in=chosen)
        return "\n".join(sorted(str(record) for record in found))
    if hasattr(field, "readable"):
        return field.readable(value)
    if _is_rich(field):
        return plain(value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.DateField):
        return dateformat.format(field.to_python(value), formats.get_format("DATE_FORMAT"))
    return str(value)
