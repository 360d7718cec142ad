"""Production settings: safe with nothing set but the secrets. ``dev`` and ``test`` are a few lines on top.

Every value from outside is read through ``config.env``; ``.env.example`` lists them all.
"""

from datetime import date
from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from js_asset import static_lazy

from config import env
from config.identity import (  # noqa: F401
    DATA_LICENCE,
    LANGUAGES,
    PORTAL_NAME,
    PORTAL_OWNER,
    PORTAL_TAGLINE,
    SECRETARIAT_EMAIL,
)

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = Path(env.text("DATA_DIR", str(BASE_DIR / "var")))
DATA_DIR.mkdir(parents=True, exist_ok=True)

SECRET_KEY = env.text("SECRET_KEY")
# Former keys, with commas: what they signed and encrypted is still good.
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS", [])
DEBUG = False
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")
SITE_URL = env.text("SITE_URL", f"https://{ALLOWED_HOSTS[0]}")

INSTALLED_APPS = [
    "modeltranslation",  # before the admin, which it extends
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "csp",
    "django_prose_editor",
    "django_tasks",
    "django_tasks_db",
    "anymail",
    "dbbackup",
    "apps.core",
    "apps.search",
    "apps.accounts",
    "apps.stakeholders",
    "apps.meetings",
    "apps.reviews",
    "apps.news",
    "apps.outreach",
    "apps.opendata",
    "apps.demo",
]

MIDDLEWARE = [
    "apps.core.metrics.MetricsMiddleware",
    # Headers that every answer carries, static files and refusals included.
    "apps.core.middleware.IsolationMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "apps.core.pagecache.PublicPageMiddleware",
    "apps.core.text_only.TextOnlyMiddleware",
    "apps.core.current.RequestMiddleware",
    "apps.core.replicas.ReplicaMiddleware",
    "apps.core.middleware.StorableInputMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "apps.core.readonly.ReadOnlyMiddleware",
    "apps.core.middleware.LoginMiddleware",
    "apps.core.middleware.PersonalResponseMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "apps.accounts.middleware.SessionMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.core.context.portal",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = ("portal",)
CRISPY_TEMPLATE_PACK = "portal"

# The rich-text editor keeps direction, language and isolation (static/js/editor-direction.js).
DJANGO_PROSE_EDITOR_EXTENSIONS = [
    {"js": [static_lazy("js/editor-direction.js")], "extensions": {"Direction": "apps.core.richtext.no_rules"}}
]

# When all libraries were last brought up to date (`make lock`), the time zone data among them.
LOCKED_ON = date.fromisoformat((BASE_DIR / "config/locked_on.txt").read_text(encoding="ascii").strip())

# Data

DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{DATA_DIR / 'portal.sqlite3'}")}
# Every page can be read and nothing is taken: from the copy of the database where there is one (apps.core.readonly).
READ_ONLY = env.flag("READ_ONLY", default=False)
# A copy, from which public pages are read (apps.core.replicas).
DATABASE_ROUTERS = []
if env.text("DATABASE_REPLICA_URL", ""):
    _replica = env.database("DATABASE_REPLICA_URL", "")
    if READ_ONLY:
        DATABASES["default"] = _replica
    else:
        DATABASES["replica"] = _replica | {"TEST": {"MIRROR": "default"}}
        DATABASE_ROUTERS = ["apps.core.replicas.Router"]
# Behind PgBouncer in transaction mode nothing may outlive a transaction.
if env.flag("PGBOUNCER", default=False):
    for _database in DATABASES.values():
        _database["DISABLE_SERVER_SIDE_CURSORS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": env.cache("CACHE_URL")}
# Public pages are kept ready in each web process (apps.core.pagecache); caches in front may keep them so many seconds.
PAGE_CACHE = env.flag("PAGE_CACHE", default=True)
SHARED_CACHE_SECONDS = env.number("SHARED_CACHE_SECONDS", 1)
# Where backups go, a folder or s3://bucket/prefix, and for whose key of GnuPG they are encrypted.
BACKUP_TO = env.text("BACKUP_TO", "")
BACKUP_KEY = env.text("BACKUP_KEY", "")
BACKUP_PASSPHRASE = env.text("BACKUP_PASSPHRASE", "")
# A daily backup is late after so many hours.
BACKUP_OLDEST_HOURS = 26
FILES_S3 = env.text("FILES_S3", "")
STORAGES = {
    "default": env.storage("FILES_S3", folder="", kind="apps.core.s3.PrivateS3Storage")
    if FILES_S3
    else {"BACKEND": "apps.core.storage.PrivateStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    "dbbackup": env.storage("BACKUP_TO", folder=str(DATA_DIR / "backups"), kind="storages.backends.s3.S3Storage"),
}
DBBACKUP_CONNECTORS = {"default": {"CONNECTOR": f"apps.core.backups.{env.backup_connector(DATABASES['default'])}"}}
DBBACKUP_BACKUP_METADATA_SETTER = "apps.core.backups.metadata"
DBBACKUP_HOSTNAME = "portal"
DBBACKUP_GPG_RECIPIENT = BACKUP_KEY
DBBACKUP_GPG_ALWAYS_TRUST = True
DBBACKUP_SEND_EMAIL = False
DBBACKUP_CLEANUP_KEEP = 30
DBBACKUP_DATE_FORMAT = "%Y-%m-%d-%H%M%S"
# No address leads here: every file leaves through a view that asks who is reading.
PRIVATE_ROOT = DATA_DIR / "private"
# Whether an article is approved by somebody else than who wrote it.
FOUR_EYES = env.flag("FOUR_EYES", default=True)
# One page view in so many is counted, as so many; 0: none.
READS_COUNTED_ONE_IN = 10
# Packs of papers are made in a process of their own, so that the web processes stay small.
PACKS_IN_BACKGROUND = True
UPLOAD_LIMIT_MB = env.number("UPLOAD_LIMIT_MB", 20)
# The virus scanner: host:port or the path of a socket of clamd; empty: there is none.
CLAMD_ADDRESS = env.text("CLAMD_ADDRESS", "")
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(DATA_DIR / "static")))
# Files leave through nginx, by order of a view (deploy/nginx.conf.template).
X_ACCEL = env.flag("X_ACCEL", default=False)
STATICFILES_DIRS = [BASE_DIR / "static"]

