"""What helps to write in both languages: how much there is, how it is built, and the words of the field."""

import re
from collections import Counter
from dataclasses import dataclass

import nh3
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.core.arabic import folded, occurrences
from apps.core.languages import CODES, field_in, others
from apps.core.richtext import plain
from apps.news.models import GAP, TEXTS, Article
from apps.news.reading import words
from apps.news.services import save_article, with_newest
from apps.stakeholders.models import Term

_STRUCTURE = {"p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "table", "thead", "tbody", "tr", "th", "td", "a"}
_ATTRIBUTES = {"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan", "scope"}}
_TAG = re.compile(r'(<(?:[^<>"]|"[^"]*")*>)')
_PARTS = {"h2": "headings", "h3": "headings", "h4": "headings", "p": "paragraphs", "li": "points", "a": "links"}


# Structure


def skeleton(html: str) -> str:
    """The same paragraphs, headings, lists, tables and links, with a place to fill in instead of each text."""
    bare = nh3.clean(html, tags=_STRUCTURE, attributes=_ATTRIBUTES, link_rel=None)
    return "".join(piece if piece.startswith("<") or not piece.strip() else GAP for piece in _TAG.split(bare))


def unwritten(article: Article) -> str:
    """The language whose text is empty while the original's is written; "" when there is none."""
    if not field_in(article, "body", article.original_language):
        return ""
    return next((code for code in others(article.original_language) if not field_in(article, "body", code)), "")


def copy_structure(article: Article, *, by, reason: str = "") -> Article:
    """Saves a version in which the unwritten language has the original's structure. It counts as incomplete."""
    with_newest(article)
    code = unwritten(article)
    if not code:
        raise ValidationError(_("The translation has a text already, or the original has none."))
    setattr(article, f"body_{code}", skeleton(field_in(article, "body", article.original_language)))
    return save_article(article, by=by, reason=reason)


# Figures


@dataclass(frozen=True)
class Figures:
    """Of one language: all words of title, lead and text; parts of the text; places that are not filled in."""

    language: str
    state: str
    words: int
    headings: int
    paragraphs: int
    points: int
    links: int
    gaps: int


def figures(article: Article) -> list[Figures]:
    """The original language first."""
    original = article.original_language
    return [_figures(article, code) for code in [original, *others(original)]]


def _figures(article: Article, code: str) -> Figures:
    body = field_in(article, "body", code)
    tags = Counter(_PARTS.get(tag, "") for tag in re.findall(r"<(\w+)", body))
    parts = {name: tags[name] for name in ("headings", "paragraphs", "points", "links")}
    count = sum(words(field_in(article, name, code)) for name in TEXTS)
    return Figures(code, _state(article, code), words=count, gaps=body.count(GAP), **parts)


def _state(article: Article, code: str) -> str:
    if code == article.original_language:
        return _("original")
    if not article.is_complete(code):
        is_begun = any(field_in(article, name, code) for name in TEXTS)
        return _("unfinished") if is_begun else _("missing")
    if code in article.outdated_languages:
        return _("outdated")
    return _("with readers") if article.is_shown and article.is_ready(code) else _("not with readers yet")


# Terms


@dataclass(frozen=True)
class Hint:
    """A term whose preferred Arabic is not in the Arabic text; ``found`` is another form that is."""

    term: Term
    found: str


def hints(article: Article) -> list[Hint]:
    """Terms of the glossary that the Arabic text lacks although the English has them, or writes in another form.

    A single Arabic word alone is no sign: it may mean something else. Only what is written in Arabic is looked at.
    """
    texts = {code: folded(_all_text(article, code)) for code in CODES}
    if not texts["ar"]:
        return []
    found = (_hint(term, texts) for term in Term.objects.all())
    return [hint for hint in found if hint]


def _hint(term: Term, texts: dict[str, str]) -> Hint | None:
    if occurrences(field_in(term, "name", "ar"), texts["ar"]):
        return None
    forms = [*term.forms_in("ar"), *term.forms_in("en")]
    met = next((form for form in forms if occurrences(form, texts["ar"])), "")
    is_in_english = any(
        _in_english(form, texts["en"]) for form in [field_in(term, "name", "en"), *term.forms_in("en")] if form
    )
    says_so = " " in met or (met.isascii() and met)
    return Hint(term, met) if is_in_english or says_so else None


def _in_english(form: str, text: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(folded(form))}s?(?!\w)", text))


def _all_text(article: Article, code: str) -> str:
    return "\n".join(plain(field_in(article, name, code)) for name in TEXTS)
