"""Stems in a column: a ``tsvector`` on PostgreSQL, a text that LIKE can look through on SQLite."""

from collections.abc import Sequence

from django.db import models

Stems = Sequence[tuple[str, ...]]
# A text has so many positions on PostgreSQL; what comes after them is found, and not as part of a phrase.
_LAST_POSITION, _MOST_PLACES = 16383, 255
# Between two parts of a document, so that no phrase reaches from one into the other.
_GAP = 8


class StemsField(models.Field):
    """Its value is ``[(weight, stems of each word), …]``; weights are A, B and C. It is written and asked, never read.

    On SQLite each word is ``|stem|other stem|`` between blanks, each part a line after its weight.
    """

    def db_type(self, connection):
        return "tsvector" if connection.vendor == "postgresql" else "text"

    def get_placeholder(self, value, compiler, connection):
        return "%s::tsvector" if connection.vendor == "postgresql" else "%s"

    def get_db_prep_value(self, value, connection, prepared=False):
        if isinstance(value, str) or value is None:
            return value
        return as_tsvector(value) if connection.vendor == "postgresql" else as_text(value)


def as_tsvector(parts: Sequence[tuple[str, Stems]]) -> str:
    places: dict[str, list[str]] = {}
    position = 0
    for weight, words in parts:
        for word in words:
            position += 1
            place = f"{position}{weight}" if position < _LAST_POSITION else f"{_LAST_POSITION}{weight}"
            for stem in word:
                if stem in places:
                    places[stem].append(place)
                else:
                    places[stem] = [place]
        position += _GAP
    return " ".join([f"{quoted(stem)}:{','.join(found[:_MOST_PLACES])}" for stem, found in places.items()])


def as_text(parts: Sequence[tuple[str, Stems]]) -> str:
    return "\n".join(f"{weight} {' '.join(f'|{chr(124).join(word)}|' for word in words)}" for weight, words in parts)


def quoted(stem: str) -> str:
    return f"'{stem}'" if stem.isalnum() else "'" + stem.replace("\\", "\\\\").replace("'", "''") + "'"


@StemsField.register_lookup
class Matches(models.Lookup):
    """``words__matches="'a' & 'b'"``: of PostgreSQL only."""

    lookup_name = "matches"
    prepare_rhs = False

    def get_db_prep_lookup(self, value, connection):
        return "%s::tsquery", [value]

    def as_sql(self, compiler, connection):
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} @@ {right}", [*left_params, *right_params]


@StemsField.register_lookup
class Has(models.Lookup):
    """``words__has="stem"`` on both databases."""

    lookup_name = "has"
    prepare_rhs = False

    def as_postgresql(self, compiler, connection):
        left, params = self.process_lhs(compiler, connection)
        return f"{left} @@ %s::tsquery", [*params, quoted(self.rhs)]

    def as_sql(self, compiler, connection):
        left, params = self.process_lhs(compiler, connection)
        return f"instr({left}, %s) > 0", [*params, f"|{self.rhs}|"]


@StemsField.register_lookup
class Begins(Has):
    """``heads__begins="beg"``: a word whose first stem begins so; of SQLite only."""

    lookup_name = "begins"

    def as_sql(self, compiler, connection):
        left, params = self.process_lhs(compiler, connection)
        return f"instr({left}, %s) > 0", [*params, f"|{self.rhs}"]