# Languages and time

LANGUAGE_CODE = "ar"
MODELTRANSLATION_DEFAULT_LANGUAGE = "ar"
MODELTRANSLATION_FALLBACK_LANGUAGES = {"default": ()}
MODELTRANSLATION_ENABLE_FALLBACKS = False
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.zone("TIME_ZONE", "Africa/Cairo")

# Accounts: invitation only, the e-mail address is the login.

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "apps.accounts.passwords.PortalWordsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "apps.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_SESSION_REMEMBER = None  # the person ticks it on a device of her own
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
EVEN_ANSWERS_TAKE = 0.15  # seconds; longer than a reset for a known address takes
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,100/d/ip,5/5m/key,30/d/key",
    "reset_password": "20/m/ip,5/m/key,20/d/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "join": "20/h/ip,3/h/key",
    # A whole camp or café may write by one address of the network.
    "input": "120/h/ip,3/h/key",
    "newsletter": "60/h/ip,3/h/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", 0)
ACCOUNT_FORMS = {
    "login": "apps.accounts.forms.LoginForm",
    "change_password": "apps.accounts.forms.ChangePasswordForm",
    "reset_password": "apps.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "apps.accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "apps.accounts.forms.ReauthenticateForm",
}

# Second factors: asked of everybody who works in the back office, offered to members.

STAFF_SECOND_FACTOR = True
MFA_ADAPTER = "apps.accounts.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_TOLERANCE = 1  # clocks of phones are not always right
MFA_FORMS = {
    "authenticate": "apps.accounts.forms.CodeForm",
    "reauthenticate": "apps.accounts.forms.ReauthenticateCodeForm",
    "activate_totp": "apps.accounts.forms.ActivateCodeForm",
    "add_webauthn": "apps.accounts.forms.AddPasskeyForm",
}

# Sessions, in seconds: after how long without use they end, and after how long in any case.

SESSION_ENGINE = "apps.accounts.sessions"
STAFF_SESSION = {"idle": 30 * 60, "longest": 12 * 3600}
MEMBER_SESSION = {"idle": 14 * 24 * 3600, "longest": 30 * 24 * 3600}
SESSION_COOKIE_AGE = MEMBER_SESSION["longest"]

# The first day of the present review cycle: by default the day after the second regional review conference, held in
# Cairo on 3 and 4 July 2024.
REVIEW_CYCLE_SINCE = env.day("REVIEW_CYCLE_SINCE", "2024-07-05")

