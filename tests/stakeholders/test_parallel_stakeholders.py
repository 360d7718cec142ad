"""Two people at the same moment: one merge, one import, one answer to a request."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import override

from apps.stakeholders.importing import runs
from apps.stakeholders.joining import services as joining
from apps.stakeholders.merging import merge
from apps.stakeholders.models import Constituency, Country, Merge, Organisation
from tests.factories import make_join_request, make_organisation

at_once = pytest.mark.skipif(connection.vendor == "sqlite", reason="one connection for all threads of the tests")
pytestmark = [at_once, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _lists():
    """Between tests with real commits nothing stands that a migration loaded."""
    for order, code in enumerate(["trade-unions", "media"], start=1):
        Constituency.objects.get_or_create(code=code, defaults={"order": order, "name_ar": code, "name_en": code})
    for iso2 in ("LB", "YE"):
        Country.objects.get_or_create(
            iso2=iso2, defaults={"name_ar": iso2, "name_en": iso2, "time_zone": "Asia/Beirut"}
        )


def _both(action) -> list[str]:
    """What each of two threads met, each with a connection of its own."""

    def run(_number):
        try:
            with override("en"):
                action()
        except ValidationError as error:
            return error.messages[0]
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(max_workers=2) as pool:
        return sorted(pool.map(run, range(2)))


def test_two_merges_of_the_same_pair_are_one():
    first, second = make_organisation(), make_organisation()

    found = _both(lambda: merge(first, second, by=None, choices={}))

    assert found == ["One of the two was merged meanwhile. Look at the record as it stands.", "done"]
    assert Merge.objects.count() == 1


def test_a_request_is_accepted_once():
    request = make_join_request(sent=True)

    found = _both(lambda: joining.accept(request, by=None))

    assert found == ["This request is answered or withdrawn already.", "done"]
    assert Organisation.objects.count() == 1


def test_two_links_to_one_address_are_one_draft():
    assert _both(lambda: joining.begin("office@union.example", "en")) == ["done", "done"]


def test_a_table_is_imported_once(django_user_model):
    from django.contrib.auth.models import Group

    from apps.accounts.roles import Role
    from tests.factories import make_user

    Group.objects.get_or_create(name=Role.SECRETARIAT)
    by = make_user(Role.SECRETARIAT)
    data = b"name_en,constituency,country\nUnion,media,LB\n"
    run = runs.keep_file("organisations", "table.csv", data, by=by)
    list(runs.check(runs.choose_columns(run, run.columns, by=by), by=by))

    found = _both(lambda: list(runs.carry_out(run, by=by, for_all=runs.NEW, choices={})))

    assert found == ["This file is imported already, or it was not checked.", "done"]
    assert Organisation.objects.count() == 1
