"""Arabic as it is compared: without marks that writers add or leave out, and with the little words that cling."""

import re
import unicodedata
from functools import cache, lru_cache

from apps.core.digits import ascii_digits

# Vowel marks and tatweel, which only stretches a word; and the joiners that Persian keyboards put into one.
MARKS = "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640\u200c\u200d"
_MARKS = re.compile(f"[{MARKS}]")
# Letters that people write for each other. First the forms of alef, yeh, waw and teh marbuta; then what keyboards for
# Persian, Urdu and the Maghreb have in their place. A hamza that stands alone is left out by so many that it goes.
_LETTERS = str.maketrans("أإآٱىةؤئ" + "کگڭیېےھہۀۃپچژڤڥۆۇ", "ااااي" + "هوي" + "ككك" + "ييي" + "هههه" + "بجزففوو", "ء")
# "And", "with", "as", "to" and the article are written together with the next word: للهجرة, وبالهجرة.
_CLINGING = r"(?:[وف]?(?:[بك]?ال|لل|[بكل])?)"
ARABIC_LETTER = re.compile("[\u0620-\u064a\u066e-\u06d3\u0750-\u077f]")
_SHORTEST = 2  # letters that are left when an article is taken off


def folded(text: str) -> str:
    """The same text for all usual spellings of it; for comparing and never for showing.

    NFKC first: marks that are taken off a letter which is not composed yet would leave another letter.
    """
    text = _MARKS.sub("", unicodedata.normalize("NFKC", text)).translate(_LETTERS)
    return _without_accents(ascii_digits(text).casefold())


def _without_accents(text: str) -> str:
    """Latin letters without their accents: people of the region type French names with and without them."""
    if text.isascii():
        return text
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))


def any_spelling(word: str) -> str:
    """A regular expression, for Python and for PostgreSQL, that finds the word in a text that is not folded: with and
    without marks and hamza, in each form of its letters, with whatever is written together with it."""
    letters = (_forms().get(letter, re.escape(letter)) for letter in _bare(folded(word)))
    return f"[{MARKS}ء]*".join(letters)


@cache
def _forms() -> dict[str, str]:
    """Folded letter or digit → a set of all that fold to it."""
    found = {str(value): f"{value}{chr(0x660 + value)}{chr(0x6F0 + value)}" for value in range(10)}
    for form, letter in _LETTERS.items():
        if letter:
            found[chr(letter)] = found.get(chr(letter), chr(letter)) + chr(form)
    return {letter: f"[{forms}]" for letter, forms in found.items()}


def occurrences(phrase: str, text: str) -> int:
    """How often the folded ``text`` has these words in this order, whatever clings to them."""
    pattern = _pattern(phrase)
    return len(pattern.findall(text)) if pattern else 0


@lru_cache(maxsize=1000)
def _pattern(phrase: str) -> re.Pattern | None:
    words = [_CLINGING + re.escape(_bare(word)) for word in folded(phrase).split()]
    return re.compile(r"(?<!\w)" + r"\W+".join(words) + r"(?!\w)") if words else None


def _bare(word: str) -> str:
    return word.removeprefix("ال") if len(word) >= _SHORTEST + len("ال") else word
