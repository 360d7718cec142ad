"""Inviting a whole list: a CSV file as spreadsheets write it, with an outcome for each row."""

import csv
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.invitations import invite
from apps.accounts.models import Invitation
from apps.accounts.roles import Role
from apps.core.languages import CODES

COLUMNS = ("email", "name_ar", "name_en", "language", "role")
LONGEST_LIST = 200
_LARGEST_FILE = 200_000  # bytes


@dataclass(frozen=True)
class Outcome:
    """``row`` counts as a spreadsheet does: the headings are row 1."""

    row: int
    email: str
    text: str
    is_sent: bool = False


def read_rows(file) -> list[dict[str, str]]:
    """The rows of an uploaded CSV, by heading. UTF-8, or the Windows code page of Arabic spreadsheets.

    Raises ValidationError for what is no such list.
    """
    if file.size > _LARGEST_FILE:
        raise ValidationError(_("This file is too large for a list of invitations."), code="large")
    lines = _text(file.read()).splitlines()
    separator = max(",;\t", key=lines[0].count) if lines else ","
    try:
        rows = list(csv.DictReader(lines, delimiter=separator, restkey="", restval=""))
    except csv.Error:
        raise ValidationError(_("This is not a CSV file."), code="csv") from None
    if not rows or "email" not in rows[0]:
        texts = {"columns": ", ".join(COLUMNS)}
        raise ValidationError(_("The first row must name the columns: %(columns)s.") % texts, code="columns")
    if len(rows) > LONGEST_LIST:
        texts = {"count": LONGEST_LIST}
        raise ValidationError(_("At most %(count)s people at once: divide the list.") % texts, code="long")
    return [{name: str(row.get(name, "")).strip() for name in COLUMNS} for row in rows]


def _text(content: bytes) -> str:
    if b"\0" in content:
        raise ValidationError(_("This is not a CSV file."), code="csv")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1256")


def invite_many(rows: list[dict[str, str]], *, by) -> list[Outcome]:
    """Invites each row for itself: what is wrong in one does not stop the others.

    Whoever waits with a good link is left alone, so that a list may be sent twice.
    """
    return [_invite_one(number, row, by) for number, row in enumerate(rows, start=2)]


def _invite_one(number: int, row: dict[str, str], by) -> Outcome:
    email = row["email"].lower()
    if email and Invitation.objects.pending().filter(email=email).exists():
        return Outcome(number, email, _("Has a link already; nothing was sent."))
    invitation = Invitation(email=email, language=row["language"] or CODES[0], role=row["role"] or Role.MEMBER)
    for code in CODES:
        setattr(invitation, f"display_name_{code}", row[f"name_{code}"])
    try:
        with transaction.atomic():
            invite(invitation, by=by)
    except ValidationError as error:
        return Outcome(number, email, " ".join(error.messages))
    return Outcome(number, email, _("Invited."), is_sent=True)
