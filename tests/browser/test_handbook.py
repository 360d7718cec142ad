"""The pictures of the handbook, made from the demonstration so that they stay true.

``HANDBOOK_PICTURES=write`` puts them into docs/handbook/pictures; without it they are made and thrown away, and what
each shows is looked for."""

import io
import os

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override
from PIL import Image
from playwright.sync_api import Page, expect

from apps.meetings.models import Participant
from apps.news.models import Article

FOLDER = settings.BASE_DIR / "docs" / "handbook" / "pictures"
LARGEST = 60 * 1024


def take(page: Page, name: str, language: str, shown: str, *, height: int = 760) -> None:
    """A picture of the top of the page, on which ``shown`` can be read."""
    expect(page.get_by_text(shown).locator("visible=true").first).to_be_visible()
    image = Image.open(io.BytesIO(page.screenshot(clip={"x": 0, "y": 0, "width": 900, "height": height})))
    for quality in (70, 50, 30):
        out = io.BytesIO()
        image.convert("RGB").save(out, "WEBP", quality=quality, method=6)
        if out.tell() <= LARGEST:
            break
    assert out.tell() <= LARGEST
    if os.environ.get("HANDBOOK_PICTURES") == "write":
        FOLDER.mkdir(parents=True, exist_ok=True)
        (FOLDER / f"{language}-{name}.webp").write_bytes(out.getvalue())
    assert (FOLDER / f"{language}-{name}.webp").is_file()


def test_a_member(open_page, demonstration, language, t, sign_in):
    page = open_page(width=900)
    sign_in(page, demonstration("samira@example.org"))
    own = Participant.objects.filter(person__user__email="samira@example.org", meeting__status="published").latest("pk")
    with override(language):
        desk, meeting = reverse("meetings:desk"), own.meeting.get_absolute_url()
        answer = reverse("meetings:reply", args=[own.meeting_id])

    page.goto(desk)
    take(page, "member-desk", language, t("My page"))
    page.goto(answer)
    take(page, "member-reply", language, t("Your reply"), height=1100)
    page.goto(meeting)
    take(page, "member-meeting", language, t("Agenda"), height=1000)


def test_the_back_office(open_page, demonstration, language, t, sign_in):
    page = open_page(width=900)
    sign_in(page, demonstration("secretariat@example.org"))
    article = Article.objects.filter(status="published").latest("published_at")
    own = Participant.objects.filter(meeting__status="published").latest("pk")

    page.goto(f"/{language}/admin/")
    take(page, "office-dashboard", language, t("State of the portal"))
    page.goto(f"/{language}/admin/news/article/{article.pk}/change/")
    take(page, "office-article", language, t("Text"), height=1000)
    page.goto(f"/{language}/admin/meetings/meeting/{own.meeting_id}/change/")
    take(page, "office-meeting", language, t("Format"), height=1000)
