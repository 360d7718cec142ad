"""Backups by django-dbbackup, and what proves them: the rows and files that were there when one was made.

On PostgreSQL the figures are of the very snapshot that is dumped. They stand beside the dump in its metadata, without
any content: counts, and sums that two different states do not share.
"""

import hashlib
import json
import tarfile
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from dbbackup import utils
from dbbackup.db.postgresql import PgDumpBinaryConnector
from dbbackup.db.sqlite import SqliteBackupConnector
from dbbackup.storage import get_storage
from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.utils import timezone

_DRILL = "restore_drill"


class BackupError(Exception):
    """With a sentence for the operator."""


# What is in a database and among the files


def figures(alias: str) -> dict[str, list]:
    """Each table's number of rows and a sum over them that does not depend on their order."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        names = sorted(connection.introspection.table_names(cursor))
        return {name: _figure(cursor, connection, name) for name in names}


def _figure(cursor, connection, table: str) -> list:
    name = connection.ops.quote_name(table)
    if connection.vendor == "postgresql":
        total = "coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text"
        cursor.execute(f"SELECT count(*), {total} FROM {name} t")  # noqa: S608  # nosec B608 - a quoted name
        return list(cursor.fetchone())
    cursor.execute(f"SELECT * FROM {name}")  # noqa: S608  # nosec B608
    count = total = 0
    for row in cursor:
        count += 1
        total += int.from_bytes(hashlib.sha256(repr(row).encode()).digest()[:8])
    return [count, str(total)]


def stored_files() -> Iterator[str]:
    """The names of all private files."""
    folders = [""]
    while folders:
        folder = folders.pop()
        inner, files = default_storage.listdir(folder)
        folders += [f"{folder}/{name}".lstrip("/") for name in inner]
        yield from (f"{folder}/{name}".lstrip("/") for name in files)


def digest(file) -> str:
    return hashlib.file_digest(file, "sha256").hexdigest()


def known_files(alias: str) -> set[str]:
    """The names of files that the rows of a database name."""
    names = set()
    for model in apps.get_models():
        for one in model._meta.concrete_fields:
            if isinstance(one, models.FileField):
                found = model._base_manager.using(alias).exclude(**{one.name: ""}).exclude(**{one.name: None})
                names.update(found.values_list(one.name, flat=True))
    return {str(name) for name in names}


# Making one

_of_this_dump: dict[str, list] = {}


class SnapshotConnector(PgDumpBinaryConnector):
    """Dumps one snapshot and takes the figures of the same."""

    def _create_dump(self):
        alias = self.connection.alias
        with transaction.atomic(using=alias), self.connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SELECT pg_export_snapshot()")
            self.dump_suffix = f"--snapshot={cursor.fetchone()[0]}"
            cursor.execute("SET LOCAL TimeZone = 'UTC'")
            _of_this_dump.clear()
            _of_this_dump.update(figures(alias))
            return super()._create_dump()


class CountingSqliteConnector(SqliteBackupConnector):
    def create_dump(self):
        _of_this_dump.clear()
        _of_this_dump.update(figures(self.connection.alias))
        return super().create_dump()


def metadata(known: dict) -> dict:
    """What stands beside a dump (DBBACKUP_BACKUP_METADATA_SETTER)."""
    files = {}
    for name in stored_files():
        with default_storage.open(name) as file:
            files[name] = digest(file)
    return {"figures": dict(_of_this_dump), "files": files}


def back_up() -> None:
    """The database first: files are never changed, so every file that the dump knows is still there afterwards."""
    encrypt = bool(settings.BACKUP_KEY)
    call_command("dbbackup", encrypt=encrypt, clean=True, quiet=True, verbosity=0, database=DEFAULT_DB_ALIAS)
    call_command("mediabackup", encrypt=encrypt, clean=True, quiet=True, verbosity=0)
    _remembered.clear()


def back_up_if_set(now: datetime) -> int:
    if not settings.BACKUP_TO:
        return 0
    back_up()
    return 1


# Finding the newest

_remembered: dict[str, tuple[float, datetime | None]] = {}
_REMEMBERED = 60  # seconds


def newest_at() -> datetime | None:
    """When the newest whole backup was made: a dump of the database and the files after it."""
    if "at" not in _remembered or time.monotonic() - _remembered["at"][0] > _REMEMBERED:
        dump, _files = newest()
        _remembered["at"] = (time.monotonic(), _moment(dump) if dump else None)
    return _remembered["at"][1]


def newest() -> tuple[str, str]:
    """The names of the newest dump that has an archive of files after it, and of that; empty when there is none."""
    storage = get_storage()
    try:
        dumps = sorted(storage.list_backups(content_type="db"), key=_moment, reverse=True)
        archives = sorted(storage.list_backups(content_type="media"), key=_moment)
    except FileNotFoundError:
        # The folder comes with the first backup.
        return "", ""
    for dump in dumps:
        after = [name for name in archives if _moment(name) >= _moment(dump)]
        if after:
            return dump, after[0]
    return "", ""


def _moment(name: str) -> datetime:
    return timezone.make_aware(utils.filename_to_date(name))


# Proving one


@dataclass
class Drill:
    """What came out: ``problems`` are sentences, none when everything is there."""

    dump: str
    archive: str
    rows: int = 0
    files: int = 0
    seconds: float = 0
    problems: list[str] = field(default_factory=list)


def drill(into: dict | None = None) -> Drill:
    """Restores the newest backup into an empty database, compares it with what was there when it was made, and leaves
    nothing behind. ``into`` is a database dictionary; without it a scratch database on the same server.

    Raises BackupError when there is none or it cannot be opened."""
    began = time.monotonic()
    dump, archive = newest()
    if not dump:
        raise BackupError("There is no backup to restore.")
    storage = get_storage()
    known = json.loads(storage.read_file(f"{dump}.metadata").read())
    result = Drill(dump, archive)
    with _scratch(into):
        _restore(storage, dump)
        _compare_rows(known["figures"], result)
        _compare_files(storage, archive, known["files"], result)
    result.seconds = time.monotonic() - began
    return result


def _opened(storage, name: str):
    """A backup's content, decrypted; a broken one raises BackupError."""
    file = storage.read_file(name)
    if not name.endswith(".gpg"):
        return file
    try:
        opened, _name = utils.unencrypt_file(file, name, passphrase=settings.BACKUP_PASSPHRASE or " ")
    except (utils.DecryptionError, OSError, ValueError) as error:
        raise BackupError(f"{name} cannot be decrypted: it is broken, or the key is not here.") from error
    opened.seek(0)
    return opened


