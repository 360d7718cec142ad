"""Addresses that keep the letters of their language: ``12-مشاورة-مع-النقابات``."""

import re
import unicodedata

_MARKS = re.compile(r"[\u0610-\u061a\u064b-\u065f\u0670\u0640]")
_LONGEST = 60


def slug(text: str) -> str:
    """Lower-case letters and digits of any script joined by hyphens, without vowel marks; may be empty."""
    plain = _MARKS.sub("", unicodedata.normalize("NFC", text).lower())
    joined = re.sub(r"[\W_]+", "-", plain).strip("-")
    return joined if len(joined) <= _LONGEST else joined[:_LONGEST].rsplit("-", 1)[0]


class SlugConverter:
    """A path part of a title in any script. It may be missing or wrong: the number before it decides."""

    regex = r"[\w-]*"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
