"""A third language is a setting, a catalogue and the columns that follow from it."""

import json
import os
import subprocess
import sys

import polib
import pytest
from django.conf import settings


@pytest.fixture
def catalogue(tmp_path):
    """A French catalogue of one word, as a portal that speaks French brings it."""
    folder = tmp_path / "locale" / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    found = polib.POFile()
    found.metadata = {"Content-Type": "text/plain; charset=utf-8", "Plural-Forms": "nplurals=2; plural=n>1;"}
    found.append(polib.POEntry(msgid="News", msgstr="Actualités"))
    found.save_as_mofile(str(folder / "django.mo"))
    return tmp_path


def test_french_is_turned_on(catalogue):
    environ = os.environ | {
        "PORTAL_LANGUAGES": "ar,en,fr",
        "DJANGO_SETTINGS_MODULE": "tests.third_language.settings",
        "THIRD_LANGUAGE_FOLDER": str(catalogue),
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    environ.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "tests.third_language.portal"]

    ran = subprocess.run(command, env=environ, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=300)

    assert ran.returncode == 0, ran.stderr[-3000:]
    assert json.loads(ran.stdout.strip().splitlines()[-1]) == {
        "html": '<html lang="fr" dir="ltr">',
        "menu": True,
        "switch": ["ar", "en", "fr"],
        "listed": True,
        "read": "Une nouvelle",
        "not in english": True,
        "fields": ["ar", "en", "fr"],
        "data": {"ar": None, "en": None, "fr": "Une nouvelle"},
        "meetings": {
            "correction": ["Correction (Arabic)", "Correction (English)", "Correction (French)"],
            "places": ["", "", "Tunis"],
            "without heading": [0, 0],
            "french heading": ["Decision (French)", "Action (French)"],
        },
        "news": {"picture": "Des vagues", "problems": ["corrected_on"]},
        "manifest": "fr",
    }
