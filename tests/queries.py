from django.db import connection
from django.test.utils import CaptureQueriesContext


def count_queries(client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)
