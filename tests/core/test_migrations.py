"""Upgrades with the portal in use: the old code runs on the new tables, and no lock is waited for long."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django_migration_linter import MigrationLinter

from apps.core.management.commands import migrate

BEFORE = {
    tuple(line.split())
    for line in (Path(__file__).parent / "data/migrations_before.txt").read_text().splitlines()
    if not line.startswith("#")
}
needs_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite locks as a whole")


def ours() -> set[tuple[str, str]]:
    disk = MigrationLoader(None).disk_migrations
    return {key for key, found in disk.items() if found.__module__.startswith("apps.")}


def errors_of(app: str, name: str) -> int:
    quiet = ["ok", "ignore", "warning", "error"]
    linter = MigrationLinter(".", no_cache=True, quiet=quiet, analyser_string="postgresql")
    linter.lint_all_migrations(app_label=app, migration_name=name)
    return linter.nb_erroneous


@needs_postgresql
def test_r11_r12_the_code_before_a_migration_runs_after_it(db):
    assert [key for key in sorted(ours() - BEFORE) if errors_of(*key)] == []


@needs_postgresql
def test_a_column_that_the_old_code_does_not_fill_is_noticed(db):
    assert errors_of("meetings", "0006_record") == 1


def test_the_older_migrations_are_there():
    assert ours() >= BEFORE


class _LockedOutError(Exception):
    pgcode = "55P03"


@needs_postgresql
def test_r11_a_migration_gives_up_on_a_lock_and_tries_again(db, monkeypatch, capsys):
    monkeypatch.setattr(migrate, "PAUSE", 0)
    tries, timeouts = [], []

    def busy(self, *args, **options):
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            timeouts.append(cursor.fetchone()[0])
        tries.append(1)
        if len(tries) < 3:
            raise OperationalError from _LockedOutError()

    monkeypatch.setattr(migrate.Migrate, "handle", busy)
    call_command("migrate", verbosity=0)

    assert timeouts == ["2s"] * 3
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone()[0] == "0"


@needs_postgresql
def test_r11_it_says_so_when_the_lock_is_never_to_be_had(db, monkeypatch):
    monkeypatch.setattr(migrate, "PAUSE", 0)

    def busy(self, *args, **options):
        raise OperationalError from _LockedOutError()

    monkeypatch.setattr(migrate.Migrate, "handle", busy)
    with pytest.raises(CommandError, match="at a quieter hour"):
        call_command("migrate", verbosity=0)


@needs_postgresql
def test_another_error_is_raised_at_once(db, monkeypatch):
    tries = []

    def broken(self, *args, **options):
        tries.append(1)
        raise OperationalError

    monkeypatch.setattr(migrate.Migrate, "handle", broken)
    with pytest.raises(OperationalError):
        call_command("migrate", verbosity=0)
    assert len(tries) == 1
