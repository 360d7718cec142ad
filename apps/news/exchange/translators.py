"""Files for translators: XLIFF 1.2 and PO, out and in again, through translate-toolkit.

A unit is a title, a lead, a place, or one block of the text, so that a translator's memory finds what it knows.
"""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from lxml import html
from translate.storage.pypo import pofile
from translate.storage.xliff import Xliff1File, Xliff1Unit

from apps.core.digits import key_in
from apps.core.languages import CODES, field_in, others
from apps.news.exchange.rows import Problem, Row
from apps.news.models import Article

_FIELDS = ("title", "lead", "place")
_BARE = ("p", "h2", "h3", "h4")  # blocks whose tags a translator need not see
_LARGEST = 20 * 1024 * 1024
_XLIFF = "urn:oasis:names:tc:xliff:document:1.2"


class _Unit(Xliff1Unit):
    namespace = _XLIFF


class _File(Xliff1File):
    UnitClass = _Unit
    namespace = _XLIFF
    XMLskeleton = f"""<?xml version="1.0" ?>
<xliff version="1.2" xmlns="{_XLIFF}">
<file original="articles" source-language="ar" datatype="html">
<body>
</body>
</file>
</xliff>"""


def blocks(text: str) -> list[tuple[str, str]]:
    """The text's blocks as (tag, what a translator sees); the tag is empty where she sees the whole block."""
    found = []
    for part in html.fragments_fromstring(text) if text.strip() else []:
        if isinstance(part, str):
            found.append(("", part))
            continue
        part.tail = None
        whole = html.tostring(part, encoding="unicode")
        if part.tag in _BARE and not part.attrib:
            found.append((part.tag, whole.removeprefix(f"<{part.tag}>").removesuffix(f"</{part.tag}>")))
        else:
            found.append(("", whole))
    return found


def _units(article: Article, language: str) -> dict[str, str]:
    units = {f"{article.pk}.{name}": field_in(article, name, language) for name in _FIELDS}
    for number, (_tag, text) in enumerate(blocks(field_in(article, "body", language)), start=1):
        units[f"{article.pk}.body.{number}"] = text
    return {key: text for key, text in units.items() if text.strip()}


def write(articles: Iterable[Article], kind: str) -> tuple[bytes, str]:
    """The file and its target language. ``kind`` is ``xliff`` or ``po``; all articles have one original language."""
    articles = list(articles)
    languages = {article.original_language for article in articles}
    if len(languages) != 1:
        raise ValidationError(_("Choose articles of one original language."))
    source = languages.pop()
    target = others(source)[0]
    store = _File() if kind == "xliff" else pofile()
    if kind == "xliff":
        store.setsourcelanguage(source)
        store.settargetlanguage(target)
    else:
        store.updateheader(add=True, Language=target, Content_Type="text/plain; charset=UTF-8", X_Source=source)
    for article in articles:
        done = _units(article, target)
        for key, text in _units(article, source).items():
            unit = store.UnitClass(text)
            if kind == "xliff":
                unit.setid(key)
            else:
                unit.setcontext(key)
            unit.addnote(f"{key.split('.')[1]}", origin="developer")
            store.addunit(unit)
            if ".body." not in key and key in done:
                unit.target = done[key]
    return bytes(store), target


def read(name: str, content: bytes) -> tuple[list[Row], list[Problem]]:
    """Rows as a table would give them, and what was wrong with a unit. The row's number is the unit's."""
    if len(content) > _LARGEST:
        raise ValidationError(_("This file is too large. Divide the table."), code="large")
    is_po = name.lower().endswith(".po")
    if not is_po and (b"<!DOCTYPE" in content or b"<!ENTITY" in content):
        raise ValidationError(_("This is not a file for translators that can be read."), code="xliff")
    try:
        store = pofile.parsestring(content) if is_po else _File.parsestring(content)
        units = [unit for unit in store.units if not unit.isheader() and not unit.isobsolete()]
    except Exception:  # the library raises whatever its parsers raise
        raise ValidationError(_("This is not a file for translators that can be read."), code="xliff") from None
    return _rows(units, is_po)


def _rows(units: list, is_po: bool) -> tuple[list[Row], list[Problem]]:
    told: dict[int, dict[str, tuple[int, str, str]]] = {}
    problems = []
    for number, unit in enumerate(units, start=1):
        key = unit.getcontext() if is_po else unit.getid().split("\x04")[-1]
        number_of_article, _dot, rest = key.partition(".")
        pk = key_in(number_of_article)
        if pk is None or not rest:
            problems.append(Problem(number, key[:80], _("This unit is not from this portal.")))
            continue
        target = "" if unit.isfuzzy() else str(unit.target or "")
        told.setdefault(pk, {})[rest] = (number, str(unit.source), target)
    articles = Article.objects.select_related("working_version").in_bulk(told)
    rows = []
    for pk, texts in told.items():
        if pk not in articles:
            problems.append(Problem(next(iter(texts.values()))[0], "id", _("There is no article %(pk)s.") % {"pk": pk}))
            continue
        row, faults = _row(articles[pk], texts)
        rows.append(row)
        problems += faults
    if not rows and not problems:
        raise ValidationError(_("The file holds no text."), code="empty")
    return rows, problems


def _row(article: Article, texts: dict[str, tuple[int, str, str]]) -> tuple[Row, list[Problem]]:
    from apps.news.services import with_newest

    article = with_newest(article)
    source = article.original_language
    target = next(code for code in CODES if code != source)
    current = {key.partition(".")[2]: text for key, text in _units(article, source).items()}
    row: Row = {"id": str(article.pk)}
    problems = [
        Problem(number, name, _("The original changed since this file was made."))
        for name, (number, original, translated) in texts.items()
        if translated and original.strip() != current.get(name, "").strip()
    ]
    for name in _FIELDS:
        if name in texts and texts[name][2]:
            row[f"{name}_{target}"] = texts[name][2]
    parts = blocks(field_in(article, "body", source))
    translated = [texts.get(f"body.{number}", (0, "", ""))[2] for number in range(1, len(parts) + 1)]
    if any(translated):
        missing = [number for number, text in enumerate(translated, start=1) if not text]
        if missing:
            number = next(iter(texts.values()))[0]
            numbers = ", ".join(map(str, missing))
            problems.append(
                Problem(number, "body", _("Blocks without a translation: %(numbers)s.") % {"numbers": numbers})
            )
        wrapped = (
            f"<{tag}>{text}</{tag}>" if tag else text for (tag, _old), text in zip(parts, translated, strict=True)
        )
        row[f"body_{target}"] = "\n".join(wrapped)
    return row, problems
