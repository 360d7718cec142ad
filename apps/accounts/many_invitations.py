"""Inviting a whole list: a CSV file as spreadsheets write it, with an outcome for each row."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.invitations import invite
from apps.accounts.models import Invitation
from apps.accounts.roles import Role
from apps.core.languages import CODES
from apps.core.spreadsheets import csv_lines

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


def read_rows(file) -> dict[int, dict[str, str]]:
    """The rows of an uploaded CSV that are not empty: {number of the row: {heading: text}}. UTF-8, or the Windows code
    page of Arabic spreadsheets.

    Raises ValidationError for what is no such list.
    """
    if file.size > _LARGEST_FILE:
        raise ValidationError(_("This file is too large for a list of invitations."), code="large")
    found = csv_lines(file.read(), or_else="cp1256")
    headings = next(found, [])
    rows = {number: cells for number, cells in enumerate(found, start=2) if any(cells)}
    if not rows or "email" not in headings:
        texts = {"columns": ", ".join(COLUMNS)}
        raise ValidationError(_("The first row must name the columns: %(columns)s.") % texts, code="columns")
    if len(rows) > LONGEST_LIST:
        texts = {"count": LONGEST_LIST}
        raise ValidationError(_("At most %(count)s people at once: divide the list.") % texts, code="long")
    return {number: _by_column(headings, cells) for number, cells in rows.items()}


def _by_column(headings: list[str], cells: list[str]) -> dict[str, str]:
    row = dict(zip(headings, cells, strict=False))
    return {name: row.get(name, "").strip() for name in COLUMNS}


def invite_many(rows: dict[int, dict[str, str]], *, by) -> list[Outcome]:
    """Invites each row for itself: what is wrong in one does not stop the others.

    Whoever waits with a good link is left alone, so that a list may be sent twice.
    """
    return [_invite_one(number, row, by) for number, row in rows.items()]


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
