"""Whose portal this is and which languages it speaks: what another group changes first (docs/another-portal.md).

Texts are read from the environment, one variable for each language; a language beyond Arabic and English that has none
shows the English one.
"""

from django.conf import global_settings
from django.utils.translation import gettext_lazy as _

from config import env

LANGUAGES = [(code, _(dict(global_settings.LANGUAGES)[code])) for code in env.words("PORTAL_LANGUAGES", ["ar", "en"])]


def _in_each(name: str, **texts: str) -> dict[str, str]:
    return {code: texts.get(code) or env.text(f"{name}_{code.upper()}", texts["en"]) for code, _name in LANGUAGES}


PORTAL_NAME = _in_each("PORTAL_NAME", ar=env.text("PORTAL_NAME_AR", "مُلتقى"), en=env.text("PORTAL_NAME_EN", "Multaqa"))
PORTAL_TAGLINE = _in_each(
    "PORTAL_TAGLINE",
    ar=env.text("PORTAL_TAGLINE_AR", "المجموعة الاستشارية الإقليمية لأصحاب المصلحة في المنطقة العربية"),
    en=env.text("PORTAL_TAGLINE_EN", "Regional Stakeholder Advisory Group for the Arab region"),
)
PORTAL_OWNER = _in_each(
    "PORTAL_OWNER",
    ar=env.text("PORTAL_OWNER_AR", "الشبكة الإقليمية للهجرة في المنطقة العربية"),
    en=env.text("PORTAL_OWNER_EN", "Regional network on migration in the Arab region"),
)
SECRETARIAT_EMAIL = env.text("SECRETARIAT_EMAIL", "")
# Under which everybody may use the open data.
DATA_LICENCE = env.text("DATA_LICENCE", "https://creativecommons.org/licenses/by/4.0/")
