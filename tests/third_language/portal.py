"""A portal with French from its first table to a reader's page. Prints what it found, as JSON; see test_french.py."""

import json
import re
import sys
from datetime import date, time

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils.translation import override  # noqa: E402

from apps.accounts.models import User  # noqa: E402
from apps.meetings import minutes_forms, registers, told  # noqa: E402
from apps.meetings.models import Action, Decision, Meeting, Minutes  # noqa: E402
from apps.news.exchange.rows import Reader, row_of  # noqa: E402
from apps.news.models import Article, Picture  # noqa: E402
from apps.news.pictures import save_picture  # noqa: E402
from apps.news.services import approve_article, publish_article, save_article, send_to_review  # noqa: E402
from apps.stakeholders.models import AdvisoryGroup  # noqa: E402
from tests.factories import picture as sent_picture  # noqa: E402

call_command("migrate", run_syncdb=True, verbosity=0)
secretary = User.objects.create_superuser(email="secretary@example.org", password="a-quiet-olive-tree")
texts = {"ar": "خبر", "en": "Story", "fr": "Une nouvelle"}
article = Article(
    original_language="fr", **{f"{name}_{code}": text for code, text in texts.items() for name in ("title", "lead")}
)
for code, text in texts.items():
    setattr(article, f"body_{code}", f"<p>{text}</p>")
save_article(article, by=secretary)
send_to_review(article, by=secretary)
approve_article(article, by=None)
publish_article(article, by=secretary, languages=["fr"])

client, office = Client(), Client()
office.force_login(secretary)


def page(path: str, browser: Client = client) -> str:
    response = browser.get(path, follow=True)
    assert response.status_code == 200, (path, response.status_code)
    return response.content.decode()


home, listed = page("/fr/"), page("/fr/news/")
read, foreign = page(f"/fr/news/{article.pk}-/"), page(f"/en/news/{article.pk}-/")
form = page(f"/fr/admin/news/article/{article.pk}/change/", office)


def of_meetings() -> dict:
    """The correction's texts, the places that a mail kept, and how many columns of the tables have no heading."""
    day, group = date(2031, 12, 9), AdvisoryGroup(pk=1, acronym="RSAG")
    meeting = Meeting(pk=1, group=group, place_fr="Tunis", starts_on=day, ends_on=day)
    meeting.starts_time, meeting.ends_time = time(10), time(12)
    meeting.derive_instants()
    with override("en"):
        correction = minutes_forms.CorrectionForm(record=Minutes(pk=1))
        rows = [registers.decision_rows([Decision(meeting=meeting)]), registers.action_rows([Action(meeting=meeting)])]
        headings = [registers.decision_columns(), registers.action_columns()]
    return {
        "correction": [str(correction[f"text_{code}"].label) for code in texts],
        "places": [told.facts(meeting)[f"place_{code}"] for code in texts],
        "without heading": [len(row) - len(names) for (row,), names in zip(rows, headings, strict=True)],
        "french heading": [str(names[3]) for names in headings],
    }


def of_news() -> dict:
    """A picture that is described in French alone, and what the import says of a correction in French."""
    picture = save_picture(Picture(file=sent_picture(), text_fr="Des vagues"), by=secretary)
    row = {**row_of(Article.objects.get(pk=article.pk)), "correction_fr": "Corrigé"}
    _links, problems = Reader([row]).read(row, Article.objects.get(pk=article.pk))
    return {"picture": picture.text_fr, "problems": [column for column, _message in problems]}


sys.stdout.write(
    json.dumps(
        {
            "html": re.search(r"<html[^>]*>", home)[0],
            "menu": "Actualités" in home,
            "switch": sorted(set(re.findall(r'hreflang="(ar|en|fr)"', home))),
            "listed": "Une nouvelle" in listed,
            "read": re.search(r"<h1[^>]*>(.*?)</h1>", read)[1],
            "not in english": "Story" not in foreign,
            "fields": [code for code in texts if f'name="title_{code}"' in form],
            "data": client.get("/api/v1/news").json()["items"][0]["title"],
            "meetings": of_meetings(),
            "news": of_news(),
            "manifest": client.get("/fr/manifest.webmanifest").json()["lang"],
        }
    )
)
