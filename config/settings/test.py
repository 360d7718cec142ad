"""The suite: the settings of development without its comforts, and warnings for every query repeated in a loop."""

import os
import tempfile

os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="portal-tests-"))

from config.settings.dev import *  # noqa: F403

DEBUG = False
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
SITE_URL = "https://portal.example.org"
SECRETARIAT_EMAIL = "secretariat@example.org"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PACKS_IN_BACKGROUND = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ACCOUNT_RATE_LIMITS = False
EVEN_ANSWERS_TAKE = 0
READS_COUNTED_ONE_IN = 0
STAFF_SECOND_FACTOR = True
INSTALLED_APPS = [*INSTALLED_APPS, "zeal", "django_migration_linter"]  # noqa: F405
MIDDLEWARE = ["zeal.middleware.zeal_middleware", *MIDDLEWARE]  # noqa: F405
ZEAL_RAISE = True

if CACHES["default"].get("LOCATION"):  # noqa: F405
    # Each process of the suite empties its own Redis database between tests, and no other's.
    _address, _, _number = CACHES["default"]["LOCATION"].rpartition("/")  # noqa: F405
    _worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    CACHES["default"]["LOCATION"] = f"{_address}/{int(_number) + _worker}"  # noqa: F405
