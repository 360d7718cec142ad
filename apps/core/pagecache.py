"""Pages that are the same for every stranger, kept ready to send in the memory of each web process.

A view says that it makes such pages (``public_page``); what is kept is one body for each host, path and query,
compressed once. A kept page is good for the minute in which it was made, because time itself changes pages, and only as
long as nobody has changed anything: the seals of the audit trail, which are numbered in the order of commits, are
looked at twice a second. So several processes and nodes need not tell each other anything, and no other service can be
away. While the database is, what is kept goes on being sent, for nobody can change anything then.

Nobody who brings a cookie gets such a page or makes one.
"""

import gzip
import hashlib
import logging
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from http import HTTPStatus
from urllib.parse import unquote_plus

import brotli
from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections
from django.utils.http import http_date, parse_http_date_safe

from apps.core import replicas
from apps.core.audit import trail_since
from apps.core.metrics import PAGES

log = logging.getLogger(__name__)

# Seconds between two looks at the audit trail.
_LOOK_EVERY = 0.5
# Seconds between two times that readings are written down.
_COUNT_EVERY = 10
# What all kept pages of a process may take, and a single one.
_ROOM, _LARGEST = 24 * 1024 * 1024, 1024 * 1024
# So long, in seconds, a page that cannot be made anew is still sent.
_STALE = 3600
# A second request for a page that is being made waits so long before it makes its own.
_PATIENCE = 5
# What links from other sites add; no page of ours knows it.
_TRACKING = re.compile(r"^(?:utm_[a-z]+|fbclid|gclid|dclid|msclkid|twclid|igshid|mc_cid|mc_eid)$")
_NOTES = "portal.page"
_KEPT = PAGES.labels("kept")

Headers = list[tuple[str, str]]


# For views and the middleware


def public_page(*parameters: str, in_any_language: bool = False) -> Callable:
    """Around a view whose pages are the same for every stranger: of its query only these parameters are looked at.

    ``in_any_language``: the same whichever language the reader's browser prefers, though none stands in the address.
    """

    def mark(view):
        view.public_parameters = frozenset(parameters)
        view.varies_by = frozenset({"cookie", "accept-encoding", *(["accept-language"] if in_any_language else [])})
        return view

    return mark


def when_read(request, count: Callable[[int], None]) -> None:
    """``count`` is called with a number of readings that were answered with the kept page."""
    request.META.get(_NOTES, {})["count"] = count


class PublicPageMiddleware:
    """Tells caches, our own and others', which answers are the same for everybody, and for how long.

    Stands inside the compression, which it takes over, and outside everything that may set a cookie.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if not _is_public(request, response):
            return response
        response["Cache-Control"] = f"public, max-age=0, s-maxage={settings.SHARED_CACHE_SECONDS}"
        response["Vary"] = "Accept-Encoding"
        notes = request.META.get(_NOTES)
        if notes is not None and len(response.content) <= _LARGEST:
            notes["body"] = response.content
            request.META.pop("HTTP_ACCEPT_ENCODING", None)
        return response


def _is_public(request, response) -> bool:
    if request.COOKIES or request.method not in {"GET", "HEAD"} or response.status_code != HTTPStatus.OK:
        return False
    view = getattr(request.resolver_match, "func", None)
    known = getattr(view, "public_parameters", None)
    varies = {name.strip().lower() for name in response.get("Vary", "").split(",") if name.strip()}
    return (
        known is not None
        and known.issuperset(request.GET)
        and not response.streaming
        and not response.cookies
        and not response.has_header("Cache-Control")
        and varies <= view.varies_by
    )


# What is kept


@dataclass
class Page:
    """``position`` is how far the audit trail had come before the page was made."""

    body: bytes
    headers: Headers
    position: int
    made_at: float
    changed_at: int
    count: Callable[[int], None] | None = None
    readings: int = 0
    etag: str = ""
    packed: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self):
        self.etag = f'W/"{hashlib.sha256(self.body).hexdigest()[:24]}"'
        self.common = [
            *((name, value) for name, value in self.headers if name.lower() not in _OUR_HEADERS),
            ("ETag", self.etag),
            ("Last-Modified", http_date(self.changed_at)),
        ]

    @property
    def size(self) -> int:
        """About what it takes with its packed forms, which are made when somebody wants them."""
        return len(self.body) * 3 // 2

    def body_in(self, encoding: str) -> bytes:
        if not encoding:
            return self.body
        if encoding not in self.packed:
            self.packed[encoding] = _PACKERS[encoding](self.body)
        return self.packed[encoding]


_OUR_HEADERS = {"content-length", "content-encoding", "etag", "last-modified"}
_PACKERS = {
    "br": lambda body: brotli.compress(body, quality=5, mode=brotli.MODE_TEXT),
    "gzip": lambda body: gzip.compress(body, compresslevel=6, mtime=0),
}


@lru_cache(maxsize=512)
def _encoding(accepted: str) -> str:
    """The better of those that the reader's browser takes; "" for none."""
    taken = {}
    for part in accepted.lower().split(","):
        name, _semicolon, weight = part.partition(";")
        taken[name.strip()] = weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return next((name for name in _PACKERS if taken.get(name)), "")


