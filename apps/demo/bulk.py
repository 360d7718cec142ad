"""Many synthetic articles and meetings, written in bulk: to see how the portal stands a full archive."""

from datetime import time, timedelta

from django.utils import timezone

from apps.meetings.models import AgendaItem, Audience, Meeting
from apps.news.models import Article
from apps.stakeholders.models import AdvisoryGroup

_BATCH = 1000
_TITLE = {"ar": "مادة تجريبية رقم {}", "en": "Synthetic item {}"}
_LEAD = {"ar": "نص تجريبي قصير لملء الأرشيف.", "en": "A short text that fills the archive."}
_BODY = {
    "ar": "<p>فقرة تجريبية تملأ الأرشيف كي يُرى كيف تعمل البوابة عندما تكثر موادها.</p>" * 6,
    "en": "<p>A paragraph that fills the archive, to see how the portal works when there is much in it.</p>" * 6,
}
_ZONES = ("Africa/Cairo", "Asia/Beirut", "Africa/Nouakchott", "Asia/Baghdad")


def load_many(articles: int, group: AdvisoryGroup) -> None:
    """Fills up to ``articles`` synthetic articles and a twentieth as many meetings; counts those that are there."""
    have = Article.objects.filter(title_en__startswith="Synthetic item ").count()
    for start in range(have, articles, _BATCH):
        Article.objects.bulk_create(_article(number) for number in range(start, min(start + _BATCH, articles)))
    have = Meeting.objects.filter(title_en__startswith="Synthetic item ").count()
    meetings = Meeting.objects.bulk_create([_meeting(number, group) for number in range(have, articles // 20)])
    items = [item for meeting in meetings for item in _items(meeting)]
    AgendaItem.objects.bulk_create(items, batch_size=_BATCH)


def _article(number: int) -> Article:
    moment = timezone.now() - timedelta(minutes=50 * number + 60)
    texts = {
        f"{name}_{code}": text[code].format(number)
        for name, text in {"title": _TITLE, "lead": _LEAD, "body": _BODY}.items()
        for code in ("ar", "en")
    }
    return Article(
        category=Article.Category.values[number % 5],
        scope=Article.Scope.values[number % 3],
        dated_on=moment.date(),
        published_at=moment,
        status=Article.Status.PUBLISHED,
        is_shown=True,
        ready_ar=True,
        ready_en=number % 10 != 0,
        **texts,
    )


def _meeting(number: int, group: AdvisoryGroup) -> Meeting:
    day = timezone.localdate() - timedelta(days=3 * number - 30)
    meeting = Meeting(
        group=group,
        title_ar=_TITLE["ar"].format(number),
        title_en=_TITLE["en"].format(number),
        starts_on=day,
        ends_on=day,
        time_zone=_ZONES[number % len(_ZONES)],
        format=Meeting.Format.ONLINE,
        audience=Audience.PUBLIC if number % 2 else Audience.MEMBERS,
        status=Meeting.Status.PUBLISHED if number < 10 else Meeting.Status.HELD,
        starts_time=time(10),
        ends_time=time(12),
    )
    meeting.derive_instants()
    return meeting


def _items(meeting: Meeting) -> list[AgendaItem]:
    return [
        AgendaItem(meeting=meeting, order=order, title_ar=f"البند {order}", title_en=f"Item {order}", minutes=20)
        for order in range(1, 6)
    ]
