"""The request that is being answered: who asks, for which page, from where; and what is looked up once for it."""

import secrets
from collections.abc import Callable
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from typing import Any

from allauth.account.adapter import get_adapter

# None in a command and in the worker.
_request = ContextVar("request", default=None)
# The request to which an answer is still being sent, when everything around it is over.
_streamed_to = ContextVar("streamed to", default=None)
# What ``once`` has found; None where something may change.
_found = ContextVar("found", default=None)


class RequestMiddleware:
    """Lets everything below know the present request, and gives each request a name for the log."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.id = secrets.token_hex(6)
        token = _request.set(request)
        try:
            with reading() if request.method in ("GET", "HEAD") else nullcontext():
                return self.get_response(request)
        finally:
            _request.reset(token)


def reader():
    """The user for whom the present request is answered; None for strangers and in a command."""
    request = _request.get()
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None


def page() -> str:
    """The name of the view that answers the present request; "" in a command and before it is known."""
    match = getattr(_request.get(), "resolver_match", None)
    return match.view_name if match else ""


def address() -> str:
    """From where the present request comes, as it came; "" in a command."""
    request = _request.get() or _streamed_to.get()
    return get_adapter().get_client_ip(request) if request else ""


def once(key: tuple, find: Callable[[], Any]) -> Any:
    """What ``find`` returns, found once while a page is read. Where something may change, it is found each time."""
    found = _found.get()
    if found is None:
        return find()
    if key not in found:
        found[key] = find()
    return found[key]


@contextmanager
def reading():
    """For code that only reads, in a request or not: what is asked ``once`` is remembered until it ends."""
    token = _found.set({})
    try:
        yield
    finally:
        _found.reset(token)


@contextmanager
def streaming(request):
    """For what is done while an answer is being sent: it comes from the same address. There is no reader any more, so
    that who is protected stands in what is kept as such."""
    token = _streamed_to.set(request)
    try:
        yield
    finally:
        _streamed_to.reset(token)
