"""Ways to people beside the mail. There is an interface and a console, and nothing that reaches a telephone: whoever
wants to send text messages writes a channel to its provider and names it in ``TEXT_CHANNEL``."""

import sys
from typing import Protocol

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from apps.core.textpolicy import clean_text

# What three messages of Arabic letters hold (70 letters each, less what joins them).
LONGEST = 201


class Channel(Protocol):
    def send(self, *, to: str, text: str, language: str) -> None:
        """``to`` is a number as ``+`` and digits (E.164). Raises OSError when it cannot be reached now."""


class Console:
    """Prints instead of sending."""

    def send(self, *, to: str, text: str, language: str) -> None:
        sys.stdout.write(f"[{language}] {to}: {text}\n")


def send_text(*, to: str, text: str, language: str) -> None:
    """Raises ValidationError for what is no number or too long."""
    if not (to.startswith("+") and to[1:].isascii() and to[1:].isdecimal() and 8 <= len(to) <= 16):
        raise ValidationError(_("Write the number with + and the code of the country."), code="number")
    text = clean_text(text)
    if not text.strip() or len(text) > LONGEST:
        raise ValidationError(_("A message has at most %(count)s letters.") % {"count": LONGEST}, code="long")
    import_string(settings.TEXT_CHANNEL)().send(to=to, text=text, language=language)
