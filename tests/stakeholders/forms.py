"""What the back office's forms of people and organisations send."""

_ROWS = {"affiliations-TOTAL_FORMS": "0", "affiliations-INITIAL_FORMS": "0"}
_LEVELS = {f"shown_{field}": "members" for field in ("name", "function", "organisation", "country")}


def person_form(**fields) -> dict:
    return {**_ROWS, **_LEVELS, "shown_email": "nobody", "shown_phone": "nobody", **fields}


def organisation_form(**fields) -> dict:
    return {**_ROWS, "shown_to": "nobody", **fields}
