"""The demonstration's news."""

from datetime import date, datetime, time, timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from apps.accounts.models import User
from apps.core.languages import CODES
from apps.core.records import save_record
from apps.demo import source
from apps.demo.source import by_language
from apps.meetings.models import Meeting
from apps.news.models import Article, Picture, PressContact
from apps.news.pictures import save_picture
from apps.news.services import approve_article, pin_article, publish_article, save_article, send_to_review
from apps.stakeholders.models import Constituency, Country, Objective


def load_articles(meetings: dict[str, Meeting], *, by: User, today: date) -> None:
    contacts = {row["key"]: _contact(row, by) for row in source.contacts()}
    for row in source.articles():
        _article(row, meetings, contacts, by, today)


def _contact(row: dict, by: User) -> PressContact:
    return PressContact.objects.filter(email=row["email"]).first() or save_record(
        PressContact(email=row["email"], phone=row["phone"], **by_language(row, "city", "name")), by=by
    )


def _article(row: dict, meetings: dict, contacts: dict, by: User, today: date) -> None:
    original = f"title_{row['original_language']}"
    if Article.objects.filter(**{original: row[original]}).exists():
        return
    day = today - timedelta(days=row["days_ago"])
    article = Article(
        original_language=row["original_language"],
        category=row["category"],
        scope=row["scope"],
        dated_on=day,
        quotations=row.get("quotations", []),
        corrected_on=day + timedelta(days=1) if row.get("correction_ar") else None,
        **by_language(
            {"correction_ar": "", "correction_en": "", **row}, "title", "lead", "body", "place", "correction"
        ),
    )
    if row["picture"]:
        article.picture = _picture(row, by)
    links = {
        "contacts": [contacts[key] for key in row["contacts"]],
        "meetings": [meetings[row["meeting"]]] if row["meeting"] else [],
        "objectives": Objective.objects.filter(number__in=row.get("objectives", [])),
        "countries": Country.objects.filter(iso2__in=row.get("countries", [])),
        "related": [found for key in row.get("related", []) if (found := _by_key(key))],
        "constituencies": Constituency.objects.filter(code__in=row.get("constituencies", [])),
    }
    save_article(article, by=by, links=links)
    send_to_review(article, by=by)
    approve_article(article, by=None)
    at = timezone.make_aware(datetime.combine(day, time.fromisoformat(row["time"])))
    publish_article(article, by=by, languages=[code for code in CODES if row[f"title_{code}"]], at=at)
    if row.get("is_pinned"):
        pin_article(article, by=by)


def _picture(row: dict, by: User) -> Picture:
    """One of the library; made when it is first used."""
    found = Picture.objects.filter(text_en=row["picture_alt_en"]).first()
    file = ContentFile(source.file("pictures", f"{row['picture']}.webp"), name=f"{row['picture']}.webp")
    texts = {f"text_{code}": row[f"picture_alt_{code}"] for code in CODES}
    return found or save_picture(Picture(file=file, **texts), by=by)


def _by_key(key: str) -> Article | None:
    row = next(row for row in source.articles() if row["key"] == key)
    return Article.objects.filter(title_ar=row["title_ar"], title_en=row["title_en"]).first()