def _restore(storage, dump: str) -> None:
    connection = connections[_DRILL]
    kind = SnapshotConnector if connection.vendor == "postgresql" else CountingSqliteConnector
    connector = kind(_DRILL)
    try:
        connector.restore_dump(_opened(storage, dump))
    except BackupError:
        raise
    except Exception as error:  # whatever the restoring program says
        raise BackupError(f"{dump} cannot be restored: {type(error).__name__}.") from error


def _compare_rows(before: dict, result: Drill) -> None:
    with transaction.atomic(using=_DRILL):
        if connections[_DRILL].vendor == "postgresql":
            with connections[_DRILL].cursor() as cursor:
                cursor.execute("SET LOCAL TimeZone = 'UTC'")
        after = figures(_DRILL)
    result.rows = sum(count for count, _sum in after.values())
    for table in sorted(before.keys() | after.keys()):
        if table not in after:
            result.problems.append(f"The table {table} is missing.")
        elif table not in before:
            result.problems.append(f"The table {table} was not there.")
        elif before[table][0] != after[table][0]:
            result.problems.append(f"{table}: {before[table][0]} rows were saved, {after[table][0]} came back.")
        elif before[table] != after[table]:
            result.problems.append(f"{table}: all rows came back, and not all as they were.")


def _compare_files(storage, archive: str, before: dict, result: Drill) -> None:
    found = {}
    try:
        with tarfile.open(fileobj=_opened(storage, archive)) as files:
            for member in files:
                if member.isfile():
                    found[member.name.lstrip("/")] = digest(files.extractfile(member))
    except tarfile.TarError as error:
        raise BackupError(f"{archive} cannot be opened: {type(error).__name__}.") from error
    result.files = len(found)
    for name in sorted(known_files(_DRILL) & before.keys()):
        if name not in found:
            result.problems.append(f"The file {name} is missing.")
        elif found[name] != before[name]:
            result.problems.append(f"The file {name} is not what it was.")


@contextmanager
def _scratch(into: dict | None):
    """An empty database under the alias of the drill."""
    own = connections[DEFAULT_DB_ALIAS]
    name = f"restore_drill_{uuid.uuid4().hex[:8]}"
    with tempfile.TemporaryDirectory() as folder:
        if into is None and own.vendor == "postgresql":
            with own.cursor() as cursor:
                cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
            config = {**own.settings_dict, "NAME": name}
        elif into is None:
            config = {**own.settings_dict, "NAME": str(Path(folder) / "drill.sqlite3")}
        else:
            config = connections.configure_settings({DEFAULT_DB_ALIAS: into})[DEFAULT_DB_ALIAS]
        connections.databases[_DRILL] = config
        try:
            if into is not None and connections[_DRILL].introspection.table_names():
                raise BackupError("The database to restore into is not empty.")
            yield
        finally:
            connections[_DRILL].close()
            del connections[_DRILL]
            del connections.databases[_DRILL]
            if into is None and own.vendor == "postgresql":
                with own.cursor() as cursor:
                    cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
