"""What somebody typed, as what is looked for: words, phrases in quotes, -words, and the other names of things."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from apps.search import registry
from apps.search.words import is_stop_word, lines, stem_lists, words_of

# So much of what was typed is looked at.
LONGEST, MOST_TERMS = 300, 12

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»‹›＂", '"') | {"\0": " "})
_PIECE = re.compile(r'([-−])?(?:"([^"]*)"?|([^\s"]+))')


@dataclass(frozen=True)
class Sequence:
    """Words, each by its stems; ``is_phrase`` when they stand one after the other."""

    words: tuple[tuple[str, ...], ...]
    is_phrase: bool = False


@dataclass(frozen=True)
class Term:
    """Found where one of its ways is; ``typed`` is what somebody wrote."""

    typed: str
    ways: tuple[Sequence, ...]


@dataclass(frozen=True)
class Query:
    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()
    # Only words that stand in almost every text were typed.
    is_too_common: bool = False
    # Something was typed, and nothing of it is a word.
    is_wordless: bool = False
    is_cut: bool = False

    def __bool__(self) -> bool:
        return bool(self.wanted)

    @property
    def stems(self) -> frozenset[str]:
        """What is marked wherever it stands in the texts that are found."""
        ways = (way for term in self.wanted for way in term.ways if not way.is_phrase)
        return frozenset(stem for way in ways for word in way.words for stem in word)

    @property
    def phrases(self) -> list[Sequence]:
        """What is marked where it stands as a whole."""
        return [way for term in self.wanted for way in term.ways if way.is_phrase]


def parsed(text: str) -> Query:
    """Answers for any text whatever, in a time that does not grow with it."""
    is_cut = len(text) > LONGEST
    text = text[:LONGEST].translate(_QUOTES)
    wanted, unwanted, common = [], [], False
    for minus, phrase, word in _PIECE.findall(text):
        if minus:
            unwanted += _terms(phrase or word, is_phrase=True)
        elif phrase:
            wanted += _terms(phrase, is_phrase=True)
        else:
            wanted += _terms(word, is_phrase=False)
            common = common or is_stop_word(word)
    is_cut = is_cut or len(wanted) > MOST_TERMS
    wanted = _with_other_names(wanted[:MOST_TERMS])
    is_wordless = bool(text.strip()) and not wanted and not common
    return Query(
        wanted=tuple(dict.fromkeys(wanted)),
        unwanted=tuple(unwanted[:MOST_TERMS]),
        is_too_common=common and not wanted,
        is_wordless=is_wordless,
        is_cut=is_cut,
    )


def _terms(text: str, *, is_phrase: bool) -> list[Term]:
    if is_phrase:
        words = tuple(stem_lists(text))
        return [Term(text.strip(), (Sequence(words, is_phrase=len(words) > 1),))] if words else []
    return [Term(text[word.start : word.end], (Sequence((word.stems,)),)) for word in words_of(text) if word.stems]


# Other names


@lru_cache(maxsize=5000)
def _form(name: str) -> tuple[tuple[str, ...], ...]:
    return tuple(stem_lists(name))


@lru_cache(maxsize=1)
def _shipped() -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(name.strip() for name in line.split("|")) for line in lines("synonyms.txt"))


def _groups() -> Iterable[list[str]]:
    yield from _shipped()
    for source in registry.synonyms:
        yield from source()


def _with_other_names(terms: list[Term]) -> list[Term]:
    """Words in a row that are a name of something become one term with its other names; the longest name first."""
    if not terms:
        return []
    stems = [term.ways[0].words for term in terms]
    names = []  # (where it begins, how many terms it is, other names)
    for group in _groups():
        forms = [form for name in group if (form := _form(name))]
        for form in forms:
            names += [(place, len(form), forms) for place in _places(form, stems)]
    names.sort(key=lambda name: (-name[1], name[0]))
    taken: dict[int, tuple[int, list]] = {}
    free = [True] * len(terms)
    for place, length, forms in names:
        if place in taken and taken[place][0] == length:
            taken[place][1].extend(forms)
        elif all(free[place : place + length]):
            taken[place] = (length, list(forms))
            free[place : place + length] = [False] * length
    return list(_merged(terms, taken))


def _places(form: tuple, stems: list) -> list[int]:
    """Where in the query these words stand in a row, each as a term of its own."""
    last = len(stems) - len(form) + 1
    return [
        place
        for place in range(last)
        if all(
            len(stems[place + i]) == 1 and set(stems[place + i][0]).intersection(word) for i, word in enumerate(form)
        )
    ]


def _merged(terms: list[Term], taken: dict[int, tuple[int, list]]) -> Iterable[Term]:
    place = 0
    while place < len(terms):
        if place not in taken:
            yield terms[place]
            place += 1
            continue
        length, forms = taken[place]
        own = terms[place : place + length]
        typed = Sequence(tuple(term.ways[0].words[0] for term in own))
        others = (Sequence(form, is_phrase=len(form) > 1) for form in forms)
        yield Term(" ".join(term.typed for term in own), tuple(dict.fromkeys([typed, *others])))
        place += length
