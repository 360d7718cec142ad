"""Words as they are looked for: one function for what is indexed and for what is asked.

Arabic: folded (``apps.core.arabic``), then the clitics and endings of the light10 rules (Larkey, Ballesteros and
Connell, 2002) taken off, and irregular plurals led back to their singular (``data/plurals.txt``). Where it cannot be
known whether a first letter is a clitic or belongs to the word, a word has several stems: two words meet when they
share one.
English: Snowball. A mixed text is both.
"""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from snowballstemmer import stemmer

from apps.core.arabic import ARABIC_LETTER, MARKS, folded

DATA = Path(__file__).parent / "data"
# Letters and digits of any script with the marks on them; an English 's goes with its word.
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{MARKS}\u0300-\u036f])*(?:['’]s\b)?")
# Several of what an abbreviation stands for: NGOs.
_SEVERAL = re.compile(r"\A([A-Z]{2,})s\Z")
# A longer word is cut: nobody types it, and an index refuses it.
_LONGEST = 60

_ARTICLE = re.compile(r"([وف]?)(ال|بال|كال|لل)(?=...?)")
_CONJUNCTIONS, _PREPOSITIONS = "وف", "بكل"
# Ending → how many letters must be left of the word.
_ENDINGS = {"ها": 3, "ان": 3, "ات": 2, "ون": 3, "ين": 3, "يا": 3, "يه": 2, "ه": 2, "ي": 3}
# After a noun, and the و that is left of a plural before another noun: ممثلو النقابات.
_PRONOUNS = ("هما", "هم", "هن", "كم", "نا", "و")
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Word:
    """Where a word stands in its text, and what it is found by; ``stems`` is empty for a stop word."""

    start: int
    end: int
    stems: tuple[str, ...]


def words_of(text: str) -> Iterator[Word]:
    for found in _WORD.finditer(text):
        yield Word(found.start(), found.end(), stems(found[0]))


def stem_lists(text: str) -> list[tuple[str, ...]]:
    """The stems of each word that is no stop word, in order."""
    return [found for word in _WORD.findall(text) if (found := stems(word))]


def spellings(text: str) -> Iterator[tuple[str, str]]:
    """(folded, as it was written without marks), both bare, of each word that is no stop word and no number."""
    for word in _WORD.findall(text):
        if found := _spelling(word):
            yield found


@lru_cache(maxsize=200_000)
def _spelling(word: str) -> tuple[str, str] | None:
    key = bare(folded(word)[:_LONGEST])
    if len(key) < _SHORTEST or key.isdecimal() or not stems(word):
        return None
    return key, bare(re.sub(f"[{MARKS}]", "", word)[:_LONGEST])


def bare(word: str) -> str:
    """A word without the article and what clings before it."""
    return _ARTICLE.sub("", word, count=1)


@lru_cache(maxsize=200_000)
def stems(word: str) -> tuple[str, ...]:
    """What a single word is found by, the likeliest first; () for a stop word."""
    word = word.removesuffix("'s").removesuffix("’s")
    word = folded(_SEVERAL.sub(r"\1", word))[:_LONGEST]
    if not word or is_stop_word(word):
        return ()
    if ARABIC_LETTER.match(word):
        return _arabic(word)
    if word.isascii() and word.isalpha():
        return (_english(word),)
    return (word,)


def is_stop_word(word: str) -> bool:
    """Also with "and" before it; what is left of a shorter word may be another one (فقد)."""
    word = folded(word)
    after = word[1:] if word[:1] in tuple(_CONJUNCTIONS) else ""
    return word in _stop_words() or (len(after) >= _SHORTEST and after in _stop_words())


# English

_snowball = threading.local()  # a stemmer keeps the word it works on


def _english(word: str) -> str:
    if not hasattr(_snowball, "stemmer"):
        _snowball.stemmer = stemmer("english")
    return _snowball.stemmer.stemWord(word)


# Arabic


def _arabic(word: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for base in _without_clitics(word):
        if known := _singulars().get(base):
            found.update(dict.fromkeys(known))
            continue
        for stem in _without_endings(base):
            found.update(dict.fromkeys(_singulars().get(stem, (stem,))))
    return tuple(found)


def _shortened(word: str) -> str:
    """Without its endings, or as far as a form that the table knows: of إنسانية no more than إنسان is left."""
    while (shorter := _without_ending(word)) != word and word not in _singulars():
        word = shorter
    return word


def _without_clitics(word: str) -> list[str]:
    """The word as it may be without its clitics; the word itself unless it has the article for certain."""
    if word in _singulars():
        return [word]
    if article := _ARTICLE.match(word):
        rest = word[article.end() :]
        found = [rest]
        if article[2] == "لل":
            found.append("ل" + rest)  # of ل + ال + ل two are written: للاجئين
        if len(rest) < _SHORTEST:
            found.append(word)  # آلية begins like an article
        return found
    found = [word]
    for base in (word, word[1:] if word[0] in _CONJUNCTIONS else ""):
        if base and base[0] in _PREPOSITIONS + _CONJUNCTIONS and len(base) > _SHORTEST:
            found.append(base[1:])
    return list(dict.fromkeys(found))


def _without_endings(base: str) -> list[str]:
    stem = _shortened(base)
    found = [stem]
    for pronoun in _PRONOUNS:
        if base.endswith(pronoun) and len(base) - len(pronoun) >= _SHORTEST:
            stem = _shortened(base.removesuffix(pronoun))
            found.append(stem)
            break
    if stem.endswith("ت") and stem != base and len(stem) > _SHORTEST:
        found.append(stem[:-1])  # teh marbuta opens before an ending: سياسة, سياستنا
    return found


def _without_ending(word: str) -> str:
    for ending, left in _ENDINGS.items():
        if word.endswith(ending) and len(word) - len(ending) >= left:
            return word.removesuffix(ending)
    return word


def _stripped(word: str) -> str:
    """Without its endings, all of them: what إنسانية becomes, إنسان must become as well."""
    while (shorter := _without_ending(word)) != word:
        word = shorter
    return word


# The data files


def lines(name: str) -> Iterator[str]:
    for line in (DATA / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line


@cache
def _stop_words() -> frozenset[str]:
    return frozenset(folded(word) for line in lines("stop_words.txt") for word in line.split())


@cache
def _singulars() -> dict[str, tuple[str, ...]]:
    """Each form, with and without its ending, → the singulars that it can be of. The singular stands for them all."""
    found: dict[str, dict[str, None]] = {}
    for line in lines("plurals.txt"):
        forms = [folded(form.removeprefix("ال")) for form in line.removeprefix("=").split()]
        singular = forms[0]
        for form in forms:
            found.setdefault(form, {})[singular] = None
            if not line.startswith("=") and len(stem := _stripped(form)) >= _SHORTEST:
                found.setdefault(stem, {})[singular] = None
    return {form: tuple(singulars) for form, singulars in found.items()}
