"""Rich text: what may stand in it, and how it is cleaned whenever it is saved.

Cleaning happens in the field's ``pre_save``, so that a form, an import, a command and the shell all pass through it.
Cleaning what is clean changes nothing.
"""

import re
import unicodedata
from html import unescape

import nh3
from django.db import models
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django_prose_editor.fields import ProseEditorFormField
from django_prose_editor.widgets import AdminProseEditorWidget

from apps.core.textpolicy import clean_text

_BLOCKS = {"p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "table", "thead", "tbody", "tr", "th", "td"}
_INLINE = {"a", "strong", "em", "s", "sub", "sup", "br", "hr", "bdi", "span"}
_ATTRIBUTES = {tag: {"dir", "lang"} for tag in (_BLOCKS | _INLINE) - {"br", "hr"}}
_ATTRIBUTES["a"] |= {"href"}
_ATTRIBUTES["ol"] |= {"start"}
_ATTRIBUTES["th"] |= {"colspan", "rowspan", "scope"}
_ATTRIBUTES["td"] |= {"colspan", "rowspan"}
# A page of the web, a mail, a call, or a place of this portal; a colon elsewhere would make it something else.
_ADDRESS = re.compile(r"https?://[\w\[]|mailto:|tel:|/(?![/\\])|[#?]|[\w.-][^:\\]*\Z", re.IGNORECASE)
_ALLOWED_VALUES = {"dir": {"rtl", "ltr", "auto"}, "lang": {"ar", "en", "fr"}}

EDITOR_EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "Heading": {"levels": [2, 3]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HardBreak": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto", "tel"]},
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "HTML": False,
    "Direction": True,
}


def no_rules(config, shared) -> None:
    """The editor's Direction extension asks for no rule of the library's own sanitiser: ``clean`` is ours."""


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "href" and not _ADDRESS.match(value):
        return None
    allowed = _ALLOWED_VALUES.get(name)
    return value if allowed is None or value in allowed else None


# What word processors and old pages write for the same thing.
_RENAMED = {"b": "strong", "i": "em", "h1": "h2", "h5": "h4", "h6": "h4", "div": "p", "center": "p", "section": "p"}
_OLD_TAG = re.compile(rf"<(?P<end>/?)(?P<name>{'|'.join(_RENAMED)})(?=[ >])")
_EMPTY_PARAGRAPH = re.compile(r"<p>\s*</p>")


def _cleaner_of(tags: set[str]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=tags,
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener",
        strip_comments=True,
    )


_first_cleaner = _cleaner_of(_BLOCKS | _INLINE | set(_RENAMED))
_cleaner = _cleaner_of(_BLOCKS | _INLINE)

# What scrambles in a right-to-left line unless it is isolated: addresses, symbols, phone numbers, times and ranges.
_FRAGILE = re.compile(
    r"(?<![\w/.@-])(?:"
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|https?://[^\s\u00a0<>\"؟،؛«»]*[^\s\u00a0<>\"؟،؛«».,:;!?)]"
    r"|\+\d[\d ()-]{5,}\d"
    r"|[A-Za-z][\w.-]*(?:/[\w.-]*\w)+"
    r"|\d{1,2}:\d{2}(?:\s?[–-]\s?\d{1,2}:\d{2})?"
    r"|\d+(?:\s?[–/-]\s?\d+)+"
    r")(?![\w/])",
    re.ASCII,
)
_ISOLATED = r'<bdi dir="ltr">\g<0></bdi>'
_LINK = re.compile(r'(?P<start><a href="(?P<address>https?://[^"]*)"[^>]*>)(?P<text>.*?)(?P<end></a>)', re.DOTALL)
_HOST = re.compile(r"\s*(?:https?://)?(?P<host>(?:[\w-]+\.)+[^\W\d_]{2,})(?::\d+)?(?:[/?#]\S*)?\s*\Z")
_TAG = re.compile(r"(<[^>]*>)")
_ANY_TAG = re.compile(r'<(?:[^<>"]|"[^"]*")*>')
_ANY_TAG_KEPT = re.compile(r'(<(?:[^<>"]|"[^"]*")*>)')
_EMPTY = re.compile(r"^(?:\s|<br>|<p[^>]*>|</p>)*$")


