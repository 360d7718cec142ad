"""The portal with French beside Arabic and English, as docs/another-language.md says, in a database of its own.

Tables are made from the models: the migrations of a further language are those of the portal that has it.
"""

import os
from pathlib import Path

from config.settings.test import *  # noqa: F403
from config.settings.test import INSTALLED_APPS, LOCALE_PATHS

_FOLDER = Path(os.environ["THIRD_LANGUAGE_FOLDER"])
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": _FOLDER / "portal.sqlite3"}}
_OURS = [name.split(".")[1] for name in INSTALLED_APPS if name.startswith("apps.")]
MIGRATION_MODULES = dict.fromkeys(_OURS)
LOCALE_PATHS = [_FOLDER / "locale", *LOCALE_PATHS]
STAFF_SECOND_FACTOR = False
