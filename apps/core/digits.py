"""Digits as people of the region type them: ٠–٩ (Arabic-Indic) and ۰–۹ (Persian, Urdu) count as 0–9."""

_TO_ASCII = {ord(digit): str(value) for digits in ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹") for value, digit in enumerate(digits)}
_TO_ASCII |= {ord("٫"): ".", ord("٬"): ""}


def ascii_digits(text: str) -> str:
    """The same text with every digit as 0–9 and the Arabic decimal sign as a point."""
    return text.translate(_TO_ASCII)
