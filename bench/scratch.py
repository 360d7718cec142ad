"""A scratch database for the benches, and honest medians."""

import os
import secrets
import statistics
import sys
import tempfile
import time
from contextlib import contextmanager

import psycopg2

ADMIN = os.environ.get("BENCH_DATABASE_ADMIN_URL", "postgres://postgres@127.0.0.1:5432/postgres")
DATABASE = f"portal_bench_{os.getpid()}"


@contextmanager
def scratch():
    connection = psycopg2.connect(ADMIN)
    connection.autocommit = True
    with tempfile.TemporaryDirectory() as folder:
        connection.cursor().execute(f"CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING 'UTF8'")
        os.environ.update(
            DATABASE_URL=f"{ADMIN.rsplit('/', 1)[0]}/{DATABASE}",
            DJANGO_SETTINGS_MODULE="config.settings.base",
            SECRET_KEY=secrets.token_urlsafe(48),
            ALLOWED_HOSTS="testserver",
            SECURE_SSL_REDIRECT="false",
            DATA_DIR=folder,
            STAFF_SECOND_FACTOR="false",
        )
        sys.path.insert(0, ".")
        try:
            yield
        finally:
            from django.db import connections

            connections.close_all()
            connection.cursor().execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


def set_up() -> None:
    """Tables, texts and style sheets in the scratch database's portal; what a worker would do is done at once."""
    import django

    django.setup()

    from django.conf import settings
    from django.core.management import call_command

    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    call_command("compile_translations")
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def took(action) -> float:
    """Milliseconds."""
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000


def in_turns(rounds: int = 10, **actions) -> dict[str, float]:
    """Medians in milliseconds, each action once per round after a first round that does not count."""
    times = {name: [] for name in actions}
    for number in range(rounds + 1):
        for name, action in actions.items():
            spent = took(action)
            if number:
                times[name].append(spent)
    return {name: statistics.median(spent) for name, spent in times.items()}
