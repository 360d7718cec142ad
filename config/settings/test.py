"""The suite: production's settings as far as plain HTTP allows, warnings for every query repeated in a loop."""

import os
import tempfile

os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="portal-tests-"))

from config.settings.dev import *  # noqa: F403

DEBUG = False
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
SITE_URL = "https://portal.example.org"
SECRETARIAT_EMAIL = "secretariat@example.org"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
OUTBOX_IN_BACKGROUND = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ACCOUNT_RATE_LIMITS = False
STAFF_SECOND_FACTOR = True
INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]  # noqa: F405
MIDDLEWARE = ["zeal.middleware.zeal_middleware", *MIDDLEWARE]  # noqa: F405
ZEAL_RAISE = True
