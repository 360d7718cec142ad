"""What somebody typed, as what is looked for: words, phrases in quotes, -words, and the other names of things."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from apps.search.naming import Group, groups, stands_at
from apps.search.words import is_stop_word, stem_lists, words_of

# So much of what was typed is looked at.
LONGEST, MOST_TERMS = 300, 12

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»‹›＂", '"') | {"\0": " "})
_PIECE = re.compile(r'([-−])?(?:"([^"]*)"?|([^\s"]+))')


@dataclass(frozen=True)
class Sequence:
    """Words, each by its stems; ``is_phrase`` when they stand one after the other. ``concept``: under which the index
    knows the phrase."""

    words: tuple[tuple[str, ...], ...]
    is_phrase: bool = False
    concept: str = ""


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


def phrases_of(names: Iterable[str]) -> list[Term]:
    """Each name as it stands, in quotes as it were."""
    return [term for name in names for term in _terms(name, is_phrase=True)]


def _terms(text: str, *, is_phrase: bool) -> list[Term]:
    if is_phrase:
        words = tuple(stem_lists(text))
        return [Term(text.strip(), (Sequence(words, is_phrase=len(words) > 1),))] if words else []
    return [Term(text[word.start : word.end], (Sequence((word.stems,)),)) for word in words_of(text) if word.stems]


# Other names


def _with_other_names(terms: list[Term]) -> list[Term]:
    """Words in a row that are a name of something become one term with its other names; the longest name first."""
    if not terms:
        return []
    # A phrase in quotes is meant as it stands.
    words = [term.ways[0].words[0] if len(term.ways[0].words) == 1 else () for term in terms]
    names = [
        (place, len(form), group)
        for group in groups()
        for form in group.forms
        for place in range(len(words) - len(form) + 1)
        if stands_at(form, words, place)
    ]
    names.sort(key=lambda name: (-name[1], name[0]))
    taken: dict[int, tuple[int, list[Group]]] = {}
    free = [True] * len(terms)
    for place, length, group in names:
        if place in taken and taken[place][0] == length:
            taken[place][1].append(group)
        elif all(free[place : place + length]):
            taken[place] = (length, [group])
            free[place : place + length] = [False] * length
    return list(_merged(terms, taken))


def _merged(terms: list[Term], taken: dict[int, tuple[int, list[Group]]]) -> Iterable[Term]:
    place = 0
    while place < len(terms):
        if place not in taken:
            yield terms[place]
            place += 1
            continue
        length, found = taken[place]
        own = terms[place : place + length]
        ways = [Sequence(tuple(term.ways[0].words[0] for term in own))]
        for group in found:
            ways += [Sequence(form, len(form) > 1, group.concept if len(form) > 1 else "") for form in group.forms]
        yield Term(" ".join(term.typed for term in own), tuple(dict.fromkeys(ways)))
        place += length
