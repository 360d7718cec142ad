"""Texts in numbers: what people look for (pairs.tsv), and thousands of others that speak of the same things."""

import random
from dataclasses import dataclass, field
from pathlib import Path

from apps.reviews.models import GoodPractice

HERE = Path(__file__).parent
_SMALL = {"ar": ["في", "من", "على", "عن", "إلى"], "en": ["in", "of", "on", "for", "with"]}


@dataclass
class Target:
    """``queries``: what is typed to find it, each with what it tries."""

    language: str
    title: str
    text: str
    queries: list[tuple[str, str]] = field(default_factory=list)


def _lines(name: str):
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield line.split("\t")


def targets() -> list[Target]:
    found: list[Target] = []
    for first, second, third in _lines("pairs.tsv"):
        if first:
            found.append(Target(first, second, third))
        else:
            found[-1].queries.append((second, third))
    return found


def _common_words() -> dict[str, list[str]]:
    found = {"ar": [], "en": []}
    for language, words in _lines("common_words.txt"):
        found[language] += words.split()
    return found


def others(count: int) -> list[GoodPractice]:
    """So many practices, the same at each run."""
    dice, words = random.Random(20), _common_words()
    languages = [("ar", "en")[number % 2] for number in range(count)]
    return [_other(dice, language, words[language]) for language in languages]


def _other(dice: random.Random, language: str, words: list[str]) -> GoodPractice:
    def sentence(length: int) -> str:
        found = dice.sample(words, length)
        found.insert(length // 2, dice.choice(_SMALL[language]))
        return f"{' '.join(found)}."

    return practice(language, sentence(7), " ".join(sentence(9) for _ in range(5)))


def practice(language: str, title: str, text: str) -> GoodPractice:
    texts = {f"title_{language}": title, f"summary_{language}": text}
    return GoodPractice(state=GoodPractice.State.PUBLISHED, source="https://practices.example.org/", **texts)
