"""Browser tests: people at Chromium, the portal on a live server.

Whatever goes wrong in a browser fails the test, looked for or not: see ``Watch``.
"""

import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.db import connections
from django.utils.translation import gettext, override
from playwright.sync_api import Page, expect, sync_playwright

from apps.accounts.models import User
from tests.factories import PASSWORD

# Playwright's own event loop runs in the thread of the tests; it runs nothing of Django's.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# A busy machine is slow, not wrong.
expect.set_options(timeout=20_000)

CHROMIUM_OPTIONS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(autouse=True)
def _portal(browser, live_server, django_db_serialized_rollback, settings):
    """The server, and the lists and roles that migrations made, which each flush takes away.

    Second factors have their own tests; elsewhere people come in with their password.
    """
    settings.STAFF_SECOND_FACTOR = False


@pytest.fixture(scope="session")
def browser(request):
    name = os.environ.get("CHROMIUM") or "chromium"
    path = shutil.which(name)
    if path is None:
        reason = f"There is no {name}: install Chromium, or name it with CHROMIUM=/path/to/chromium."
        (pytest.fail if os.environ.get("BROWSER_REQUIRED") else pytest.skip)(reason)
    request.getfixturevalue("django_db_setup")
    connection = connections["default"]
    # A thread of the server may still be closing its request when the server itself has stopped sharing.
    connection.inc_thread_sharing()
    with sync_playwright() as playwright:
        # From here on Django takes this thread for an asynchronous one, which would get a connection of its own.
        connections["default"] = connection
        chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM_OPTIONS)
        yield chromium
        chromium.close()


@pytest.fixture(params=["ar", "en"])
def language(request) -> str:
    return request.param


@pytest.fixture
def other(language) -> str:
    return {"ar": "en", "en": "ar"}[language]


@pytest.fixture
def t(language):
    """What the portal calls something in the test's language: ``t("Log in")``."""

    def translate(text: str, **values) -> str:
        with override(language):
            return gettext(text) % values if values else gettext(text)

    return translate


@pytest.fixture
def demonstration(django_db_serialized_rollback, settings):
    """The demonstration is loaded; ``demonstration(email)`` is one of its accounts with the password of the tests."""
    settings.DEMO_LOGINS = True
    call_command("seed_demo", verbosity=0)

    def account(email: str) -> User:
        user = User.objects.get(email=email)
        user.set_password(PASSWORD)
        user.save()
        return user

    return account


class Watch:
    """Notes what must not happen in any page: errors of scripts, failed and refused requests, requests elsewhere."""

    def __init__(self, host: str):
        self.host = host
        self.troubles: list[str] = []

    def follow(self, page: Page, expected: set[int]) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        page.on("request", self._request)
        page.on("requestfailed", self._failed)
        page.on("response", lambda response: self._response(response, expected))

    def _console(self, message) -> None:
        if message.text == "Service Worker registration blocked by Playwright":
            return
        # Chromium repeats each refused request here; ``_response`` judges those.
        is_refusal = message.text.startswith("Failed to load resource: the server responded with a status")
        if message.type in ("error", "warning") and not is_refusal:
            self.troubles.append(f"console: {message.text}")

    def _request(self, request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and address.netloc != self.host:
            self.troubles.append(f"to another host: {request.url}")

    def _failed(self, request) -> None:
        # A navigation that turns into a download, or that the person leaves, is reported as aborted.
        if request.failure != "net::ERR_ABORTED":
            self.troubles.append(f"failed: {request.url}: {request.failure}")

    def _response(self, response, expected: set[int]) -> None:
        if response.status >= 400 and response.status not in expected:
            self.troubles.append(f"{response.status}: {response.url}")


@pytest.fixture
def open_page(browser, live_server):
    """``open_page(width=390)``: a new person's browser, without cookies. ``expected`` lists errors she provokes.

    The service worker is off, since a browser that is closed while it begins may hang; ``service_workers="allow"``."""
    watch = Watch(urlsplit(live_server.url).netloc)
    contexts = []

    def new_page(*, width: int = 1280, height: int = 900, expected: tuple[int, ...] = (), **options) -> Page:
        options = {"service_workers": "block", **options}
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": width, "height": height}, locale="en-GB", **options
        )
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        watch.follow(page, set(expected))
        return page

    yield new_page
    for context in contexts:
        context.close()
    assert watch.troubles == []


@pytest.fixture
def sign_in(t, language):
    """Logs a person in through the page, in the test's language."""

    def through_the_page(page: Page, user) -> None:
        page.goto(f"/{language}/")
        page.get_by_role("link", name=t("Member login")).click()
        page.get_by_label(t("E-mail address")).fill(user.email)
        page.get_by_label(t("Password"), exact=True).fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name=t("Log in"), exact=True).click()
        expect(page.get_by_role("button", name=t("Log out"))).to_be_visible()

    return through_the_page
