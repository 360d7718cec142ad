"""What a language version is: its text, its language, its direction, and whether it is the reader's own."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language, get_language_info, override, pgettext
from modeltranslation.translator import NotRegistered, translator
from modeltranslation.utils import build_localized_fieldname

CODES = tuple(code for code, _name in settings.LANGUAGES)


def active_language() -> str:
    """The language of the page being made, always one of ``settings.LANGUAGES``."""
    code = (get_language() or settings.LANGUAGE_CODE).split("-")[0]
    return code if code in CODES else settings.LANGUAGE_CODE


def direction(language: str) -> str:
    return "rtl" if get_language_info(language)["bidi"] else "ltr"


def own_name(language: str) -> str:
    """The language's name in itself: ``العربية``, ``English``."""
    return {"ar": "العربية"}.get(language) or get_language_info(language)["name_local"]


def addresses(view_name: str, *args) -> list[tuple[str, str]]:
    """Each language with the page's address in it."""
    found = []
    for code in CODES:
        with override(code):
            found.append((code, reverse(view_name, args=args)))
    return found


def isolated(text) -> str:
    """For a sentence that is plain text: what stands in it in any language keeps to itself (FSI … PDI)."""
    return f"\u2068{text}\u2069"


def listed(items: Iterable) -> str:
    """The items as one line, with the comma of the page's language."""
    return pgettext("list", ", ").join(map(str, items))


def name_of(language: str) -> str:
    """The language's name in the page's language."""
    return str(dict(settings.LANGUAGES)[language])


def columns(*names: str) -> list[str]:
    """The column of each language of these translated fields: ``["title_ar", "title_en"]``."""
    return [build_localized_fieldname(name, code) for name in names for code in CODES]


def others(language: str) -> list[str]:
    return [code for code in CODES if code != language]


@dataclass(frozen=True)
class Version:
    """One language's text of a field; ``is_foreign`` when it is not in the language that was asked for."""

    text: str
    language: str
    is_foreign: bool

    @property
    def direction(self) -> str:
        return direction(self.language)

    def __bool__(self) -> bool:
        return bool(self.text)

    def __str__(self) -> str:
        return self.text

    def __html__(self) -> str:
        """Isolated, and marked with its language when that differs from the page's."""
        if self.is_foreign:
            return format_html('<bdi lang="{}" dir="{}">{}</bdi>', self.language, self.direction, self.text)
        return format_html("<bdi>{}</bdi>", self.text)


def translated_fields(model) -> frozenset[str]:
    """The names of the model's fields that have a column for each language; none for a model without any."""
    try:
        return frozenset(translator.get_options_for_model(model).all_fields)
    except NotRegistered:
        return frozenset()


def field_in(record, field: str, language: str) -> str:
    """The field's text in exactly this language, empty when there is none. Never falls back."""
    return getattr(record, build_localized_fieldname(field, language)) or ""


def version(record, field: str, language: str | None = None) -> Version:
    """The field in the language asked for (the page's by default), or else in another one and marked as such.

    For names and other facts that a reader needs in any language. Running text is never shown in place of another
    language: a page that lacks it says so and links.
    """
    wanted = language or active_language()
    for code in [wanted, *others(wanted)]:
        if text := field_in(record, field, code):
            return Version(text, code, code != wanted)
    return Version("", wanted, False)