# Counts of contributions below this are told as such: a smaller one might tell who wrote.
SMALL_COUNT = 3

# An announcement to more than so many is approved by a second person.
ANNOUNCEMENT_ALONE = 20

# How many days what names people is kept; `manage.py apply_retention` deletes it, and the privacy page says so.
RETENTION_DAYS = {
    "address": 90,
    "mail": 90,
    "invitation": 180,
    "held_file": 90,
    "preview_link": 30,
    "import": 14,
    # As long as a merge can be undone.
    "merge": 30,
    # A request to be listed that nobody sent, after the last change; one that is answered.
    "join_draft": 30,
    "join": 180,
    # A contribution that nobody sent, after the last change; one that was declined or taken back.
    "input_draft": 90,
    "input": 365,
    # What was looked for and not found, which is nobody's.
    "missed_search": 90,
    # A subscription to the newsletter that nobody has confirmed.
    "subscription": 7,
    # Somebody without an account whose time is over, and whom nobody has erased or kept on since the dashboard asked.
    "overdue_person": 30,
    # After the meeting for which somebody needed something, or to which a guest was asked.
    "need": 730,
    "guest": 730,
    "opening": 365,
    # A meeting's papers in one file: made anew when somebody wants it.
    "pack": 1,
}

# Mail

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 20
# A worker (manage.py worker) does what no page should wait for. TASKS_AT_ONCE: without one, for trying the portal out.
_TASKS_IN = "django_tasks.backends.immediate.ImmediateBackend"
if not env.flag("TASKS_AT_ONCE", default=False):
    _TASKS_IN = "django_tasks_db.DatabaseBackend"
TASKS = {"default": {"BACKEND": _TASKS_IN, "QUEUES": []}}
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("DEFAULT_FROM_EMAIL", f"portal@{ALLOWED_HOSTS[0]}")
# Where mails go that come back (the envelope's sender), and how `manage.py read_bounces` reads that mailbox:
# imaps://user:password@host/INBOX or maildir:///path; empty: there is none.
BOUNCES_TO = env.text("BOUNCES_TO", "") or DEFAULT_FROM_EMAIL
BOUNCES_FROM = env.text("BOUNCES_FROM", "")
# The channel of text messages: a class with `send`. The portal comes with one that prints.
TEXT_CHANNEL = env.text("TEXT_CHANNEL", "apps.outreach.channels.Console")
# A provider instead of a mail server: django-anymail's name for it, such as "mailgun", its settings as JSON, and the
# secret user:password with which it tells what came back (ANYMAIL's WEBHOOK_SECRET).
MAIL_PROVIDER = env.text("MAIL_PROVIDER", "")
ANYMAIL = env.json("ANYMAIL", {})
if MAIL_PROVIDER:
    EMAIL_BACKEND = f"anymail.backends.{MAIL_PROVIDER}.EmailBackend"

# Security

SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
if env.flag("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
CSRF_FAILURE_VIEW = "apps.core.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        **{part: [SELF] for part in ("connect-src", "manifest-src", "worker-src", "form-action")},
        **{part: [NONE] for part in ("object-src", "base-uri", "frame-ancestors")},
    },
}
_UNUSED_FEATURES = "accelerometer camera display-capture geolocation gyroscope magnetometer microphone midi payment usb"
PERMISSIONS_POLICY = {feature: [] for feature in _UNUSED_FEATURES.split()} | {
    f"publickey-credentials-{action}": ["self"] for action in ("create", "get")
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000

# Queries that take longer are in the log, without their values; 0: none.
SLOW_QUERY_MS = env.number("SLOW_QUERY_MS", 500)

# The start refuses what is unsafe (config.safety).
MAY_BE_UNSAFE = False

# Accounts with known passwords are for trying the portal out, never for a portal in use.
DEMO_LOGINS = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "apps.core.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    # Django's own handlers would write addresses of pages and mail whole error pages.
    "loggers": {"django": {"handlers": [], "propagate": True}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}

# Errors go to Sentry, or what speaks its language, when there is an address: the kind of error and the lines of code,
# without values, addresses and people (apps.core.sentry).
SENTRY_DSN = env.text("SENTRY_DSN", "")
if SENTRY_DSN:
    from apps.core import sentry

    sentry.begin(SENTRY_DSN)
