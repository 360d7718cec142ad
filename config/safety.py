"""What the start refuses in production, each with the sentence that says what to set."""

from collections.abc import Iterator

from django.core.exceptions import ImproperlyConfigured

_SHORTEST_KEY, _FEWEST_LETTERS = 40, 10
_FOR_TRYING = ("console", "dummy", "locmem", "filebased")


def refuse(settings) -> None:
    """Raises ImproperlyConfigured with all that is unsafe. A value is never repeated: it may be a secret."""
    found = [] if settings.MAY_BE_UNSAFE else list(_unsafe(settings))
    if found:
        raise ImproperlyConfigured(" ".join(found))


def _unsafe(settings) -> Iterator[str]:
    for is_unsafe, sentence in _RULES:
        if is_unsafe(settings):
            yield sentence


def _is_guessable(key: str) -> bool:
    return len(key) < _SHORTEST_KEY or len(set(key)) < _FEWEST_LETTERS or key.startswith(("django-insecure", "for-dev"))


_RULES = [
    (
        lambda settings: _is_guessable(settings.SECRET_KEY),
        "SECRET_KEY is too easy to guess: set 50 random characters, for example those that"
        " `python -c 'import secrets; print(secrets.token_urlsafe(50))'` prints.",
    ),
    (
        lambda settings: settings.DEBUG,
        "DEBUG must be false in production: its error pages show settings to everybody.",
    ),
    (
        lambda settings: not settings.ALLOWED_HOSTS or {"*", "."} & set(settings.ALLOWED_HOSTS),
        "ALLOWED_HOSTS must name the portal's host names, and not all names there are.",
    ),
    (
        lambda settings: not settings.SITE_URL.startswith("https://"),
        "SITE_URL must begin with https://: links in mails lead there.",
    ),
    (
        lambda settings: settings.DEMO_LOGINS,
        "DEMO_LOGINS must be off: everybody knows the passwords of the demonstration.",
    ),
    (
        lambda settings: not settings.STAFF_SECOND_FACTOR,
        "STAFF_SECOND_FACTOR must be on: the back office holds people's data.",
    ),
    (
        lambda settings: any(kind in settings.EMAIL_BACKEND for kind in _FOR_TRYING),
        "EMAIL_BACKEND sends no mail: set EMAIL_HOST or MAIL_PROVIDER.",
    ),
    (
        lambda settings: settings.BACKUP_TO and not settings.BACKUP_KEY,
        "BACKUP_KEY is not set: name the key of GnuPG for which backups are encrypted, or empty BACKUP_TO.",
    ),
]
