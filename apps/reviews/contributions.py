"""Who contributed to a review: figures by constituency and country of the seat. Nobody's name, and no small count.

A count below ``SMALL_COUNT`` is told as such: together with what people know of each other it might tell who wrote.
"""

from collections import Counter
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.stakeholders import drawing
from apps.stakeholders.models import Constituency, Country
from apps.stakeholders.models.reaching import SPOKEN, names_of


def is_small(count: int) -> bool:
    return 0 < count < settings.SMALL_COUNT


def told(count: int) -> str:
    """The count as the public is told it: ``<3`` for a small one, which stays so from whichever side one reads."""
    return f"\u2066<{settings.SMALL_COUNT}\u2069" if is_small(count) else f"{count}"


def if_not_small(count: int) -> int:
    """The count, or 0 for one that is not told."""
    return 0 if is_small(count) else count


def as_drawn(count: int) -> int:
    """The count by which something is drawn: a small one as if it were one."""
    return 1 if is_small(count) else count


@dataclass
class Contributions:
    constituencies: list[Constituency]
    countries: list[Country]
    cells: Counter[tuple[int, int]]
    by_constituency: Counter[int]
    all: int
    spoken: list[str]

    @property
    def silent(self) -> list[Constituency]:
        """From whom nothing came."""
        return [one for one in self.constituencies if not self.by_constituency[one.pk]]

    @property
    def silent_countries(self) -> list[Country]:
        heard = {country for (_one, country), count in self.cells.items() if count}
        return [one for one in self.countries if one.pk not in heard]

    @property
    def country_count(self) -> int:
        return len(self.countries) - len(self.silent_countries)

    @property
    def spoken_names(self) -> str:
        return names_of(self.spoken, SPOKEN)

    def rows(self) -> list[tuple[Constituency, list[tuple[Country, str]], list[Country]]]:
        """In words: of each constituency from where how many came, and from where nothing."""
        found = []
        for one in self.constituencies:
            counts = [(place, self.cells[one.pk, place.pk]) for place in self.countries]
            filled = [(place, told(count)) for place, count in counts if count]
            found.append((one, filled, [place for place, count in counts if not count]))
        return found


def of(rows: list[tuple]) -> Contributions:
    """From what ``trace.counted`` gives."""
    cells, groups, spoken = Counter(), Counter(), Counter()
    for constituency, country, language, count in rows:
        groups[constituency] += count
        spoken[language] += count
        if country is not None:
            cells[constituency, country] += count
    countries = sorted(Country.objects.all(), key=str)
    languages = [code for code, _count in spoken.most_common() if code]
    return Contributions(list(Constituency.objects.all()), countries, cells, groups, groups.total(), languages)


def drawn(found: Contributions) -> str:
    """Constituency by country, as SVG."""
    rows, columns = found.constituencies, found.countries
    names, places = [f"{one}" for one in rows], [f"{place}" for place in columns]
    figures = [[found.cells[one.pk, place.pk] for place in columns] for one in rows]
    words = [[told(count) for count in counts] for counts in figures]
    picture = drawing.table(
        names,
        places,
        [[as_drawn(count) for count in counts] for counts in figures],
        [
            [f"{name} · {place}: {word}" for place, word in zip(places, said, strict=True)]
            for name, said in zip(names, words, strict=True)
        ],
        words=words,
    )
    title = _("Contributions by constituency and country")
    return render_to_string("stakeholders/table.svg", {"drawing": picture, "title": title})


def bars(found: Contributions) -> str:
    """Contributions by constituency, as SVG."""
    counts = [(f"{one}", found.by_constituency[one.pk]) for one in found.constituencies]
    shown = [(name, as_drawn(count)) for name, count in counts]
    titles = [f"{name}{pgettext('label', ': ')}{told(count)}" for name, count in counts]
    picture = drawing.bars(shown, titles, words=[told(count) for _name, count in counts])
    title = _("Contributions by constituency")
    return render_to_string("stakeholders/bars.svg", {"drawing": picture, "title": title})
