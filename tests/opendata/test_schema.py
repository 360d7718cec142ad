"""The API keeps what its description promises: schemathesis asks it what nobody would think of."""

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.db import connections
from hypothesis import HealthCheck, settings

from tests.factories import make_group, make_meeting, make_published

schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


@pytest.fixture
def _some_data(db, monkeypatch):
    monkeypatch.setattr(connections["default"], "close_if_unusable_or_obsolete", lambda: None)
    make_published()
    make_meeting(make_group(), audience="public")


@pytest.mark.usefixtures("_some_data")
@schema.parametrize()
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_schemathesis_finds_nothing(case):
    case.call_and_validate(headers={"Accept-Encoding": "identity"})
