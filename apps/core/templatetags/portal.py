"""Tags and filters that every page uses: language versions, isolation, dates, zones, addresses."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.urls import NoReverseMatch, translate_url
from django.utils import timezone, translation
from django.utils.encoding import escape_uri_path
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

from apps.core import languages, richtext, site, zones
from apps.core.dates import long_date
from apps.core.text_only import PREFIX

register = template.Library()


@register.filter
def version(record, field: str):
    """A name or fact in the page's language, or in the other one and marked as such.

    A record may hide itself from who reads: ``mask(field)`` gives what is shown instead, None for the text itself.
    """
    mask = record.mask(field) if hasattr(record, "mask") else None
    if mask is not None:
        return mask
    found = languages.version(record, field)
    return found.__html__() if found.is_foreign else found.text


@register.filter
def exactly(record, field: str) -> str:
    """The field in the page's language only."""
    return languages.field_in(record, field, languages.active_language())


@register.filter
def html(text: str):
    """Rich text as it stands in the database, where it is clean (apps.core.richtext)."""
    return mark_safe(text)  # nosec B308 B703  # noqa: S308 - RichTextField cleans on every save


@register.filter
def json_ld(value: dict) -> str:
    """A block of data for search engines; no letter in it can end the block, and no browser runs it."""
    text = json.dumps(value, ensure_ascii=False).translate({ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&"})
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # nosec B308 B703  # noqa: S308 - escaped above


@register.filter
def absolute(address: str) -> str:
    return settings.SITE_URL + address


@register.filter
def isolate(text):
    return richtext.isolate(str(text))


@register.filter
def own_name(language: str) -> str:
    return languages.own_name(language)


@register.filter
def dir_of(language: str) -> str:
    return languages.direction(language)


@register.filter
def text_only(path: str) -> str:
    """The address of the same page without pictures and scripts."""
    return PREFIX + escape_uri_path(path)


@register.filter
def wrong_fields(form) -> list[tuple]:
    """The visible fields that are not in order, each with the id of its first control."""
    wrong = [field for field in form if field.errors and not field.is_hidden]
    return [(field, field.id_for_label or f"{field.auto_id}_0") for field in wrong]


@register.filter
def plain(number) -> str:
    """A number for a machine, whatever the page's language: 12.5."""
    return f"{number:g}"


@register.filter
def day(value):
    """A day with its ``datetime`` attribute; a moment counts in the zone that is active."""
    if hasattr(value, "tzinfo") and value.tzinfo:
        value = timezone.localtime(value)
    day = value.date() if hasattr(value, "date") else value
    return format_html('<time datetime="{}">{}</time>', day.isoformat(), date_format(day, "DATE_FORMAT"))


@register.filter
def moment(value):
    """A day, an hour and the city of the zone that is active, for deadlines that end within a day."""
    local = timezone.localtime(value)
    hour = format_html('<bdi dir="ltr">{}</bdi>', f"{local:%H:%M}")
    return format_html(
        gettext("{day}, {hour} ({city} time)"), day=day(local), hour=hour, city=zones.zone_name(str(local.tzinfo))
    )


@register.filter
def plain_moment(value) -> str:
    """The same for a mail, in the zone that is active."""
    local = timezone.localtime(value)
    texts = {"day": long_date(local.date()), "hour": f"{local:%H:%M}", "city": zones.zone_name(str(local.tzinfo))}
    return gettext("%(day)s, %(hour)s (%(city)s time)") % texts


@register.filter
def month(value):
    """The month's name, which may break after the stroke of its double form."""
    return format_html_join(mark_safe("/<wbr>"), "{}", ((name,) for name in date_format(value, "F").split("/")))  # nosec B308


@register.filter
def weekday(value):
    return format_html("{} {}", date_format(value, "l"), day(value))


@register.filter
def zone_name(zone) -> str:
    return zones.zone_name(str(zone))


@register.filter
def replies_until(meeting) -> str:
    """Until when replies are taken, in the meeting's zone: the end of a day, or the hour at which it begins."""
    texts = {"city": zones.zone_name(meeting.time_zone)}
    if meeting.reply_until and meeting.replies_close_at < meeting.starts_at:
        return gettext("the end of %(day)s (%(city)s time)") % {"day": long_date(meeting.reply_until), **texts}
    wall = meeting.starts_wall
    texts |= {"day": long_date(wall.date()), "hour": f"{wall:%H:%M}"}
    return gettext("%(day)s, %(hour)s (%(city)s time)") % texts


@register.simple_tag
def current_zone() -> str:
    return timezone.get_current_timezone_name()


@register.simple_tag(takes_context=True)
def address_in(context, language: str) -> str:
    """The same thing's address in the other language; the home page where there is none."""
    with translation.override(language):
        if (thing := context.get("page_object")) is not None:
            return thing.get_absolute_url()
    request = context.get("request")
    if request is None:
        return f"/{language}/"
    try:
        return translate_url(request.get_full_path(), language)
    except NoReverseMatch:
        return f"/{language}/"


@register.simple_tag(takes_context=True)
def absolute_in(context, language: str) -> str:
    """The same with the portal's own name in front, as search engines ask for it."""
    return settings.SITE_URL + address_in(context, language)


@register.simple_tag(takes_context=True)
def canonical(context) -> str:
    """The page's one address: of what a reader may ask of it only the page's number makes another page."""
    request = context["request"]
    page = request.GET.get("page", "")
    return settings.SITE_URL + request.path + (f"?page={page}" if page.isascii() and page.isdigit() else "")


@register.simple_tag(takes_context=True)
def with_query(context, **changes) -> str:
    """The page's query with these parameters changed; an empty value takes one out."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value not in ("", None):
            query[name] = value
    return f"?{query.urlencode()}" if query else "?"


@register.filter
def other_languages(language: str) -> list[str]:
    return languages.others(language)


@register.filter
def name_of(language: str) -> str:
    """The language's name in the page's language."""
    return languages.name_of(language)


@register.filter
def language_of(record, field: str) -> str:
    return languages.version(record, field).language


@register.filter
def readable_versions(article) -> list[dict]:
    """The language versions that readers may have, each with its address and title."""
    return [
        {"language": code, "address": article.address_in(code), "title": languages.field_in(article, "title", code)}
        for code in article.ready_languages
    ]


@register.filter
def nearest_version(article) -> dict | None:
    """The version in the page's language, or else one that readers may have."""
    versions = readable_versions(article)
    own = [version for version in versions if version["language"] == languages.active_language()]
    return next(iter(own or versions), None)


@register.filter
def file_size(size: int) -> str:
    """Kilobytes or megabytes as files are labelled in both languages: ``86 KB``, ``1.2 MB``."""
    return f"{max(1, round(size / 1024))} KB" if size < 1024 * 1000 else f"{size / 1024 / 1024:.1f} MB"


@register.simple_tag(takes_context=True)
def own_hours(context, meeting) -> str:
    """A meeting's hours on the clock of a person who has logged in, when that shows another time; "" otherwise."""
    user = getattr(context.get("request"), "user", None) or context.get("user")
    if not getattr(user, "is_authenticated", False):
        return ""
    zone = zones.zone_or_none(user.time_zone)
    if zone is None:
        return ""
    start, end = meeting.starts_at.astimezone(zone), meeting.ends_at.astimezone(zone)
    if _walls(start, end) == _walls(meeting.starts_wall, meeting.ends_wall):
        return ""
    hours = format_html('<bdi dir="ltr">{}–{}</bdi>', f"{start:%H:%M}", f"{end:%H:%M}")
    city = zones.zone_name(user.time_zone)
    if start.date() != meeting.starts_on:
        return format_html(
            gettext("for you {hours}, {day} ({city} time)"), hours=hours, day=day(start.date()), city=city
        )
    return format_html(gettext("for you {hours} ({city} time)"), hours=hours, city=city)


def _walls(*moments: datetime) -> list[datetime]:
    return [moment.replace(tzinfo=None) for moment in moments]


@register.filter
def day_shift(meeting, zone: str) -> bool:
    """Whether the meeting starts on another day in this zone."""
    return meeting.starts_at.astimezone(ZoneInfo(zone)).date() != meeting.starts_on


@register.filter
def conflict_of(admin_field):
    """The conflict on a field of an admin form, if two people left it different."""
    if admin_field.is_readonly:
        return None
    return getattr(admin_field.field.form, "conflicts", {}).get(admin_field.field.name)


@register.simple_tag(takes_context=True)
def waiting_tasks(context) -> list:
    return site.tasks_for(context["request"].user)


@register.simple_tag(takes_context=True)
def dashboard_parts(context) -> list[str]:
    return [part(context["request"].user) for part in site.dashboard_parts]


@register.simple_tag(takes_context=True)
def account_pages(context) -> list:
    """The pages about oneself; none before the first login is over."""
    user = context["request"].user
    return site.account_pages_of(user) if user.welcomed_at else []


@register.filter
def as_json(value) -> str:
    """For a data attribute that a module reads."""
    return json.dumps(value, cls=DjangoJSONEncoder)
