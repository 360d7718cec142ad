"""What a monitor and the secretariat are told: each fault turns its own line, and nothing else."""

import json
import logging
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, connections
from django.db.backends.signals import connection_created
from django.utils import timezone, translation
from django_tasks_db.models import DBTaskResult

from apps.core import backups, health, metrics, queries, sentry
from apps.core.models import OutgoingMail, WorkerBeat
from apps.core.pagecache import PAGES
from config import safety
from tests.factories import client_for, make_mail

GOOD = dict.fromkeys(("database", "cache", "storage", "queue", "mail", "backup", "zones"), True)


@pytest.fixture(autouse=True)
def _all_is_well(db, settings, monkeypatch, tmp_path):
    settings.BACKUP_TO, settings.MAY_BE_UNSAFE = str(tmp_path), False
    settings.LOCKED_ON = timezone.localdate()
    monkeypatch.setattr(health, "_last", (float("-inf"), False))
    monkeypatch.setattr(backups, "newest_at", timezone.now)


def found() -> dict[str, bool]:
    return {finding.name: finding.is_good for finding in health.findings()}


def queued(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}


def test_all_is_well():
    assert found() == GOOD
    assert health.is_well()


def test_a_database_that_is_away(monkeypatch):
    def away(*arguments):
        raise DatabaseError

    with monkeypatch.context() as patched:
        patched.setattr(health.connections["default"], "cursor", away)
        answers = found()

    assert not answers["database"]


def test_a_cache_that_is_away(monkeypatch):
    monkeypatch.setattr(health, "cache", type("Away", (), {"answers": lambda self: False})())

    assert found() == {**GOOD, "cache": False}


def test_files_that_come_back_broken(monkeypatch):
    monkeypatch.setattr(health, "ContentFile", lambda content: ContentFile(content[:-1]))

    assert found() == {**GOOD, "storage": False}


def test_a_full_disk(monkeypatch):
    monkeypatch.setattr(health.shutil, "disk_usage", lambda folder: type("Usage", (), {"free": 300 * 2**20})())
    finding = next(one for one in health.findings() if one.name == "storage")

    assert not finding.is_good
    assert finding.sentence == "The disk is almost full: 300 MB are left. Make room on it."


def test_the_mark_is_not_left_behind():
    health.findings()

    assert default_storage.listdir("health") == ([], [])


def test_no_worker(settings):
    queued(settings)

    assert found() == {**GOOD, "queue": False}


def test_a_worker_that_was_silent_for_two_minutes(settings):
    queued(settings)
    WorkerBeat.objects.create(name="one", seen_at=timezone.now() - timedelta(minutes=3))
    assert not found()["queue"]

    WorkerBeat.objects.update(seen_at=timezone.now())
    assert found() == GOOD


def test_work_that_waits(settings):
    queued(settings)
    WorkerBeat.objects.create(name="one", seen_at=timezone.now())
    waiting = DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {}},
        task_path="apps.core.tasks.run_due",
        backend_name="default",
        run_after=timezone.now() - timedelta(minutes=9),
    )
    assert found() == GOOD

    DBTaskResult.objects.filter(pk=waiting.pk).update(run_after=timezone.now() - timedelta(minutes=11))
    assert found() == {**GOOD, "queue": False}


def test_mail_that_waits():
    mail = make_mail()
    assert found() == GOOD

    OutgoingMail.objects.filter(pk=mail.pk).update(created_at=timezone.now() - timedelta(minutes=61))
    assert found() == {**GOOD, "mail": False}


@pytest.mark.parametrize(("hours", "is_good"), [(25, True), (27, False)])
def test_a_late_backup(monkeypatch, hours, is_good):
    monkeypatch.setattr(backups, "newest_at", lambda: timezone.now() - timedelta(hours=hours))

    assert found() == {**GOOD, "backup": is_good}


def test_no_backup_and_none_set_up(monkeypatch, settings):
    monkeypatch.setattr(backups, "newest_at", lambda: None)
    assert found() == {**GOOD, "backup": False}

    settings.BACKUP_TO = ""
    assert found() == {**GOOD, "backup": False}

    settings.MAY_BE_UNSAFE = True
    assert found() == GOOD


@pytest.mark.parametrize(("days", "is_good"), [(180, True), (181, False)])
def test_r14_old_zone_data(settings, days, is_good):
    settings.LOCKED_ON = timezone.localdate() - timedelta(days=days)

    assert found() == {**GOOD, "zones": is_good}


def test_days_are_those_of_the_portal(settings):
    late = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)  # in Cairo it is the 21st already
    settings.LOCKED_ON = date(2026, 11, 21) - timedelta(days=181)

    assert health.checks["zones"].find(late)[0] is False


def test_the_day_of_the_last_update_is_known(settings):
    written = (settings.BASE_DIR / "config/locked_on.txt").read_text().strip()

    assert date.fromisoformat(written) <= timezone.localdate()


# Who is told what


def test_strangers_get_a_word(client, settings):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (HTTPStatus.OK, b"ok\n")
    assert answer["Cache-Control"] == "no-store"

    settings.BACKUP_TO = ""
    health._last = (float("-inf"), False)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (HTTPStatus.SERVICE_UNAVAILABLE, b"not ok\n")


def test_members_get_a_word(member):
    assert client_for(member).get("/readyz").content == b"ok\n"


