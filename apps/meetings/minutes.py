"""The record of a meeting: minutes begun, circulated, adopted and corrected, and their summary for the public.

Each step is taken while the row of the minutes is locked: what is adopted takes no text and no comment any more.
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from apps.core.dates import long_date, portal_today
from apps.core.languages import CODES, columns, field_in, isolated, name_of
from apps.core.records import save_record
from apps.core.richtext import clean
from apps.meetings.models import (
    AgendaItem,
    Audience,
    Meeting,
    Minutes,
    MinutesComment,
    MinutesCorrection,
    MinutesEntry,
    Notice,
)
from apps.meetings.telling import accounts_of_the_group, tell_account
from apps.stakeholders.models import Membership
from apps.stakeholders.services import require_secretariat

State = Minutes.State


def _locked(minutes: Minutes, *allowed: str) -> Minutes:
    """Read anew while nobody else takes a step. Raises ValidationError in any other state than these."""
    minutes = Minutes.objects.select_for_update().get(pk=minutes.pk)
    if minutes.state not in allowed:
        raise ValidationError(_("This step is not possible any more; here is the record as it stands."), code="state")
    return minutes


# Reading


def may_have_minutes(meeting: Meeting) -> bool:
    """Held, or published and begun."""
    if meeting.status == Meeting.Status.PUBLISHED:
        return meeting.starts_at <= timezone.now()
    return meeting.status == Meeting.Status.HELD


def with_record(meetings, user):
    """Meetings with their ``minutes`` at hand, and with what this reader gets of them: ``may_read_minutes``,
    ``has_summary``. Needs no query of its own."""
    same = OuterRef("minutes")
    return meetings.select_related("minutes").annotate(
        may_read_minutes=Exists(Minutes.objects.visible_to(user).filter(pk=same)),
        has_summary=Exists(Minutes.objects.with_summary_for(user).filter(pk=same)),
    )


def give_numbers(entries: list[MinutesEntry]) -> None:
    """Sets each one's ``number``: "3", or "3.2" for a part. Needs ``item__parent`` at hand.

    Entries that members do not see have none, so that the numbers are the same for every reader, without a gap.
    """
    main = part = 0
    for entry in entries:
        entry.number = ""
        if _is_hidden(entry.audience, entry.item):
            continue
        if entry.item and entry.item.parent_id and main:
            part += 1
            entry.number = f"{main}.{part}"
        else:
            main, part = main + 1, 0
            entry.number = str(main)


def _is_hidden(audience: str, item: AgendaItem | None) -> bool:
    return Audience.SECRETARIAT in (audience, item.audience_inside if item else "")


def lacking(minutes: Minutes) -> list[str]:
    """What members would read in one language only, or not at all: each heading with the language that it lacks."""
    return [
        f"{isolated(entry)} ({name_of(code)})"
        for entry in _for_members(minutes)
        for code in CODES
        if not field_in(entry, "text", code)
    ]


def _for_members(minutes: Minutes) -> list[MinutesEntry]:
    entries = minutes.entries.select_related("item__parent")
    return [entry for entry in entries if not _is_hidden(entry.audience, entry.item)]


# Beginning


@transaction.atomic
def begin_minutes(meeting: Meeting, *, by) -> Minutes:
    """The meeting's minutes, with an entry for each item of the agenda; those that somebody has begun already.

    Raises ValidationError for a meeting that has not started, is in preparation or cancelled.
    """
    require_secretariat(by)
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    begun = Minutes.objects.filter(meeting=meeting).first()
    if begun is not None:
        return begun
    _refuse_too_early(meeting)
    minutes = save_record(Minutes(meeting=meeting), by=by)
    _write_entries(minutes, by=by)
    return minutes


def _refuse_too_early(meeting: Meeting) -> None:
    if not may_have_minutes(meeting):
        raise ValidationError(_("Minutes are kept of a meeting that has started and is not cancelled."), code="status")


def new_items(minutes: Minutes):
    """Items of the agenda, breaks left out, of which the minutes have no entry."""
    items = AgendaItem.objects.filter(meeting=minutes.meeting_id, kind=AgendaItem.Kind.ITEM)
    return items.exclude(entries__minutes=minutes).select_related("parent").in_order()


@transaction.atomic
def take_in_new_items(minutes: Minutes, *, by) -> int:
    """Entries for the items that came after the minutes were begun. Returns how many; drafts only."""
    require_secretariat(by)
    return _write_entries(_locked(minutes, State.DRAFT), by=by)


def _write_entries(minutes: Minutes, *, by) -> int:
    """What is hidden on the agenda, by itself or with the item of which it is a part, is hidden in the minutes."""
    items = list(new_items(minutes))
    for item in items:
        audience = Audience.SECRETARIAT if _is_hidden("", item) else Audience.MEMBERS
        entry = MinutesEntry(minutes=minutes, item=item, order=item.order, audience=audience)
        for code in CODES:
            setattr(entry, f"heading_{code}", field_in(item, "title", code))
        save_record(entry, by=by)
    return len(items)


# Circulating


@transaction.atomic
def circulate_minutes(minutes: Minutes, *, by, comments_until: date) -> Minutes:
    """Shows a draft to the members and asks for comments until a day, this day included; or moves that day further.

    Everybody in the group is told, once for each such day. Raises ValidationError for a day that is over or not later
    than the one before, and while an entry for members has no text in any language.
    """
    require_secretariat(by)
    minutes = _locked(minutes, State.DRAFT, State.CIRCULATED)
    _refuse_too_early(minutes.meeting)
    _check_last_day(minutes, comments_until)
    _refuse_empty_entries(minutes)
    if minutes.state == State.DRAFT:
        minutes.state, minutes.circulated_at = State.CIRCULATED, timezone.now()
    minutes.comments_until = comments_until
    save_record(minutes, by=by)
    _tell_the_group(minutes, Notice.Kind.MINUTES, about=f"{minutes.pk}-{comments_until.isoformat()}")
    return minutes


def _check_last_day(minutes: Minutes, comments_until: date) -> None:
    if comments_until < portal_today():
        message = _("This day is over. Choose today or a later day.")
        raise ValidationError({"comments_until": ValidationError(message, code="over")})
    if minutes.comments_until and comments_until <= minutes.comments_until:
        message = _("Comments are taken until %(day)s already. Choose a later day.")
        message %= {"day": long_date(minutes.comments_until)}
        raise ValidationError({"comments_until": ValidationError(message, code="not_later")})


def _refuse_empty_entries(minutes: Minutes) -> None:
    entries = _for_members(minutes)
    if not entries:
        raise ValidationError(_("There is no entry for members yet. Write one first."), code="empty")
    empty = [entry for entry in entries if not any(field_in(entry, "text", code) for code in CODES)]
    if empty:
        message = _("Each entry needs a text, in one language at least. Still without one: %(entries)s.")
        names = pgettext("list", ", ").join(isolated(entry) for entry in empty)
        raise ValidationError(message % {"entries": names}, code="empty")


def _tell_the_group(minutes: Minutes, kind: str, *, about: str) -> None:
    meeting = minutes.meeting
    observing = Membership.objects.current().filter(group=meeting.group_id, position=Membership.Position.OBSERVER)
    observers = set(observing.values_list("person__user", flat=True))
    for user in accounts_of_the_group(meeting):
        facts = {
            "until": minutes.comments_until,
            "adopted_on": minutes.adopted_on,
            "may_comment": user.pk not in observers,
        }
        page = ("meetings:minutes", meeting.pk)
        tell_account(user, kind, meeting=meeting, page=page, about=about, texts=lambda _language, facts=facts: facts)


@transaction.atomic
def back_to_draft(minutes: Minutes, *, by) -> Minutes:
    """Members see the minutes no more until they are circulated again; the comments stay."""
    require_secretariat(by)
    minutes = _locked(minutes, State.CIRCULATED)
    minutes.state, minutes.circulated_at, minutes.comments_until = State.DRAFT, None, None
    return save_record(minutes, by=by)


# Adopting


def why_not_adopted(minutes: Minutes) -> str:
    """What has to happen before circulated minutes can be adopted, as a sentence; "" when they can."""
    if minutes.takes_comments:
        message = _("Comments are taken until %(day)s. The minutes can be adopted after that day.")
        return message % {"day": long_date(minutes.comments_until)}
    waiting = MinutesComment.objects.unanswered().filter(entry__minutes=minutes).count()
    if waiting:
        message = ngettext(
            "%(count)d comment waits for an answer. It is answered before the minutes are adopted.",
            "%(count)d comments wait for an answer. They are answered before the minutes are adopted.",
            waiting,
        )
        return message % {"count": waiting}
    missing = lacking(minutes)
    if missing:
        message = _("Adopted minutes stand in both languages. Still missing: %(entries)s.")
        return message % {"entries": pgettext("list", ", ").join(missing)}
    return ""


@transaction.atomic
def adopt_minutes(minutes: Minutes, *, by, adopted_on: date) -> Minutes:
    """Freezes circulated minutes, as the group adopted them on a day. Everybody in the group is told, once.

    Raises ValidationError while comments are taken or wait for an answer, while a language is missing, and for a day
    before the meeting or in the future.
    """
    require_secretariat(by)
    minutes = _locked(minutes, State.CIRCULATED)
    if problem := why_not_adopted(minutes):
        raise ValidationError(problem, code="not_ready")
    _check_day("adopted_on", adopted_on, not_before=minutes.meeting.starts_on)
    minutes.state, minutes.adopted_on = State.ADOPTED, adopted_on
    save_record(minutes, by=by)
    _tell_the_group(minutes, Notice.Kind.ADOPTED, about=str(minutes.pk))
    return minutes


def _check_day(field: str, day: date, *, not_before: date) -> None:
    if not not_before <= day <= portal_today():
        message = _("Choose a day from %(first)s to today.") % {"first": long_date(not_before)}
        raise ValidationError({field: ValidationError(message, code="day")})


@transaction.atomic
def correct_minutes(
    minutes: Minutes, *, by, dated_on: date, entry: MinutesEntry | None, **texts: str
) -> MinutesCorrection:
    """A dated addition to adopted minutes, about one entry or, without one, about the whole.

    The texts are HTML, by column: ``text_ar``, ``text_en`` and what further languages there are. The same one twice is
    one. Raises ValidationError when a language is missing, and for a day before the adoption or in the future.
    """
    require_secretariat(by)
    minutes = _locked(minutes, State.ADOPTED)
    _check_day("dated_on", dated_on, not_before=minutes.adopted_on)
    if entry is not None and entry.minutes_id != minutes.pk:
        message = _("This entry is not part of these minutes.")
        raise ValidationError({"entry": ValidationError(message, code="entry")})
    texts = {name: clean(texts.get(name, "")) for name in columns("text")}
    if not all(texts.values()):
        raise ValidationError(_("Write the correction in both languages: the minutes stand in both."), code="language")
    same = minutes.corrections.filter(dated_on=dated_on, entry=entry, **texts).first()
    return same or save_record(MinutesCorrection(minutes=minutes, entry=entry, dated_on=dated_on, **texts), by=by)


# The summary for the public


@transaction.atomic
def publish_summary(minutes: Minutes, *, by) -> Minutes:
    """Shows the summary on the meeting's page to everybody who sees the meeting, in each language that it has.

    Raises ValidationError before the minutes are adopted, and when there is no summary in any language.
    """
    require_secretariat(by)
    minutes = _locked(minutes, State.ADOPTED)
    if not any(field_in(minutes, "summary", code) for code in CODES):
        raise ValidationError(_("Write the summary first, in Arabic, in English or in both."), code="empty")
    if minutes.summary_published_at is None:
        minutes.summary_published_at = timezone.now()
        save_record(minutes, by=by)
    return minutes


@transaction.atomic
def withdraw_summary(minutes: Minutes, *, by) -> Minutes:
    """Takes the summary off the meeting's page; its text stays in the back office."""
    require_secretariat(by)
    minutes = _locked(minutes, State.ADOPTED)
    minutes.summary_published_at = None
    return save_record(minutes, by=by)
