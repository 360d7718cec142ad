"""The portal's public data for machines, read-only: ``/api/v1/``.

Every set is a list in pages by key and one item by its id, from one description (``sets``). A page of the answer is the
same for everybody, so the page cache keeps it and gives it an ETag.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, reverse
from django.utils.translation import override
from ninja import NinjaAPI, Query, Schema
from ninja.errors import HttpError
from pydantic import Field, create_model, field_validator

from apps.core.pagecache import public_page
from apps.core.tables import csv_response
from apps.opendata.columns import Texts
from apps.opendata.dataset import Dataset
from apps.opendata.sets import DATASETS

MOST, USUAL = 500, 100
_BIGGEST = 2**63 - 1

api = NinjaAPI(
    title=settings.PORTAL_NAME["en"],
    version="1",
    description="What the portal publishes, for machines. Explained in Arabic and English on the portal's data page.",
    urls_namespace="api",
    docs_url=None,
    openapi_url="/openapi.json",
)


_Key = Annotated[int, Field(ge=0, le=_BIGGEST)]


class Since(Schema):
    since: date = Field(None, description="Only what was changed on this day (UTC) or later.")

    @field_validator("since", mode="before")
    @classmethod
    def _is_a_day(cls, value):
        """Seconds since 1970, which pydantic would take too, are refused."""
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", str(value)):
            raise ValueError("a day as 2026-12-07")
        return value


class Asked(Since):
    after: _Key = Field(0, description="Only what has a higher id: the key of the next page.")
    limit: int = Field(USUAL, ge=1, le=MOST, description="So many items at most.")


class Refusal(Schema):
    detail: Any


def _schema_of(dataset: Dataset) -> type[Schema]:
    columns = {}
    for column in dataset.columns:
        about = f"{column.about}".capitalize()
        if column.type in (Texts, bool) or "list" in str(column.type):
            columns[column.name] = (column.type, Field(description=about))
        else:
            columns[column.name] = (column.type | None, Field(description=about))
    identity = (int, Field(description="Stays what it is."))
    return create_model(f"{dataset.name.title()}Item", __base__=Schema, id=identity, **columns)


def _page_of(dataset: Dataset, item: type[Schema]) -> type[Schema]:
    return create_model(
        f"{dataset.name.title()}Page",
        __base__=Schema,
        licence=(str, Field(description="Under which the data is given.")),
        items=(list[item], ...),
        next=(str | None, Field(description="Address of the next page; null on the last one.")),
    )


def _next_address(dataset: Dataset, asked: Asked, last: int) -> str:
    query = {"after": last, "limit": asked.limit} | ({"since": asked.since} if asked.since else {})
    return f"{settings.SITE_URL}{reverse(f'api:{dataset.name}')}?{urlencode(query)}"


def _views_of(dataset: Dataset) -> tuple[Callable, Callable, Callable]:
    """A page of its items, all of them as a table, and one."""

    def listed(request: HttpRequest, asked: Query[Asked]):
        rows = list(dataset.rows(since=asked.since).filter(pk__gt=asked.after)[: asked.limit + 1])
        shown, more = rows[: asked.limit], rows[asked.limit :]
        address = _next_address(dataset, asked, shown[-1].pk) if more else None
        return {"licence": settings.DATA_LICENCE, "items": [dataset.item(record) for record in shown], "next": address}

    def table(request: HttpRequest, asked: Query[Since]) -> HttpResponse:
        return csv_response(dataset.name, dataset.headings, dataset.lines(since=asked.since))

    def one(request: HttpRequest, number: _Key):
        record = dataset.rows().filter(pk=number).first()
        if record is None:
            raise HttpError(404, "There is no such item, or it is not public.")
        return dataset.item(record)

    return listed, table, one


def _add(dataset: Dataset) -> None:
    with override("en"):
        title, about, item = str(dataset.title), str(dataset.about), _schema_of(dataset)
    listed, table, one = _views_of(dataset)

    def offer(path: str, view, form: str, words: str, **options) -> None:
        texts = {"summary": words, "description": about, "tags": [title], "operation_id": f"{dataset.name}{form}"}
        api.get(f"/{dataset.name}{path}", url_name=f"{dataset.name}{form}", **texts, **options)(view)

    as_text = {200: {"description": "OK", "content": {"text/csv": {"schema": {"type": "string"}}}}}
    as_text[422] = {"description": "Unprocessable Content", "content": {"application/json": {}}}
    offer("", listed, "", title, response={200: _page_of(dataset, item), 422: Refusal})
    offer(".csv", table, "_csv", f"{title}, as a table", openapi_extra={"responses": as_text})
    offer("/{number}", one, "_one", f"{title}: one", response={200: item, 404: Refusal, 422: Refusal})


for _dataset in DATASETS:
    _add(_dataset)


def urls() -> tuple[list[URLPattern], str, str]:
    """The addresses of the API, open to everybody and marked for the page cache and for other sites' scripts."""
    patterns, app, namespace = api.urls
    return [_opened(pattern) for pattern in patterns], app, namespace


def _opened(pattern: URLPattern) -> URLPattern:
    view, known = pattern.callback, _parameters_of(pattern.name)

    def open_view(request, *args, **kwargs):
        if unknown := set(request.GET).difference(known):
            # What is misspelt would be left out without a word.
            response = JsonResponse({"detail": f"Unknown: {', '.join(sorted(unknown))}."}, status=422)
        else:
            response = view(request, *args, **kwargs)
        # Scripts of any site may read it: there is nothing in it that a login would change.
        response["Access-Control-Allow-Origin"] = "*"
        return response

    open_view.csrf_exempt = True
    open_view.__name__, open_view.__module__ = "api", __name__
    pattern.callback = public_page(*known, in_any_language=True)(login_not_required(open_view))
    return pattern


def _parameters_of(name: str) -> tuple[str, ...]:
    if name in {dataset.name for dataset in DATASETS}:
        return "since", "after", "limit"
    return ("since",) if name.endswith("_csv") else ()
