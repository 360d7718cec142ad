"""Data of an earlier version through the upgrade (R21), and the earlier code on the new tables (R12).

    .venv/bin/python bench/faults/upgrade.py REF        a tag or commit that the new version is to follow

Checks out REF beside this folder, fills a scratch database with its demonstration and a thousand articles, runs this
version's migrations, and compares each row of each table in the columns that there were before. Then the earlier code
answers pages on the new tables. Prints the tables whose rows changed; those that are derived (search, folded columns)
may, others may not.
"""

import contextlib
import os
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg2

ADMIN = os.environ.get("BENCH_DATABASE_ADMIN_URL", "postgres://postgres@127.0.0.1:5432/postgres")
HERE = Path(__file__).parent.parent.parent
# What the portal makes of other columns, or writes about itself.
DERIVED_TABLES = ("search_", "django_migrations", "django_content_type", "auth_permission", "auth_group_permissions")
DERIVED_COLUMNS = ("folded", "match_key", "name_key")
PAGES = ("/ar/", "/en/news/", "/ar/meetings/", "/ar/group/", "/en/reviews/", "/ar/group/directory/")


def columns(cursor) -> dict[str, list[str]]:
    cursor.execute(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        " ORDER BY table_name, column_name"
    )
    found: dict[str, list[str]] = {}
    for table, column in cursor.fetchall():
        if not table.startswith(DERIVED_TABLES) and not column.startswith(DERIVED_COLUMNS):
            found.setdefault(table, []).append(column)
    return found


def sums(cursor, of: dict[str, list[str]]) -> dict[str, tuple]:
    found = {}
    for table, names in of.items():
        row = ", ".join(f'"{name}"' for name in names)
        cursor.execute(f'SELECT count(*), sum(hashtextextended(ROW({row})::text, 0)::numeric)::text FROM "{table}"')
        found[table] = cursor.fetchone()
    return found


def main() -> None:
    reference = sys.argv[1] if len(sys.argv) > 1 else sys.exit(__doc__)
    name = f"portal_upgrade_{os.getpid()}"
    address = f"{ADMIN.rsplit('/', 1)[0]}/{name}"
    with contextlib.closing(psycopg2.connect(ADMIN)) as admin, tempfile.TemporaryDirectory() as folder:
        admin.autocommit = True
        admin.cursor().execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        before = Path(folder) / "before"
        environment = {
            **os.environ,
            "DATABASE_URL": address,
            "DJANGO_SETTINGS_MODULE": "config.settings.base",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "ALLOWED_HOSTS": "testserver",
            "SECURE_SSL_REDIRECT": "false",
            "DATA_DIR": f"{folder}/data",
            "TASKS_AT_ONCE": "true",
        }

        def manage(where: Path, *arguments: str) -> str:
            command = [str(HERE / ".venv/bin/python"), "manage.py", *arguments]
            done = subprocess.run(command, cwd=where, env=environment, capture_output=True, text=True, check=False)
            if done.returncode:
                raise SystemExit(f"{' '.join(arguments)}: {done.stderr[-3000:]}")
            return done.stdout

        try:
            subprocess.run(["git", "worktree", "add", "--detach", "-q", str(before), reference], cwd=HERE, check=True)
            for command in (["compile_translations"], ["migrate"], ["seed_demo", "--scale", "1000"]):
                manage(before, *command, "--verbosity", "0")
            with contextlib.closing(psycopg2.connect(address)) as connection, connection.cursor() as cursor:
                of = columns(cursor)
                old = sums(cursor, of)
                connection.rollback()
                manage(HERE, "migrate", "--verbosity", "0")
                still = {table: set(names) for table, names in columns(cursor).items()}
                kept = {
                    table: [one for one in names if one in still[table]]
                    for table, names in of.items()
                    if table in still
                }
                new = sums(cursor, kept)
            gone = sorted(of.keys() - kept.keys())
            changed = sorted(table for table in kept if kept[table] == of[table] and old[table] != new[table])
            fewer = sorted(table for table in kept if kept[table] != of[table])
            print(f"{sum(count for count, _sum in old.values())} rows in {len(old)} tables before")
            print(f"tables that are gone: {gone or 'none'}; with fewer columns: {fewer or 'none'}")
            print(f"tables whose rows changed: {changed or 'none'}")
            print(manage(HERE, "verify_audit").strip())
            ask = f"from django.test import Client; c = Client(); print([c.get(p).status_code for p in {PAGES!r}])"
            print(f"the earlier code on the new tables: {manage(before, 'shell', '-c', ask).strip().splitlines()[-1]}")
            print(f"the new code: {manage(HERE, 'shell', '-c', ask).strip().splitlines()[-1]}")
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", str(before)], cwd=HERE, check=False)
            admin.cursor().execute(f"DROP DATABASE {name} WITH (FORCE)")
        raise SystemExit(1 if changed or gone else 0)


if __name__ == "__main__":
    main()
