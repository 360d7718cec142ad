"""The search at 1,000 to 1,000,000 texts, beside Django's icontains and PostgreSQL's own arabic configuration.

    .venv/bin/python bench/search.py [texts ...]        sizes; 1000 10000 100000 1000000 without

In a scratch PostgreSQL database made and dropped at BENCH_DATABASE_ADMIN_URL (this machine); production settings;
each question is answered in this process, none is cached. A text has 120 words: a quarter of the field, the first of
the list in nearly all texts and the last in few (1/rank), the others out of 30,000 made-up ones, and one word of its
own. Up to 100,000 texts go through the indexer, which is timed and whose memory is read; more are copies of these with
other days and own words. Prints Markdown tables: texts indexed in a second, and of all questions the median and the
95th percentile in milliseconds. The portal's answer is a whole one: sorted, counted by facet, ten texts with the found
words marked. The peers get ten rows of the same texts: ``icontains`` on both columns, newest first, as an admin's
search does (of a million texts every sixth question); a stored ``to_tsvector('arabic', …)`` with a GIN index, by rank.
"""

import gc
import random
import resource
import statistics
import sys
from itertools import accumulate
from pathlib import Path

from scratch import scratch, took

SIZES = [int(size) for size in sys.argv[1:]] or [1_000, 10_000, 100_000, 1_000_000]
INDEXED = 100_000
WORDS = Path(__file__).parent.parent / "tests/search/common_words.txt"
# Common, medium, rare; several, a phrase, without one, another name, slips.
QUESTIONS = [
    *("الهجرة", "عامل", "المنظمات", "migrants", "نقابة", "حقوق", "workers"),
    *("مراجعة إقليمية", "سياسات الهجرة", "labour rights", "نقابات العمال البلدية", "مياه المدينة مدرسة"),
    "climate school fund",
    *('"الحقوق"', '"مراجعة المدينة"', "عامل -نقابة", "GCM", "remittances", "UN", "العمالة الوافدة"),
    *("ندرة17", "ندرة800", "ندرة41", "الهجرة ندرة99", "rarity17", "ندرة3 عامل", "ندرة555"),
    *("المهاجرييين", "نقايات", "migants", "worksop", "التوصيلات الاقليميه"),
]  # fmt: skip


def texts(begin: int, end: int):
    from apps.reviews.models import GoodPractice

    words = {"ar": [], "en": []}
    for line in WORDS.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            language, found = line.split("\t")
            words[language] += found.split()
    letters = {"ar": "بتثجحخدرزسشصضطعغقلمن", "en": "bcdfghjklmnprstvwz"}
    dice = random.Random(1)
    filler = {
        code: ["".join(dice.choices(letters[code], k=dice.randint(4, 7))) for _ in range(30_000)] for code in letters
    }
    weights = {
        name: {code: list(accumulate(1 / rank for rank in range(1, len(found) + 1))) for code, found in pool.items()}
        for name, pool in (("field", words), ("filler", filler))
    }
    for number in range(begin, end):
        dice, language = random.Random(number), ("ar", "en")[number % 2]
        found = dice.choices(words[language], cum_weights=weights["field"][language], k=30)
        found += dice.choices(filler[language], cum_weights=weights["filler"][language], k=90)
        dice.shuffle(found)
        own = f"{'ندرة' if language == 'ar' else 'rarity'}{number}"
        columns = {"title": found[:8], "summary": found[8:24], "results": [own, *found[24:]]}
        yield GoodPractice(
            state="published", **{f"{name}_{language}": " ".join(part) for name, part in columns.items()}
        )


def grow(size: int) -> list[str]:
    """To ``size`` texts. Returns rows of what indexing took, if anything was indexed."""
    from django.db import connection

    from apps.reviews.models import GoodPractice
    from apps.search import indexing
    from apps.search.models import SearchDocument

    there, rows = GoodPractice.objects.count(), []
    if there < min(size, INDEXED):
        for begin in range(there, min(size, INDEXED), 5_000):
            GoodPractice.objects.bulk_create(texts(begin, min(begin + 5_000, size, INDEXED)))
        SearchDocument.objects.all().delete()
        before = memory()
        spent = took(lambda: indexing.reindex(kinds=["practice"]))
        count = SearchDocument.objects.count()
        rows.append(f"| {count:,} | {count / spent * 1000:,.0f} | {before} | {memory()} |")
    if size > INDEXED:
        multiply(size // INDEXED)
    dated()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS peer (id bigint PRIMARY KEY, title text, body text, day date, words tsvector)"
        )
        cursor.execute(
            "INSERT INTO peer SELECT id, heading, opening || ' ' || content, coalesce(\"on\", '2026-01-01'),"
            " to_tsvector('arabic', heading || ' ' || opening || ' ' || content)"
            " FROM search_searchdocument d WHERE NOT EXISTS (SELECT FROM peer p WHERE p.id = d.id)"
        )
        cursor.execute("CREATE INDEX IF NOT EXISTS peer_words ON peer USING gin (words)")
        cursor.execute("CREATE INDEX IF NOT EXISTS peer_day ON peer (day)")
        for table in ("peer", "search_searchdocument", "search_spelling", "reviews_goodpractice"):
            cursor.execute(f"VACUUM ANALYZE {table}")
    return rows


