import pytest

from config.settings import base

_PREFIXES = ("SECURE_", "SESSION_COOKIE_", "CSRF_COOKIE_", "CONTENT_SECURITY_POLICY", "PERMISSIONS_POLICY")


@pytest.fixture
def production(settings):
    """What the answers of a portal in use carry; clients of these tests speak HTTPS (``secure=True``)."""
    for name in dir(base):
        if name.startswith(_PREFIXES):
            setattr(settings, name, getattr(base, name))
    return settings
