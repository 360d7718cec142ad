"""The newsletter: asked for, confirmed by mail, composed of what is new and was chosen, left with one click."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from apps.core import outbox, privacy
from apps.core.languages import field_in
from apps.core.models import OutgoingMail
from apps.core.notices import next_digest
from apps.core.records import save_record, set_links
from apps.meetings.models import AgendaVersion, Meeting
from apps.news.models import Article
from apps.outreach.models import Subscription
from apps.reviews.models import CallForInput
from apps.stakeholders.models import SeatCall

Topic = Subscription.Topic
_SHOWN = 15


def begin(email: str, language: str) -> None:
    """Sends a link to this mailbox: to confirm a new subscription, or to change the one that is there."""
    email = email.strip().lower()
    found = Subscription.objects.filter(email=email).first() or _new(email, language)
    with override(found.language):
        context = {"link": found.link, "is_new": found.confirmed_at is None}
    outbox.write(
        "outreach/mails/subscription", to=email, language=found.language, context=context, is_secret=True, about=found
    )


def _new(email: str, language: str) -> Subscription:
    try:
        with transaction.atomic():
            return save_record(
                Subscription(email=email, language=language, topics=[Topic.NEWS, Topic.MEETINGS, Topic.CALLS]), by=None
            )
    except IntegrityError:  # somebody was faster by a moment
        return Subscription.objects.get(email=email)


@transaction.atomic
def save(subscription: Subscription, links: dict) -> Subscription:
    """What its reader chose. Saving it confirms it: whoever saves holds the link that was mailed."""
    now = timezone.now()
    if subscription.confirmed_at is None:
        subscription.confirmed_at = subscription.sent_until = now
    subscription.next_at = _next(subscription, now)
    save_record(subscription, by=None)
    for name, records in links.items():
        set_links(subscription, name, records, by=None)
    return subscription


@transaction.atomic
def unsubscribe(subscription: Subscription) -> None:
    """Deletes the subscription and what the trail says of it."""
    OutgoingMail.objects.filter(about_model="outreach.subscription", about_id=str(subscription.pk)).delete()
    rows = Subscription.objects.filter(pk=subscription.pk)
    privacy.forget(rows)
    rows.delete()


def _next(subscription: Subscription, now: datetime) -> datetime:
    is_weekly = subscription.often == Subscription.Often.WEEKLY
    return next_digest(now, ZoneInfo(settings.TIME_ZONE), is_weekly=is_weekly)


def may_leave(subscription: Subscription, mail: OutgoingMail) -> bool:
    return mail.kind == "subscription" or subscription.confirmed_at is not None


# What is new


def send_due(now: datetime) -> int:
    """Due each minute: the newsletters whose hour has come. Returns how many were written."""
    due = Subscription.objects.confirmed().filter(next_at__lte=now).order_by("pk")
    return sum(_send(pk, now) for pk in list(due.values_list("pk", flat=True)))


@transaction.atomic
def _send(pk: int, now: datetime) -> int:
    rows = Subscription.objects.select_for_update(of=("self",), skip_locked=True)
    subscription = rows.filter(pk=pk, next_at__lte=now).first()
    if subscription is None:
        return 0
    since, subscription.sent_until = subscription.sent_until, now
    subscription.next_at = _next(subscription, now)
    subscription.save(update_fields=["sent_until", "next_at"])
    parts = whats_new(subscription, since, now)
    if not any(parts.values()):
        return 0
    with override(subscription.language):
        off = settings.SITE_URL + reverse("outreach:off", args=[subscription.token])
        shown = [{"label": Topic(topic).label, "items": items} for topic, items in parts.items()]
        context = {"parts": shown, "link": subscription.link, "off": off}
    outbox.write(
        "outreach/mails/newsletter",
        to=subscription.email,
        language=subscription.language,
        context=context,
        is_secret=True,
        about=subscription,
        key=f"newsletter {subscription.pk} {now:%Y-%m-%d}",
        unsubscribe=off,
    )
    return 1


def whats_new(subscription: Subscription, since: datetime, now: datetime) -> dict[str, list[dict]]:
    """By topic, title and address of what has come since, in the subscription's language and for everybody to read."""
    with override(subscription.language):
        return {topic: _SOURCES[topic](subscription, since, now) for topic in Topic if topic in subscription.topics}


def _on(subscription: Subscription, countries: str, objectives: str) -> Q:
    """Nothing chosen is everything; otherwise one of the countries or one of the objectives."""
    places, aims = (list(getattr(subscription, name).all()) for name in ("countries", "objectives"))
    if not places and not aims:
        return Q()
    return Q(**{f"{countries}__in": places}) | Q(**{f"{objectives}__in": aims})


def _items(rows, language: str) -> list[dict]:
    return [
        {"title": field_in(one, "title", language) or str(one), "link": settings.SITE_URL + one.get_absolute_url()}
        for one in rows[:_SHOWN]
    ]


def _news(subscription: Subscription, since, now) -> list[dict]:
    rows = Article.objects.visible_to(AnonymousUser()).readable_in(subscription.language)
    rows = rows.filter(published_at__gt=since, published_at__lte=now).filter(
        pk__in=Article.objects.filter(_on(subscription, "countries", "objectives")).order_by().values("pk")
    )
    return _items(rows.order_by("-published_at", "-pk"), subscription.language)


def _meetings(subscription: Subscription, since, now) -> list[dict]:
    """A meeting keeps its agenda when it is published: that is when it has come."""
    first = AgendaVersion.objects.filter(meeting=OuterRef("pk")).order_by("pk").values("made_at")[:1]
    rows = Meeting.objects.visible_to(AnonymousUser()).upcoming(now).annotate(came_at=Subquery(first))
    return _items(rows.filter(came_at__gt=since, came_at__lte=now), subscription.language)


def _calls(subscription: Subscription, since, now) -> list[dict]:
    """Those that opened since, or were written since and are open."""
    inputs = CallForInput.objects.visible_to(AnonymousUser()).select_related("cycle")
    opened = [
        one
        for one in inputs
        if one.stage == CallForInput.Stage.OPEN and since < max(one.opens_at, one.created_at) <= now
    ]
    seats = SeatCall.objects.visible_to(AnonymousUser()).open().select_related("group")
    came = Q(created_at__gt=since, created_at__lte=now)
    came |= Q(opens_on__gt=timezone.localdate(since), opens_on__lte=timezone.localdate(now))
    return [*_items(opened, subscription.language), *_items(list(seats.filter(came)), subscription.language)]


_SOURCES = {Topic.NEWS: _news, Topic.MEETINGS: _meetings, Topic.CALLS: _calls}


# What is kept, and for how long


def sweep(now: datetime) -> int:
    """What nobody has confirmed goes."""
    rows = Subscription.objects.filter(confirmed_at=None, updated_at__lt=privacy.before(now, "subscription"))
    privacy.forget(rows)
    return rows.delete()[1].get(Subscription._meta.label, 0)
