"""Data of an earlier version through the upgrade (R21), and the earlier code on the new tables (R12).

    .venv/bin/python bench/faults/upgrade.py REF        a tag or commit that the new version is to follow

Checks out REF beside this folder, fills a scratch database with its demonstration and a thousand articles, runs this
version's migrations, and compares the values of each column that there was before, row by row. Then the earlier code
answers pages on the new tables, and the new one. Prints the columns whose values changed; those that are derived
(search, folded columns) may, others may not. A page that the earlier version does not have yet is answered with 404.
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


def sums(cursor, of: dict[str, list[str]]) -> dict[str, dict[str, str]]:
    """For each table and column a checksum over all rows, in which a value belongs to its row (the first column)."""
    found = {}
    for table, names in of.items():
        key = "id" if "id" in names else names[0]
        each = ", ".join(f'sum(hashtextextended(ROW("{key}", "{name}")::text, 0)::numeric)::text' for name in names)
        cursor.execute(f'SELECT count(*)::text, {each} FROM "{table}"')
        found[table] = dict(zip(["#", *names], cursor.fetchone(), strict=True))
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
            # The two versions have each their own style sheets; the folder of data is one.
            manage(before, "collectstatic", "--noinput", "--verbosity", "0")
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
            changed = sorted(
                f"{table}.{name}"
                for table, columns_now in new.items()
                for name, checksum in columns_now.items()
                if checksum != old[table][name]
            )
            fewer = sorted(f"{table}.{one}" for table in kept for one in set(of[table]) - set(kept[table]))
            print(f"{sum(int(table['#']) for table in old.values())} rows in {len(old)} tables before")
            print(f"tables that are gone: {gone or 'none'}; columns that are gone: {fewer or 'none'}")
            print(f"columns whose values changed: {changed or 'none'}")
            print(manage(HERE, "verify_audit").strip())
            ask = f"from django.test import Client; c = Client(); print([c.get(p).status_code for p in {PAGES!r}])"
            try:
                print(
                    f"the earlier code on the new tables: {manage(before, 'shell', '-c', ask).strip().splitlines()[-1]}"
                )
            except SystemExit as problem:
                print(f"the earlier code on the new tables: no ({str(problem).strip().splitlines()[-1]})")
            manage(HERE, "collectstatic", "--noinput", "--verbosity", "0")
            print(f"the new code: {manage(HERE, 'shell', '-c', ask).strip().splitlines()[-1]}")
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", str(before)], cwd=HERE, check=False)
            admin.cursor().execute(f"DROP DATABASE {name} WITH (FORCE)")
        raise SystemExit(1 if changed or gone else 0)


if __name__ == "__main__":
    main()