def test_staff_get_all_of_it(secretary, settings):
    settings.BACKUP_TO = ""
    answer = client_for(secretary).get("/readyz")

    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    told = json.loads(answer.content)
    assert told["ok"] is False
    assert {name: one["ok"] for name, one in told["checks"].items()} == {**GOOD, "backup": False}


def test_it_is_asked_once_in_some_seconds(client, django_assert_num_queries):
    client.get("/readyz")

    with django_assert_num_queries(0):
        client.get("/readyz")


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ["State of the portal", "needs somebody", "None are made."]), ("ar", ["حالة البوابة", "بحاجة إلى متابعة"])],
)
def test_the_secretariat_reads_it_in_words(secretary, settings, language, words):
    settings.BACKUP_TO = ""
    with translation.override(language):
        page = client_for(secretary).get(f"/{language}/admin/status/").content.decode()

    assert [word for word in words if word not in page] == []


def test_the_dashboard_says_so(secretary, settings):
    client = client_for(secretary)
    sentence = "Something that the portal needs is not in order."
    assert sentence not in client.get("/en/admin/").content.decode()

    settings.BACKUP_TO = ""
    health._last = (float("-inf"), False)
    assert sentence in client.get("/en/admin/").content.decode()


def test_a_bad_check_is_a_figure(settings):
    settings.BACKUP_TO = ""
    health.findings()

    assert metrics.CHECKS.labels("backup")._value.get() == 0
    assert metrics.CHECKS.labels("mail")._value.get() == 1


# Figures, slow queries, reports of errors


def test_requests_are_counted_by_page_and_state(client):
    figure = metrics.REQUESTS.labels("privacy", 200)
    before = figure._value.get()
    client.get("/en/privacy/")

    assert figure._value.get() == before + 1
    assert PAGES is metrics.PAGES


def test_a_slow_query_is_logged_without_its_values(settings, caplog, monkeypatch):
    settings.SLOW_QUERY_MS = 1
    moments = iter(range(100))
    with monkeypatch.context() as patched, caplog.at_level(logging.WARNING):
        patched.setattr(queries.time, "perf_counter", lambda: next(moments))
        patched.setattr(connections["default"], "execute_wrappers", [queries._measured])
        OutgoingMail.objects.filter(subject="a secret").exists()

    assert len(caplog.messages) == 1
    assert caplog.messages[0].startswith("slow query: 1000 ms on (no page): SELECT ")
    assert "a secret" not in caplog.text


def test_connections_are_watched():
    for _time in range(2):
        connection_created.send(type(connection), connection=connection)

    assert connection.execute_wrappers.count(queries._measured) == 1


def test_an_error_is_reported_without_what_it_was_about():
    event = {
        "event_id": "1",
        "request": {"url": "https://portal/ar/join/secret-token/", "cookies": {"sessionid": "x"}},
        "user": {"email": "somebody@example.org"},
        "server_name": "machine",
        "breadcrumbs": {"values": [{"message": "SELECT"}]},
        "extra": {"sys.argv": ["x"]},
        "exception": {
            "values": [
                {
                    "type": "ValueError",
                    "value": "somebody@example.org is wrong",
                    "stacktrace": {"frames": [{"lineno": 3, "function": "save", "vars": {"name": "Somebody"}}]},
                }
            ]
        },
    }

    assert sentry.stripped(event, {}) == {
        "event_id": "1",
        "exception": {
            "values": [
                {
                    "type": "ValueError",
                    "mechanism": {},
                    "stacktrace": {"frames": [{"lineno": 3, "function": "save"}]},
                }
            ]
        },
    }


# What the start refuses


class Settings:
    MAY_BE_UNSAFE = DEBUG = DEMO_LOGINS = False
    STAFF_SECOND_FACTOR = True
    SECRET_KEY = "q8Hd0-zVt5rKxJ2mWc7LpNfYb4Ga9Eu1SiTo6RkX3vQe"
    ALLOWED_HOSTS = ["portal.example.org"]
    SITE_URL = "https://portal.example.org"
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    BACKUP_TO = BACKUP_KEY = ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 60),
        ("SECRET_KEY", "django-insecure-q8Hd0-zVt5rKxJ2mWc7LpNfYb4Ga9Eu1S"),
        ("DEBUG", True),
        ("ALLOWED_HOSTS", ["*"]),
        ("ALLOWED_HOSTS", []),
        ("SITE_URL", "http://portal.example.org"),
        ("DEMO_LOGINS", True),
        ("STAFF_SECOND_FACTOR", False),
        ("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend"),
    ],
)
def test_s65_the_start_refuses_what_is_unsafe(name, value):
    settings = Settings()
    safety.refuse(settings)
    setattr(settings, name, value)

    with pytest.raises(ImproperlyConfigured, match=f"^{name} ") as refusal:
        safety.refuse(settings)
    assert not value or str(value) not in str(refusal.value).replace("true", "")

    settings.MAY_BE_UNSAFE = True
    safety.refuse(settings)


def test_a_backup_that_nobody_encrypts_is_refused():
    settings = Settings()
    settings.BACKUP_TO = "/backups"

    with pytest.raises(ImproperlyConfigured, match=r"^BACKUP_KEY is not set"):
        safety.refuse(settings)
