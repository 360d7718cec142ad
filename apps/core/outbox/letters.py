"""A row becomes a letter: plain text, the same as small HTML, and perhaps a file for a calendar.

A calendar file goes twice, as Google Calendar sends its own (multipart/mixed of multipart/alternative and invite.ics):

- beside the text as ``text/calendar; method=…``: Outlook takes it for an invitation only when the method stands there
  and in the file, and the two agree (sebbo2002/ical-generator#534, maevsi/vibetype#2368);
- attached as ``invite.ics`` of type ``application/ics``: Apple's Mail on phones shows the attachment and opens the
  calendar from it (mailcow/mailcow-dockerized#3809), and so does whoever forwards or saves the mail.

The HTML is made from the text, so that the two can never say different things: each block has its direction, an address
alone on its line is a link, under a title without an empty line between them it is the title's; lines with a dash are a
list.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.crypto import salted_hmac

from apps.core.arabic import ARABIC_LETTER
from apps.core.languages import direction
from apps.core.mail_models import OutgoingMail

_ADDRESS = re.compile(r"https?://\S+\Z")
_ITEM = "– "
_LATIN_LETTER = re.compile(r"[A-Za-zÀ-ɏ]")


@dataclass(frozen=True)
class Block:
    """``kind`` is ``text``, ``list``, ``link``, or ``title``: a line and the address to which it leads."""

    kind: str
    lines: list[str]
    direction: str

    @property
    def pieces(self) -> list[str]:
        """An address in parts between which a phone may break it."""
        return re.findall(r".{1,16}", self.lines[0])


def message(mail: OutgoingMail) -> EmailMultiAlternatives:
    """Marked as sent by a machine; its id stays the same at every try, so that a mailbox can drop a double. Whoever
    answers it reaches the secretariat: From stays the portal's own domain, which may send by SPF and DMARC."""
    headers = {
        "Auto-Submitted": "auto-generated",
        "Content-Language": mail.language,
        "Message-ID": message_id(mail),
        "From": settings.DEFAULT_FROM_EMAIL,
    }
    if mail.unsubscribe:
        headers["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    answers = [settings.SECRETARIAT_EMAIL] if settings.SECRETARIAT_EMAIL else []
    found = EmailMultiAlternatives(
        mail.subject, mail.text, settings.BOUNCES_TO, to=[mail.to], headers=headers, reply_to=answers
    )
    # For a provider that tells by a webhook what became of it.
    found.metadata = {"mail": str(mail.pk)}
    found.attach_alternative(html(mail), "text/html")
    if mail.calendar:
        found.attach_alternative(mail.calendar, f"text/calendar; method={mail.calendar_method}")
        found.attach("invite.ics", mail.calendar.encode(), "application/ics")
    return found


def message_id(mail: OutgoingMail) -> str:
    """The same at every try. Signed: whoever wants to stop another's mailbox by invented returns has to guess it."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    mark = salted_hmac("core.outbox", f"{mail.pk} {mail.created_at.isoformat()}", algorithm="sha256").hexdigest()[:16]
    return f"<outbox-{mail.pk}-{mark}@{domain}>"


def html(mail: OutgoingMail) -> str:
    with translation.override(mail.language):
        context = {
            "mail": mail,
            "blocks": blocks(mail.text, mail.language),
            "portal_name": settings.PORTAL_NAME[mail.language],
        }
        return render_to_string("emails/frame.html", context)


def blocks(text: str, language: str) -> list[Block]:
    """The paragraphs, lists and links of a text, in their order."""
    found: list[tuple[str, list[str]]] = []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        kind = ""
        for line in paragraph.splitlines():
            kind = _add(found, kind, line.strip())
    return [block for kind, lines in found for block in _in_directions(kind, lines, language)]


def _in_directions(kind: str, lines: list[str], language: str) -> Iterator[Block]:
    """A text whose lines run both ways becomes a block for each way: somebody's words under a sentence of ours."""
    if kind != "text":
        yield Block(kind, lines, _direction(lines[0] if kind == "title" else " ".join(lines), language))
        return
    for way, some in groupby(lines, key=lambda line: _direction(line, language)):
        yield Block(kind, list(some), way)


def _add(found: list, previous: str, line: str) -> str:
    """Puts a line to the block that it continues, or begins another. ``previous`` is empty after an empty line."""
    kind = "link" if _ADDRESS.match(line) else "list" if line.startswith(_ITEM) else "text"
    line = line.removeprefix(_ITEM) if kind == "list" else line
    if kind == "link" and previous == "text" and len(found[-1][1]) == 1 and not found[-1][1][0].endswith(":"):
        found[-1] = ("title", [found[-1][1][0], line])
        return "title"
    if kind == previous != "link":
        found[-1][1].append(line)
    else:
        found.append((kind, [line]))
    return kind


def _direction(text: str, language: str) -> str:
    """That of the mail's language, unless these are words of the other script only, such as a foreign title. A single
    one, such as the symbol of a document, stays where the eye looks for it."""
    own = direction(language)
    has = {"rtl": ARABIC_LETTER.search(text), "ltr": _LATIN_LETTER.search(text)}
    other = "ltr" if own == "rtl" else "rtl"
    return other if has[other] and not has[own] and len(text.split()) > 1 else own
