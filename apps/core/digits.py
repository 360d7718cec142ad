"""Digits as people of the region type them: ٠–٩ (Arabic-Indic) and ۰–۹ (Persian, Urdu) count as 0–9."""

_TO_ASCII = {ord(digit): str(value) for digits in ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹") for value, digit in enumerate(digits)}
_TO_ASCII |= {ord("٫"): ".", ord("٬"): ""}
# Of so many digits not every number fits in a column of 64 bits.
_TOO_LONG = 19


def ascii_digits(text: str) -> str:
    """The same text with every digit as 0–9 and the Arabic decimal sign as a point."""
    return text.translate(_TO_ASCII)


def key_in(text: str) -> int | None:
    """The key of a record as an address or a form names it; None for what is none, and for what no column can hold."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < _TOO_LONG else None