def dated() -> None:
    """Days of the last ten years, in the column and in the index as the indexer writes them."""
    from django.db import connection

    day = "(date '2026-11-27' - (id % 3650)::int)"
    with connection.cursor() as cursor:
        for column in ("heads", "words"):
            cursor.execute(
                f"UPDATE search_searchdocument SET {column} = {column} || array_to_tsvector("
                f'ARRAY[to_char({day}, \'"~"YYYY"q"Q\')])'
                + (f', "on" = {day}' if column == "words" else "")
                + ' WHERE "on" IS NULL'
            )


def multiply(times: int) -> None:
    """Copies with ids of their own, each with another own word; their days come from ``dated``."""
    from django.db import connection

    columns = (
        "heading, names, opening, objectives, countries, constituencies, address, is_public, check_at, stored_name,"
        " is_read, indexed_at, kind, language"
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM reviews_goodpractice")
        step = cursor.fetchone()[0]
        cursor.execute('UPDATE search_searchdocument SET "on" = NULL')
        for turn in range(1, times):
            cursor.execute(
                "INSERT INTO reviews_goodpractice"
                " SELECT (jsonb_populate_record(p, jsonb_build_object('id', p.id + %s))).*"
                " FROM reviews_goodpractice p WHERE id <= %s",
                [turn * step, step],
            )
            cursor.execute(
                f"INSERT INTO search_searchdocument ({columns}, object_id, content, heads, words)"
                f" SELECT {columns}, object_id + %s, regexp_replace(content, '(ندرة|rarity)(\\d+)', '\\1\\2' || %s),"
                " heads, words || array_to_tsvector(ARRAY['ندره' || object_id || %s])"
                " FROM search_searchdocument WHERE object_id <= %s",
                [turn * step, f"0{turn}", f"0{turn}", step],
            )


def memory() -> str:
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB"


def ours(words: str):
    from django.contrib.auth.models import AnonymousUser

    from apps.search.answering import answer

    return answer(words, AnonymousUser(), language="ar" if not words.isascii() else "en", chosen={})


def icontains(words: str):
    from django.db import connection

    with connection.cursor() as cursor:
        found = [f"%{word}%" for word in words.replace('"', "").split()]
        where = " AND ".join(["(upper(title) LIKE upper(%s) OR upper(body) LIKE upper(%s))"] * len(found))
        cursor.execute(
            f"SELECT id, title FROM peer WHERE {where} ORDER BY day DESC LIMIT 10",
            [pattern for pattern in found for _column in range(2)],
        )
        return cursor.fetchall()


def arabic(words: str):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, title FROM peer, plainto_tsquery('arabic', %s) q WHERE words @@ q"
            " ORDER BY ts_rank(words, q) DESC LIMIT 10",
            [words],
        )
        return cursor.fetchall()


def measure(action, rounds: int, each: int = 1) -> str:
    """``each``: every so manieth question, for what takes seconds each time. What indexing has left in memory is put
    aside as the web processes do it (deploy/gunicorn.conf.py)."""
    gc.collect()
    gc.freeze()
    for words in QUESTIONS[:3]:
        action(words)
    asked = QUESTIONS[::each]
    spent = sorted(took(lambda words=words: action(words)) for words in asked for _round in range(rounds))
    return f"{statistics.median(spent):,.0f} / {spent[int(len(spent) * 0.95)]:,.0f}"


def main() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    indexing, answering = [], []
    for size in SIZES:
        indexing += grow(size)
        each = 6 if size > INDEXED else 1
        peers = measure(icontains, 1, each), measure(arabic, 1, each)
        answering.append(f"| {size:,} | {measure(ours, 5)} | {' | '.join(peers)} |")
        print(answering[-1], file=sys.stderr)
    print("\n| Texts | Indexed in a second | Memory before | Most memory |\n|---|---|---|---|")
    print("\n".join(indexing))
    print(
        "\nMedian / 95th percentile in ms\n\n| Texts | This search | icontains | arabic, by rank |\n|---|---|---|---|"
    )
    print("\n".join(answering))


if __name__ == "__main__":
    with scratch():
        main()