def isolate(text: str) -> SafeString:
    """Escaped text with its fragile pieces inside ``<bdi dir="ltr">``, for a line of either direction."""
    return mark_safe(_FRAGILE.sub(_ISOLATED, escape(text)))  # nosec B308 B703  # noqa: S308 - escaped on this line


def isolate_plain(text: str) -> str:
    """The same for a text that is no HTML: fragile pieces between LRI and PDI, and unbroken."""
    return _FRAGILE.sub(lambda found: "\u2066" + found[0].replace(" ", "\u00a0") + "\u2069", text)


def _isolate_html(html: str) -> str:
    """Isolates fragile pieces in the text of clean HTML, except where a ``bdi`` already does."""
    pieces, inside = [], 0
    for piece in _TAG.split(html):
        if piece.startswith("<"):
            inside += piece.startswith("<bdi") - (piece == "</bdi>")
        elif not inside:
            piece = _FRAGILE.sub(_ISOLATED, piece)
        pieces.append(piece)
    return "".join(pieces)


def clean(html: str | None) -> str:
    """Safe HTML in NFC: allowed tags only, fragile pieces isolated, an empty text empty."""
    html = unicodedata.normalize("NFC", html or "")
    # Once more after invisible letters are gone: they may have kept apart what is dangerous together.
    html = _cleaner.clean(clean_text(_renamed(_first_cleaner.clean(html)))).replace("&nbsp;", "\u00a0").strip()
    html = _without_bare_spans(html)
    if _EMPTY.match(html):
        return ""
    return _isolate_html(_LINK.sub(_honest_link, html))


def _renamed(html: str) -> str:
    """Parts that have other names here. A paragraph cannot hold another: what was around one is left out."""
    renamed, count = _OLD_TAG.subn(lambda found: f"<{found['end']}{_RENAMED[found['name']]}", html)
    return _EMPTY_PARAGRAPH.sub("", _cleaner.clean(renamed)) if count else html


def _without_bare_spans(html: str) -> str:
    """A span that says nothing any more: word processors wrap each run of letters in one."""
    pieces, bare = [], []
    for piece in _ANY_TAG_KEPT.split(html):
        if piece.startswith("<span"):
            bare.append(piece == "<span>")
        is_left_out = (piece == "</span>" and bare.pop()) or piece == "<span>"
        if not is_left_out:
            pieces.append(piece)
    return "".join(pieces)


def _honest_link(found: re.Match) -> str:
    """A link whose text is the address of another host says where it leads."""
    shown, real = _HOST.match(plain(found["text"])), _HOST.match(unescape(found["address"]))
    if not shown or not real or shown["host"].lower() == real["host"].lower():
        return found[0]
    return f"{found['start']}{found['text']} ({escape(real['host'])}){found['end']}"


def plain(html: str | None) -> str:
    """The text of rich text, blocks on lines of their own."""
    blocks = re.sub(r"</(?:p|h\d|li|blockquote|tr)>|<br>", "\n", html or "")
    lines = (line.strip() for line in unescape(_ANY_TAG.sub("", blocks)).split("\n"))
    return "\n".join(filter(None, lines))


class RichTextField(models.TextField):
    """HTML that is clean in the database, whoever wrote it there."""

    def pre_save(self, model_instance, add):
        value = clean(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, value)
        return value

    def clean(self, value, model_instance):
        return super().clean(clean(value), model_instance)

    def formfield(self, **kwargs):
        kwargs.pop("widget", None)
        return super().formfield(
            form_class=ProseEditorFormField,
            widget=AdminProseEditorWidget,
            extensions=dict(EDITOR_EXTENSIONS),
            sanitize=clean,
            preset="configurable",
            **kwargs,
        )
