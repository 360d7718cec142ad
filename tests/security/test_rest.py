"""Rows that stand alone: look-alike addresses, stored files, logging out, mail headers, slow patterns, secrets."""

import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import SuspiciousFileOperation, ValidationError
from django.core.files.storage import default_storage
from django.test import Client

from apps.accounts.roles import Role
from apps.core import outbox, richtext
from apps.core.models import OutgoingMail
from apps.core.outbox import letters
from apps.core.slugs import slug
from apps.core.tables import safe_cell
from apps.core.textpolicy import clean_name, clean_text, skeleton
from apps.core.uploads import check_name
from tests.factories import client_for, make_document, make_meeting, make_user

ROOT = Path(django_settings.BASE_DIR)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed",
    [
        "m\u0131ke@example.org",
        "mike@example.\u006f\u0280g",
        "mi\u212ae@example.org",
        "mike@ex\u0430mple.org",
        "ﻣike@example.org",
    ],
)
def test_s11_a_look_alike_address_gets_nobodys_reset_mail(client, typed):
    make_user(email="mike@example.org")

    client.post("/en/accounts/password/reset/", {"email": typed})

    assert not OutgoingMail.objects.exclude(to="mike@example.org").exists()


@pytest.mark.django_db
def test_s11_the_mail_goes_to_the_stored_address_in_any_spelling(client):
    make_user(email="mike@example.org")
    client.post("/en/accounts/password/reset/", {"email": "MIKE@Example.ORG"})

    assert [mail.to for mail in OutgoingMail.objects.all()] == ["mike@example.org"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "way",
    [
        "/media/{}",
        "/private/{}",
        "/var/private/{}",
        "/static/{}",
        "/static/../{}",
        "/static/%2e%2e/{}",
        "/{}",
        "/protected/{}",
    ],
)
def test_s38_a_stored_file_has_no_address(client, way):
    document = make_document(make_meeting(), languages=("ar",))

    assert client.get(way.format(document.file_ar.name)).status_code in (400, 404)
    with pytest.raises(ValueError, match="no address"):
        default_storage.url(document.file_ar.name)


@pytest.mark.parametrize("name", ["../settings.py", "/etc/passwd", "a/../../b", "..\\..\\b"])
def test_s38_no_name_leads_out_of_the_store(name):
    try:
        inside = Path(default_storage.path(name)).is_relative_to(django_settings.PRIVATE_ROOT)
    except SuspiciousFileOperation:
        inside = True
    assert inside


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["ar", "en"])
def test_s52_logging_out_makes_the_browser_forget(language):
    client = client_for(make_user(Role.MEMBER))

    response = client.post(f"/{language}/accounts/logout/")

    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in Client().get(f"/{language}/")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["A\r\nBcc: all@example.org", "A\nB", "A\u2028B", 'sec@un.org" <x@evil.example>', "A\u202eB"]
)
def test_s53_a_name_adds_no_header_to_a_mail(settings, name):
    settings.PORTAL_NAME = {"ar": name, "en": name}
    mail = outbox.write(
        "account/email/factor_reset", to="a@example.org", language="en", context={"user": make_user(Role.MEMBER)}
    )

    message = letters.message(mail).message()

    assert len(mail.subject.splitlines()) == 1
    assert "Bcc" not in message
    assert (message["To"], "Cc" in message) == ("a@example.org", False)


LONG = [
    "a" * 100_000,
    " " * 100_000,
    "<" * 100_000,
    "<a href=" * 12_000,
    "&#" * 50_000,
    "(" * 100_000,
    "1-" * 50_000,
    "a@" * 50_000,
    "http://" * 14_000,
    "a.b" * 33_000,
    "\u0640" * 100_000,
    "ا\u064e" * 50_000,
    "=" * 100_000,
    "/" * 100_000,
    "+9 " * 33_000,
]
PATTERNS = [richtext.clean, richtext.plain, richtext.isolate, clean_text, clean_name, skeleton, slug, safe_cell]


@pytest.mark.parametrize("function", PATTERNS, ids=lambda function: function.__name__)
@pytest.mark.parametrize("text", LONG, ids=lambda text: text[:8])
def test_s60_no_text_keeps_a_pattern_busy(function, text):
    """A pattern that goes back and forth takes minutes for these; the limit is far from noise and from that."""
    start = time.process_time()
    function(text)

    assert time.process_time() - start < 5


def test_s60_no_file_name_keeps_a_pattern_busy():
    for text in LONG:
        start = time.process_time()
        with suppress(ValidationError):
            check_name(f"{text}.pdf")
        assert time.process_time() - start < 5


def starts(**changes) -> subprocess.CompletedProcess:
    """A portal in use, started with these settings."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    settings = {
        "DJANGO_SETTINGS_MODULE": "config.settings.base",
        "SECRET_KEY": "q8Hd0-zVt5rKxJ2mWc7LpNfYb4Ga9Eu1SiTo6RkX3vQe",
        "ALLOWED_HOSTS": "portal.example.org",
    }
    command = [
        sys.executable,
        "-c",
        "import django; django.setup(); from django.conf import settings; print(settings.DEBUG)",
    ]
    environment = {**kept, **settings, **changes}
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)


def test_s65_a_portal_in_use_starts_without_debugging():
    assert starts().stdout.strip() == "False"
    assert starts(DEBUG="true").stdout.strip() == "False"


@pytest.mark.parametrize("changes", [{"SECRET_KEY": ""}, {"SECRET_KEY": "x" * 60}, {"ALLOWED_HOSTS": ""}])
def test_s65_without_its_secret_or_host_it_does_not_start(changes):
    assert starts(**changes).returncode != 0


@pytest.mark.parametrize(
    "path",
    ["/.git/config", "/.env", "/.env.example", "/db.sqlite3", "/manage.py", "/config/settings/base.py", "/static/.env"],
)
def test_s65_what_lies_beside_the_portal_is_not_served(db, client, path):
    assert client.get(path).status_code == 404


def test_s65_the_health_page_says_nothing_more(db, client):
    assert client.get("/healthz").content == b"ok\n"


def test_s68_pages_and_styles_name_no_other_host():
    """Addresses in links that people follow are fine; what a browser loads by itself is ours."""
    loads = ("src=", "url(", "@import", "srcset=", 'rel="stylesheet"')
    for path in [*ROOT.glob("templates/**/*.html"), *ROOT.glob("static/**/*.css"), *ROOT.glob("static/**/*.js")]:
        for line in path.read_text(encoding="utf-8").splitlines():
            assert not ("//" in line.replace("// ", "") and any(part in line for part in loads) and "http" in line), (
                path
            )
