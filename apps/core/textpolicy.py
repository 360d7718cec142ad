"""Letters that deceive: what may stand in names and in texts, and which names look alike.

A name is what it looks like: no letter in it turns the direction or cannot be seen (Unicode TR 36 and TS 39). Marks
that writers of Arabic need inside a text stay there.
"""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from apps.core.digits import ascii_digits
from apps.core.languages import translated_fields

# Overrides, embeddings and isolates of direction; soft hyphen, zero-width space, word joiner and its kin; byte order
# mark, tag letters, annotations, and controls other than tab and line ends.
_TURNING = "\u202a-\u202e\u2066-\u2069"
_UNSEEN = "\u00ad\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
_CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_NEVER_IN_NAMES = re.compile(f"[{_TURNING}{_UNSEEN}{_CONTROLS}\t\n\r\u2028\u2029]")
_NEVER_IN_TEXTS = re.compile(f"[{_TURNING}{_UNSEEN}{_CONTROLS}]")
_LINE_END = re.compile("\r\n?")
# Left out of names without a word, because keyboards and word processors put them there unasked.
_MARKS = re.compile("[\u200c-\u200f\u061c]")


def clean_name(text: str) -> str:
    """The name in one spelling (NFC). Raises ValidationError for letters that deceive."""
    text = _MARKS.sub("", unicodedata.normalize("NFC", text))
    if _NEVER_IN_NAMES.search(text):
        message = _("There is an invisible character in this text. Type it anew instead of pasting it.")
        raise ValidationError(message, code="invisible")
    return text


def clean_text(text: str) -> str:
    """A longer text in one spelling, its lines ended by \\n, without letters that deceive; joiners and marks stay."""
    return _NEVER_IN_TEXTS.sub("", _LINE_END.sub("\n", unicodedata.normalize("NFC", text)))


def is_name(field: models.Field) -> bool:
    """One line that somebody typed; a chosen value, an address and a key are judged by their own kinds."""
    return isinstance(field, models.CharField) and not field.choices and field.editable


def clean_record(record: models.Model, exclude=()) -> None:
    """Cleans every text column but the excluded ones. Raises ValidationError by field."""
    problems = {}
    left_out = translated_fields(type(record)).union(exclude or ())  # these stand in their language columns
    for field in record._meta.concrete_fields:
        value = None if field.name in left_out else field.value_from_object(record)
        if not isinstance(value, str) or not value:
            continue
        if is_name(field):
            try:
                setattr(record, field.attname, clean_name(value))
            except ValidationError as error:
                problems[field.name] = error
        elif type(field) is models.TextField or isinstance(getattr(field, "translated_field", None), models.TextField):
            setattr(record, field.attname, clean_text(value))
    if problems:
        raise ValidationError(problems)


# Look-alikes

_LIKE = {
    "a": "аαɑ",
    "b": "вβ",
    "c": "сϲ",
    "e": "еεё",
    "h": "нһ",
    "i": "іιıl1",
    "j": "ј",
    "k": "кκ",
    "m": "м",
    "n": "пη",
    "o": "оοσ0",
    "p": "рρ",
    "s": "ѕſ",
    "t": "тτ",
    "u": "υ",
    "v": "ν",
    "w": "ω",
    "x": "хχ",
    "y": "уγ",
    "ك": "کڪګ",
    "ي": "یىېئۍ",
    "ه": "ہةەھۀ",
    "ا": "أإآٱ",
    "و": "ؤۆۇ",
    "ر": "ڕ",
    "ل": "ڵ",
}
# Capitals that look like Latin ones, before they become small and look different.
_CAPITALS = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧАВЕЅІЈКМНОРСТУХ", "ABEZHIKMNOPTYXABESIJKMHOPCTYX")
_TO_SKELETON = {ord(letter): base for base, letters in _LIKE.items() for letter in letters}


def skeleton(text: str) -> str:
    """What a hurried reader sees: texts with the same skeleton are easily taken for each other."""
    text = unicodedata.normalize("NFKD", ascii_digits(text)).translate(_CAPITALS).casefold()
    text = "".join(letter for letter in text if letter.isalnum())  # no marks, no lengthening stroke, no spaces
    return unicodedata.normalize("NFKC", text.translate(_TO_SKELETON)).replace("ـ", "")


def look_alikes(record: models.Model, names: tuple[str, ...]) -> list[models.Model]:
    """Other records of its kind, one of whose ``names`` looks like one of this record's."""
    own = {skeleton(getattr(record, name) or "") for name in names} - {""}
    others = type(record)._base_manager.exclude(pk=record.pk).only("pk", *names)
    return [other for other in others if own & {skeleton(getattr(other, name) or "") for name in names}]
