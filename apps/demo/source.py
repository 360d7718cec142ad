"""The demonstration's texts as they lie in ``data/``; everybody and everything in them is invented."""

import tomllib
from pathlib import Path

DATA = Path(__file__).parent / "data"


def _read(path: Path) -> dict:
    with path.open("rb") as file:
        return tomllib.load(file)


def group() -> dict:
    return _read(DATA / "group.toml")


def meetings() -> list[dict]:
    return _read(DATA / "meetings.toml")["meeting"]


def record() -> dict:
    """What became of the meetings: minutes, decisions, actions, attendance, proposals."""
    return _read(DATA / "record.toml")


def engagements() -> dict:
    """Organisations beyond the group, and what was said with them."""
    return _read(DATA / "engagements.toml")


def reviews() -> dict:
    """What the group recommends, the calls for input with what was sent to them, practices and pledges."""
    return _read(DATA / "reviews.toml")


def contacts() -> list[dict]:
    return _read(DATA / "contacts.toml")["contact"]


def articles() -> list[dict]:
    """Oldest first, so that the order in which they are written is the order in which they appeared."""
    found = [_read(path) for path in sorted((DATA / "articles").glob("*.toml"))]
    return sorted(found, key=lambda article: -article["days_ago"])


def file(folder: str, name: str) -> bytes:
    return (DATA / folder / name).read_bytes()


def by_language(row: dict, *fields: str) -> dict[str, str]:
    """``title`` → ``title_ar`` and ``title_en`` as they stand in the row."""
    return {f"{field}_{code}": row[f"{field}_{code}"] for field in fields for code in ("ar", "en")}
