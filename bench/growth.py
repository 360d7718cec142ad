"""What more articles cost: home, the list of news and a search at 1,000, 10,000 and 100,000 articles.

    .venv/bin/python bench/growth.py [articles ...]

A scratch PostgreSQL database that grows, made and dropped at BENCH_DATABASE_ADMIN_URL (this machine); production
settings without the page cache; requests go through Django's test client in this process, in turns. Between two sizes
the machine may become slower or faster: a page without a query is measured in the same rounds, and the ratios are of
what each page took of it. Prints a Markdown table of medians in milliseconds.
"""

import sys

from scratch import in_turns, scratch, set_up

SIZES = [int(size) for size in sys.argv[1:]] or [1_000, 10_000, 100_000]
ROUNDS = 40
PAGES = {
    "home": "/ar/",
    "list of news": "/ar/news/",
    "list, of one category": "/ar/news/?category=statement",
    "search, many found": "/ar/search/?q=الأرشيف",
    "search, one found": "/ar/search/?q=رقم+777",
    "yardstick": "/ar/accessibility/",
}


def main() -> None:
    set_up()

    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    reader = Client()

    def get(address: str) -> None:
        response = reader.get(address)
        assert response.status_code == 200, (address, response.status_code)

    measured = []
    for size in SIZES:
        call_command("seed_demo", scale=size, verbosity=0)
        call_command("reindex", verbosity=0)
        connection.cursor().execute("VACUUM ANALYZE")
        measured.append(
            in_turns(ROUNDS, **{name: lambda address=address: get(address) for name, address in PAGES.items()})
        )

    print(f"\n| page | {' | '.join(f'{size:,}' for size in SIZES)} | most to least |")
    print(f"|---|{'---:|' * (len(SIZES) + 1)}")
    for name in PAGES:
        times = [medians[name] for medians in measured]
        shares = [medians[name] / medians["yardstick"] for medians in measured]
        print(f"| {name} | {' | '.join(f'{time:.1f}' for time in times)} | {max(shares) / min(shares):.2f} |")


with scratch():
    main()
