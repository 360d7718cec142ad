"""What the same thing is called by: names that ship with the portal, and those that apps add (the glossary).

A name of several words is noted in the index where it stands, as the concept of its group, so that one question to the
index finds all names of a thing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from apps.search import registry
from apps.search.words import lines, stem_lists

Form = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Group:
    """``concept`` stands in the index wherever one of the ``forms`` of several words does; no word holds its sign."""

    concept: str
    forms: tuple[Form, ...]


@lru_cache(maxsize=2000)
def _group(names: tuple[str, ...]) -> Group:
    forms = tuple(form for name in names if (form := tuple(stem_lists(name))))
    first = "_".join(word[0] for word in forms[0]) if forms else ""
    return Group(f"~{first}", forms)


@lru_cache(maxsize=1)
def _shipped() -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(name.strip() for name in line.split("|")) for line in lines("synonyms.txt"))


def groups() -> list[Group]:
    names = [*_shipped(), *(tuple(group) for source in registry.synonyms for group in source())]
    return [group for group in map(_group, names) if group.forms]


class Phrases:
    """The names of several words, by the stems that they begin with, for looking through texts."""

    def __init__(self):
        self._by_stem: dict[str, list[tuple[Form, str]]] = {}
        for group in groups():
            for form in group.forms:
                if len(form) > 1:
                    for stem in form[0]:
                        self._by_stem.setdefault(stem, []).append((form, group.concept))

    def noted(self, words: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
        """The words of a text, those at which a name begins with its concept among their stems."""
        begins = self._by_stem.keys()
        return [
            word if begins.isdisjoint(word) else word + self._concepts(words, place) for place, word in enumerate(words)
        ]

    def _concepts(self, words: list[tuple[str, ...]], place: int) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for stem in words[place]:
            for form, concept in self._by_stem.get(stem, ()):
                if stands_at(form, words, place):
                    found[concept] = None
        return tuple(found)


def stands_at(form: Form, words: Iterable[tuple[str, ...]], place: int) -> bool:
    following = words[place : place + len(form)]
    return len(following) == len(form) and all(
        set(stems).intersection(word) for stems, word in zip(form, following, strict=True)
    )
