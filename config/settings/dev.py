"""Trying the portal out and working on it: nothing to set, nothing sent, nothing secret."""

import os

os.environ.setdefault("SECRET_KEY", "for-development-only-not-a-secret")
os.environ.setdefault("TASKS_AT_ONCE", "true")
os.environ.setdefault("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")

from config.settings.base import *  # noqa: F403

# Off by default, so that a first visitor meets the portal's own error pages; DEBUG=true shows Django's.
DEBUG = env.flag("DEBUG", default=False)  # noqa: F405
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
SITE_URL = env.text("SITE_URL", "http://127.0.0.1:8000")  # noqa: F405
SECRETARIAT_EMAIL = env.text("SECRETARIAT_EMAIL", "secretariat@example.org")  # noqa: F405
DEMO_LOGINS = MAY_BE_UNSAFE = True
STAFF_SECOND_FACTOR = env.flag("STAFF_SECOND_FACTOR", default=False)  # noqa: F405
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
LOGGING["handlers"]["console"].pop("formatter")  # noqa: F405 - to be read as it comes
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
SESSION_COOKIE_NAME = "sessionid"
CSRF_COOKIE_NAME = "csrftoken"
