import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import translation

from apps.accounts.roles import Role
from tests.factories import client_for, make_user


def pytest_collection_modifyitems(items):
    """Tests with real commits that want the migrations' rows come before those that leave others in their place."""

    def leaves_other_rows(item) -> bool:
        marker = item.get_closest_marker("django_db")
        options = marker.kwargs if marker else {}
        return bool(options.get("transaction")) and not options.get("serialized_rollback")

    items.sort(key=leaves_other_rows)


@pytest.fixture(autouse=True)
def _clean_cache():
    cache.clear()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """PostgreSQL refuses to empty the audit trail; between tests with real commits the suite has to."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in ("core_auditentry", "core_auditseal"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER audit_keep_all")


@pytest.fixture(autouse=True)
def _english():
    """Texts made outside a request are in English; no test leaves its language to the next."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    """Each test has its own folder for private files."""
    settings.PRIVATE_ROOT = tmp_path / "private"


@pytest.fixture
def log_in():
    """A client of its own for a user, second factor passed: ``log_in(user).get(…)``."""
    return client_for


@pytest.fixture
def secretary(db):
    return make_user(Role.SECRETARIAT)


@pytest.fixture
def editor(db):
    return make_user(Role.EDITOR)


@pytest.fixture
def auditor(db):
    return make_user(Role.AUDITOR)


@pytest.fixture
def member(db):
    return make_user(Role.MEMBER)


@pytest.fixture
def translator(db):
    return make_user(Role.TRANSLATOR)