def _key(environ: dict) -> tuple | None:
    """What tells pages apart; None for what is never kept."""
    if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or environ.get("HTTP_COOKIE"):
        return None
    if environ.get("HTTP_AUTHORIZATION") or environ["PATH_INFO"].startswith(settings.STATIC_URL):
        return None
    proto = environ.get("HTTP_X_FORWARDED_PROTO", "")
    host = environ.get("HTTP_HOST", "")
    return environ["wsgi.url_scheme"], proto, host, environ["PATH_INFO"], _query(environ.get("QUERY_STRING", ""))


def _query(query: str) -> str:
    if not query:
        return ""
    parts = query.split("&")
    return "&".join(part for part in parts if not _TRACKING.match(unquote_plus(part.partition("=")[0])))


class PageCache:
    """A WSGI application around the portal's: ``PageCache(get_wsgi_application())``."""

    def __init__(self, application, clock=time.time):
        self.application = application
        self.clock = clock
        self.pages: OrderedDict[tuple, Page] = OrderedDict()
        self.size = 0
        self.lock = threading.Lock()
        self.making: dict[tuple, threading.Lock] = {}
        self.looking = threading.Lock()
        # How far the trail was read, and where it last told of something that pages may show.
        self.seen = self.position = -1
        self.looked_at = self.counted_at = float("-inf")
        self.is_blind = False

    def __call__(self, environ, start_response) -> Iterable[bytes]:
        key = _key(environ)
        if key is None:
            return self.application(environ, start_response)
        self._look()
        page = self._good(key)
        if page is None:
            with self._turn(key):
                page = self._good(key)
                if page is None:
                    return self._made(key, environ, start_response)
        _KEPT.inc()
        page.readings += 1
        return self._send(page, environ, start_response)

    # Whether a page is still good

    def _look(self) -> None:
        """How far the trail has come; one thread looks, the others do not wait for it."""
        now = time.monotonic()
        if now - self.looked_at < _LOOK_EVERY or not self.looking.acquire(blocking=False):
            return
        try:
            close_old_connections()
            with replicas.reading():
                self.seen, changed_at = trail_since(self.seen)
            self.position = max(self.position, changed_at)
            self.is_blind = False
            if now - self.counted_at > _COUNT_EVERY:
                self.counted_at = now
                self._count(list(self.pages.values()))
        except (DatabaseError, InterfaceError) as error:
            self.is_blind = True
            log.warning("the database is away (%s): kept pages are sent as they are", type(error).__name__)
        finally:
            self.looked_at = time.monotonic()
            self.looking.release()

    def _good(self, key: tuple) -> Page | None:
        page = self.pages.get(key)
        if page is None:
            return None
        now = self.clock()
        is_new = page.position >= self.position and page.made_at // 60 == now // 60
        if is_new or (self.is_blind and now - page.made_at < _STALE):
            return page
        return None

    # Making one

    def _turn(self, key: tuple) -> "_Turn":
        with self.lock:
            return _Turn(self.making.setdefault(key, threading.Lock()), lambda: self._end_turn(key))

    def _end_turn(self, key: tuple) -> None:
        with self.lock:
            self.making.pop(key, None)

    def _made(self, key: tuple, environ: dict, start_response) -> Iterable[bytes]:
        notes: dict = {}
        asked = {**environ, _NOTES: notes, "QUERY_STRING": key[-1]}
        answered: list = []
        made_at, position = self.clock(), self.position
        chunks = self.application(asked, lambda *arguments: answered.append(arguments))
        status, headers = answered[-1][:2]
        old = self.pages.get(key)
        if status.startswith("5") and old is not None and made_at - old.made_at < _STALE:
            _close(chunks)
            PAGES.labels("old").inc()
            log.warning("a page could not be made (%s): the last one was sent", status)
            return self._send(old, environ, start_response)
        if "body" not in notes or _has_nonce(headers):
            start_response(*answered[-1])
            return chunks
        _close(chunks)
        PAGES.labels("made").inc()
        page = self._new(notes, headers, old, made_at, position)
        # Nothing is known of when it goes out of date: it is sent and not kept.
        if not self.is_blind:
            self._keep(key, page)
        return self._send(page, environ, start_response)

    def _new(self, notes: dict, headers: Headers, old: Page | None, made_at: float, position: int) -> Page:
        changed_at = int(made_at)
        if old is not None:
            changed_at = old.changed_at if old.body == notes["body"] else max(changed_at, old.changed_at + 1)
        page = Page(notes["body"], headers, position, made_at, changed_at, notes.get("count"))
        if old is not None and old.body == page.body:
            page.packed = old.packed
        return page

    def _keep(self, key: tuple, page: Page) -> None:
        out = []
        with self.lock:
            if old := self.pages.pop(key, None):
                self.size -= old.size
                page.readings += old.readings
            self.pages[key] = page
            self.size += page.size
            while self.size > _ROOM:
                _key_of_oldest, oldest = self.pages.popitem(last=False)
                self.size -= oldest.size
                out.append(oldest)
        self._count(out)

    # Sending one

    def _send(self, page: Page, environ: dict, start_response) -> Iterable[bytes]:
        if _is_known(page, environ):
            start_response("304 Not Modified", [pair for pair in page.common if pair[0].lower() != "content-type"])
            return []
        encoding = _encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        body = page.body_in(encoding)
        headers = [*page.common, ("Content-Length", str(len(body)))]
        if encoding:
            headers.append(("Content-Encoding", encoding))
        start_response("200 OK", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _count(self, pages: list[Page]) -> None:
        """Readings that no view has seen, written down by those who want to know."""
        for page in pages:
            readings, page.readings = page.readings, 0
            if readings and page.count:
                try:
                    page.count(readings)
                except DatabaseError as error:
                    log.warning("readings were not counted: %s", type(error).__name__)


class _Turn:
    """One makes the page, the others wait for it, and not for ever."""

    def __init__(self, lock: threading.Lock, end: Callable[[], None]):
        self.lock, self.end = lock, end
        self.is_mine = False

    def __enter__(self):
        self.is_mine = self.lock.acquire(timeout=_PATIENCE)

    def __exit__(self, *error):
        if self.is_mine:
            self.end()
            self.lock.release()


def _is_known(page: Page, environ: dict) -> bool:
    """Whether the reader has this very page already."""
    if tags := environ.get("HTTP_IF_NONE_MATCH"):
        return tags.strip() == "*" or page.etag[2:] in {tag.strip().removeprefix("W/") for tag in tags.split(",")}
    since = parse_http_date_safe(environ.get("HTTP_IF_MODIFIED_SINCE", ""))
    return since is not None and since >= page.changed_at


def _has_nonce(headers: Headers) -> bool:
    return any("'nonce-" in value for name, value in headers if name.lower() == "content-security-policy")


def _close(chunks) -> None:
    """Ends the request inside: Django gives its connection back then."""
    if hasattr(chunks, "close"):
        chunks.close()
