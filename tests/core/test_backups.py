"""A backup gives back what was there, and a broken one says so. With real commits: dumps see nothing else."""

import json
import os
import shutil
import subprocess
import uuid
from datetime import timedelta

import dbbackup.settings
import dbbackup.storage
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.backends.base.base import NO_DB_ALIAS
from django.utils import timezone

from apps.core import backups
from tests.factories import make_document, make_meeting, make_published

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    # django-dbbackup leaves its temporary files to the end of the process.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"),
    pytest.mark.skipif(not shutil.which("gpg"), reason="GnuPG is not installed"),
]
KEY = "backup@example.org"


@pytest.fixture(scope="session")
def gnupg(tmp_path_factory):
    """A key that lives as long as the suite; GnuPG's socket needs a short path."""
    folder = tmp_path_factory.mktemp("g")
    environment = {**os.environ, "GNUPGHOME": str(folder)}
    quick = ["gpg", "--batch", "--quiet", "--passphrase", "", "--quick-generate-key", KEY]
    subprocess.run([*quick, "future-default", "default", "1d"], env=environment, check=True, capture_output=True)
    yield folder
    subprocess.run(["gpgconf", "--kill", "all"], env=environment, check=False)


@pytest.fixture(autouse=True)
def kept(settings, monkeypatch, tmp_path, gnupg):
    """Backups go into a folder of the test's own. Returns it."""
    folder = tmp_path / "backups"
    settings.BACKUP_TO, settings.BACKUP_KEY = str(folder), KEY
    monkeypatch.setenv("GNUPGHOME", str(gnupg))
    monkeypatch.setattr(dbbackup.settings, "GPG_RECIPIENT", KEY)
    monkeypatch.setattr(dbbackup.settings, "STORAGE_OPTIONS", {"location": str(folder)})
    monkeypatch.setattr(backups, "_remembered", {})
    # Of all databases that the settings do not name, a test may open this one.
    monkeypatch.setattr(backups, "_DRILL", NO_DB_ALIAS)
    return folder


@pytest.fixture
def full():
    """Rows in both languages, and files."""
    article = make_published(title_ar="اتفاق الموانئ", title_en="Ports agree")
    document = make_document(make_meeting(), languages=("ar", "en"))
    return article, document


def test_r19_everything_comes_back(full, kept, capsys):
    backups.back_up()
    dump, archive = backups.newest()
    result = backups.drill()

    assert result.problems == []
    assert result.rows > 100
    assert result.files == 2
    assert dump.endswith(".gpg")
    assert archive.endswith(".gpg")
    for file in kept.iterdir():
        assert b"Ports agree" not in file.read_bytes()


def test_the_command_says_what_came_back(full, capsys):
    call_command("back_up")
    call_command("restore_drill")

    assert "2 files came back as they were" in capsys.readouterr().out


def test_the_drill_leaves_nothing_behind(full, monkeypatch):
    """Others may drill at the same time: what counts is its own database."""
    number = uuid.uuid4()
    backups.back_up()
    monkeypatch.setattr(backups.uuid, "uuid4", lambda: number)
    backups.drill()

    assert f"restore_drill_{number.hex[:8]}" not in names_of_databases()
    assert list(backups.connections) == ["default"]


def names_of_databases() -> list[str]:
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'restore_drill%'")
        return [name for (name,) in cursor.fetchall()]


def changed(kept, change) -> None:
    """Changes what was written down about the newest dump."""
    (path,) = kept.glob("*.metadata")
    known = json.loads(path.read_text())
    change(known)
    path.write_text(json.dumps(known))


def test_a_row_that_was_lost_is_noticed(full, kept):
    backups.back_up()
    changed(kept, lambda known: known["figures"].update(news_article=[2, "1"]))

    assert backups.drill().problems == ["news_article: 2 rows were saved, 1 came back."]


def test_a_row_that_changed_is_noticed(full, kept):
    backups.back_up()
    changed(kept, lambda known: known["figures"].update(news_article=[1, "1"]))

    assert backups.drill().problems == ["news_article: all rows came back, and not all as they were."]


def test_a_table_that_was_lost_or_came_on_top_is_noticed(full, kept):
    backups.back_up()
    changed(kept, lambda known: known["figures"].update(lost=known["figures"].pop("news_article")))

    assert backups.drill().problems == ["The table lost is missing.", "The table news_article was not there."]


def test_a_file_that_changed_is_noticed(full, kept):
    backups.back_up()
    name = next(iter(backups.known_files("default")))
    changed(kept, lambda known: known["files"].update({name: "other"}))

    assert backups.drill().problems == [f"The file {name} is not what it was."]


def test_a_file_that_was_lost_is_noticed(full, kept, monkeypatch):
    lost = next(iter(backups.known_files("default")))
    real = default_storage.listdir
    backups.call_command("dbbackup", encrypt=True, quiet=True, verbosity=0, database="default")
    default_storage.delete(lost)
    assert real("") != ([], [])
    backups.call_command("mediabackup", encrypt=True, quiet=True, verbosity=0)

    assert backups.drill().problems == [f"The file {lost} is missing."]


@pytest.mark.parametrize("kind", ["psql.bin", "sqlite3", "tar"])
def test_r20_a_broken_backup_fails_loudly(full, kept, kind):
    backups.back_up()
    found = [path for path in kept.iterdir() if f".{kind}" in path.name and not path.name.endswith(".metadata")]
    if not found:
        pytest.skip("the other database's dump")
    for path in found:
        content = path.read_bytes()
        path.write_bytes(content[: len(content) // 2])

    with pytest.raises(CommandError, match="cannot be"):
        call_command("restore_drill")


def test_without_the_key_nobody_reads_it(full, monkeypatch, tmp_path):
    backups.back_up()
    monkeypatch.setenv("GNUPGHOME", str(tmp_path))

    with pytest.raises(backups.BackupError, match="cannot be decrypted"):
        backups.drill()


def test_no_backup_is_said():
    with pytest.raises(CommandError, match="There is no backup to restore"):
        call_command("restore_drill")


def test_a_dump_without_its_files_is_no_backup(full):
    assert backups.newest_at() is None
    backups.call_command("dbbackup", encrypt=True, quiet=True, verbosity=0, database="default")
    backups._remembered.clear()
    assert backups.newest_at() is None

    backups.call_command("mediabackup", encrypt=True, quiet=True, verbosity=0)
    backups._remembered.clear()
    assert timezone.now() - backups.newest_at() < timedelta(minutes=5)


def test_none_is_made_where_none_is_set_up(settings):
    settings.BACKUP_TO = ""

    assert backups.back_up_if_set(timezone.now()) == 0
    with pytest.raises(CommandError, match="BACKUP_TO is not set"):
        call_command("back_up")


def test_the_worker_makes_one(full):
    assert backups.back_up_if_set(timezone.now()) == 1
    assert backups.newest_at() is not None


def test_names_of_folders_are_told_from_names_of_files():
    default_storage.save("a/b/one", ContentFile(b"1"))
    default_storage.save("two", ContentFile(b"2"))

    assert sorted(backups.stored_files()) == ["a/b/one", "two"]
