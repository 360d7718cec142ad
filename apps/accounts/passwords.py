"""The check of new passwords that knows the portal: its own words are the first that somebody would try."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_FIXED_WORDS = {"multaqa", "portal", "secretariat", "migration", "gcm", "ملتقى", "بوابة", "أمانة", "الهجرة"}
_TOO_SHORT = 4  # a word of three letters may stand in any password by chance


class PortalWordsValidator:
    """Refuses passwords that are little more than words of the portal: its name, its owner's, its host's."""

    def validate(self, password, user=None):
        rest = password.lower()
        for word in sorted(_portal_words(), key=len, reverse=True):
            rest = rest.replace(word, "")
        if rest != password.lower() and len(re.findall(r"[^\W\d_]", rest)) < 6:
            raise ValidationError(self.get_help_text(), code="portal_words")

    def get_help_text(self):
        return _("A password must be more than the portal's own words.")


def _portal_words() -> set[str]:
    texts = [*settings.PORTAL_NAME.values(), *settings.PORTAL_OWNER.values(), settings.SITE_URL]
    found = re.findall(r"[^\W\d_]+", " ".join(texts).lower())
    return {word for word in found if len(word) >= _TOO_SHORT} | _FIXED_WORDS
