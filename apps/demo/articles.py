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
from apps.news.models import Article, PressContact
from apps.news.services import approve_article, publish_article, save_article, send_to_review


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
        meeting=meetings.get(row["meeting"]),
        **by_language(row, "title", "lead", "body", "place"),
    )
    if row["picture"]:
        content = source.file("pictures", f"{row['picture']}.webp")
        article.picture = ContentFile(content, name=f"{row['picture']}.webp")
        for code in CODES:
            setattr(article, f"picture_text_{code}", row[f"picture_alt_{code}"])
    save_article(article, by=by, links={"contacts": [contacts[key] for key in row["contacts"]]})
    send_to_review(article, by=by)
    approve_article(article, by=None)
    at = timezone.make_aware(datetime.combine(day, time.fromisoformat(row["time"])))
    publish_article(article, by=by, languages=[code for code in CODES if row[f"title_{code}"]], at=at)
